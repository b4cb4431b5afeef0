//! A call as a command of AWS's own, to be read, copied and run by hand.
//!
//! What is copied does what the call does and no more; where no command would, the line is a comment that says how.

#[cfg(test)]
mod tests;

use super::{AliasTarget, Body, Call, OnFailure, Setting, Sizes, Thing};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Untrusted};
use std::fmt::Write as _;

impl Call {
    /// The same as a command line of AWS's own, to be read, copied and run by hand.
    pub fn command(&self, scope: &Scope) -> String {
        let mut line = Line::new(self.action(), scope);
        match self {
            Self::ExecuteChangeSet {
                change_set,
                token,
                failing,
                ..
            } => {
                line.option("change-set-name", change_set.exact());
                line.option("client-request-token", token.as_str());
                line.failing(*failing);
            }
            Self::UpdateStack {
                stack,
                template,
                parameters,
                tags,
                capabilities,
                role,
                policy,
                token,
                ..
            } => {
                line.settings(parameters, tags);
                if let Some(role) = role {
                    line.option("role-arn", role.exact());
                }
                line.option("stack-name", stack.exact());
                match template {
                    Body::Text(_) => line.option("template-body", "file://template"),
                    Body::Url(url) => line.option("template-url", url),
                }
                line.list("capabilities", capabilities);
                line.option("stack-policy-during-update-body", policy);
                line.option("client-request-token", token.as_str());
            }
            Self::CancelUpdateStack { stack, token, .. }
            | Self::RollbackStack { stack, token, .. } => {
                line.option("stack-name", stack.exact());
                line.option("client-request-token", token.as_str());
            }
            Self::ContinueUpdateRollback {
                stack, skip, token, ..
            } => {
                line.option("stack-name", stack.exact());
                line.list("resources-to-skip", skip.iter().map(Untrusted::exact));
                line.option("client-request-token", token.as_str());
            }
            Self::SetStackPolicy { stack, policy } => {
                line.option("stack-name", stack.exact());
                line.option("stack-policy-body", policy);
            }
            Self::UpdateAlias {
                function,
                alias,
                after,
                ..
            } => {
                line.option("function-name", function.exact());
                line.option("name", alias);
                line.target(after);
            }
            Self::SetDial { group, after, .. } => {
                line.option("endpoint-group-arn", group.exact());
                line.option("traffic-dial-percentage", &after.to_string());
            }
            // A command with this endpoint alone would take all others out of the group.
            Self::SetWeight {
                group,
                endpoint,
                after,
                ..
            } => {
                return format!(
                    "# update-endpoint-group replaces the list of endpoints: send all of {} as they are, but {} with weight {after}",
                    group,
                    endpoint.safe()
                );
            }
            Self::Remember { thing, after, .. } => line.tag(thing, after.as_deref()),
            Self::SetProcesses {
                group, processes, ..
            } => {
                line.option("auto-scaling-group-name", group.exact());
                line.list("scaling-processes", processes);
            }
            Self::SetSizes { group, after, .. } => {
                line.option("auto-scaling-group-name", group.exact());
                line.sizes(*after);
            }
            Self::SetTasks { service, after, .. } => {
                line.service(service);
                line.option("desired-count", &after.to_string());
            }
            Self::SetTaskLimits { service, after, .. } => line.limits(service, *after),
            Self::SetPower { thing, .. } => line.thing(thing),
        }
        line.text
    }
}

/// The tag that keeps what a stopped thing was like.
pub const MEMORY: &str = "quarterdeck:restore";

/// A command line that grows.
struct Line {
    text: String,
}

impl Line {
    /// `aws lambda update-alias --region eu-west-1`
    fn new(action: &str, scope: &Scope) -> Self {
        let (service, operation) = action.split_once(':').unwrap_or(("", action));
        let mut text = format!("aws {service} {}", kebab(operation));
        let region = match (service, scope.region()) {
            ("globalaccelerator", _) => Some("us-west-2"),
            (_, region) => region.map(crate::domain::Region::as_str),
        };
        if let Some(region) = region {
            let _ = write!(text, " --region {}", quoted(region));
        }
        Self { text }
    }

    fn option(&mut self, name: &str, value: &str) {
        let _ = write!(self.text, " --{name} {}", quoted(value));
    }

    /// An option of several values, which AWS takes behind one name.
    fn list<T: AsRef<str>>(&mut self, name: &str, values: impl IntoIterator<Item = T>) {
        let mut values = values.into_iter().peekable();
        if values.peek().is_some() {
            self.flag(name);
        }
        for value in values {
            let _ = write!(self.text, " {}", quoted(value.as_ref()));
        }
    }

    fn flag(&mut self, name: &str) {
        let _ = write!(self.text, " --{name}");
    }

    fn settings(&mut self, parameters: &[Setting], tags: &[(Untrusted, Untrusted)]) {
        let parameters = parameters.iter().map(|it| {
            let key = it.key.exact();
            match &it.value {
                Some(value) => format!("ParameterKey={key},ParameterValue={}", value.exact()),
                None => format!("ParameterKey={key},UsePreviousValue=true"),
            }
        });
        self.list("parameters", parameters);
        let tags = tags.iter();
        let tags = tags.map(|(key, value)| format!("Key={},Value={}", key.exact(), value.exact()));
        self.list("tags", tags);
    }

    fn failing(&mut self, failing: OnFailure) {
        self.flag(match failing {
            OnFailure::RollBack => "no-disable-rollback",
            OnFailure::Stay => "disable-rollback",
        });
    }

    fn limits(&mut self, service: &Untrusted, (least, most): (u32, u32)) {
        self.option("service-namespace", "ecs");
        self.option("scalable-dimension", "ecs:service:DesiredCount");
        let id = service.exact().rsplit(':').next().unwrap_or_default();
        self.option("resource-id", id);
        self.option("min-capacity", &least.to_string());
        self.option("max-capacity", &most.to_string());
    }

    /// What is stopped or started.
    fn thing(&mut self, thing: &Thing) {
        match thing {
            Thing::Instance(id) => self.option("instance-ids", id.exact()),
            Thing::Database(id, _) => self.option("db-instance-identifier", id.exact()),
            Thing::Cluster(id, _) => self.option("db-cluster-identifier", id.exact()),
            Thing::Group(name) | Thing::Service(name) => self.option("name", name.exact()),
        }
    }

    fn sizes(&mut self, sizes: Sizes) {
        self.option("min-size", &sizes.least.to_string());
        self.option("desired-capacity", &sizes.desired.to_string());
        self.option("max-size", &sizes.most.to_string());
    }

    /// Where an alias is to point.
    fn target(&mut self, target: &AliasTarget) {
        self.option("function-version", target.version.exact());
        let weights = target.weights.iter();
        let weights: Vec<_> = weights
            .map(|(version, part)| format!("\"{}\":{part}", version.exact()))
            .collect();
        let routing = format!("{{\"AdditionalVersionWeights\":{{{}}}}}", weights.join(","));
        self.option("routing-config", &routing);
    }

    /// `arn:…:service/CLUSTER/NAME` has its cluster in it.
    fn service(&mut self, arn: &Untrusted) {
        let mut parts = arn.exact().rsplit('/');
        let name = parts.next().unwrap_or_default();
        if let Some(cluster) = parts.next() {
            self.option("cluster", cluster);
        }
        self.option("service", name);
    }

    fn tag(&mut self, thing: &Thing, value: Option<&str>) {
        let pair = |value: &str| format!("Key={MEMORY},Value={value}");
        match (thing, value) {
            (Thing::Group(name), value) => {
                let value = value.map_or_else(String::new, |value| format!(",Value={value}"));
                let of = format!(
                    "ResourceId={},ResourceType=auto-scaling-group,Key={MEMORY}{value},PropagateAtLaunch=false",
                    name.exact()
                );
                self.option("tags", &of);
            }
            (Thing::Service(arn), Some(value)) => {
                self.option("resource-arn", arn.exact());
                self.option("tags", &format!("key={MEMORY},value={value}"));
            }
            (Thing::Service(arn), None) => {
                self.option("resource-arn", arn.exact());
                self.option("tag-keys", MEMORY);
            }
            (Thing::Instance(id), value) => {
                self.option("resources", id.exact());
                let of = value.map_or_else(|| format!("Key={MEMORY}"), pair);
                self.option("tags", &of);
            }
            (Thing::Database(_, arn) | Thing::Cluster(_, arn), Some(value)) => {
                self.option("resource-name", arn.exact());
                self.option("tags", &pair(value));
            }
            (Thing::Database(_, arn) | Thing::Cluster(_, arn), None) => {
                self.option("resource-name", arn.exact());
                self.option("tag-keys", MEMORY);
            }
        }
    }
}

/// `UpdateDBCluster` is `update-db-cluster` on the command line.
fn kebab(operation: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for letter in operation.chars() {
        let is_first = !before.is_uppercase() && !name.is_empty();
        let is_behind_db = before == 'B' && name.ends_with("db");
        if letter.is_uppercase() && (is_first || is_behind_db) {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
        before = letter;
    }
    name
}

/// For a POSIX shell, and harmless to the terminal that it is shown on.
fn quoted(value: &str) -> String {
    let value = sanitise(value);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@,=+".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.into_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}
