//! What does not fit together in a project of the Global Capacity Orchestrator: its parameters, its endpoint groups and
//! what is registered in them.
//!
//! The registration is done by a custom resource that reports success whatever happens, so nobody else tells. *What
//! could not be read is said to be unknown*, never taken for fine.

mod known;

use super::accelerator::AcceleratorArn;
use super::{
    Accelerator, AccountName, Endpoint, EndpointGroup, Gravity, Listener, Project, Region, Routing,
    Scope, SsmParameter, Store, Timestamp, Topic, Untrusted,
};
use known::{Known, aged, known, moment};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Something of a project that does not fit, or that nobody could tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub gravity: Gravity,
    pub project: Untrusted,
    pub account: AccountName,
    /// The region it is about, where it is about one.
    pub region: Option<Untrusted>,
    /// The endpoint group it is about, where there is one.
    pub group: Option<AcceleratorArn>,
    /// One sentence: what, and where.
    pub what: String,
    /// One sentence: what to do next.
    pub next: String,
}

/// Everything that does not fit in an account's projects, gravest first.
pub fn findings(store: &Store, account: &AccountName) -> Vec<Finding> {
    let mut found = Vec::new();
    for project in Project::all(store, account) {
        let mut case = Case {
            store,
            account,
            project: &project,
            found: &mut found,
            old: None,
        };
        case.judge();
    }
    found.sort_by(|a: &Finding, b| {
        let key = |it: &Finding| (it.gravity, it.project.clone(), it.region.clone());
        key(a).cmp(&key(b))
    });
    found
}

/// What a project's parameters say, by region.
#[derive(Default)]
struct Ties<'s> {
    /// `/<project>/endpoint-group-<region>-arn`
    groups: BTreeMap<Untrusted, &'s SsmParameter>,
    /// `/<project>/alb-hostname-<region>`
    hosts: BTreeMap<Untrusted, &'s SsmParameter>,
}

struct Case<'s, 'f> {
    store: &'s Store,
    account: &'s AccountName,
    project: &'s Project,
    found: &'f mut Vec<Finding>,
    /// The oldest reading that a judgement is made of although it could not be repeated.
    old: Option<Timestamp>,
}

impl<'s> Case<'s, '_> {
    fn judge(&mut self) {
        let ties = self.ties();
        self.admit_unread_stacks();
        if let Some(ties) = &ties {
            for (region, parameter) in &ties.groups {
                self.judge_pointer(region, parameter);
            }
        }
        let Some(groups) = self.groups() else {
            return;
        };
        let ties = ties.unwrap_or_default();
        self.judge_regions(&groups, &ties);
        for group in groups {
            self.judge_group(group, ties.hosts.get(&group.region).copied());
        }
    }

    fn say(&mut self, gravity: Gravity, about: About<'_>, what: String, next: impl Into<String>) {
        let (region, group) = match about {
            About::Project => (None, None),
            About::Region(region) => (Some(region.clone()), None),
            About::Group(group) => (Some(group.region.clone()), Some(group.arn.clone())),
        };
        let what = match self.old {
            Some(at) if gravity != Gravity::Unknown => aged(&what, at),
            Some(_) | None => what,
        };
        self.found.push(Finding {
            gravity,
            project: self.project.name.clone(),
            account: self.account.clone(),
            region,
            group,
            what,
            next: next.into(),
        });
    }

    /// What was read, even if it is old: then that is said, and in every judgement from here on. The error is why it
    /// was never read.
    fn believed<T: ?Sized>(
        &mut self,
        known: Known<'s, T>,
        name: &str,
    ) -> Result<&'s T, Cow<'s, str>> {
        let (value, old) = match known {
            Known::Read(value) => return Ok(value),
            Known::Not(why) => return Err(why),
            Known::Old(value, old) => (value, old),
        };
        self.old = Some(self.old.map_or(old.at, |at| at.min(old.at)));
        let project = self.project.name.safe();
        let what = format!(
            "Whether {name} of {project} in {} changed since {} is unknown: the last attempt to read failed ({}).",
            self.account,
            moment(old.at),
            old.why
        );
        if !self.found.iter().any(|it| it.what == what) {
            let next = "What is said of it may be out of date; look at its problem.";
            self.say(Gravity::Unknown, About::Project, what, next);
        }
        Ok(value)
    }

    /// The parameters, if they could be read.
    fn ties(&mut self) -> Option<Ties<'s>> {
        let (name, account) = (self.project.name.safe(), self.account);
        let Some((scope, topic)) = self.project.parameters(account) else {
            self.say(
                Gravity::Unknown,
                About::Project,
                format!("Where the parameters of {name} are in {account} is unknown: its stack {name}-global has not been seen."),
                format!("Add the region of {name}-global to the regions of {account}."),
            );
            return None;
        };
        let place = place(&scope);
        let parameters = known(self.store.parameters(&scope, &topic));
        match self.believed(parameters, "any parameter") {
            Ok(parameters) => Some(Ties::of(parameters, self.project)),
            Err(why) => {
                self.say(
                    Gravity::Unknown,
                    About::Project,
                    format!("Whether every region of {name} is registered is unknown: its parameters in {place} could not be read ({why})."),
                    "Allow ssm:GetParametersByPath there, or look at the parameters in the console.",
                );
                None
            }
        }
    }

    fn admit_unread_stacks(&mut self) {
        let unread: Vec<String> = self
            .store
            .all_stacks()
            .filter(|(scope, slot)| scope.account == *self.account && slot.value().is_none())
            .filter(|(scope, _)| !self.store.is_not_enabled(scope))
            .filter_map(|(scope, _)| scope.region().map(ToString::to_string))
            .collect();
        if !unread.is_empty() {
            let name = self.project.name.safe();
            self.say(
                Gravity::Unknown,
                About::Project,
                format!(
                    "Whether {name} has stacks in {} {} is unknown: they could not be read.",
                    self.account,
                    unread.join(", ")
                ),
                "See the problems of those regions.",
            );
        }
        self.admit_old_stacks();
    }

    /// Regions whose stacks were read once, and cannot be now.
    fn admit_old_stacks(&mut self) {
        let old = self.store.all_stacks().filter_map(|(scope, slot)| {
            let Known::Old(_, old) = known(Some(slot)) else {
                return None;
            };
            Some((scope.region()?.to_string(), old.at)).filter(|_| scope.account == *self.account)
        });
        let old: Vec<(String, Timestamp)> = old.collect();
        if let Some(since) = old.iter().map(|(_, at)| *at).min() {
            let regions: Vec<&str> = old.iter().map(|(region, _)| region.as_str()).collect();
            self.say(
                Gravity::Unknown,
                About::Project,
                format!(
                    "Whether the stacks of {} in {} {} changed since {} is unknown: the last attempt to read failed.",
                    self.project.name.safe(),
                    self.account,
                    regions.join(", "),
                    moment(since)
                ),
                "See the problems of those regions.",
            );
        }
    }

    /// A parameter that names an endpoint group should name one that there is.
    fn judge_pointer(&mut self, region: &Untrusted, parameter: &SsmParameter) {
        let (name, account) = (parameter.name.safe(), self.account);
        let project = self.project.name.safe();
        let home = self.project.home.as_ref().map_or("", Region::as_str);
        let Some(value) = &parameter.value else {
            self.say(
                Gravity::Unknown,
                About::Region(region),
                format!("Where the parameter {name} in {account} {home} points is unknown: its value is a secret."),
                "Look at it in the console.",
            );
            return;
        };
        match self.exists(&AcceleratorArn::new(value.exact())) {
            Exists::Yes => {}
            Exists::No => self.say(
                Gravity::Doubtful,
                About::Region(region),
                format!("The parameter {name} in {account} {home} points to an endpoint group that does not exist."),
                format!("Deploy {project}-global again, or delete the parameter."),
            ),
            Exists::Unknown(why) => self.say(
                Gravity::Unknown,
                About::Region(region),
                format!("Whether the parameter {name} in {account} {home} points to an endpoint group that exists is unknown: the accelerator could not be read ({why})."),
                "Look at the problem of Global Accelerator.",
            ),
        }
    }

    fn exists(&mut self, group: &AcceleratorArn) -> Exists<'s> {
        match self.accelerators() {
            Err(why) => Exists::Unknown(why),
            Ok(all) => {
                let owner = all.iter().find(|it| it.arn.exact() == group.accelerator());
                let Some(owner) = owner else {
                    return Exists::No;
                };
                match self.listeners(&owner.arn) {
                    Err(why) => Exists::Unknown(why),
                    Ok(listeners) => {
                        let mut groups = listeners.iter().flat_map(|it| &it.groups);
                        if groups.any(|it| it.arn == *group) {
                            Exists::Yes
                        } else {
                            Exists::No
                        }
                    }
                }
            }
        }
    }

    fn accelerators(&mut self) -> Result<&'s [Accelerator], Cow<'s, str>> {
        let accelerators = known(self.store.accelerators(self.account));
        self.believed(accelerators, "the accelerator")
    }

    fn listeners(&mut self, accelerator: &AcceleratorArn) -> Result<&'s [Listener], Cow<'s, str>> {
        let topic = Topic::Listeners(accelerator.clone(), Routing::Standard);
        let listeners = known(self.store.listeners(&Scope::global(self.account), &topic));
        self.believed(listeners, "any endpoint group")
    }

    /// The endpoint groups of the project, if they could be read.
    fn groups(&mut self) -> Option<Vec<&'s EndpointGroup>> {
        let (name, account) = (self.project.name.safe(), self.account);
        let why = match self.accelerators() {
            Err(why) => why,
            Ok(all) => match all.iter().find(|it| self.project.owns(it)) {
                None => {
                    self.say(
                        Gravity::Grave,
                        About::Project,
                        format!("The accelerator of {name} does not exist in {account}."),
                        format!("Deploy {name}-global again."),
                    );
                    return None;
                }
                Some(accelerator) => match self.listeners(&accelerator.arn) {
                    Err(why) => why,
                    Ok(listeners) => {
                        return Some(listeners.iter().flat_map(|it| &it.groups).collect());
                    }
                },
            },
        };
        self.say(
            Gravity::Unknown,
            About::Project,
            format!("Which endpoint groups {name} has in {account} is unknown: its accelerator could not be read ({why})."),
            "Look at the problem of Global Accelerator.",
        );
        None
    }

    /// A region that has a stack or a balancer should have a group.
    fn judge_regions(&mut self, groups: &[&EndpointGroup], ties: &Ties<'_>) {
        let stacks: BTreeSet<Untrusted> = self
            .project
            .regions(self.store, self.account)
            .into_iter()
            .map(|region| Untrusted::new(region.as_str()))
            .collect();
        let hosts: BTreeSet<Untrusted> = ties.hosts.keys().cloned().collect();
        for region in stacks.union(&hosts) {
            if groups.iter().any(|group| group.region == *region) {
                continue;
            }
            let (name, account) = (self.project.name.safe(), self.account);
            let by = if stacks.contains(region) {
                format!("its stack {} is there", self.project.stack(region))
            } else {
                format!(
                    "the parameter /{name}/alb-hostname-{} is there",
                    region.safe()
                )
            };
            self.say(
                Gravity::Grave,
                About::Region(region),
                format!(
                    "{name} has no endpoint group for {account} {}, though {by}: no client is sent there.",
                    region.safe()
                ),
                format!(
                    "Add {} to the regions of {name} and deploy {name}-global.",
                    region.safe()
                ),
            );
        }
    }

    /// A group should have its region's balancer, and nothing else.
    fn judge_group(&mut self, group: &'s EndpointGroup, host: Option<&SsmParameter>) {
        let (name, account) = (self.project.name.safe(), self.account);
        let region = group.region.safe();
        let stack = self.project.stack(&group.region);
        let host = host.and_then(|it| it.value.as_ref());
        if group.endpoints.is_empty() {
            let registered = host.map_or_else(String::new, |host| {
                format!(" {} is not registered.", host.safe())
            });
            self.say(
                Gravity::Grave,
                About::Group(group),
                format!("The endpoint group of {name} in {account} {region} is empty: nobody registered a balancer.{registered}"),
                format!("Look at the events of {stack}: its registration never ran, or reported success too early."),
            );
            return;
        }
        for endpoint in &group.endpoints {
            if self.is_gone(endpoint) {
                self.say(
                    Gravity::Grave,
                    About::Group(group),
                    format!("The endpoint group of {name} in {account} {region} has {}, a balancer that does not exist any more.", endpoint.name().safe()),
                    format!("Update {stack}, which registers the balancer that there is."),
                );
            }
        }
        if let Some(host) = host
            && !group.endpoints.iter().any(|it| self.answers(it, host))
        {
            self.say(
                Gravity::Grave,
                About::Group(group),
                format!("The balancer {} of {name} is not registered in its endpoint group in {account} {region}.", host.safe()),
                format!("Update {stack}, which registers it, or look at who changed the group."),
            );
        }
        if group.endpoints.len() > 1 {
            self.say(
                Gravity::Doubtful,
                About::Group(group),
                format!("The endpoint group of {name} in {account} {region} has {} endpoints, where a registration leaves one.", group.endpoints.len()),
                "Remove those that are left over from an earlier registration.",
            );
        }
    }

    /// What is known of the balancer that an endpoint is, if it stands in this account.
    fn balancer(&mut self, endpoint: &Endpoint) -> Option<&'s Option<super::Balancer>> {
        let region = Region::new(endpoint.region()?);
        let scope = Scope::regional(self.account, &region);
        let topic = Topic::Balancer(endpoint.id.clone());
        let balancer = known(self.store.balancer(&scope, &topic));
        self.believed(balancer, "any balancer").ok()
    }

    fn is_gone(&mut self, endpoint: &Endpoint) -> bool {
        matches!(self.balancer(endpoint), Some(None))
    }

    /// Whether an endpoint is the balancer of a name in DNS.
    fn answers(&mut self, endpoint: &Endpoint, host: &Untrusted) -> bool {
        let host = plain(host.exact());
        if let Some(Some(balancer)) = self.balancer(endpoint)
            && let Some(dns) = &balancer.dns
        {
            return plain(dns.exact()) == host;
        }
        // Not asked: AWS makes the name of a balancer's own and a number, `internal-` before it where it is not public.
        let name = endpoint.name().exact().to_ascii_lowercase();
        let label = host.split('.').next().unwrap_or_default();
        let label = label.strip_prefix("internal-").unwrap_or(label);
        let behind = label.strip_prefix(name.as_str());
        behind.is_some_and(|behind| behind.starts_with('-'))
    }
}

#[derive(Clone, Copy)]
enum About<'a> {
    Project,
    Region(&'a Untrusted),
    Group(&'a EndpointGroup),
}

enum Exists<'s> {
    Yes,
    No,
    Unknown(Cow<'s, str>),
}

impl<'s> Ties<'s> {
    fn of(parameters: &'s [SsmParameter], project: &Project) -> Self {
        let mut ties = Self::default();
        let base = format!("/{}/", project.name.exact());
        for parameter in parameters {
            let Some(name) = parameter.name.exact().strip_prefix(&base) else {
                continue;
            };
            let group = name.strip_prefix("endpoint-group-");
            if let Some(region) = group.and_then(|rest| rest.strip_suffix("-arn")) {
                ties.groups.insert(region.into(), parameter);
            } else if let Some(region) = name.strip_prefix("alb-hostname-") {
                ties.hosts.insert(region.into(), parameter);
            }
        }
        ties
    }
}

/// A name in DNS as it is compared.
fn plain(name: &str) -> String {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.strip_prefix("dualstack.") {
        Some(plain) => plain.to_owned(),
        None => name,
    }
}

/// `prod us-east-1`
fn place(scope: &Scope) -> String {
    match scope.region() {
        Some(region) => format!("{} {region}", scope.account),
        None => scope.account.to_string(),
    }
}

#[cfg(test)]
mod tests;
