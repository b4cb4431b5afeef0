//! `--format template`: a line of the operator's own making for each event.

use crate::domain::untrusted::sanitise;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;

/// A template that could be read.
#[derive(Debug)]
pub(super) struct Template<'a> {
    environment: Environment<'a>,
    /// Whether messages have to be read as JSON for it.
    pub(super) wants_json: bool,
}

const NAME: &str = "line";

impl<'a> Template<'a> {
    /// Reads a template. The error is a sentence.
    pub(super) fn parse(source: &'a str) -> Result<Self, String> {
        let mut environment = Environment::new();
        // A field that this event does not have is nothing, however deep.
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment
            .add_template(NAME, source)
            .map_err(|error| said("cannot be read", &error))?;
        Ok(Self {
            environment,
            wants_json: source.contains("json"),
        })
    }

    /// The line for an event with these fields. The error is a sentence.
    pub(super) fn line(&self, fields: &Value) -> Result<String, String> {
        self.environment
            .get_template(NAME)
            .and_then(|template| template.render(Serde(fields)))
            .map_err(|error| said("cannot be applied to an event", &error))
    }
}

fn said(what: &str, error: &minijinja::Error) -> String {
    let why = error
        .detail()
        .map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
    format!("The template {what}: {}.", sanitise(&why))
}

/// Makes every text in a value harmless to a terminal, names of fields included.
pub(super) fn harmless(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(sanitise(&text).into_owned()),
        Value::Array(values) => values.into_iter().map(harmless).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (sanitise(&name).into_owned(), harmless(value)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_template_sees_fields_and_forgives_those_that_are_missing() {
        let template = Template::parse(
            "{{region}} {{json.order.id}}{{json.a.b.c}}{% if late %} late{% endif %}",
        )
        .unwrap();
        assert!(template.wants_json);
        let fields = json!({ "region": "eu-west-1", "late": 5, "json": { "order": { "id": 7 } } });
        assert_eq!(template.line(&fields).unwrap(), "eu-west-1 7 late");
        assert_eq!(template.line(&json!({})).unwrap(), " ");
        let broken = Template::parse("{{region").unwrap_err();
        assert!(
            broken.starts_with("The template cannot be read: "),
            "{broken}"
        );
    }

    #[test]
    fn texts_are_made_harmless_at_every_depth() {
        let value = harmless(json!({ "a": ["\u{1b}[2J", 1], "b": { "\u{1b}[8m": "\r" } }));
        assert_eq!(value, json!({ "a": ["␛[2J", 1], "b": { "␛[8m": "␍" } }));
    }
}
