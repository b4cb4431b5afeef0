//! Small worlds for the tests of this room.

use crate::config::assets::Shelf;
use crate::config::keymap::Keymap;
use crate::domain::alarm::Actions;
use crate::domain::store::Attempt;
use crate::domain::{
    Access, Account, AccountName, Alarm, AlarmKind, AlarmState, Credentials, DriftStatus, Fleet,
    Guard, MetricId, Reading, Region, RegionChoice, Scope, Stack, StackEvent, StackId, StackStatus,
    Store, Tag, Timestamp, Topic, Untrusted, VersionRule, Watch,
};
use chrono::{TimeDelta, TimeZone, Utc};

pub(crate) fn at(second: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap() + TimeDelta::seconds(second)
}

pub(crate) fn account<const N: usize>(name: &str, regions: [&str; N]) -> Account {
    let regions = regions.map(Region::new);
    Account {
        name: AccountName::new(name),
        colour: None,
        guard: Guard::Confirm,
        access: Access::ReadOnly,
        home: regions[0].clone(),
        regions: RegionChoice::Listed(regions.into()),
        credentials: Credentials::Environment,
    }
}

/// The keymap that everybody starts from.
pub(crate) fn keymap() -> Keymap {
    let (shelf, _) = Shelf::keymaps(None);
    Keymap::layered(shelf.embedded("default")).0
}

pub(crate) fn fleet<const N: usize>(accounts: [Account; N]) -> Fleet {
    Fleet {
        accounts: accounts.into(),
        version: VersionRule::Tag("version".into()),
        ..Fleet::default()
    }
}

pub(crate) fn scope(account: &str, region: &str) -> Scope {
    Scope::regional(&AccountName::new(account), &Region::new(region))
}

pub(crate) fn stack(name: &str, status: &str, version: &str) -> Stack {
    Stack {
        id: StackId::new(format!(
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/{name}/1"
        )),
        name: Untrusted::new(name),
        status: StackStatus::parse(status),
        reason: None,
        description: None,
        created: at(-86_400),
        updated: None,
        parent: None,
        tags: vec![Tag {
            key: "version".into(),
            value: Untrusted::new(version),
        }],
        parameters: Vec::new(),
        outputs: Vec::new(),
        drift: DriftStatus::NotChecked,
        protected: crate::domain::stack::Protection::Off,
        role: None,
    }
}

pub(crate) fn event(
    stack: &StackId,
    second: i64,
    logical: &str,
    status: &str,
    reason: &str,
) -> StackEvent {
    StackEvent {
        id: Untrusted::new(format!("{logical}-{status}-{second}")),
        stack: stack.clone(),
        stack_name: Untrusted::new(stack.name()),
        logical: Untrusted::new(logical),
        physical: None,
        resource_type: Untrusted::new("AWS::Lambda::Function"),
        status: Untrusted::new(status),
        reason: (!reason.is_empty()).then(|| Untrusted::new(reason)),
        at: at(second),
        token: None,
    }
}

pub(crate) fn stacks_reading(
    account: &str,
    region: &str,
    second: i64,
    stacks: Vec<Stack>,
) -> Attempt {
    Attempt {
        topic: Topic::Stacks,
        scope: scope(account, region),
        at: at(second),
        took: TimeDelta::milliseconds(90),
        result: Ok(Reading::Stacks(stacks)),
        retry: None,
    }
}

pub(crate) fn store<const N: usize>(worlds: [(&str, &str, Vec<Stack>); N]) -> Store {
    let mut store = Store::default();
    for (account, region, stacks) in worlds {
        store.absorb(stacks_reading(account, region, 0, stacks));
    }
    store
}

/// An alarm on the errors of the function `api`, a minute old.
pub(crate) fn alarm(name: &str, state: &str) -> Alarm {
    Alarm {
        name: Untrusted::new(name),
        arn: Untrusted::new(format!(
            "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"
        )),
        description: None,
        state: AlarmState::parse(state),
        reason: Some("because".into()),
        since: Some(at(-60)),
        kind: AlarmKind::Metric(Watch {
            metric: MetricId {
                namespace: "AWS/Lambda".into(),
                name: "Errors".into(),
                dimensions: vec![("FunctionName".into(), "api".into())],
                statistic: "Sum".into(),
                period: 60,
                unit: None,
            },
            comparison: "GreaterThanThreshold".into(),
            threshold: Some(2.0),
            periods: 5,
            datapoints: 3,
            missing: "missing".into(),
        }),
        actions: Actions::Enabled,
    }
}

pub(crate) fn alarms_reading(
    account: &str,
    region: &str,
    second: i64,
    alarms: Vec<Alarm>,
) -> Attempt {
    Attempt {
        topic: Topic::Alarms,
        result: Ok(Reading::Alarms(alarms)),
        ..stacks_reading(account, region, second, Vec::new())
    }
}
