//! What a template says of a parameter, and whether a value is one that it may have.

use serde_json::Value as Json;

#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Declared<'t> {
    pub(in crate::sandbox) key: &'t str,
    pub(in crate::sandbox) body: &'t Json,
}

impl<'t> Declared<'t> {
    pub(in crate::sandbox) fn kind(self) -> &'t str {
        self.word("Type").unwrap_or("String")
    }

    pub(in crate::sandbox) fn default(self) -> Option<String> {
        self.body.get("Default").map(text)
    }

    pub(in crate::sandbox) fn description(self) -> Option<&'t str> {
        self.word("Description")
    }

    pub(in crate::sandbox) fn no_echo(self) -> bool {
        self.body
            .get("NoEcho")
            .is_some_and(|said| text(said).eq_ignore_ascii_case("true"))
    }

    pub(in crate::sandbox) fn allowed(self) -> Vec<String> {
        let values = self.body.get("AllowedValues").and_then(Json::as_array);
        values.into_iter().flatten().map(text).collect()
    }

    fn word(self, name: &str) -> Option<&'t str> {
        self.body.get(name)?.as_str()
    }

    fn number(self, name: &str) -> Option<f64> {
        text(self.body.get(name)?).parse().ok()
    }

    /// AWS's words for what is wrong with a value.
    pub(in crate::sandbox) fn refuses(self, value: &str) -> Option<String> {
        let key = self.key;
        let list = self.kind().starts_with("List<") || self.kind() == "CommaDelimitedList";
        let items: Vec<&str> = if list {
            value.split(',').map(str::trim).collect()
        } else {
            vec![value]
        };
        let own = self.word("ConstraintDescription");
        let failed = |rule: String| {
            let said = own.map_or(rule, str::to_owned);
            Some(format!(
                "Parameter {key} failed to satisfy constraint: {said}"
            ))
        };
        let allowed = self.allowed();
        if !allowed.is_empty()
            && items
                .iter()
                .any(|item| !allowed.iter().any(|it| it == item))
        {
            return match own {
                Some(_) => failed(String::new()),
                None => Some(format!("Parameter '{key}' must be one of AllowedValues")),
            };
        }
        if let Some(pattern) = self.word("AllowedPattern") {
            let whole = regex::Regex::new(&format!("^(?:{pattern})$"));
            if whole.is_ok_and(|whole| items.iter().any(|item| !whole.is_match(item))) {
                return match own {
                    Some(_) => failed(String::new()),
                    None => failed(format!("must match pattern {pattern}")),
                };
            }
        }
        let length = f64::from(u32::try_from(value.chars().count()).unwrap_or(u32::MAX));
        if let Some(least) = self.number("MinLength").filter(|least| length < *least) {
            return Some(format!(
                "Parameter '{key}' must contain at least {least} characters"
            ));
        }
        if let Some(most) = self.number("MaxLength").filter(|most| length > *most) {
            return Some(format!(
                "Parameter '{key}' must contain at most {most} characters"
            ));
        }
        if self.kind() != "Number" {
            return None;
        }
        let Ok(number) = value.parse::<f64>() else {
            return Some(format!("Parameter '{key}' must be a number."));
        };
        if let Some(least) = self.number("MinValue").filter(|least| number < *least) {
            return Some(format!(
                "Parameter '{key}' must be a number not less than {least}"
            ));
        }
        let most = self.number("MaxValue").filter(|most| number > *most)?;
        Some(format!(
            "Parameter '{key}' must be a number not greater than {most}"
        ))
    }
}

/// A scalar as CloudFormation sees it: everything is a word.
pub(super) fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            json.to_string()
        }
    }
}
