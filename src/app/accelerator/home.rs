//! Where an endpoint stands: in which of our accounts, or in nobody's that we may ask.

use crate::domain::{
    AccountName, Endpoint, EndpointGroup, Fleet, Region, Scope, Slot, Store, Untrusted,
};

/// Where an endpoint can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    Here(Scope),
    /// In an account that the fleet has no credentials for, by its digits.
    Elsewhere(Untrusted),
    /// Nobody has told yet which of our accounts has these digits.
    Untold,
    /// Its region is no name that AWS would give.
    Nowhere,
}

impl Home {
    /// `account` is the one whose accelerator the endpoint belongs to.
    pub fn of(
        (fleet, store): (&Fleet, &Store),
        account: &AccountName,
        (group, endpoint): (&EndpointGroup, &Endpoint),
    ) -> Self {
        let region = endpoint.region().unwrap_or_else(|| group.region.exact());
        if !Region::is_plausible(region) {
            return Self::Nowhere;
        }
        let region = Region::new(region);
        // Instances and addresses stand where the accelerator does: no other account's can be named.
        let Some(digits) = endpoint.account() else {
            return Self::Here(Scope::regional(account, &region));
        };
        let has_digits = |name: &AccountName| id_of(store, name).map(|id| id.exact() == digits);
        if has_digits(account) == Some(true) {
            return Self::Here(Scope::regional(account, &region));
        }
        let mut is_told = true;
        for other in &fleet.accounts {
            match has_digits(&other.name) {
                Some(true) => return Self::Here(Scope::regional(&other.name, &region)),
                Some(false) => {}
                None => is_told = false,
            }
        }
        if is_told {
            Self::Elsewhere(Untrusted::new(digits))
        } else {
            Self::Untold
        }
    }

    pub fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Here(scope) => Some(scope),
            Self::Elsewhere(_) | Self::Untold | Self::Nowhere => None,
        }
    }
}

/// The digits of an account, once it has said who it is.
pub fn id_of<'s>(store: &'s Store, account: &AccountName) -> Option<&'s Untrusted> {
    Some(&store.identity(account).and_then(Slot::value)?.account_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::accelerator::testing::{balancer, group, identity};
    use crate::app::testing::{account, fleet, scope};

    #[test]
    fn a_balancer_is_asked_in_the_account_whose_digits_its_arn_has() {
        let fleet = fleet([
            account("prod", ["us-east-1"]),
            account("staging", ["us-east-1"]),
        ]);
        let mut store = Store::default();
        let prod = AccountName::new("prod");
        let of = |store: &Store, arn: &str| {
            let it = group("us-east-1", vec![balancer(arn, "HEALTHY")]);
            Home::of((&fleet, store), &prod, (&it, &it.endpoints[0]))
        };
        let arn = |region: &str, digits: &str| {
            format!("arn:aws:elasticloadbalancing:{region}:{digits}:loadbalancer/app/web/1")
        };
        let theirs = arn("us-east-1", "210987654321");
        assert_eq!(
            of(&store, &theirs),
            Home::Untold,
            "nobody has said who it is"
        );
        store.absorb(identity("prod", "123456789012"));
        store.absorb(identity("staging", "210987654321"));
        let ours = arn("eu-west-1", "123456789012");
        assert_eq!(of(&store, &ours), Home::Here(scope("prod", "eu-west-1")));
        assert_eq!(
            of(&store, &theirs),
            Home::Here(scope("staging", "us-east-1"))
        );
        let foreign = arn("us-east-1", "333333333333");
        assert_eq!(of(&store, &foreign), Home::Elsewhere("333333333333".into()));
        assert_eq!(of(&store, &arn("MARS", "1")), Home::Nowhere);
    }
}
