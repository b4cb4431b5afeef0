//! `start(stop(x)) = x`, for every x, also when the stop broke off in the middle.

use super::super::{
    Call, OperationId, Power, PowerState, Processes, Sizes, Standing, Thing, Verdict,
};
use super::{start, stop};
use crate::domain::operation::Sight;
use chrono::{TimeZone, Utc};
use proptest::prelude::*;

fn standing() -> impl Strategy<Value = (Thing, Standing)> {
    let group = (0..4_u32, 0..4_u32, 0..4_u32, any::<[bool; 3]>()).prop_map(
        |(least, more, room, suspended)| {
            let all = ["AlarmNotification", "Launch", "ScheduledActions"];
            let suspended = all.into_iter().zip(suspended).filter(|(_, is)| *is);
            let sizes = Sizes {
                least,
                desired: least + more,
                most: least + more + room,
            };
            let standing = Standing::Group {
                sizes,
                instances: sizes.desired,
                suspended: suspended.map(|(name, _)| name.to_owned()).collect(),
                memory: None,
            };
            (Thing::Group("g".into()), standing)
        },
    );
    let limits = proptest::option::of((0..3_u32, 3..9_u32));
    let service = (0..5_u32, limits).prop_map(|(wanted, limits)| {
        let standing = Standing::Service {
            wanted,
            running: wanted,
            limits,
            memory: None,
        };
        (Thing::Service("s".into()), standing)
    });
    let machine = (any::<bool>(), 0..3_u8).prop_map(|(is_on, kind)| {
        let thing = match kind {
            0 => Thing::Instance("i".into()),
            1 => Thing::Database("d".into(), "arn-d".into()),
            _ => Thing::Cluster("c".into(), "arn-c".into()),
        };
        let standing = Standing::Machine {
            power: if is_on {
                PowerState::On
            } else {
                PowerState::Off
            },
            memory: None,
            fixed: None,
            restarts: None,
        };
        (thing, standing)
    });
    prop_oneof![group, service, machine]
}

/// What AWS would make of a call, which has to be as it was planned for.
fn apply(things: &mut [(Thing, Standing)], call: &Call) {
    for (thing, standing) in things.iter_mut() {
        match (call, standing) {
            (
                Call::Remember {
                    thing: of,
                    before,
                    after,
                },
                standing,
            ) if of == thing => {
                let memory = match standing {
                    Standing::Group { memory, .. }
                    | Standing::Service { memory, .. }
                    | Standing::Machine { memory, .. } => memory,
                    Standing::Gone => panic!("it is gone"),
                };
                assert_eq!(memory, before);
                memory.clone_from(after);
            }
            (
                Call::SetProcesses {
                    group,
                    processes,
                    to,
                },
                Standing::Group { suspended, .. },
            ) if group == thing.name() => {
                let mut list: Vec<String> = suspended.clone();
                list.retain(|it| !processes.contains(it));
                if *to == Processes::Suspended {
                    list.extend(processes.iter().cloned());
                }
                list.sort();
                *suspended = list;
            }
            (
                Call::SetSizes {
                    group,
                    before,
                    after,
                },
                Standing::Group {
                    sizes, instances, ..
                },
            ) if group == thing.name() => {
                assert_eq!(sizes, before);
                *sizes = *after;
                *instances = after.desired;
            }
            (
                Call::SetTasks {
                    service,
                    before,
                    after,
                },
                Standing::Service {
                    wanted, running, ..
                },
            ) if service == thing.name() => {
                assert_eq!(wanted, before);
                (*wanted, *running) = (*after, *after);
            }
            (
                Call::SetTaskLimits {
                    service,
                    before,
                    after,
                },
                Standing::Service { limits, .. },
            ) if service == thing.name() => {
                assert_eq!(*limits, Some(*before));
                *limits = Some(*after);
            }
            (Call::SetPower { thing: of, to }, Standing::Machine { power, .. }) if of == thing => {
                let sight = Sight::Power(power.clone());
                assert_eq!(call.judge(&sight), Verdict::Untouched);
                *power = match to {
                    Power::Off => PowerState::Off,
                    Power::On => PowerState::On,
                };
            }
            _ => {}
        }
    }
}

fn is_off(standing: &Standing) -> bool {
    match standing {
        Standing::Group { sizes, .. } => sizes.is_nothing(),
        Standing::Service { wanted, .. } => *wanted == 0,
        Standing::Machine { power, .. } => *power == PowerState::Off,
        Standing::Gone => true,
    }
}

proptest! {
    #[test]
    fn starting_what_was_stopped_brings_all_of_it_back(
        found in proptest::collection::btree_map(0..5_u8, standing(), 1..5),
        broken in proptest::option::of(0..12_usize),
    ) {
        // One of each name.
        let mut things: Vec<(Thing, Standing)> = Vec::new();
        for (thing, standing) in found.into_values() {
            if things.iter().all(|(it, _)| *it != thing) {
                things.push((thing, standing));
            }
        }
        let before = things.clone();
        let id = OperationId::new("20261120T140000Z-stop-1234");
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap();
        let plan = stop(&things, &id, now).unwrap();
        let kept = broken.unwrap_or(plan.calls.len()).min(plan.calls.len());
        for call in &plan.calls[..kept] {
            apply(&mut things, call);
        }
        if broken.is_none() {
            prop_assert!(things.iter().all(|(_, standing)| is_off(standing)));
            if !plan.calls.is_empty() {
                prop_assert!(stop(&things, &id, now).is_err(), "a second stop");
            }
        }
        if things == before {
            return Ok(());
        }
        for call in &start(&things).unwrap().calls {
            apply(&mut things, call);
        }
        prop_assert_eq!(things, before);
    }
}
