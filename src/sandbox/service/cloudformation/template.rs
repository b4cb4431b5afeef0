//! Templates as they are given back.

use std::sync::Arc;

use super::{Answer, Call, change_sets, generated};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::Template;
use crate::sandbox::value::Map;
use crate::sandbox::world::stack::{Definition, Stack};

/// What was sent in, or what became of it after macros and transforms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Original,
    Processed,
}

pub(super) fn get(call: &Call<'_>) -> Answer {
    let stage = match call.input.text("TemplateStage").as_deref() {
        None | Some("Original") => Stage::Original,
        Some("Processed") => Stage::Processed,
        Some(other) => {
            return Err(Failure::validation(format!(
                "1 validation error detected: Value '{other}' at 'templateStage' failed to satisfy constraint: \
                 Member must satisfy enum value set: [Original, Processed]"
            ))
            .into());
        }
    };
    let template = if call.input.text("ChangeSetName").is_some() {
        let (stack, set, _) = change_sets::find(call)?;
        let definition = set.definition.as_ref().unwrap_or(&stack.born);
        of(stack, definition, &set.version)
    } else {
        let (stack, standing) = call.named_stack()?;
        of(stack, standing.definition, &standing.version)
    };
    let body = match stage {
        Stage::Original => template.text().to_owned(),
        Stage::Processed if template.transforms().is_empty() => template.text().to_owned(),
        Stage::Processed => template.processed(),
    };
    Ok(Map::new()
        .with("TemplateBody", body)
        .with("StagesAvailable", vec!["Original", "Processed"]))
}

/// The template behind a definition: what was deployed, or what a scenario's words come to.
pub(super) fn of(stack: &Stack, definition: &Definition, version: &str) -> Arc<Template> {
    match &definition.template {
        Some(template) => Arc::clone(template),
        None => Arc::new(Template::written(&generated::template(stack, version))),
    }
}
