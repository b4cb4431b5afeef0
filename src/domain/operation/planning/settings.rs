//! The parameters of a deployment: what the fleet file gives, what the stack has, what the template supposes, and what
//! is missing.
//!
//! A secret value goes to AWS and nowhere else: no change here ever tells one.

use super::super::{Echo, Given, ParameterChange, Setting, TemplateParameter};
use crate::domain::{Parameter, Region, Untrusted};

/// What is sent, and what is worth saying of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    pub sent: Vec<Setting>,
    pub changes: Vec<ParameterChange>,
    /// Those that have no value from anywhere.
    pub missing: Vec<Untrusted>,
    /// Those that are given, and that the template does not know.
    pub unknown: Vec<String>,
    /// Those of `sent` that carry a secret value, which may be written down nowhere.
    pub secret: Vec<Untrusted>,
}

/// Works the parameters of a template out, for a stack that has `current` ones, in a region.
pub fn settings(
    template: &[TemplateParameter],
    current: &[Parameter],
    given: &[Given],
    region: Option<&Region>,
) -> Settings {
    let mut settings = Settings::default();
    for parameter in template {
        let key = &parameter.key;
        let before = current.iter().find(|it| it.key == *key);
        let value = value(key.exact(), given, region).map(Untrusted::new);
        if parameter.echo == Echo::Secret && value.is_some() {
            settings.secret.push(key.clone());
        }
        match (&value, before, &parameter.default) {
            (Some(_), _, _) | (None, Some(_), _) => settings.sent.push(Setting {
                key: key.clone(),
                value: value.clone(),
            }),
            // Not sent: CloudFormation takes the default by itself.
            (None, None, Some(_)) => {}
            (None, None, None) => settings.missing.push(key.clone()),
        }
        let after = match (&value, before) {
            (Some(value), _) => Some(value),
            (None, Some(_)) => continue,
            (None, None) => parameter.default.as_ref(),
        };
        settings.changes.extend(change(parameter, before, after));
    }
    let is_known = |key: &str| template.iter().any(|it| it.key.exact() == key);
    for parameter in current.iter().filter(|it| !is_known(it.key.exact())) {
        settings.changes.push(ParameterChange {
            key: parameter.key.clone(),
            before: visible(&parameter.value),
            after: None,
        });
    }
    for Given { key, .. } in given {
        if value(key, given, region).is_some() && !is_known(key) && !settings.unknown.contains(key)
        {
            settings.unknown.push(key.clone());
        }
    }
    settings
}

/// What is given for a key in a region: what is said of the region goes before what is said of all, and what is said
/// later before what was said earlier.
fn value<'a>(key: &str, given: &'a [Given], region: Option<&Region>) -> Option<&'a str> {
    let of_key = |it: &&Given| it.key == key;
    let is_here = |it: &&Given| {
        let glob = it.region.as_deref().zip(region);
        glob.is_some_and(|(glob, region)| crate::domain::scope::glob_matches(glob, region.as_str()))
    };
    let here = given.iter().rev().filter(of_key).find(is_here);
    let anywhere = || {
        given
            .iter()
            .rev()
            .filter(of_key)
            .find(|it| it.region.is_none())
    };
    here.or_else(anywhere).map(|it| it.value.as_str())
}

fn change(
    parameter: &TemplateParameter,
    before: Option<&Parameter>,
    after: Option<&Untrusted>,
) -> Option<ParameterChange> {
    let key = parameter.key.clone();
    if parameter.echo == Echo::Secret {
        // Nobody can tell whether it is the same.
        return after.map(|_| ParameterChange {
            key,
            before: None,
            after: None,
        });
    }
    let before = before.and_then(|it| visible(&it.value));
    (before.as_ref() != after).then(|| ParameterChange {
        key,
        before,
        after: after.cloned(),
    })
}

/// AWS writes asterisks for what is secret.
fn visible(value: &Untrusted) -> Option<Untrusted> {
    let is_mask = value.exact().len() >= 4 && value.exact().bytes().all(|byte| byte == b'*');
    (!is_mask).then(|| value.clone())
}

/// Tags as they are sent: those of the region win, as with parameters. No tags at all leave the stack's own.
pub fn tags(
    given: &[Given],
    current: &[(Untrusted, Untrusted)],
    region: Option<&Region>,
) -> Vec<(Untrusted, Untrusted)> {
    let mut tags: Vec<(Untrusted, Untrusted)> = Vec::new();
    for Given { key, .. } in given {
        let is_new = tags.iter().all(|(known, _)| known.exact() != key);
        if let Some(value) = value(key, given, region).filter(|_| is_new) {
            tags.push((Untrusted::new(key.as_str()), Untrusted::new(value)));
        }
    }
    if tags.is_empty() {
        return current.to_vec();
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(key: &str, default: Option<&str>, echo: Echo) -> TemplateParameter {
        TemplateParameter {
            key: key.into(),
            default: default.map(Into::into),
            echo,
        }
    }

    fn has(key: &str, value: &str) -> Parameter {
        Parameter {
            key: key.into(),
            value: value.into(),
            resolved: None,
        }
    }

    fn gives(key: &str, value: &str, region: Option<&str>) -> Given {
        Given {
            key: key.to_owned(),
            value: value.to_owned(),
            region: region.map(str::to_owned),
        }
    }

    fn told(settings: &Settings) -> Vec<String> {
        let word = |text: &Option<Untrusted>| {
            text.as_ref()
                .map_or("-".to_owned(), |text| text.exact().to_owned())
        };
        let changes = settings.changes.iter();
        changes
            .map(|it| {
                format!(
                    "{} {} {}",
                    it.key.exact(),
                    word(&it.before),
                    word(&it.after)
                )
            })
            .collect()
    }

    fn sent(settings: &Settings) -> Vec<String> {
        let settings = settings.sent.iter();
        settings
            .map(|it| match &it.value {
                Some(value) => format!("{}={}", it.key.exact(), value.exact()),
                None => format!("{} as it is", it.key.exact()),
            })
            .collect()
    }

    #[test]
    fn a_value_comes_from_the_region_then_the_file_then_the_stack_then_the_template() {
        let template = [
            wants("Region", None, Echo::Shown),
            wants("File", None, Echo::Shown),
            wants("Stack", Some("default"), Echo::Shown),
            wants("Template", Some("default"), Echo::Shown),
            wants("Nobody", None, Echo::Shown),
        ];
        let current = [
            has("Region", "old"),
            has("Stack", "old"),
            has("Gone", "old"),
        ];
        let given = [
            gives("Region", "everywhere", None),
            gives("Region", "europe", Some("eu-*")),
            gives("Region", "ireland", Some("eu-west-1")),
            gives("Region", "virginia", Some("us-east-1")),
            gives("File", "a,b", None),
            gives("Typo", "x", None),
            gives("Elsewhere", "x", Some("us-*")),
        ];
        let region = Region::new("eu-west-1");
        let found = settings(&template, &current, &given, Some(&region));
        assert_eq!(
            sent(&found),
            ["Region=ireland", "File=a,b", "Stack as it is"]
        );
        assert_eq!(
            told(&found),
            [
                "Region old ireland",
                "File - a,b",
                "Template - default",
                "Gone old -"
            ]
        );
        assert_eq!(found.missing, [Untrusted::new("Nobody")]);
        assert_eq!(found.unknown, ["Typo"]);
    }

    #[test]
    fn a_secret_is_sent_and_told_to_nobody() {
        let template = [
            wants("Password", None, Echo::Secret),
            wants("Kept", None, Echo::Secret),
        ];
        let current = [has("Password", "****"), has("Kept", "****")];
        let given = [gives("Password", "hunter2", None)];
        let found = settings(&template, &current, &given, None);
        assert_eq!(sent(&found), ["Password=hunter2", "Kept as it is"]);
        assert_eq!(told(&found), ["Password - -"]);
        assert_eq!(found.secret, [Untrusted::new("Password")]);
        assert!(!format!("{:?}", found.changes).contains("hunter2"));
    }

    #[test]
    fn what_stays_the_same_is_no_change() {
        let template = [wants("Size", None, Echo::Shown)];
        let found = settings(
            &template,
            &[has("Size", "3")],
            &[gives("Size", "3", None)],
            None,
        );
        assert_eq!(sent(&found), ["Size=3"]);
        assert_eq!(found.changes, []);
    }

    #[test]
    fn tags_that_nobody_gives_stay_as_they_are() {
        let current = [("team".into(), "a".into())];
        assert_eq!(tags(&[], &current, None), current);
        let given = [
            gives("team", "b", None),
            gives("team", "c", Some("eu-*")),
            gives("cost", "1", None),
        ];
        let region = Region::new("eu-west-1");
        assert_eq!(
            tags(&given, &current, Some(&region)),
            [("team".into(), "c".into()), ("cost".into(), "1".into())]
        );
    }
}
