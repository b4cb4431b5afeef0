//! Which groups an operator means: by name, by glob, by function, by stack.
//!
//! A selector does not ask by itself. It says which questions its next step needs, given what the [`Store`] knows
//! already, and which groups follow from the answers; whoever asks repeats that until nothing new is needed. So the
//! command line, which waits, and the screen, which does not, share every rule.

use super::destination::{Destination, destinations};
use crate::domain::scope::glob_matches;
use crate::domain::{Kind, LogGroup, Scope, Slot, Stack, StackId, Store, Topic, Untrusted};
use std::collections::BTreeSet;
use std::fmt;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selector {
    /// The group of this name.
    Group(String),
    /// Every group whose name fits.
    Glob(String),
    /// The group of the function of this name; with a glob, the groups that Lambda names after such functions.
    Function(String),
    /// Every group that the resources of the stacks of this name write to, those of nested stacks too.
    Stack(String),
}

impl Selector {
    /// Reads `lambda:NAME`, `stack:NAME`, a glob or a name.
    pub fn parse(text: &str) -> Self {
        if let Some(name) = text.strip_prefix("lambda:") {
            Self::Function(name.to_owned())
        } else if let Some(name) = text.strip_prefix("stack:") {
            Self::Stack(name.to_owned())
        } else if is_glob(text) {
            Self::Glob(text.to_owned())
        } else {
            Self::Group(text.to_owned())
        }
    }

    /// What has to be known of a scope, as far as that can be told by now.
    pub fn questions(&self, store: &Store, scope: &Scope) -> Vec<Topic> {
        match self {
            Self::Group(name) => vec![groups_from(name)],
            Self::Glob(glob) => vec![groups_from(literal(glob))],
            Self::Function(glob) if is_glob(glob) => {
                vec![groups_from(literal(&default_group(glob)))]
            }
            Self::Function(name) => function_questions(store, scope, &Untrusted::from(&**name)),
            Self::Stack(name) => {
                let resources = stacks(store, scope, name).map(|id| Topic::Resources(id.clone()));
                let groups = written(store, scope, name)
                    .into_iter()
                    .flat_map(|destination| match destination {
                        Destination::Group(name) | Destination::Beginning(name) => {
                            vec![Topic::LogGroups(name)]
                        }
                        Destination::Function(name) => function_questions(store, scope, &name),
                    });
                let mut questions = vec![Topic::Stacks];
                questions.extend(resources);
                questions.extend(groups);
                questions
            }
        }
    }

    /// The groups that it means in a scope and that exist, as far as is known by now.
    pub fn groups(&self, store: &Store, scope: &Scope) -> BTreeSet<Untrusted> {
        let mut found = BTreeSet::new();
        let mut take = |topic: &Topic, fits: &dyn Fn(&str) -> bool| {
            let named = known(store, scope, topic).iter().map(|group| &group.name);
            found.extend(named.filter(|name| fits(name.exact())).cloned());
        };
        match self {
            Self::Group(wanted) => take(&groups_from(wanted), &|name| name == wanted),
            Self::Glob(glob) => take(&groups_from(literal(glob)), &|name| {
                glob_matches(glob, name)
            }),
            Self::Function(glob) if is_glob(glob) => {
                let glob = default_group(glob);
                take(&groups_from(literal(&glob)), &|name| {
                    glob_matches(&glob, name)
                });
            }
            Self::Function(name) => {
                if let Some(group) = function_group(store, scope, &Untrusted::from(&**name)) {
                    take(&Topic::LogGroups(group.clone()), &|name| {
                        name == group.exact()
                    });
                }
            }
            Self::Stack(name) => {
                for destination in written(store, scope, name) {
                    match destination {
                        Destination::Group(group) => {
                            take(&Topic::LogGroups(group.clone()), &|name| {
                                name == group.exact()
                            });
                        }
                        Destination::Beginning(beginning) => {
                            take(&Topic::LogGroups(beginning), &|_| true);
                        }
                        Destination::Function(function) => {
                            if let Some(group) = function_group(store, scope, &function) {
                                take(&Topic::LogGroups(group.clone()), &|name| {
                                    name == group.exact()
                                });
                            }
                        }
                    }
                }
            }
        }
        found
    }

    /// Whether it names one thing, which may be missing somewhere, and not whatever happens to fit.
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Group(_) => true,
            Self::Function(name) => !is_glob(name),
            Self::Glob(_) | Self::Stack(_) => false,
        }
    }

    /// The name or glob without the word before it.
    pub fn name(&self) -> &str {
        match self {
            Self::Group(name) | Self::Glob(name) | Self::Function(name) | Self::Stack(name) => name,
        }
    }
}

impl fmt::Display for Selector {
    /// The way it is written, exactly: whoever shows it makes it harmless.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) | Self::Glob(name) => out.write_str(name),
            Self::Function(name) => write!(out, "lambda:{name}"),
            Self::Stack(name) => write!(out, "stack:{name}"),
        }
    }
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// The part of a glob that every name which fits begins with.
fn literal(glob: &str) -> &str {
    glob.split(['*', '?']).next().unwrap_or_default()
}

fn groups_from(beginning: &str) -> Topic {
    Topic::LogGroups(Untrusted::from(beginning))
}

/// The group that Lambda names when the function does not.
fn default_group(function: &str) -> String {
    format!("/aws/lambda/{function}")
}

fn known<'s>(store: &'s Store, scope: &Scope, topic: &Topic) -> &'s [LogGroup] {
    store
        .log_groups(scope, topic)
        .and_then(Slot::value)
        .unwrap_or_default()
}

/// Which group the function writes to, and whether that exists.
fn function_questions(store: &Store, scope: &Scope, function: &Untrusted) -> Vec<Topic> {
    let group = function_group(store, scope, function).map(Topic::LogGroups);
    [Topic::FunctionLog(function.clone())]
        .into_iter()
        .chain(group)
        .collect()
}

/// The function's group, once Lambda was asked. Where it may not be asked, the name that Lambda would give.
fn function_group(store: &Store, scope: &Scope, function: &Untrusted) -> Option<Untrusted> {
    let slot = store.function_log(scope, &Topic::FunctionLog(function.clone()))?;
    match (slot.value(), slot.failing()) {
        (Some(group), _) => Some(group.clone()),
        (None, Some(failing)) if failing.problem.kind != Kind::Missing => {
            Some(Untrusted::new(default_group(function.exact())))
        }
        (None, _) => None,
    }
}

/// The stacks of this name, and those nested in them.
fn stacks<'s>(store: &'s Store, scope: &Scope, name: &str) -> impl Iterator<Item = &'s StackId> {
    let all = store
        .stacks(scope)
        .and_then(Slot::value)
        .unwrap_or_default();
    let of_name = |stack: &&Stack| stack.name.exact() == name || stack.id.exact() == name;
    let mut family: BTreeSet<&StackId> =
        all.iter().filter(of_name).map(|stack| &stack.id).collect();
    // A stack may be listed before the one it is nested in.
    loop {
        let before = family.len();
        let children = all.iter().filter(|stack| {
            let parent = stack.parent.as_ref();
            parent.is_some_and(|parent| family.contains(parent))
        });
        let children: Vec<&StackId> = children.map(|stack| &stack.id).collect();
        family.extend(children);
        if family.len() == before {
            return family.into_iter();
        }
    }
}

/// Where the resources of a stack and of those nested in it write.
fn written(store: &Store, scope: &Scope, name: &str) -> BTreeSet<Destination> {
    stacks(store, scope, name)
        .filter_map(|id| {
            store
                .resources(scope, &Topic::Resources(id.clone()))
                .and_then(Slot::value)
        })
        .flatten()
        .filter_map(|resource| Some((resource.resource_type.exact(), resource.physical.as_ref()?)))
        .flat_map(|(kind, physical)| destinations(kind, physical.exact()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::LogGroup;
    use crate::domain::store::Attempt;
    use crate::domain::{
        AccountName, DriftStatus, Problem, Reading, Region, StackResource, StackStatus, Timestamp,
        stack::Protection,
    };
    use chrono::TimeDelta;

    fn here() -> Scope {
        Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn stack(name: &str, parent: Option<&str>) -> Stack {
        Stack {
            id: StackId::new(name),
            name: Untrusted::from(name),
            status: StackStatus::parse("CREATE_COMPLETE"),
            reason: None,
            description: None,
            created: now(),
            updated: None,
            parent: parent.map(StackId::new),
            tags: vec![],
            parameters: vec![],
            outputs: vec![],
            drift: DriftStatus::NotChecked,
            protected: Protection::Off,
            role: None,
        }
    }

    fn resource(kind: &str, physical: &str) -> StackResource {
        StackResource {
            logical: Untrusted::from("L"),
            physical: Some(Untrusted::from(physical)),
            resource_type: Untrusted::from(kind),
            status: Untrusted::from("CREATE_COMPLETE"),
            reason: None,
            updated: now(),
            drift: DriftStatus::NotChecked,
        }
    }

    /// A small AWS: what it answers to a question.
    fn answer(topic: &Topic) -> Result<Reading, Problem> {
        let groups = [
            "/aws/lambda/api",
            "/aws/lambda/api-old",
            "/aws/lambda/web",
            "/own/web",
            "/named",
            "API-Gateway-Execution-Logs_a1/prod",
        ];
        Ok(match topic {
            Topic::LogGroups(beginning) => {
                let found = groups
                    .iter()
                    .filter(|name| name.starts_with(beginning.exact()));
                let group = |name: &&str| LogGroup {
                    name: Untrusted::from(*name),
                    arn: Untrusted::from(""),
                    retention: None,
                    stored: 0,
                };
                Reading::LogGroups(found.map(group).collect())
            }
            Topic::FunctionLog(name) => match name.exact() {
                "api" => Reading::FunctionLog(Untrusted::from("/aws/lambda/api")),
                "web" => Reading::FunctionLog(Untrusted::from("/own/web")),
                "hidden" => return Err(Problem::new(Kind::Denied, "No.")),
                _ => return Err(Problem::new(Kind::Missing, "There is none.")),
            },
            Topic::Stacks => Reading::Stacks(vec![
                stack("inner", Some("outer")),
                stack("outer", None),
                stack("other", None),
            ]),
            Topic::Resources(id) => Reading::Resources(match id.exact() {
                "outer" => vec![
                    resource("AWS::Logs::LogGroup", "/named"),
                    resource("AWS::Logs::LogGroup", "/gone"),
                    resource("AWS::ApiGateway::RestApi", "a1"),
                ],
                "inner" => vec![resource("AWS::Lambda::Function", "web")],
                _ => vec![resource("AWS::Lambda::Function", "api")],
            }),
            other => panic!("nobody asks for {other:?}"),
        })
    }

    /// Asks until nothing new is needed, as every door does.
    fn resolve(text: &str) -> Vec<String> {
        let (selector, mut store) = (Selector::parse(text), Store::default());
        let mut asked = BTreeSet::new();
        loop {
            let questions = selector.questions(&store, &here());
            let new: Vec<Topic> = questions
                .into_iter()
                .filter(|topic| asked.insert(topic.clone()))
                .collect();
            if new.is_empty() {
                let groups = selector.groups(&store, &here());
                return groups.iter().map(|name| name.exact().to_owned()).collect();
            }
            for topic in new {
                store.absorb(Attempt {
                    result: answer(&topic),
                    topic,
                    scope: here(),
                    at: now(),
                    took: TimeDelta::zero(),
                    retry: None,
                });
            }
        }
    }

    #[test]
    fn a_selector_leads_to_the_groups_that_exist() {
        for (text, groups) in [
            ("/aws/lambda/api", &["/aws/lambda/api"][..]),
            ("/aws/lambda/ap", &[]),
            (
                "/aws/lambda/a*",
                &["/aws/lambda/api", "/aws/lambda/api-old"],
            ),
            ("*web", &["/aws/lambda/web", "/own/web"]),
            ("lambda:api", &["/aws/lambda/api"]),
            ("lambda:web", &["/own/web"]),
            ("lambda:api*", &["/aws/lambda/api", "/aws/lambda/api-old"]),
            ("lambda:none", &[]),
            (
                "stack:outer",
                &["/named", "/own/web", "API-Gateway-Execution-Logs_a1/prod"],
            ),
            ("stack:inner", &["/own/web"]),
            ("stack:none", &[]),
        ] {
            assert_eq!(resolve(text), groups, "{text}");
            assert_eq!(Selector::parse(text).to_string(), text);
        }
    }

    #[test]
    fn a_function_that_may_not_be_looked_at_has_the_group_of_its_name() {
        let mut store = Store::default();
        let topic = Topic::FunctionLog(Untrusted::from("hidden"));
        store.absorb(Attempt {
            result: answer(&topic),
            topic,
            scope: here(),
            at: now(),
            took: TimeDelta::zero(),
            retry: None,
        });
        let questions = Selector::parse("lambda:hidden").questions(&store, &here());
        assert!(questions.contains(&groups_from("/aws/lambda/hidden")));
    }
}
