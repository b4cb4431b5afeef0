//! Which accounts and regions are looked at.
//!
//! Everything is chosen until somebody narrows it: what is remembered is what was *dropped*, so a region that is
//! discovered later is seen without being asked for.

use crate::domain::{Account, AccountName, Fleet, Region, RegionChoice, Scope, Store};
use std::collections::BTreeSet;

/// What `@` narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    accounts: BTreeSet<AccountName>,
    regions: BTreeSet<Region>,
}

/// Something that can be chosen or dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choosable {
    Account(AccountName),
    Region(Region),
}

/// Why there is nothing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nowhere {
    /// Some account has not said yet which regions it has.
    Asking,
    /// `@` has dropped what there is.
    Dropped,
    /// The fleet asks for regions that no account has.
    NoneSuch,
}

impl Choice {
    pub fn has(&self, thing: &Choosable) -> bool {
        match thing {
            Choosable::Account(name) => !self.accounts.contains(name),
            Choosable::Region(region) => !self.regions.contains(region),
        }
    }

    pub fn toggle(&mut self, thing: &Choosable) {
        match thing {
            Choosable::Account(name) if !self.accounts.remove(name) => {
                _ = self.accounts.insert(name.clone());
            }
            Choosable::Region(region) if !self.regions.remove(region) => {
                _ = self.regions.insert(region.clone());
            }
            Choosable::Account(_) | Choosable::Region(_) => {}
        }
    }

    /// Every account and region there is to choose from, accounts first.
    pub fn choosable(fleet: &Fleet, store: &Store) -> Vec<Choosable> {
        let accounts = fleet
            .accounts
            .iter()
            .map(|account| Choosable::Account(account.name.clone()));
        let regions = in_order(
            fleet
                .accounts
                .iter()
                .flat_map(|account| store.regions_of(account)),
        );
        accounts
            .chain(regions.into_iter().map(Choosable::Region))
            .collect()
    }

    /// The scopes to look at, account by account, regions in the fleet's order.
    pub fn scopes(&self, fleet: &Fleet, store: &Store) -> Vec<Scope> {
        let chosen = |account: &&Account| !self.accounts.contains(&account.name);
        let accounts = fleet.accounts.iter().filter(chosen);
        accounts
            .flat_map(|account| {
                store
                    .regions_of(account)
                    .into_iter()
                    .map(|region| Scope::regional(&account.name, &region))
            })
            .filter(|scope| {
                scope
                    .region()
                    .is_none_or(|region| !self.regions.contains(region))
            })
            .filter(|scope| !store.is_not_enabled(scope))
            .collect()
    }

    /// Why [`Choice::scopes`] is empty.
    pub fn nowhere(&self, fleet: &Fleet, store: &Store) -> Nowhere {
        let chosen = |account: &&Account| !self.accounts.contains(&account.name);
        let is_open = |account: &Account| {
            let slot = store.regions(&account.name);
            matches!(account.regions, RegionChoice::Enabled { .. })
                && slot.is_none_or(|slot| slot.good().is_none() && slot.failing().is_none())
        };
        let has_regions = |account: &Account| {
            let mut regions = store.regions_of(account).into_iter();
            regions.any(|region| !store.is_not_enabled(&Scope::regional(&account.name, &region)))
        };
        if fleet.accounts.iter().filter(chosen).any(is_open) {
            Nowhere::Asking
        } else if self.accounts.len() == fleet.accounts.len()
            || fleet.accounts.iter().any(has_regions)
        {
            Nowhere::Dropped
        } else {
            Nowhere::NoneSuch
        }
    }
}

/// The regions of some scopes, each once, in the order of their first appearance.
pub fn columns(scopes: &[Scope]) -> Vec<Region> {
    in_order(scopes.iter().filter_map(|scope| scope.region().cloned()))
}

fn in_order(regions: impl Iterator<Item = Region>) -> Vec<Region> {
    let mut seen = BTreeSet::new();
    regions
        .filter(|region| seen.insert(region.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{account, at, fleet};
    use crate::domain::topic::Enabled;
    use crate::domain::{Attempt, KnownRegion, Reading, Topic};
    use chrono::TimeDelta;

    #[test]
    fn scopes_keep_the_written_order_and_drop_what_was_dropped() {
        let fleet = fleet([
            account("prod", ["us-east-1", "eu-west-1"]),
            account("dev", ["eu-west-1"]),
        ]);
        let store = Store::default();
        let mut choice = Choice::default();
        let words = |choice: &Choice| {
            choice
                .scopes(&fleet, &store)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words(&choice),
            ["prod/us-east-1", "prod/eu-west-1", "dev/eu-west-1"]
        );

        choice.toggle(&Choosable::Region(Region::new("us-east-1")));
        choice.toggle(&Choosable::Account(AccountName::new("dev")));
        assert_eq!(words(&choice), ["prod/eu-west-1"]);

        choice.toggle(&Choosable::Account(AccountName::new("dev")));
        assert_eq!(words(&choice), ["prod/eu-west-1", "dev/eu-west-1"]);
    }

    #[test]
    fn nowhere_to_look_has_three_reasons() {
        let mut discovered = account("prod", ["us-east-1"]);
        discovered.regions = RegionChoice::Enabled {
            matching: vec!["eu-*".into()],
        };
        let fleet = fleet([discovered]);
        let mut store = Store::default();
        let mut choice = Choice::default();
        assert_eq!(choice.nowhere(&fleet, &store), Nowhere::Asking);

        let mut discover = |region: &str| {
            let known = KnownRegion {
                region: Region::new(region),
                enabled: Enabled::Yes,
            };
            store.absorb(Attempt {
                topic: Topic::Regions,
                scope: Scope::global(&AccountName::new("prod")),
                at: at(0),
                took: TimeDelta::zero(),
                result: Ok(Reading::Regions(vec![known])),
                retry: None,
            });
            (
                choice.scopes(&fleet, &store).len(),
                choice.nowhere(&fleet, &store),
            )
        };
        assert_eq!(discover("us-east-1"), (0, Nowhere::NoneSuch));
        assert_eq!(discover("eu-west-1").0, 1);

        choice.toggle(&Choosable::Region(Region::new("eu-west-1")));
        assert_eq!(choice.scopes(&fleet, &store), []);
        assert_eq!(choice.nowhere(&fleet, &store), Nowhere::Dropped);
    }
}
