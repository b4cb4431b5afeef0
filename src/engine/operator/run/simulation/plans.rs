//! Plans of the small AWS: a deployment over six regions in three waves, a stop, and the start that follows it.

use super::ACCOUNT;
use super::toy::{Group, Stack, Toy, seen};
use crate::domain::operation::{
    Call, Consent, Gate, Member, OnFailure, OperationId, Plan, Power, Processes, Sizes, Step,
    Thing, Undo, UndoPolicy, Verb, Wave,
};
use crate::domain::{AcceleratorArn, AccountName, Region, Scope, StackId, Timestamp};
use std::collections::BTreeSet;

pub(super) const OLD: u32 = 18;
pub(super) const NEW: u32 = 19;

/// One, two, three regions.
pub(super) const WAVES: [&[&str]; 3] = [
    &["eu-west-1"],
    &["eu-central-1", "eu-north-1"],
    &["us-east-1", "us-west-2", "ap-south-1"],
];

pub(super) fn regions() -> impl Iterator<Item = &'static str> {
    WAVES.into_iter().flatten().copied()
}

/// Everything stands as it did before anybody deployed or stopped anything.
pub(super) fn toy() -> Toy {
    let mut toy = Toy::default();
    for region in regions() {
        let mut stack = Stack::new(OLD);
        stack
            .change_sets
            .insert("next".to_owned(), (NEW, "AVAILABLE"));
        toy.stacks.insert(region.to_owned(), stack);
        toy.dials.insert(region.to_owned(), (100.0, None));
        let group = Group {
            sizes: sizes(2, 3, 6),
            suspended: BTreeSet::from(["Mine".to_owned()]),
        };
        toy.groups.insert(region.to_owned(), group);
        toy.databases.insert(region.to_owned(), Power::On);
    }
    toy
}

fn sizes(least: u32, desired: u32, most: u32) -> Sizes {
    Sizes {
        least,
        desired,
        most,
    }
}

fn plan(
    id: &str,
    verb: Verb,
    members: impl Fn(&OperationId, usize, usize, &str) -> Member,
) -> Plan {
    let id = OperationId::new(id);
    let waves = WAVES.iter().enumerate().map(|(wave, regions)| Wave {
        members: regions
            .iter()
            .enumerate()
            .map(|(seat, region)| members(&id, wave, seat, region))
            .collect(),
        gates: Vec::new(),
    });
    Plan {
        waves: waves.collect(),
        verb,
        target: "checkout".into(),
        made: Timestamp::default(),
        by: "ann".to_owned(),
        consent: Consent::Key,
        undo: UndoPolicy::Failed,
        id,
    }
}

fn member(region: &str, steps: Vec<Step>, undo: Undo) -> Member {
    Member {
        scope: Scope::regional(&AccountName::new("prod"), &Region::new(region)),
        account: ACCOUNT.into(),
        target: "stack/checkout".into(),
        steps,
        changes: Vec::new(),
        parameters: Vec::new(),
        hazards: Vec::new(),
        undo,
        snapshot: None,
        idle: None,
        usual: None,
    }
}

/// Dialled down, deployed, dialled up again.
pub(super) fn deploy() -> Plan {
    let stack = seen(&Stack::new(OLD));
    plan(
        "20261128t221530z-deploy-7f3a",
        Verb::Deploy,
        |id, wave, seat, region| {
            let dial = |before, after| {
                let group = AcceleratorArn::new(region);
                Step::Call(Call::SetDial {
                    group,
                    before,
                    after,
                })
            };
            let execute = Call::ExecuteChangeSet {
                stack: StackId::new(region),
                change_set: "next".into(),
                token: id.token(wave, seat, 2),
                seen: stack.clone(),
                failing: OnFailure::RollBack,
            };
            let steps = vec![
                dial(100.0, 0.0),
                Step::Gate(Gate::Wait { seconds: 7 }),
                Step::Call(execute),
                dial(0.0, 100.0),
            ];
            member(region, steps, Undo::Redeploy)
        },
    )
}

/// The same in its first three regions, for tests that run it five hundred times.
pub(super) fn brief() -> Plan {
    let mut plan = deploy();
    plan.waves.truncate(2);
    plan
}

fn stops(region: &str) -> Vec<Call> {
    let group = || Thing::Group(region.into());
    let database = Thing::Database(region.into(), "arn".into());
    vec![
        Call::Remember {
            thing: group(),
            before: None,
            after: Some("v1:2-3-6".to_owned()),
        },
        Call::SetProcesses {
            group: region.into(),
            processes: vec![
                "AlarmNotification".to_owned(),
                "ScheduledActions".to_owned(),
            ],
            to: Processes::Suspended,
        },
        Call::SetSizes {
            group: region.into(),
            before: sizes(2, 3, 6),
            after: sizes(0, 0, 6),
        },
        Call::SetPower {
            thing: database,
            to: Power::Off,
        },
    ]
}

pub(super) fn stop() -> Plan {
    plan(
        "20261128t221530z-stop-0001",
        Verb::Stop,
        |_, _, _, region| {
            let steps = stops(region).into_iter().map(Step::Call).collect();
            member(region, steps, Undo::Reverse)
        },
    )
}

/// The opposite, last first.
pub(super) fn start() -> Plan {
    plan(
        "20261128t231530z-start-0002",
        Verb::Start,
        |_, _, _, region| {
            let steps = stops(region).into_iter().rev();
            let steps = steps
                .filter_map(|call| call.reversed())
                .map(Step::Call)
                .collect();
            member(region, steps, Undo::Reverse)
        },
    )
}
