//! Operations in words: what a call does, on one line, and the same as a command of AWS's own.

#[cfg(test)]
mod tests;

use super::{
    AliasTarget, Body, Call, Gate, OnFailure, Power, Processes, Setting, Sizes, Thing, Verb,
};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Untrusted};
use std::fmt::Write as _;

impl Verb {
    pub const ALL: [Self; 8] = [
        Self::Deploy,
        Self::Rollback,
        Self::Stop,
        Self::Start,
        Self::Dial,
        Self::Weigh,
        Self::Drain,
        Self::Restore,
    ];

    /// As it is typed, and as names of operations have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Rollback => "rollback",
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Dial => "dial",
            Self::Weigh => "weigh",
            Self::Drain => "drain",
            Self::Restore => "restore",
        }
    }

    /// For a title, before what it is about: `Roll back checkout-api`.
    pub fn imperative(self) -> &'static str {
        match self {
            Self::Deploy => "Deploy",
            Self::Rollback => "Roll back",
            Self::Stop => "Stop",
            Self::Start => "Start",
            Self::Dial => "Dial",
            Self::Weigh => "Weigh",
            Self::Drain => "Drain",
            Self::Restore => "Restore",
        }
    }
}

impl AliasTarget {
    /// `18`, or `18 and 19 at 10 %`.
    pub fn words(&self) -> String {
        let mut words = self.version.safe().into_owned();
        for (version, part) in &self.weights {
            // Writing to a string cannot fail.
            let _ = write!(words, " and {} at {} %", version.safe(), part * 100.0);
        }
        words
    }
}

impl Thing {
    /// `group orders-workers`
    pub fn words(&self) -> String {
        let kind = match self {
            Self::Group(_) => "group",
            Self::Service(_) => "service",
            Self::Instance(_) => "instance",
            Self::Database(..) => "database",
            Self::Cluster(..) => "cluster",
        };
        format!("{kind} {}", short(self.name()))
    }
}

/// What stands behind the last slash of an ARN.
fn short(name: &Untrusted) -> String {
    let name = name.safe();
    name.rsplit('/').next().unwrap_or(&name).to_owned()
}

impl Call {
    /// What it does, on one line, sanitised: `alias ACTIVE 19 → 18`.
    pub fn words(&self) -> String {
        match self {
            Self::ExecuteChangeSet { failing, .. } => match failing {
                OnFailure::RollBack => "execute the change set".to_owned(),
                OnFailure::Stay => {
                    "execute the change set, and leave a failure as it is".to_owned()
                }
            },
            Self::UpdateStack { .. } => {
                "update past the stack policy, for this update only".to_owned()
            }
            Self::CancelUpdateStack { .. } => "cancel the update".to_owned(),
            Self::RollbackStack { seen, .. } if seen.status == "CREATE_FAILED" => {
                "roll back: the stack was never stable, so this deletes all of it".to_owned()
            }
            Self::RollbackStack { .. } => "roll back to the last stable state".to_owned(),
            Self::ContinueUpdateRollback { skip, .. } if skip.is_empty() => {
                "go on with the rollback".to_owned()
            }
            Self::ContinueUpdateRollback { skip, .. } => {
                let skip: Vec<_> = skip.iter().map(Untrusted::safe).collect();
                format!("go on with the rollback without {}", skip.join(", "))
            }
            Self::SetStackPolicy { .. } => "set the stack policy".to_owned(),
            Self::UpdateAlias {
                alias,
                before,
                after,
                ..
            } => {
                let alias = sanitise(alias);
                format!("alias {alias} {} → {}", before.words(), after.words())
            }
            Self::SetDial { before, after, .. } => format!("dial {before} % → {after} %"),
            Self::SetWeight {
                endpoint,
                before,
                after,
                ..
            } => format!("weight of {} {before} → {after}", short(endpoint)),
            Self::Remember { thing, after, .. } => match after {
                Some(value) => format!("{}: remember {}", thing.words(), sanitise(value)),
                None => format!("{}: forget what it was like", thing.words()),
            },
            Self::SetProcesses {
                group,
                processes,
                to,
            } => {
                let verb = match to {
                    Processes::Suspended => "suspend",
                    Processes::Resumed => "resume",
                };
                let processes = processes.join(", ");
                format!("group {}: {verb} {}", group.safe(), sanitise(&processes))
            }
            Self::SetSizes {
                group,
                before,
                after,
            } => format!("group {}: {before} → {after}", group.safe()),
            Self::SetTasks {
                service,
                before,
                after,
            } => format!("service {}: {before} → {after} tasks", short(service)),
            Self::SetTaskLimits {
                service,
                before,
                after,
            } => format!(
                "service {}: scaled between {} and {} → {} and {}",
                short(service),
                before.0,
                before.1,
                after.0,
                after.1
            ),
            Self::SetPower { thing, to } => {
                let verb = match to {
                    Power::Off => "stop",
                    Power::On => "start",
                };
                format!("{verb} {}", thing.words())
            }
        }
    }

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

impl Gate {
    /// What it waits for, sanitised: `bake for 5m 00s with 3 alarms`.
    pub fn words(&self) -> String {
        let span = |seconds: &u32| {
            crate::domain::time::words(chrono::TimeDelta::seconds((*seconds).into()))
        };
        match self {
            Self::Bake { seconds, alarms } if alarms.is_empty() => {
                format!("bake for {}", span(seconds))
            }
            Self::Bake { seconds, alarms } => {
                format!(
                    "bake for {}, watching {} alarms",
                    span(seconds),
                    alarms.len()
                )
            }
            Self::Approve { words } if words.is_empty() => "approval".to_owned(),
            Self::Approve { words } => format!("approval: {}", sanitise(words)),
            Self::Http { url, .. } => format!("GET {} answers", sanitise(url)),
            Self::Endpoints { .. } => "endpoints are healthy".to_owned(),
            Self::Errors {
                percent, seconds, ..
            } => format!("errors < {percent} % for {}", span(seconds)),
            Self::Command { line, .. } => format!("`{}` ends well", sanitise(&line.join(" "))),
            Self::Window { days, from, until } => {
                let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
                let days = if days.is_empty() {
                    String::new()
                } else {
                    format!("{} ", sanitise(&days.join(", ")))
                };
                format!("the hours {days}{}–{} UTC", clock(*from), clock(*until))
            }
            Self::Drained { .. } => "nothing new comes any more".to_owned(),
            Self::Wait { seconds } => format!("wait {}", span(seconds)),
        }
    }
}
