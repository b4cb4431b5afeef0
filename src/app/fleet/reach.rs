//! How clients reach a region: the endpoint groups of every accelerator that stand in it, as one.

use crate::app::accelerator::wishes::is_judged;
use crate::app::accelerator::{Grade, flows, flows_per_second, listeners};
use crate::domain::{AccountName, EndpointGroup, Scope, Slot, Store, Timestamp};
use std::collections::BTreeMap;

/// The groups of one account in one region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    pub healthy: usize,
    pub all: usize,
    /// The worst of them.
    pub worst: Grade,
    /// Of all of them as one thing: where some stand, it is not down.
    pub grade: Grade,
    /// The lowest and the highest dial.
    pub dials: (f64, f64),
    /// New flows a second, as far as anybody looks at them.
    pub flow: Option<f64>,
}

/// Of every region of these accounts.
#[derive(Debug, Default)]
pub(super) struct Reaches<'s>(BTreeMap<(&'s AccountName, &'s str), Reach>);

impl<'s> Reaches<'s> {
    pub(super) fn of(store: &'s Store, scopes: &'s [Scope], now: Timestamp) -> Self {
        let mut reaches = Self::default();
        // The regions of an account come one after the other.
        for scopes in scopes.chunk_by(|a, b| a.account == b.account) {
            let Some(account) = scopes.first().map(|scope| &scope.account) else {
                continue;
            };
            let known = store.accelerators(account).and_then(Slot::value);
            for accelerator in known.unwrap_or_default().iter().filter(|it| is_judged(it)) {
                for listener in listeners(store, account, accelerator).unwrap_or_default() {
                    for group in &listener.groups {
                        let of = Some((&listener.arn, &group.region));
                        let flow = flows(store, account, accelerator, of)
                            .and_then(|metrics| flows_per_second(metrics, now));
                        reaches.add(account, group, flow);
                    }
                }
            }
        }
        reaches
    }

    fn add(&mut self, account: &'s AccountName, group: &'s EndpointGroup, flow: Option<f64>) {
        let (healthy, all) = group.counts();
        let grade = Grade::of_group(group);
        let new = Reach {
            healthy,
            all,
            worst: grade,
            grade,
            dials: (group.dial, group.dial),
            flow,
        };
        self.0
            .entry((account, group.region.exact()))
            .and_modify(|reach| reach.join(&new))
            .or_insert(new);
    }

    pub(super) fn at(&self, scope: &Scope) -> Option<Reach> {
        let region = scope.region()?;
        self.0.get(&(&scope.account, region.as_str())).copied()
    }
}

impl Reach {
    /// Both as one.
    pub fn join(&mut self, other: &Self) {
        self.healthy += other.healthy;
        self.all += other.all;
        self.worst = self.worst.min(other.worst);
        self.grade = Grade::rolled([self.grade, other.grade].into_iter());
        self.dials.0 = self.dials.0.min(other.dials.0);
        self.dials.1 = self.dials.1.max(other.dials.1);
        self.flow = match (self.flow, other.flow) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::accelerator::testing::{
        accelerator, accelerators, endpoint, group, listener_of, listeners,
    };
    use crate::app::testing::{at, scope};

    #[test]
    fn the_groups_of_a_region_are_told_as_one() {
        let mut store = Store::default();
        let (shop, media) = (accelerator("shop"), accelerator("media"));
        store.absorb(accelerators("prod", vec![shop.clone(), media.clone()]));
        let ill = vec![group("eu-west-1", vec![endpoint("i-1", "UNHEALTHY")])];
        store.absorb(listeners("prod", &shop, vec![listener_of(&shop, ill)]));
        let scopes = [scope("prod", "eu-west-1"), scope("prod", "us-east-1")];
        let of = |store: &Store| {
            let reaches = Reaches::of(store, &scopes, at(0));
            (reaches.at(&scopes[0]), reaches.at(&scopes[1]))
        };
        let (here, there) = of(&store);
        assert_eq!(
            here.map(|it| (it.healthy, it.all, it.grade)),
            Some((0, 1, Grade::Down))
        );
        assert_eq!(there, None, "no group is not an ill one");
        let mut well = group("eu-west-1", vec![endpoint("i-2", "HEALTHY")]);
        well.dial = 50.0;
        store.absorb(listeners(
            "prod",
            &media,
            vec![listener_of(&media, vec![well])],
        ));
        let here = of(&store).0.unwrap();
        assert_eq!(
            (here.healthy, here.all, here.grade),
            (1, 2, Grade::Degraded)
        );
        assert_eq!(here.dials, (50.0, 100.0));
        assert_eq!(here.worst, Grade::Down);
    }
}
