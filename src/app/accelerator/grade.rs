//! How grave the state of an accelerator, a listener or a group is.
//!
//! What is not known is never well, and what nobody checks is neither well nor ill.

use crate::domain::{Accelerator, EndpointGroup, GroupHealth, Listener, Routing, Switch};

/// Gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Nothing is healthy anywhere, so traffic goes to all of it.
    FailsOpen,
    /// Nothing that has a weight is healthy.
    Down,
    /// Some of it is not healthy.
    Degraded,
    /// Nothing was ever registered.
    Empty,
    /// It is checked for the first time.
    Starting,
    /// Nobody has told yet.
    Unknown,
    Well,
    /// Custom routing checks nothing.
    Unchecked,
    /// The accelerator is switched off.
    Off,
}

impl Grade {
    pub fn of_group(group: &EndpointGroup) -> Self {
        match group.health() {
            GroupHealth::Down => Self::Down,
            GroupHealth::Empty => Self::Empty,
            GroupHealth::Degraded => Self::Degraded,
            GroupHealth::Starting => Self::Starting,
            GroupHealth::Healthy => Self::Well,
            GroupHealth::Unchecked => Self::Unchecked,
        }
    }

    /// The worst of its groups.
    pub fn of_listener(listener: &Listener) -> Self {
        if listener.fails_open() {
            return Self::FailsOpen;
        }
        let groups = listener.groups.iter().map(Self::of_group);
        groups.min().unwrap_or(Self::Empty)
    }

    /// Of several as one thing: where only some are down, it still stands.
    pub fn rolled(groups: impl Iterator<Item = Self> + Clone) -> Self {
        let worst = groups.clone().min().unwrap_or(Self::Empty);
        let stands = groups
            .into_iter()
            .any(|grade| matches!(grade, Self::Well | Self::Degraded));
        match worst {
            Self::Down if stands => Self::Degraded,
            worst => worst,
        }
    }

    /// How a listener stands as a whole.
    pub fn rolled_listener(listener: &Listener) -> Self {
        if listener.fails_open() {
            return Self::FailsOpen;
        }
        Self::rolled(listener.groups.iter().map(Self::of_group))
    }

    /// `listeners` is `None` while nobody has told of them.
    pub fn of_accelerator(accelerator: &Accelerator, listeners: Option<&[Listener]>) -> Self {
        match (accelerator.switch, accelerator.routing, listeners) {
            (Switch::Disabled, _, _) => Self::Off,
            (Switch::Enabled, Routing::Custom, _) => Self::Unchecked,
            (Switch::Enabled, Routing::Standard, None) => Self::Unknown,
            (Switch::Enabled, Routing::Standard, Some(listeners)) => {
                let listeners = listeners.iter().map(Self::of_listener);
                listeners.min().unwrap_or(Self::Empty)
            }
        }
    }

    /// Whether somebody should look at it.
    pub fn is_trouble(self) -> bool {
        self <= Self::Empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::accelerator::testing::{accelerator, endpoint, group, listener};

    #[test]
    fn an_accelerator_is_as_ill_as_the_worst_of_its_groups_and_unknown_before_that_is_told() {
        let healthy = || group("us-east-1", vec![endpoint("i-1", "HEALTHY")]);
        let ill = || group("eu-west-1", vec![endpoint("i-2", "UNHEALTHY")]);
        let shop = accelerator("shop");
        for (listeners, grade) in [
            (None, Grade::Unknown),
            (Some(vec![]), Grade::Empty),
            (Some(vec![listener(vec![healthy()])]), Grade::Well),
            (Some(vec![listener(vec![healthy(), ill()])]), Grade::Down),
            (Some(vec![listener(vec![ill()])]), Grade::FailsOpen),
        ] {
            let found = Grade::of_accelerator(&shop, listeners.as_deref());
            assert_eq!(found, grade, "{listeners:?}");
        }
        let off = Accelerator {
            switch: Switch::Disabled,
            ..shop
        };
        assert_eq!(Grade::of_accelerator(&off, None), Grade::Off);
    }
}
