//! What `@` has dropped, in words: a part of the fleet must not look like the whole of it.

use super::header::count;
use crate::app::App;
use crate::app::choice::{self, Choice, Choosable};

/// How much of the fleet is looked at, where that is not all of it.
pub(in crate::ui) struct Narrowed {
    accounts: Share,
    regions: Share,
}

#[derive(Clone, Copy)]
struct Share {
    chosen: usize,
    all: usize,
}

impl Narrowed {
    /// `None` where everything is looked at.
    pub(in crate::ui) fn of(app: &App) -> Option<Self> {
        let (choice, everything) = (app.choice(), Choice::default());
        if *choice == everything {
            return None;
        }
        let (fleet, store) = (app.fleet(), app.store());
        let accounts = fleet.accounts.iter();
        let chosen = accounts
            .filter(|account| choice.has(&Choosable::Account(account.name.clone())))
            .count();
        let accounts = Share {
            chosen,
            all: fleet.accounts.len(),
        };
        let regions = Share {
            chosen: app.stacks().columns().len(),
            all: choice::columns(&everything.scopes(fleet, store)).len(),
        };
        (accounts.is_part() || regions.is_part()).then_some(Self { accounts, regions })
    }

    /// `scope 1/2 accounts · 4/6 regions`
    pub(in crate::ui) fn long(&self, dot: &str) -> String {
        self.words(dot, |share, noun| {
            format!("{}/{}", share.chosen, count(share.all, noun))
        })
    }

    /// `scope 1/2 · 4/6`
    pub(in crate::ui) fn short(&self, dot: &str) -> String {
        self.words(dot, |share, _| format!("{}/{}", share.chosen, share.all))
    }

    /// What is whole is not spoken of.
    fn words(&self, dot: &str, form: impl Fn(Share, &str) -> String) -> String {
        let parts = [(self.accounts, "account"), (self.regions, "region")];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(share, _)| share.is_part())
            .map(|(share, noun)| form(share, noun))
            .collect();
        format!("scope {}", parts.join(&format!(" {dot} ")))
    }
}

impl Share {
    fn is_part(self) -> bool {
        self.chosen < self.all
    }
}
