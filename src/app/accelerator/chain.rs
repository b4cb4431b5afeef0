//! Why one endpoint is as it is: from Global Accelerator's verdict over the balancer and its targets down to the stack
//! and the log of what answers.
//!
//! A list of [`Link`]s that point into the store, worked out when the data changes; the selection follows the thing.

use super::home::Home;
use super::reason::Reason;
use super::row::{Found, listeners};
use crate::app::cursor::{Cursor, Step};
use crate::app::detail::Size;
use crate::domain::{
    AcceleratorArn, AccountName, Attachment, Balancer, Fleet, Scope, Slot, StackId, Store, Target,
    TargetGroup, Topic, Untrusted,
};

/// One line of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// What Global Accelerator says, and since when.
    Verdict,
    /// Whose check decides.
    Judge,
    /// By what an endpoint of another account is here.
    Attachment,
    Balancer,
    /// A target group, by position.
    Targets(usize),
    /// A target of it, by position.
    Target(usize, usize),
    /// The stack that made what the endpoint is.
    Stack,
    /// The log of a function that answers, by its name.
    FunctionLog(Untrusted),
    /// The logs of that stack.
    StackLog,
}

/// The chain's state.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Whose accelerator it is.
    pub account: AccountName,
    pub accelerator: AcceleratorArn,
    pub group: AcceleratorArn,
    /// The endpoint's id.
    pub endpoint: Untrusted,
    pub size: Size,
    /// Where the endpoint stands, as far as that is known.
    home: Option<Scope>,
    links: Vec<Link>,
    cursor: Cursor<Link>,
}

/// Targets of one group that are shown; those in trouble come first.
const TARGETS_AT_MOST: usize = 50;

impl Chain {
    pub(super) fn new(
        account: AccountName,
        accelerator: AcceleratorArn,
        group: AcceleratorArn,
        endpoint: Untrusted,
    ) -> Self {
        Self {
            account,
            accelerator,
            group,
            endpoint,
            size: Size::default(),
            home: None,
            links: Vec::new(),
            cursor: Cursor::default(),
        }
    }

    pub fn links(&self) -> &[Link] {
        &self.links
    }

    pub fn cursor(&self) -> &Cursor<Link> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Link> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<&Link> {
        self.links.get(self.cursor.index())
    }

    /// The endpoint as it was read last, with what it hangs on; `None` when it is gone.
    pub fn found<'s>(&self, store: &'s Store) -> Option<Found<'s>> {
        let known = store.accelerators(&self.account)?.value()?;
        let accelerator = known.iter().find(|it| it.arn == self.accelerator)?;
        let listeners = listeners(store, &self.account, accelerator)?;
        listeners.iter().find_map(|listener| {
            let group = listener.groups.iter().find(|it| it.arn == self.group)?;
            let endpoint = group.endpoints.iter().find(|it| it.id == self.endpoint)?;
            Some(Found {
                accelerator,
                listener: Some(listener),
                group: Some(group),
                endpoint: Some(endpoint),
            })
        })
    }

    /// Where it can be asked about.
    pub fn home(&self, fleet: &Fleet, store: &Store) -> Option<Scope> {
        let found = self.found(store)?;
        let home = Home::of(
            (fleet, store),
            &self.account,
            (found.group?, found.endpoint?),
        );
        home.scope().cloned()
    }

    /// Where it was found to stand when the data changed last.
    pub fn known_home(&self) -> Option<&Scope> {
        self.home.as_ref()
    }

    pub fn owner_topic(&self) -> Topic {
        Topic::Owner(self.endpoint.clone())
    }

    pub fn balancer_topic(&self) -> Topic {
        Topic::Balancer(self.endpoint.clone())
    }

    /// The answer of the endpoint's balancer.
    pub fn balancer_slot<'s>(&self, store: &'s Store) -> Option<&'s Slot<Option<Balancer>>> {
        store.balancer(self.home.as_ref()?, &self.balancer_topic())
    }

    /// The balancer, where it exists.
    pub fn balancer<'s>(&self, store: &'s Store) -> Option<&'s Balancer> {
        self.balancer_slot(store)?.value()?.as_ref()
    }

    pub fn targets<'s>(&self, store: &'s Store, group: usize) -> Option<&'s TargetGroup> {
        self.balancer(store)?.groups.get(group)
    }

    pub fn target<'s>(&self, store: &'s Store, group: usize, target: usize) -> Option<&'s Target> {
        self.targets(store, group)?.targets.get(target)
    }

    /// The stack that made it, once that is known.
    pub fn stack<'s>(&self, store: &'s Store) -> Option<&'s StackId> {
        let slot = store.owner(self.home.as_ref()?, &self.owner_topic())?;
        slot.value()?.as_ref()
    }

    /// The attachment that lets the accelerator use an endpoint of another account.
    pub fn attachment<'s>(&self, store: &'s Store) -> Option<&'s Attachment> {
        attachment(store, &self.endpoint)
    }

    /// The log group of a function, as Lambda names it, or as it is named by default.
    pub fn log_of(&self, store: &Store, function: &Untrusted) -> Untrusted {
        let topic = Topic::FunctionLog(function.clone());
        let home = self.home.as_ref();
        let told = home.and_then(|home| store.function_log(home, &topic)?.value());
        told.cloned()
            .unwrap_or_else(|| Untrusted::new(format!("/aws/lambda/{}", function.exact())))
    }

    /// Takes note of where the endpoint stands.
    pub(super) fn place(&mut self, home: Option<Scope>) {
        self.home = home;
    }

    /// Works the links out anew.
    pub(super) fn settle(&mut self, store: &Store) {
        self.links = match self.found(store) {
            Some(found) => self.links_of(store, &found),
            None => Vec::new(),
        };
        let links = &self.links;
        self.cursor
            .settle(links.len(), |index| links[index].clone());
    }

    fn links_of(&self, store: &Store, found: &Found<'_>) -> Vec<Link> {
        let mut links = vec![Link::Verdict, Link::Judge];
        links.extend(self.attachment(store).map(|_| Link::Attachment));
        let is_balancer = found.endpoint.is_some_and(|it| it.kind.is_balancer());
        links.extend(is_balancer.then_some(Link::Balancer));
        let mut functions: Vec<Untrusted> = Vec::new();
        let groups = self.balancer(store).map(|it| it.groups.as_slice());
        let mut groups: Vec<_> = groups.unwrap_or_default().iter().enumerate().collect();
        groups.sort_by_key(|(_, group)| !group.is_down());
        for (g, group) in groups {
            links.push(Link::Targets(g));
            let mut targets: Vec<_> = group.targets.iter().enumerate().collect();
            targets.sort_by(|(_, a), (_, b)| a.health.cmp(&b.health));
            for (t, target) in targets.into_iter().take(TARGETS_AT_MOST) {
                links.push(Link::Target(g, t));
                let function = function_of(target).filter(|it| !functions.contains(it));
                functions.extend(function);
            }
        }
        if self.home.is_some() {
            links.push(Link::Stack);
        }
        let has_functions = !functions.is_empty();
        links.extend(functions.into_iter().map(Link::FunctionLog));
        if !has_functions && self.stack(store).is_some() {
            links.push(Link::StackLog);
        }
        links
    }

    pub(in crate::app) fn step(&mut self, step: Step) {
        let links = &self.links;
        self.cursor
            .step(step, links.len(), |index| links[index].clone());
    }

    pub(in crate::app) fn select(&mut self, index: usize) {
        let links = &self.links;
        self.cursor
            .select(index, links.len(), |index| links[index].clone());
    }

    /// The function whose log tells most: of what answers, the first that is named.
    pub fn function(&self) -> Option<&Untrusted> {
        self.links.iter().find_map(|link| match link {
            Link::FunctionLog(name) => Some(name),
            Link::Verdict
            | Link::Judge
            | Link::Attachment
            | Link::Balancer
            | Link::Targets(_)
            | Link::Target(..)
            | Link::Stack
            | Link::StackLog => None,
        })
    }

    /// The whole of what is known of the selected link, a line each.
    pub(super) fn selected_text(&self, fleet: &Fleet, store: &Store) -> Option<String> {
        let found = self.found(store)?;
        let (group, endpoint) = (found.group?, found.endpoint?);
        let mut parts = vec![endpoint.id.safe().into_owned()];
        match self.selected()? {
            Link::Target(g, t) => {
                let (targets, target) = (self.targets(store, *g)?, self.target(store, *g, *t)?);
                parts.push(format!(
                    "target {} of {}",
                    target.id.safe(),
                    targets.name.safe()
                ));
                parts.push(format!("is {}", target.health.word()));
                let told = [&target.reason, &target.description];
                let told = told.into_iter().flatten();
                parts.extend(told.map(|it| it.safe().into_owned()));
            }
            Link::Targets(g) => {
                let targets = self.targets(store, *g)?;
                parts.push(targets.arn.safe().into_owned());
                parts.push(super::reason::check_words(&targets.check));
            }
            Link::Verdict
            | Link::Judge
            | Link::Attachment
            | Link::Balancer
            | Link::Stack
            | Link::FunctionLog(_)
            | Link::StackLog => {
                parts.push(format!("is {}", endpoint.health.word()));
                let reason = Reason::of((fleet, store), &self.account, (group, endpoint));
                parts.push(reason.words());
                if let Reason::Refused(problem) = reason {
                    parts.push(problem.to_string());
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        // The sanitiser's sign for a line break, which is where drawing breaks the text.
        Some(parts.join("⏎"))
    }
}

/// The attachment that names a resource, whoever of our accounts made it.
pub fn attachment<'s>(store: &'s Store, resource: &Untrusted) -> Option<&'s Attachment> {
    let mut all = store.all_attachments();
    all.find(|it| it.resources.contains(resource))
}

/// The function's name, where a function is what answers.
fn function_of(target: &Target) -> Option<Untrusted> {
    let (_, behind) = target.id.exact().split_once(":function:")?;
    let name = behind.split(':').next().filter(|name| !name.is_empty())?;
    Some(Untrusted::new(name))
}
