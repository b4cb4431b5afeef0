//! Stack policies: who may be updated, and how.
//!
//! Without a policy everything may be. With one, only what a statement allows and no statement denies.

use serde_json::Value as Json;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Policy {
    statements: Vec<Json>,
}

impl Policy {
    /// What is wrong is a sentence of AWS's.
    pub(in crate::sandbox) fn parse(body: &str) -> Result<Policy, String> {
        let invalid = |why: &str| format!("Error validating stack policy: {why}");
        let parsed: Json = serde_json::from_str(body)
            .map_err(|error| invalid(&format!("Invalid stack policy ({error})")))?;
        let statements = match parsed.get("Statement") {
            Some(Json::Array(many)) => many.clone(),
            Some(one @ Json::Object(_)) => vec![one.clone()],
            Some(_) | None => return Err(invalid("Invalid stack policy")),
        };
        for statement in &statements {
            let effect = statement.get("Effect").and_then(Json::as_str);
            if !matches!(effect, Some("Allow" | "Deny")) {
                return Err(invalid("Unknown effect"));
            }
            if statement.get("Principal").is_none() {
                return Err(invalid("Principal is missing"));
            }
            let has = |names: [&str; 2]| names.iter().any(|name| statement.get(*name).is_some());
            if !has(["Action", "NotAction"]) {
                return Err(invalid("Action is missing"));
            }
            if !has(["Resource", "NotResource"]) {
                return Err(invalid("Resource is missing"));
            }
        }
        Ok(Policy { statements })
    }

    /// Why an action on a resource is denied, if it is.
    pub(in crate::sandbox) fn denies(
        &self,
        action: &str,
        logical: &str,
        kind: &str,
    ) -> Option<String> {
        let concerned = self.statements.iter().enumerate();
        let concerned: Vec<(usize, bool)> = concerned
            .filter(|(_, statement)| concerns(statement, action, logical, kind))
            .map(|(place, statement)| {
                let effect = statement.get("Effect").and_then(Json::as_str);
                (place + 1, effect == Some("Allow"))
            })
            .collect();
        let denied = concerned.iter().find(|(_, allows)| !allows);
        // Where nothing is said of it, the first statement is blamed.
        let number = match denied {
            Some((number, _)) => *number,
            None if concerned.is_empty() => 1,
            None => return None,
        };
        Some(format!(
            "Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource \
             [LogicalResourceId/{logical}]"
        ))
    }
}

fn concerns(statement: &Json, action: &str, logical: &str, kind: &str) -> bool {
    let among = |name: &str, wanted: &dyn Fn(&str) -> bool| match statement.get(name) {
        Some(Json::Array(many)) => Some(many.iter().filter_map(Json::as_str).any(wanted)),
        Some(Json::String(one)) => Some(wanted(one)),
        Some(_) | None => None,
    };
    let acts = |pattern: &str| is_like(pattern, action);
    let means = |pattern: &str| {
        pattern == "*"
            || is_like(pattern, &format!("LogicalResourceId/{logical}"))
            || is_like(pattern, &format!("LogicalId/{logical}"))
    };
    let acts =
        among("Action", &acts).unwrap_or_else(|| !among("NotAction", &acts).unwrap_or(false));
    let means =
        among("Resource", &means).unwrap_or_else(|| !among("NotResource", &means).unwrap_or(false));
    acts && means && conditions(statement, kind)
}

/// Only the type of a resource can be a condition.
fn conditions(statement: &Json, kind: &str) -> bool {
    let Some(all) = statement.get("Condition").and_then(Json::as_object) else {
        return true;
    };
    all.iter().all(|(operator, keys)| {
        let wanted: Vec<&str> = match keys.get("ResourceType") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
            Some(_) | None => return true,
        };
        match operator.as_str() {
            "StringNotEquals" => !wanted.contains(&kind),
            "StringNotLike" => !wanted.iter().any(|pattern| is_like(pattern, kind)),
            "StringEquals" => wanted.contains(&kind),
            _ => wanted.iter().any(|pattern| is_like(pattern, kind)),
        }
    })
}

/// `*` stands for anything, `?` for one letter.
fn is_like(pattern: &str, text: &str) -> bool {
    let escaped = regex::escape(pattern)
        .replace(r"\*", ".*")
        .replace(r"\?", ".");
    regex::Regex::new(&format!("^{escaped}$")).is_ok_and(|pattern| pattern.is_match(text))
}
