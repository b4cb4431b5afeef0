//! What it takes to agree to a plan.
//!
//! A guarded account, and one that nobody has said anything of, wants the target, the place and the last digits typed:
//! none of them can be hit by accident. Elsewhere a key does, unless something would be gone afterwards.

use super::super::{Consent, Plan};
use crate::domain::{AccountName, Fleet, Guard, Region, Untrusted};
use std::collections::BTreeSet;

/// How much is at stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stake {
    /// It is undone as it was done.
    Ordinary,
    /// It deletes, replaces, stops, or leaves something behind.
    Grave,
}

/// A place that something is done in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    pub account: &'a AccountName,
    /// The twelve.
    pub digits: &'a Untrusted,
    pub region: String,
}

/// What has to be pressed or typed, for what `name` is done to in these places.
pub fn consent(fleet: &Fleet, name: &str, targets: &[Target<'_>], stake: Stake) -> Consent {
    let is_guarded = |target: &Target<'_>| {
        let guard = fleet.account(target.account).map(|account| account.guard);
        match guard.unwrap_or(Guard::Typed) {
            Guard::Typed => true,
            Guard::None | Guard::Confirm => false,
        }
    };
    if targets.is_empty() {
        return Consent::Key;
    }
    if targets.iter().any(is_guarded) {
        let regions: BTreeSet<&str> = targets.iter().map(|it| it.region.as_str()).collect();
        let place = match (regions.first(), regions.len()) {
            (Some(region), 1) => (*region).to_owned(),
            (_, count) => format!("{count} regions"),
        };
        let digits: BTreeSet<String> = targets.iter().map(|it| last_four(it.digits)).collect();
        let digits: Vec<String> = digits.into_iter().collect();
        return Consent::Typed(format!("{name} {place} {}", digits.join(" ")));
    }
    match stake {
        Stake::Ordinary => Consent::Key,
        Stake::Grave => Consent::Typed(name.to_owned()),
    }
}

/// The places in which a plan does something; `region` is that of what is in none.
pub fn targets<'a>(plan: &'a Plan, region: &str) -> Vec<Target<'a>> {
    let busy = plan.members().filter(|member| member.idle.is_none());
    busy.map(|member| Target {
        account: &member.scope.account,
        digits: &member.account,
        region: member
            .scope
            .region()
            .map_or(region, Region::as_str)
            .to_owned(),
    })
    .collect()
}

/// What has to be pressed or typed to undo what a plan has done. That was not agreed to when it began, and what is there
/// by then is gone afterwards.
pub fn reversal(fleet: &Fleet, plan: &Plan) -> Consent {
    let targets = targets(plan, "global");
    consent(fleet, &plan.target.safe(), &targets, Stake::Grave)
}

fn last_four(digits: &Untrusted) -> String {
    let digits: Vec<char> = digits.safe().chars().collect();
    let from = digits.len().saturating_sub(4);
    digits.iter().skip(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, Account, Credentials, Region, RegionChoice};

    fn fleet() -> Fleet {
        let account = |name: &str, guard| Account {
            name: AccountName::new(name),
            colour: None,
            guard,
            access: Access::Operate,
            regions: RegionChoice::Listed(Vec::new()),
            home: Region::new("eu-west-1"),
            credentials: Credentials::Environment,
        };
        Fleet {
            accounts: vec![
                account("prod", Guard::Typed),
                account("stage", Guard::Confirm),
                account("dev", Guard::None),
            ],
            ..Fleet::default()
        }
    }

    #[test]
    fn what_is_guarded_or_unknown_wants_name_place_and_digits() {
        type Case<'a> = (&'a [(&'a str, &'a str, &'a str)], Stake, Option<&'a str>);
        let cases: &[Case<'_>] = &[
            (&[("dev", "1111", "eu-west-1")], Stake::Ordinary, None),
            (&[("stage", "2222", "eu-west-1")], Stake::Ordinary, None),
            (&[("dev", "1111", "eu-west-1")], Stake::Grave, Some("api")),
            (
                &[("prod", "123456789012", "eu-west-1")],
                Stake::Ordinary,
                Some("api eu-west-1 9012"),
            ),
            (
                &[("nobody", "123456789012", "eu-west-1")],
                Stake::Ordinary,
                Some("api eu-west-1 9012"),
            ),
            (
                &[
                    ("prod", "123456789012", "eu-west-1"),
                    ("prod", "123456789012", "us-east-1"),
                ],
                Stake::Grave,
                Some("api 2 regions 9012"),
            ),
            (
                &[
                    ("dev", "000000001111", "eu-west-1"),
                    ("prod", "123456789012", "eu-west-1"),
                ],
                Stake::Ordinary,
                Some("api eu-west-1 1111 9012"),
            ),
            (&[], Stake::Grave, None),
        ];
        for (places, stake, typed) in cases {
            let names: Vec<_> = places
                .iter()
                .map(|(name, digits, region)| {
                    (AccountName::new(*name), Untrusted::new(*digits), *region)
                })
                .collect();
            let targets: Vec<_> = names
                .iter()
                .map(|(account, digits, region)| Target {
                    account,
                    digits,
                    region: (*region).to_owned(),
                })
                .collect();
            let expected = typed.map_or(Consent::Key, |text| Consent::Typed(text.to_owned()));
            assert_eq!(
                consent(&fleet(), "api", &targets, *stake),
                expected,
                "{places:?}"
            );
        }
    }
}
