//! The steps that bring back what was stopped: exactly what its tag says, data before compute, the tag last.

use super::super::{Call, Hazard, Power, PowerState, Processes, Standing, Thing};
use super::{Kept, Memory};

/// What is done, and what has to be known before.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StartPlan {
    pub calls: Vec<Call>,
    pub hazards: Vec<Hazard>,
}

/// The order in which things are started: data, instances, groups, services.
///
/// It is not that of a stop turned around. A service is waited for until its tasks run, and on EC2 they run on the
/// instances of a group: with the service first, nothing would ever end. Where nobody waits for services, it does not
/// matter.
fn turn(thing: &Thing) -> u8 {
    match thing {
        Thing::Database(..) | Thing::Cluster(..) => 0,
        Thing::Instance(_) => 1,
        Thing::Group(_) => 2,
        Thing::Service(_) => 3,
    }
}

/// Starts these, in the right order. What has no tag was not stopped by anybody here, and is left alone.
///
/// # Errors
///
/// Why not, as sentences: what something was like is read, never guessed.
pub fn start(things: &[(Thing, Standing)]) -> Result<StartPlan, String> {
    let mut ordered: Vec<_> = things.iter().collect();
    ordered.sort_by_key(|(thing, _)| turn(thing));
    let mut plan = StartPlan::default();
    for (thing, standing) in &ordered {
        let Some(tag) = standing.memory() else {
            continue;
        };
        let unread = || {
            let tag = crate::domain::untrusted::sanitise(tag);
            format!(
                "The tag of {} says `{tag}`, which Quarterdeck cannot read: start it by hand.",
                thing.words()
            )
        };
        let memory = Memory::parse(tag).ok_or_else(unread)?;
        plan.bring_back(thing, standing, &memory.kept)
            .ok_or_else(unread)??;
        plan.calls.push(Call::Remember {
            thing: thing.clone(),
            before: Some(tag.to_owned()),
            after: None,
        });
    }
    if plan.calls.is_empty()
        && let Some((thing, _)) = ordered.iter().find(|(_, standing)| is_off(standing))
    {
        return Err(format!(
            "{} is off, and no tag says what it was like before: its sizes are unknown. \
             Set them by hand, or deploy the stack again.",
            thing.words()
        ));
    }
    Ok(plan)
}

fn is_off(standing: &Standing) -> bool {
    match standing {
        Standing::Group { sizes, .. } => sizes.is_nothing(),
        Standing::Service { wanted, .. } => *wanted == 0,
        Standing::Machine { power, fixed, .. } => {
            fixed.is_none() && matches!(power, PowerState::Off | PowerState::TurningOff)
        }
        Standing::Gone => false,
    }
}

impl StartPlan {
    /// None where the memory is of another kind of thing.
    fn bring_back(
        &mut self,
        thing: &Thing,
        standing: &Standing,
        kept: &Kept,
    ) -> Option<Result<(), String>> {
        match (standing, kept) {
            (Standing::Group { .. }, Kept::Sizes(sizes, _)) if sizes.is_nothing() => {
                return Some(Err(format!(
                    "The tag of {} says {sizes}, which is no size to bring it back to: set its sizes by hand.",
                    thing.words()
                )));
            }
            (
                Standing::Group {
                    sizes: now,
                    suspended,
                    ..
                },
                Kept::Sizes(sizes, ours),
            ) => {
                if !now.is_nothing() && now != sizes {
                    self.hazards.push(Hazard::Warns(format!(
                        "{}: somebody set its sizes to {now} meanwhile; it goes back to {sizes}.",
                        thing.words()
                    )));
                }
                if now != sizes {
                    self.calls.push(Call::SetSizes {
                        group: thing.name().clone(),
                        before: *now,
                        after: *sizes,
                    });
                }
                let ours: Vec<String> = ours
                    .iter()
                    .filter(|process| suspended.contains(process))
                    .cloned()
                    .collect();
                if !ours.is_empty() {
                    self.calls.push(Call::SetProcesses {
                        group: thing.name().clone(),
                        processes: ours,
                        to: Processes::Resumed,
                    });
                }
            }
            (
                Standing::Service {
                    wanted,
                    limits: now,
                    ..
                },
                Kept::Tasks(tasks, limits),
            ) => {
                if wanted != tasks {
                    self.calls.push(Call::SetTasks {
                        service: thing.name().clone(),
                        before: *wanted,
                        after: *tasks,
                    });
                }
                if let (Some(before), Some(after)) = (now, limits)
                    && before != after
                {
                    self.calls.push(Call::SetTaskLimits {
                        service: thing.name().clone(),
                        before: *before,
                        after: *after,
                    });
                }
            }
            (Standing::Machine { power, .. }, Kept::On) => match power {
                // Started meanwhile, by RDS itself perhaps.
                PowerState::On => {}
                PowerState::Off | PowerState::TurningOn => self.calls.push(Call::SetPower {
                    thing: thing.clone(),
                    to: Power::On,
                }),
                PowerState::TurningOff => {
                    return Some(Err(format!(
                        "{} is still stopping: wait until it has stopped.",
                        thing.words()
                    )));
                }
                PowerState::Other(word) => {
                    return Some(Err(format!(
                        "{} is {}: it cannot be started from there.",
                        thing.words(),
                        word.safe()
                    )));
                }
            },
            (
                Standing::Group { .. }
                | Standing::Service { .. }
                | Standing::Machine { .. }
                | Standing::Gone,
                Kept::Sizes(..) | Kept::Tasks(..) | Kept::On,
            ) => return None,
        }
        Some(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::Sizes;

    fn group(least: u32, desired: u32, suspended: &[&str], memory: Option<&str>) -> Standing {
        Standing::Group {
            sizes: Sizes {
                least,
                desired,
                most: 6,
            },
            instances: desired,
            suspended: suspended.iter().map(|it| (*it).to_owned()).collect(),
            memory: memory.map(str::to_owned),
        }
    }

    fn machine(power: PowerState, memory: Option<&str>) -> Standing {
        Standing::Machine {
            power,
            memory: memory.map(str::to_owned),
            fixed: None,
            restarts: None,
        }
    }

    fn words(things: &[(Thing, Standing)]) -> Result<Vec<String>, String> {
        Ok(start(things)?.calls.iter().map(Call::words).collect())
    }

    #[test]
    fn tasks_are_waited_for_only_once_there_are_instances_for_them() {
        let service = Standing::Service {
            wanted: 0,
            running: 0,
            limits: None,
            memory: Some("v1:4:op:1".to_owned()),
        };
        let things = [
            (Thing::Service("s".into()), service),
            (
                Thing::Group("g".into()),
                group(0, 0, &[], Some("v1:1-3-6:op:1")),
            ),
        ];
        let said = words(&things).unwrap();
        let at = |part: &str| said.iter().position(|it| it.contains(part)).unwrap();
        assert!(at("1-3-6") < at("4 tasks"), "{said:?}");
    }

    #[test]
    fn data_goes_before_compute_and_only_what_was_suspended_by_us_is_resumed() {
        let things = [
            (
                Thing::Group("g".into()),
                group(
                    0,
                    0,
                    &["Launch", "AlarmNotification"],
                    Some("v1:1-3-6:op:1:AlarmNotification"),
                ),
            ),
            (
                Thing::Database("db".into(), "arn".into()),
                machine(PowerState::Off, Some("v1:on:op:1")),
            ),
        ];
        assert_eq!(
            words(&things),
            Ok([
                "start database db",
                "database db: forget what it was like",
                "group g: 0-0-6 → 1-3-6",
                "group g: resume AlarmNotification",
                "group g: forget what it was like",
            ]
            .map(str::to_owned)
            .to_vec())
        );
    }

    #[test]
    fn sizes_are_never_guessed_and_never_nothing() {
        let named = |standing| [(Thing::Group("g".into()), standing)];
        for (standing, part) in [
            (group(0, 0, &[], None), "sizes are unknown"),
            (group(0, 0, &[], Some("v1:0-0-0:op:1")), "no size"),
            (group(0, 0, &[], Some("v1:0-0-6:op:1")), "no size"),
            (group(0, 0, &[], Some("v9:1-3-6:op:1")), "cannot read"),
            (group(0, 0, &[], Some("v1:on:op:1")), "cannot read"),
        ] {
            let refused = words(&named(standing)).unwrap_err();
            assert!(refused.contains(part), "{refused}");
        }
        // It runs, and was never stopped.
        assert_eq!(words(&named(group(1, 3, &[], None))), Ok(Vec::new()));
    }

    #[test]
    fn sizes_that_somebody_set_meanwhile_are_told() {
        let plan = start(&[(
            Thing::Group("g".into()),
            group(1, 1, &[], Some("v1:1-3-6:op:1")),
        )])
        .unwrap();
        assert!(matches!(&plan.hazards[..], [Hazard::Warns(words)] if words.contains("1-1-6")));
    }

    #[test]
    fn what_stands_on_the_way_is_waited_for() {
        let things = [(
            Thing::Instance("i-1".into()),
            machine(PowerState::TurningOff, Some("v1:on:op:1")),
        )];
        assert!(words(&things).unwrap_err().contains("still stopping"));
        let things = [(
            Thing::Instance("i-1".into()),
            machine(PowerState::On, Some("v1:on:op:1")),
        )];
        assert_eq!(
            words(&things),
            Ok(vec!["instance i-1: forget what it was like".to_owned()])
        );
    }
}
