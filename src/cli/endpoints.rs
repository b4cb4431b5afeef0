//! Every endpoint behind every accelerator of the fleet, with where it stands.

use super::arguments::texts;
use super::fetch::Fetched;
use super::{Exit, Session};
use crate::domain::accelerator::Switch;
use crate::domain::{
    Accelerator, Endpoint, EndpointGroup, Health, Kind, Listener, Problem, Region, Routing, Scope,
    Slot, Store, Topic, Untrusted,
};
use clap::ArgMatches;

/// A question and where it is put.
pub(super) type Question = (Topic, Scope);

/// Which regions of an accelerator are told of: globs, or none for all.
///
/// An accelerator may lead into regions that the fleet does not list, so only what the command line says counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Regions(Vec<String>);

/// An accelerator, as far down as there is something to tell in one line.
#[derive(Clone, Copy)]
pub(super) struct Branch<'f> {
    pub(super) scope: &'f Scope,
    pub(super) accelerator: &'f Accelerator,
    pub(super) listener: Option<&'f Listener>,
    pub(super) group: Option<&'f EndpointGroup>,
}

/// One endpoint, and what it hangs on.
#[derive(Clone, Copy)]
pub(super) struct Seat<'f> {
    pub(super) scope: &'f Scope,
    pub(super) accelerator: &'f Accelerator,
    pub(super) listener: &'f Listener,
    pub(super) group: &'f EndpointGroup,
    pub(super) endpoint: &'f Endpoint,
}

impl Regions {
    pub(super) fn by_verb(matches: &ArgMatches) -> Self {
        Self(texts(matches, "region"))
    }

    pub(super) fn include(&self, group: &EndpointGroup) -> bool {
        Region::new(group.region.exact()).is_among(&self.0)
    }
}

/// Asks for the accelerators of every account, and for what hangs on each; tells every question that was put.
pub(super) async fn survey(fetched: &mut Fetched, session: &mut Session) -> Vec<Question> {
    let accounts = session.fleet.accounts.iter();
    let mut questions: Vec<Question> = accounts
        .map(|account| (Topic::Accelerators, Scope::global(&account.name)))
        .collect();
    fetched.ask_aloud(session, questions.clone(), None).await;
    let below = below(&fetched.store, &questions);
    if !below.is_empty() {
        fetched.ask_aloud(session, below.clone(), None).await;
    }
    questions.extend(below);
    questions
}

/// What is asked for of the accelerators that are known.
pub(super) fn below(store: &Store, questions: &[Question]) -> Vec<Question> {
    let known = accelerators(store, questions);
    known
        .map(|(scope, accelerator)| {
            let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
            (topic, scope.clone())
        })
        .collect()
}

pub(super) fn accelerators<'f>(
    store: &'f Store,
    questions: &'f [Question],
) -> impl Iterator<Item = (&'f Scope, &'f Accelerator)> {
    let lists = questions
        .iter()
        .filter(|(topic, _)| *topic == Topic::Accelerators);
    lists.flat_map(|(_, scope)| {
        let slot = store.accelerators(&scope.account);
        let known = slot.and_then(Slot::value).unwrap_or_default();
        known.iter().map(move |accelerator| (scope, accelerator))
    })
}

/// Every endpoint group; an accelerator or a listener without any is told as one too.
pub(super) fn branches<'f>(
    store: &'f Store,
    questions: &'f [Question],
    regions: &'f Regions,
) -> Vec<Branch<'f>> {
    let mut found = Vec::new();
    for (scope, accelerator) in accelerators(store, questions) {
        let bare = Branch {
            scope,
            accelerator,
            listener: None,
            group: None,
        };
        let listeners = listeners(store, scope, accelerator);
        if listeners.is_empty() {
            found.push(bare);
        }
        for listener in listeners {
            let branch = Branch {
                listener: Some(listener),
                ..bare
            };
            if listener.groups.is_empty() {
                found.push(branch);
            }
            let groups = listener.groups.iter().filter(|it| regions.include(it));
            found.extend(groups.map(|group| Branch {
                group: Some(group),
                ..branch
            }));
        }
    }
    found
}

/// Every endpoint, the gravest first.
pub(super) fn seats<'f>(
    store: &'f Store,
    questions: &'f [Question],
    regions: &'f Regions,
) -> Vec<Seat<'f>> {
    let branches = branches(store, questions, regions).into_iter();
    let full = branches.filter_map(|it| Some((it.scope, it.accelerator, it.listener?, it.group?)));
    let mut seats: Vec<Seat<'f>> = full
        .flat_map(|(scope, accelerator, listener, group)| {
            group.endpoints.iter().map(move |endpoint| Seat {
                scope,
                accelerator,
                listener,
                group,
                endpoint,
            })
        })
        .collect();
    // Stable: accounts and what is in them stay in their order.
    seats.sort_by(|a, b| a.gravity().cmp(&b.gravity()));
    seats
}

pub(super) fn listeners<'f>(
    store: &'f Store,
    scope: &Scope,
    accelerator: &Accelerator,
) -> &'f [Listener] {
    let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
    let slot = store.listeners(scope, &topic);
    slot.and_then(Slot::value).unwrap_or_default()
}

/// Why a question has no answer, old or new.
pub(super) fn unanswered(fetched: &Fetched, (topic, scope): &Question) -> Option<Problem> {
    fn failure<T: ?Sized>(slot: &Slot<T>) -> Option<&Problem> {
        slot.failing().map(|failing| &failing.problem)
    }
    let store = &fetched.store;
    let (is_read, why) = match topic {
        Topic::Accelerators => {
            let slot = store.accelerators(&scope.account);
            (slot.is_some_and(Slot::is_read), slot.and_then(failure))
        }
        Topic::Attachments => {
            let slot = store.attachments(&scope.account);
            (slot.is_some_and(Slot::is_read), slot.and_then(failure))
        }
        _ => {
            let slot = store.listeners(scope, topic);
            (slot.is_some_and(Slot::is_read), slot.and_then(failure))
        }
    };
    if is_read {
        return None;
    }
    let said = why.or_else(|| fetched.problems.get(scope)).cloned();
    Some(said.unwrap_or_else(|| Problem::new(Kind::Server, "There was no answer.")))
}

/// The end of a verb that put these questions.
pub(super) fn exit(fetched: &Fetched, questions: &[Question]) -> Exit {
    let problems: Vec<Problem> = questions
        .iter()
        .filter_map(|question| unanswered(fetched, question))
        .collect();
    Exit::after(questions.len(), &problems)
}

/// What to say where no account has any accelerator.
pub(super) fn none(questions: &[Question]) -> String {
    let accounts = questions.iter().map(|(_, scope)| scope.account.as_str());
    let accounts: Vec<&str> = accounts.collect();
    format!(
        "There is no accelerator in {}: globalaccelerator:ListAccelerators and ListCustomRoutingAccelerators, asked in us-west-2, have none.",
        accounts.join(", ")
    )
}

impl Seat<'_> {
    /// Whether its health matters: traffic may come to it, and somebody checks it.
    pub(super) fn counts(&self) -> bool {
        self.accelerator.routing == Routing::Standard
            && self.accelerator.switch == Switch::Enabled
            && self.endpoint.is_weighted()
    }

    fn gravity(&self) -> (Gravity, &Health) {
        let health = &self.endpoint.health;
        let gravity = match health {
            Health::Healthy | Health::Unchecked => Gravity::None,
            Health::Unhealthy | Health::Initial | Health::Other(_) if self.counts() => {
                Gravity::Counts
            }
            Health::Unhealthy | Health::Initial | Health::Other(_) => Gravity::Spared,
        };
        (gravity, health)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Gravity {
    Counts,
    Spared,
    None,
}

/// A text as it came, for JSON.
pub(super) fn exact(text: Option<&Untrusted>) -> Option<&str> {
    text.map(Untrusted::exact)
}
