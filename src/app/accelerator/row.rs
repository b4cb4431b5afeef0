//! The rows of the tree: accelerators, their listeners, the groups of the regions, the endpoints.
//!
//! Worked out when the data, the filter or a fold changes, never while drawing. A row points into the store by
//! position; what it is stays in its [`Key`], whatever stands around it.

use super::grade::Grade;
use crate::app::filter::Filter;
use crate::domain::{
    Accelerator, AcceleratorArn, AccountName, Endpoint, EndpointGroup, Listener, Routing, Scope,
    Slot, Store, Topic, Untrusted,
};
use std::collections::BTreeMap;

/// What a row is, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// How the answer of an account stands, where there is no tree to say it.
    Account(AccountName),
    /// An accelerator, a listener or a group.
    Node(AccountName, AcceleratorArn),
    /// An endpoint in its group.
    Endpoint(AccountName, AcceleratorArn, Untrusted),
    /// The heading over what custom routing sends by port.
    Apart,
}

/// Where a row's thing stands among what was read: positions from the accelerator down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Account,
    Accelerator(usize),
    Listener(usize, usize),
    Group(usize, usize, usize),
    Endpoint(usize, usize, usize, usize),
    Apart,
}

/// Whether what hangs on a row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    Open,
    Closed,
    /// Nothing hangs on it.
    Leaf,
}

/// A row of the tree.
#[derive(Clone, Debug)]
pub struct Row {
    pub key: Key,
    pub account: AccountName,
    pub spot: Spot,
    pub fold: Fold,
    pub grade: Grade,
}

/// What a row stands for, with everything it hangs on.
#[derive(Clone, Copy, Debug)]
pub struct Found<'s> {
    pub accelerator: &'s Accelerator,
    pub listener: Option<&'s Listener>,
    pub group: Option<&'s EndpointGroup>,
    pub endpoint: Option<&'s Endpoint>,
}

impl Row {
    /// How far it is moved to the right.
    pub fn depth(&self) -> u16 {
        match self.spot {
            Spot::Account | Spot::Apart | Spot::Accelerator(_) => 0,
            Spot::Listener(..) => 1,
            Spot::Group(..) => 2,
            Spot::Endpoint(..) => 3,
        }
    }

    /// What it stands for, in the store that it was worked out from.
    pub fn found<'s>(&self, store: &'s Store) -> Option<Found<'s>> {
        let (accelerator, rest) = match self.spot {
            Spot::Account | Spot::Apart => return None,
            Spot::Accelerator(accelerator) => (accelerator, None),
            Spot::Listener(accelerator, listener) => (accelerator, Some((listener, None))),
            Spot::Group(accelerator, listener, group) => {
                (accelerator, Some((listener, Some((group, None)))))
            }
            Spot::Endpoint(accelerator, listener, group, endpoint) => {
                (accelerator, Some((listener, Some((group, Some(endpoint))))))
            }
        };
        let accelerator = store
            .accelerators(&self.account)?
            .value()?
            .get(accelerator)?;
        let mut found = Found {
            accelerator,
            listener: None,
            group: None,
            endpoint: None,
        };
        if let Some((listener, rest)) = rest {
            let listeners = listeners(store, &self.account, accelerator)?;
            found.listener = Some(listeners.get(listener)?);
            if let Some((group, rest)) = rest {
                found.group = Some(found.listener?.groups.get(group)?);
                if let Some(endpoint) = rest {
                    found.endpoint = Some(found.group?.endpoints.get(endpoint)?);
                }
            }
        }
        Some(found)
    }
}

impl Key {
    pub fn account(&self) -> Option<&AccountName> {
        match self {
            Self::Account(account) | Self::Node(account, _) | Self::Endpoint(account, _, _) => {
                Some(account)
            }
            Self::Apart => None,
        }
    }

    /// Its own ARN, or that of the group of an endpoint.
    pub fn arn(&self) -> Option<&AcceleratorArn> {
        match self {
            Self::Node(_, arn) | Self::Endpoint(_, arn, _) => Some(arn),
            Self::Account(_) | Self::Apart => None,
        }
    }
}

/// The question for what hangs on an accelerator.
pub fn topic(accelerator: &Accelerator) -> Topic {
    Topic::Listeners(accelerator.arn.clone(), accelerator.routing)
}

/// The answer to it, and how it stands.
pub fn listeners_slot<'s>(
    store: &'s Store,
    account: &AccountName,
    accelerator: &Accelerator,
) -> Option<&'s Slot<[Listener]>> {
    store.listeners(&Scope::global(account), &topic(accelerator))
}

/// The listeners of an accelerator, as they were read last.
pub fn listeners<'s>(
    store: &'s Store,
    account: &AccountName,
    accelerator: &Accelerator,
) -> Option<&'s [Listener]> {
    listeners_slot(store, account, accelerator)?.value()
}

/// What was folded by hand; what was not follows its state.
pub(super) type Folds = BTreeMap<Key, Fold>;

/// Works the rows out.
pub(super) struct Grower<'a> {
    pub(super) store: &'a Store,
    pub(super) folds: &'a Folds,
    pub(super) filter: &'a Filter,
    pub(super) rows: Vec<Row>,
    /// How many endpoints there are, before the filter and the folds, and how many passed the filter.
    pub(super) all: usize,
    pub(super) kept: usize,
}

impl Grower<'_> {
    /// The whole tree of these accounts.
    pub(super) fn grow(&mut self, accounts: &[AccountName]) {
        let mut standing: Vec<(Grade, &AccountName, usize, &Accelerator)> = Vec::new();
        let mut without: Vec<&AccountName> = Vec::new();
        for account in accounts {
            let slot = self.store.accelerators(account);
            let known = slot.and_then(Slot::value).unwrap_or_default();
            let is_failing = slot.is_none_or(|slot| slot.failing().is_some());
            // An account that has something and answers says all of it with that.
            if is_failing {
                self.push(
                    account,
                    (Key::Account(account.clone()), Spot::Account),
                    (Fold::Leaf, Grade::Unknown),
                );
            }
            if known.is_empty() && !is_failing {
                without.push(account);
            }
            standing.extend(known.iter().enumerate().map(|(place, it)| {
                let listeners = listeners(self.store, account, it);
                (Grade::of_accelerator(it, listeners), account, place, it)
            }));
        }
        standing.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut is_apart = false;
        for (grade, account, place, accelerator) in standing {
            let rows = self.rows.len();
            self.accelerator(account, (place, accelerator), grade);
            if accelerator.routing == Routing::Custom && !is_apart && self.rows.len() > rows {
                is_apart = true;
                let heading = Row {
                    key: Key::Apart,
                    account: account.clone(),
                    spot: Spot::Apart,
                    fold: Fold::Leaf,
                    grade: Grade::Unchecked,
                };
                self.rows.insert(rows, heading);
            }
        }
        // Who filters looks for something, and has no use for where there is nothing.
        without.retain(|_| self.filter.is_open());
        for account in without {
            let key = Key::Account(account.clone());
            self.push(
                account,
                (key, Spot::Account),
                (Fold::Leaf, Grade::Unchecked),
            );
        }
    }

    fn accelerator(
        &mut self,
        account: &AccountName,
        (a, accelerator): (usize, &Accelerator),
        grade: Grade,
    ) {
        let listeners = listeners(self.store, account, accelerator).unwrap_or_default();
        let key = Key::Node(account.clone(), accelerator.arn.clone());
        let has_any = !listeners.is_empty();
        let usual = match grade {
            Grade::Off | Grade::Unchecked => Fold::Closed,
            Grade::FailsOpen
            | Grade::Down
            | Grade::Degraded
            | Grade::Empty
            | Grade::Starting
            | Grade::Unknown
            | Grade::Well => Fold::Open,
        };
        let fold = self.fold(&key, has_any, usual);
        let at = self.rows.len();
        let rolled = if grade.is_trouble() {
            Grade::rolled(listeners.iter().map(Grade::rolled_listener))
        } else {
            grade
        };
        self.push(account, (key, Spot::Accelerator(a)), (fold, rolled));
        let own = self.line(account, accelerator);
        let mut is_kept = !has_any && self.filter.keeps(&own);
        for (l, listener) in listeners.iter().enumerate() {
            let key = Key::Node(account.clone(), listener.arn.clone());
            let grade = Grade::rolled_listener(listener);
            let has_any = !listener.groups.is_empty();
            let open = self.fold(&key, has_any, Fold::Open);
            let row = self.rows.len();
            if fold == Fold::Open {
                self.push(account, (key, Spot::Listener(a, l)), (open, grade));
            }
            let is_shown = fold == Fold::Open && open == Fold::Open;
            let path = format!("{own} {}", self.told(|| listener.words()));
            let mut has_kept = !has_any && self.filter.keeps(&path);
            for (g, group) in listener.groups.iter().enumerate() {
                let spot = Spot::Group(a, l, g);
                has_kept |= self.group(account, (group, &path), (spot, is_shown));
            }
            if !has_kept {
                self.rows.truncate(row);
            }
            is_kept |= has_kept;
        }
        if !is_kept {
            self.rows.truncate(at);
        }
    }

    /// Tells whether any of it passed the filter.
    fn group(
        &mut self,
        account: &AccountName,
        (group, path): (&EndpointGroup, &str),
        (spot, is_shown): (Spot, bool),
    ) -> bool {
        let Spot::Group(a, l, g) = spot else {
            return false;
        };
        let key = Key::Node(account.clone(), group.arn.clone());
        let grade = Grade::of_group(group);
        let has_any = !group.endpoints.is_empty();
        let usual = match grade {
            Grade::Well | Grade::Unchecked | Grade::Off | Grade::Unknown => Fold::Closed,
            Grade::FailsOpen | Grade::Down | Grade::Degraded | Grade::Empty | Grade::Starting => {
                Fold::Open
            }
        };
        let fold = self.fold(&key, has_any, usual);
        let row = self.rows.len();
        if is_shown {
            self.push(account, (key, spot), (fold, grade));
        }
        let path = format!("{path} {}", self.told(|| group.region.safe().into_owned()));
        let mut is_kept = !has_any && self.filter.keeps(&path);
        self.all += group.endpoints.len();
        for (e, endpoint) in group.endpoints.iter().enumerate() {
            let words = self.told(|| {
                let (kind, health) = (endpoint.kind.words(), endpoint.health.word());
                format!("{path} {} {kind} {health}", endpoint.id.safe())
            });
            if !self.filter.keeps(&words) {
                continue;
            }
            is_kept = true;
            self.kept += 1;
            if is_shown && fold == Fold::Open {
                let id = endpoint.id.clone();
                let key = Key::Endpoint(account.clone(), group.arn.clone(), id);
                let spot = Spot::Endpoint(a, l, g, e);
                self.push(account, (key, spot), (Fold::Leaf, grade));
            }
        }
        if !is_kept {
            self.rows.truncate(row);
        }
        is_kept
    }

    fn push(
        &mut self,
        account: &AccountName,
        (key, spot): (Key, Spot),
        (fold, grade): (Fold, Grade),
    ) {
        self.rows.push(Row {
            key,
            account: account.clone(),
            spot,
            fold,
            grade,
        });
    }

    /// What is looked for is not hidden in a fold.
    fn fold(&self, key: &Key, has_any: bool, usual: Fold) -> Fold {
        if !has_any {
            return Fold::Leaf;
        }
        let by_hand = self.folds.get(key).copied();
        let usual = if self.filter.is_open() {
            usual
        } else {
            Fold::Open
        };
        by_hand.unwrap_or(usual)
    }

    /// What the filter reads of an accelerator, for itself and for all that hangs on it.
    fn line(&self, account: &AccountName, accelerator: &Accelerator) -> String {
        self.told(|| {
            let mut line = format!(
                "{account} {} {}",
                accelerator.name.safe(),
                accelerator.status.word()
            );
            let names = [&accelerator.dns, &accelerator.dual_stack_dns];
            for name in names.into_iter().flatten().chain(&accelerator.addresses) {
                line.push(' ');
                line.push_str(&name.safe());
            }
            line
        })
    }

    /// Words are put together only where somebody filters.
    fn told(&self, words: impl FnOnce() -> String) -> String {
        if self.filter.is_open() {
            String::new()
        } else {
            words()
        }
    }
}

/// What custom routing sends stands apart; before it those in trouble come first, then all by name.
fn order<'a>(
    (grade, account, _, accelerator): &(Grade, &'a AccountName, usize, &'a Accelerator),
) -> (Routing, Option<Grade>, &'a str, &'a AccountName) {
    let trouble = if grade.is_trouble() {
        *grade
    } else {
        Grade::Off
    };
    (
        accelerator.routing,
        Some(trouble),
        accelerator.name.exact(),
        account,
    )
}
