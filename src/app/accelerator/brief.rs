//! What is worked out of what is known, to be read in a box: where a group's traffic would go, and what does not fit
//! together. Nothing is asked of AWS for it that the view does not ask anyway, and nothing is changed.

use super::row::listeners;
use super::wishes::{flows_scope, flows_topic};
use crate::app::overlay::Scroll;
use crate::domain::finding::{Finding, findings};
use crate::domain::traffic::departure;
use crate::domain::{
    AcceleratorArn, AccountName, Departure, EndpointGroup, Listener, Load, Lookback, Slot, Store,
    Timestamp, Untrusted,
};
use std::collections::BTreeMap;

/// A box to read.
#[derive(Clone, Debug)]
pub struct Brief {
    pub about: About,
    pub scroll: Scroll,
}

/// What it is about, as it was worked out last.
#[derive(Clone, Debug)]
pub enum About {
    WhatIf(Box<WhatIf>),
    /// Gravest first; `None` while the accounts are being asked.
    Findings(Vec<Finding>),
}

/// A group that goes away, on paper.
#[derive(Clone, Debug)]
pub struct WhatIf {
    pub account: AccountName,
    pub group: AcceleratorArn,
    /// What the accelerator and the listener are called.
    pub accelerator: Untrusted,
    pub listener: String,
    /// `None` once the group is gone.
    pub told: Option<Told>,
}

/// What comes of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub departure: Departure,
    /// The group as it was read last.
    pub gone: EndpointGroup,
    /// The other groups, in the order of the departure's.
    pub others: Vec<EndpointGroup>,
}

impl Brief {
    pub(super) fn what_if(account: AccountName, group: AcceleratorArn) -> Self {
        Self {
            about: About::WhatIf(Box::new(WhatIf {
                account,
                group,
                accelerator: Untrusted::new(""),
                listener: String::new(),
                told: None,
            })),
            scroll: Scroll::default(),
        }
    }

    pub(super) fn findings() -> Self {
        Self {
            about: About::Findings(Vec::new()),
            scroll: Scroll::default(),
        }
    }

    /// Works it out anew.
    pub(super) fn settle(&mut self, store: &Store, accounts: &[AccountName], now: Timestamp) {
        match &mut self.about {
            About::WhatIf(what_if) => what_if.settle(store, now),
            About::Findings(found) => {
                *found = accounts.iter().flat_map(|it| findings(store, it)).collect();
                found.sort_by_key(|finding| finding.gravity);
            }
        }
    }
}

impl WhatIf {
    fn settle(&mut self, store: &Store, now: Timestamp) {
        let known = store.accelerators(&self.account).and_then(Slot::value);
        let mut known = known.unwrap_or_default().iter();
        let Some(accelerator) = known.find(|it| it.arn.exact() == self.group.accelerator()) else {
            self.told = None;
            return;
        };
        self.accelerator = accelerator.name.clone();
        let all = listeners(store, &self.account, accelerator).unwrap_or_default();
        let found = all.iter().find_map(|listener| {
            let gone = listener.groups.iter().find(|it| it.arn == self.group)?;
            Some((listener, gone))
        });
        self.told = found.map(|(listener, gone)| {
            self.listener = listener.words();
            let loads = self.loads(store, (&accelerator.arn, listener), now);
            let others = listener.groups.iter().filter(|it| it.arn != gone.arn);
            Told {
                departure: departure(listener, gone, &loads, Lookback::Hour),
                gone: gone.clone(),
                others: others.cloned().collect(),
            }
        });
    }

    fn loads(
        &self,
        store: &Store,
        (accelerator, listener): (&AcceleratorArn, &Listener),
        now: Timestamp,
    ) -> BTreeMap<AcceleratorArn, Load> {
        let scope = flows_scope(&self.account);
        let groups = listener.groups.iter();
        groups
            .filter_map(|group| {
                let topic = flows_topic(accelerator, Some((&listener.arn, &group.region)));
                let metrics = store.metrics(&scope, &topic)?.value()?;
                Some((group.arn.clone(), Load::of(metrics, now, Lookback::Hour)))
            })
            .collect()
    }
}
