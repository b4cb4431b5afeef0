//! What a stack policy would refuse, so that it is known before and not after.
//!
//! The rule is AWS's: where there is a policy, what no statement allows is denied, and a denial wins.

use crate::domain::Change;
use crate::domain::scope::glob_matches;
use serde_json::Value;

/// A stack policy, as far as it can be judged from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackPolicy {
    statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    allows: bool,
    actions: Globs,
    resources: Globs,
    /// Types that it is about, where it names some.
    kinds: Option<Vec<String>>,
}

/// Patterns that something has to match, or must not.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Globs {
    Any(Vec<String>),
    None(Vec<String>),
}

impl StackPolicy {
    /// None for what is not a policy; AWS keeps only those that are.
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let statements = value.get("Statement")?;
        let statements = statements
            .as_array()
            .map_or_else(|| vec![statements], |list| list.iter().collect());
        let statements: Option<Vec<_>> = statements.into_iter().map(Statement::parse).collect();
        Some(Self {
            statements: statements?,
        })
    }

    /// The action that it denies to a change, if it does.
    pub fn denies(&self, change: &Change) -> Option<&'static str> {
        let action = match (change.action.exact(), change.may_destroy()) {
            ("Remove", _) => "Update:Delete",
            (_, true) => "Update:Replace",
            ("Modify", false) => "Update:Modify",
            (_, false) => return None,
        };
        let meant = |statement: &&Statement| statement.is_about(action, change);
        let mut about = self.statements.iter().filter(meant).peekable();
        let is_denied = about.peek().is_none() || about.any(|statement| !statement.allows);
        is_denied.then_some(action)
    }
}

impl Statement {
    fn parse(value: &Value) -> Option<Self> {
        let either = |yes: &str, no: &str| match (value.get(yes), value.get(no)) {
            (Some(globs), _) => Some(Globs::Any(texts(globs)?)),
            (None, Some(globs)) => Some(Globs::None(texts(globs)?)),
            (None, None) => None,
        };
        let kinds = value.get("Condition").and_then(|condition| {
            ["StringEquals", "StringLike"]
                .into_iter()
                .find_map(|operator| texts(condition.get(operator)?.get("ResourceType")?))
        });
        Some(Self {
            allows: value.get("Effect")?.as_str()? == "Allow",
            actions: either("Action", "NotAction")?,
            resources: either("Resource", "NotResource")?,
            kinds,
        })
    }

    fn is_about(&self, action: &str, change: &Change) -> bool {
        let resource = format!("LogicalResourceId/{}", change.logical.exact());
        let is_of_kind = |kinds: &Vec<String>| {
            let kind = change.resource_type.exact();
            kinds.iter().any(|glob| glob_matches(glob, kind))
        };
        self.actions.fit(action)
            && self.resources.fit(&resource)
            && self.kinds.as_ref().is_none_or(is_of_kind)
    }
}

impl Globs {
    fn fit(&self, text: &str) -> bool {
        let any = |globs: &[String]| globs.iter().any(|glob| glob_matches(glob, text));
        match self {
            Self::Any(globs) => any(globs),
            Self::None(globs) => !any(globs),
        }
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value.as_array() {
        Some(list) => list.iter().map(text).collect(),
        None => Some(vec![text(value)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(action: &str, replacement: Option<&str>, kind: &str) -> Change {
        Change {
            action: action.into(),
            logical: "Orders".into(),
            physical: None,
            resource_type: kind.into(),
            replacement: replacement.map(Into::into),
            scope: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_allowed_is_denied_and_a_denial_wins() {
        let usual = r#"{"Statement":[
            {"Effect":"Allow","Action":"Update:Modify","Principal":"*","Resource":"*"},
            {"Effect":"Deny","Action":["Update:Replace","Update:Delete"],"Principal":"*","Resource":"*"}]}"#;
        let but_tables = r#"{"Statement":[
            {"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"},
            {"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*",
             "Condition":{"StringEquals":{"ResourceType":["AWS::DynamoDB::Table"]}}}]}"#;
        let one = r#"{"Statement":{"Effect":"Deny","NotAction":"Update:Modify","Principal":"*",
            "Resource":"LogicalResourceId/Ord*"}}"#;
        for (policy, action, replacement, kind, denied) in [
            (usual, "Modify", Some("False"), "AWS::SQS::Queue", None),
            (
                usual,
                "Modify",
                Some("True"),
                "AWS::SQS::Queue",
                Some("Update:Replace"),
            ),
            (
                usual,
                "Remove",
                None,
                "AWS::SQS::Queue",
                Some("Update:Delete"),
            ),
            (usual, "Add", None, "AWS::SQS::Queue", None),
            (but_tables, "Modify", Some("True"), "AWS::SQS::Queue", None),
            (
                but_tables,
                "Modify",
                Some("False"),
                "AWS::DynamoDB::Table",
                Some("Update:Modify"),
            ),
            (
                one,
                "Remove",
                None,
                "AWS::SQS::Queue",
                Some("Update:Delete"),
            ),
            // No statement is about it, and so nothing allows it.
            (
                one,
                "Modify",
                Some("False"),
                "AWS::SQS::Queue",
                Some("Update:Modify"),
            ),
        ] {
            let policy = StackPolicy::parse(policy).unwrap();
            assert_eq!(
                policy.denies(&change(action, replacement, kind)),
                denied,
                "{action}"
            );
        }
        assert_eq!(StackPolicy::parse("not JSON"), None);
        assert_eq!(StackPolicy::parse("{}"), None);
    }
}
