//! Exported outputs, and who uses them.

use super::{Answer, Call, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::Stack;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let mut exports: Vec<(String, String, String)> = Vec::new();
    for (stack, standing) in call.all_stacks()? {
        if standing.status == "DELETE_COMPLETE" {
            continue;
        }
        for output in &standing.definition.outputs {
            if let Some(name) = &output.export {
                let value = Stack::as_of(&output.value, &standing.version);
                exports.push((name.clone(), stack.id.clone(), value));
            }
        }
    }
    exports.sort();
    let token = call.input.text("NextToken");
    let (exports, next) = page::cut(
        exports,
        call.world.pages.exports,
        token.as_deref(),
        |(name, ..)| name.clone(),
    )?;
    let rows = exports.iter().map(|(name, stack, value)| {
        Map::new()
            .with("ExportingStackId", stack)
            .with("Name", name)
            .with("Value", value)
    });
    Ok(Map::new()
        .with("Exports", rows.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn imports(call: &Call<'_>) -> Answer {
    let name = call.required("ExportName")?;
    let mut importers: Vec<String> = call
        .all_stacks()?
        .into_iter()
        .filter(|(_, standing)| {
            standing.status != "DELETE_COMPLETE" && standing.definition.imports.contains(&name)
        })
        .map(|(stack, _)| stack.name.clone())
        .collect();
    if importers.is_empty() {
        return Err(
            Failure::validation(format!("Export '{name}' is not imported by any stack.")).into(),
        );
    }
    importers.sort();
    let token = call.input.text("NextToken");
    let (importers, next) = page::cut(
        importers,
        call.world.pages.exports,
        token.as_deref(),
        Clone::clone,
    )?;
    Ok(Map::new()
        .with("Imports", importers)
        .with_some("NextToken", next))
}
