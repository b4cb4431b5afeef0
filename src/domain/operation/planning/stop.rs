//! The steps that stop what of a stack can be stopped: compute before data, and what each was like before it changes.

use super::super::{
    Call, Hazard, OperationId, Power, PowerState, Processes, Sizes, Standing, Thing,
};
use super::{Kept, Memory, partition};
use crate::domain::scope::glob_matches;
use crate::domain::{Region, Stack, StackResource, Timestamp, Untrusted};
use chrono::TimeDelta;

/// What would scale a stopped group up again.
const AWAKENERS: [&str; 2] = ["AlarmNotification", "ScheduledActions"];

/// RDS starts by itself what was stopped for so long.
const RDS_REST: TimeDelta = TimeDelta::days(7);

/// What is done, and what has to be known before.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StopPlan {
    pub calls: Vec<Call>,
    pub hazards: Vec<Hazard>,
}

/// The thing that a stack's resource is, if it is one that can be stopped and is not being deleted.
pub fn thing_of(resource: &StackResource, region: &Region, digits: &Untrusted) -> Option<Thing> {
    if resource.status.exact().starts_with("DELETE_") {
        return None;
    }
    let physical = resource.physical.clone()?;
    let arn = |kind: &str| {
        let partition = partition(region);
        let (digits, name) = (digits.exact(), physical.exact());
        Untrusted::new(format!(
            "arn:{partition}:rds:{region}:{digits}:{kind}:{name}"
        ))
    };
    Some(match resource.resource_type.exact() {
        "AWS::AutoScaling::AutoScalingGroup" => Thing::Group(physical),
        "AWS::ECS::Service" => Thing::Service(physical),
        "AWS::EC2::Instance" => Thing::Instance(physical),
        "AWS::RDS::DBInstance" => {
            let arn = arn("db");
            Thing::Database(physical, arn)
        }
        "AWS::RDS::DBCluster" => {
            let arn = arn("cluster");
            Thing::Cluster(physical, arn)
        }
        _ => return None,
    })
}

/// Whether a stack is never to be stopped: the fleet file says so, or a tag of its own.
pub fn is_protected(stack: &Stack, unstoppable: &[String]) -> bool {
    let is_true = |value: &Untrusted| value.exact().eq_ignore_ascii_case("true");
    stack.tag("DisableStop").is_some_and(is_true)
        || unstoppable
            .iter()
            .any(|glob| glob_matches(glob, stack.name.exact()))
}

/// The order in which things are stopped.
fn rank(thing: &Thing) -> u8 {
    match thing {
        Thing::Group(_) => 0,
        Thing::Service(_) => 1,
        Thing::Instance(_) => 2,
        Thing::Database(..) | Thing::Cluster(..) => 3,
    }
}

/// Stops these, in the right order.
///
/// # Errors
///
/// Why not, as a sentence: what is stopped already is never stopped again, lest nothing be written over what it was.
pub fn stop(
    things: &[(Thing, Standing)],
    operation: &OperationId,
    now: Timestamp,
) -> Result<StopPlan, String> {
    if let Some(why) = things.iter().find_map(stopped_already) {
        return Err(why);
    }
    let mut ordered: Vec<_> = things.iter().collect();
    ordered.sort_by_key(|(thing, _)| rank(thing));
    let has_cluster = ordered
        .iter()
        .any(|(thing, _)| matches!(thing, Thing::Cluster(..)));
    let mut plan = StopPlan::default();
    for (thing, standing) in ordered {
        let note = |kept| Call::Remember {
            thing: thing.clone(),
            before: None,
            after: Some(Memory::new(kept, operation, now).to_string()),
        };
        match standing {
            Standing::Group {
                sizes,
                instances,
                suspended,
                ..
            } => {
                plan.group(thing, (*sizes, *instances), suspended, note);
            }
            Standing::Service { wanted, limits, .. } => {
                plan.service(thing, *wanted, *limits, note);
            }
            Standing::Machine {
                fixed: Some(why), ..
            } => {
                // A member goes with its cluster.
                if !(has_cluster && matches!(thing, Thing::Database(..))) {
                    let words = format!("{} stays as it is. {why}", thing.words());
                    plan.hazards.push(Hazard::Warns(words));
                }
            }
            Standing::Machine { power, .. } => plan.machine(thing, power, note, now),
            Standing::Gone => {}
        }
    }
    if !plan.calls.is_empty() {
        plan.hazards.push(Hazard::Warns(
            "To CloudFormation all of this is drift, and a deployment meanwhile may start things again."
                .to_owned(),
        ));
    }
    Ok(plan)
}

/// Who stopped it and when, if it is stopped.
fn stopped_already((thing, standing): &(Thing, Standing)) -> Option<String> {
    let tag = standing.memory()?;
    let who = Memory::parse(tag).map_or_else(
        || crate::domain::untrusted::sanitise(tag).into_owned(),
        |memory| memory.words(),
    );
    Some(format!(
        "It is stopped already: {} was stopped by {who}. Start it first.",
        thing.words()
    ))
}

impl StopPlan {
    fn group(
        &mut self,
        thing: &Thing,
        (sizes, instances): (Sizes, u32),
        suspended: &[String],
        note: impl Fn(Kept) -> Call,
    ) {
        if sizes.is_nothing() {
            return;
        }
        let group = thing.name();
        let ours: Vec<String> = AWAKENERS
            .into_iter()
            .filter(|process| !suspended.iter().any(|it| it == process))
            .map(str::to_owned)
            .collect();
        self.calls.push(note(Kept::Sizes(sizes, ours.clone())));
        if !ours.is_empty() {
            self.calls.push(Call::SetProcesses {
                group: group.clone(),
                processes: ours,
                to: Processes::Suspended,
            });
        }
        self.calls.push(Call::SetSizes {
            group: group.clone(),
            before: sizes,
            after: Sizes {
                least: 0,
                desired: 0,
                most: sizes.most,
            },
        });
        if instances > 0 {
            self.hazards.push(Hazard::Warns(format!(
                "{}: its {instances} instances are terminated, and what is on their own disks is lost.",
                thing.words()
            )));
        }
    }

    fn service(
        &mut self,
        thing: &Thing,
        wanted: u32,
        limits: Option<(u32, u32)>,
        note: impl Fn(Kept) -> Call,
    ) {
        if wanted == 0 {
            return;
        }
        let service = thing.name();
        self.calls.push(note(Kept::Tasks(wanted, limits)));
        // It would be scaled up again otherwise.
        if let Some((least, most)) = limits.filter(|(least, _)| *least > 0) {
            self.calls.push(Call::SetTaskLimits {
                service: service.clone(),
                before: (least, most),
                after: (0, most),
            });
        }
        self.calls.push(Call::SetTasks {
            service: service.clone(),
            before: wanted,
            after: 0,
        });
    }

    fn machine(
        &mut self,
        thing: &Thing,
        power: &PowerState,
        note: impl Fn(Kept) -> Call,
        now: Timestamp,
    ) {
        let mut warn = |words| self.hazards.push(Hazard::Warns(words));
        match power {
            PowerState::On => {}
            PowerState::Off | PowerState::TurningOff => return,
            PowerState::TurningOn => {
                warn(format!(
                    "{} is only starting, so it is left alone.",
                    thing.words()
                ));
                return;
            }
            PowerState::Other(word) => {
                warn(format!(
                    "{} is {}, so it is left alone.",
                    thing.words(),
                    word.safe()
                ));
                return;
            }
        }
        if matches!(thing, Thing::Database(..) | Thing::Cluster(..)) {
            let day = (now + RDS_REST).format("%Y-%m-%d %H:%MZ");
            warn(format!(
                "{}: RDS starts it by itself after seven days, on {day}.",
                thing.words()
            ));
        }
        self.calls.push(note(Kept::On));
        self.calls.push(Call::SetPower {
            thing: thing.clone(),
            to: Power::Off,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    const ID: &str = "20261120T140000Z-stop-1234";

    fn now() -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap()
    }

    fn sizes(least: u32, desired: u32, most: u32) -> Sizes {
        Sizes {
            least,
            desired,
            most,
        }
    }

    fn machine(power: PowerState, fixed: Option<&str>) -> Standing {
        Standing::Machine {
            power,
            memory: None,
            fixed: fixed.map(str::to_owned),
            restarts: None,
        }
    }

    fn group(sizes: Sizes, suspended: &[&str], memory: Option<&str>) -> Standing {
        Standing::Group {
            sizes,
            instances: sizes.desired,
            suspended: suspended.iter().map(|it| (*it).to_owned()).collect(),
            memory: memory.map(str::to_owned),
        }
    }

    fn stopped(things: &[(Thing, Standing)]) -> (Vec<String>, Vec<String>) {
        let plan = stop(things, &OperationId::new(ID), now()).unwrap();
        let hazards = plan.hazards.iter().map(|hazard| match hazard {
            Hazard::Warns(words) => words.clone(),
            Hazard::Loses { .. } => panic!("nothing is lost"),
        });
        (
            plan.calls.iter().map(Call::words).collect(),
            hazards.collect(),
        )
    }

    #[test]
    fn compute_goes_before_data_and_each_is_remembered_first() {
        let service = "arn:aws:ecs:eu-west-1:1:service/main/api";
        let (calls, hazards) = stopped(&[
            (
                Thing::Database("db".into(), "arn".into()),
                machine(PowerState::On, None),
            ),
            (Thing::Instance("i-1".into()), machine(PowerState::On, None)),
            (
                Thing::Service(service.into()),
                Standing::Service {
                    wanted: 4,
                    running: 4,
                    limits: Some((2, 10)),
                    memory: None,
                },
            ),
            (
                Thing::Group("workers".into()),
                group(sizes(1, 3, 6), &["ScheduledActions", "Launch"], None),
            ),
        ]);
        assert_eq!(
            calls,
            [
                "group workers: remember v1:1-3-6:20261120T140000Z-stop-1234:1795183200:AlarmNotification",
                "group workers: suspend AlarmNotification",
                "group workers: 1-3-6 → 0-0-6",
                "service api: remember v1:4:20261120T140000Z-stop-1234:1795183200:2-10",
                "service api: scaled between 2 and 10 → 0 and 10",
                "service api: 4 → 0 tasks",
                "instance i-1: remember v1:on:20261120T140000Z-stop-1234:1795183200",
                "stop instance i-1",
                "database db: remember v1:on:20261120T140000Z-stop-1234:1795183200",
                "stop database db",
            ]
        );
        assert!(
            hazards[0].contains("3 instances are terminated"),
            "{hazards:?}"
        );
        assert!(hazards[1].contains("2026-11-27 14:00Z"), "{hazards:?}");
        assert!(hazards[2].contains("drift"), "{hazards:?}");
    }

    #[test]
    fn what_is_off_stays_off_and_is_not_remembered() {
        let (calls, hazards) = stopped(&[
            (Thing::Group("g".into()), group(sizes(0, 0, 6), &[], None)),
            (
                Thing::Instance("i-1".into()),
                machine(PowerState::Off, None),
            ),
            (
                Thing::Instance("i-2".into()),
                machine(PowerState::TurningOff, None),
            ),
        ]);
        assert_eq!((calls.len(), hazards.len()), (0, 0));
    }

    #[test]
    fn a_member_goes_with_its_cluster_and_what_cannot_be_stopped_is_told() {
        let member = || {
            (
                Thing::Database("one".into(), "arn".into()),
                machine(PowerState::On, Some("It is a member of a cluster.")),
            )
        };
        let cluster = (
            Thing::Cluster("all".into(), "arn".into()),
            machine(PowerState::On, None),
        );
        let (calls, hazards) = stopped(&[member(), cluster]);
        assert_eq!(calls.last().unwrap(), "stop cluster all");
        assert!(!hazards.iter().any(|it| it.contains("one")), "{hazards:?}");
        let (calls, hazards) = stopped(&[member()]);
        assert_eq!(calls.len(), 0);
        assert!(hazards[0].contains("member of a cluster"), "{hazards:?}");
    }

    #[test]
    fn a_second_stop_is_refused_and_says_who_did_the_first() {
        for (tag, who) in [
            ("v1:1-3-6:op-1:1795183200", "op-1 at 2026-11-20 14:00Z"),
            ("somebody's", "somebody's"),
        ] {
            let things = [(
                Thing::Group("g".into()),
                group(sizes(0, 0, 6), &[], Some(tag)),
            )];
            let refused = stop(&things, &OperationId::new(ID), now()).unwrap_err();
            assert!(refused.contains(who), "{refused}");
        }
    }
}
