//! How things that can be stopped stand, and the calls that stop and start them: each by its own service.

use super::databases::{self, Database, Kind};
use super::instances::{self, Instance};
use super::mishap::Mishap;
use super::{groups, limits, services};
use crate::aws::problem::Failure;
use crate::aws::session::Session;
use crate::domain::operation::{Call, PowerState, Sight, Standing, Thing};
use crate::domain::{Region, Untrusted};
use std::sync::Arc;

/// One for each, in their order. Each service is asked for as many at once as it answers.
pub(super) async fn all(
    session: Arc<Session>,
    place: &Region,
    things: &[Thing],
) -> Result<Vec<Standing>, Failure> {
    let session = &*session;
    let named = |pick: fn(&Thing) -> Option<&Untrusted>| things.iter().filter_map(pick).collect();
    let names: Vec<_> = named(|thing| match thing {
        Thing::Group(name) => Some(name),
        Thing::Service(_) | Thing::Instance(_) | Thing::Database(..) | Thing::Cluster(..) => None,
    });
    let groups = groups::find(session, place, &names).await?;
    let arns: Vec<_> = named(|thing| match thing {
        Thing::Service(arn) => Some(arn),
        Thing::Group(_) | Thing::Instance(_) | Thing::Database(..) | Thing::Cluster(..) => None,
    });
    let services = services::find(session, place, &arns).await?;
    let limits = limits::find(session, place, &arns).await?;
    let ids: Vec<_> = named(|thing| match thing {
        Thing::Instance(id) => Some(id),
        Thing::Group(_) | Thing::Service(_) | Thing::Database(..) | Thing::Cluster(..) => None,
    });
    let instances = instances::find(session, place, &ids).await?;
    let mut standings = Vec::new();
    for thing in things {
        let standing = match thing {
            Thing::Group(name) => {
                let group = groups.iter().find(|group| group.name == *name);
                group.map(|group| Standing::Group {
                    sizes: group.sizes,
                    instances: group.instances,
                    suspended: group.suspended.clone(),
                    memory: group.memory.clone(),
                })
            }
            Thing::Service(arn) => {
                let tasks = services.iter().find(|tasks| tasks.arn == *arn);
                tasks.map(|tasks| Standing::Service {
                    wanted: tasks.wanted,
                    running: tasks.running,
                    limits: limits.get(arn).copied(),
                    memory: tasks.memory.clone(),
                })
            }
            Thing::Instance(id) => {
                let instance = instances.iter().find(|instance| instance.id == *id);
                instance.cloned().map(Standing::from)
            }
            Thing::Database(id, _) => {
                let found = databases::one(session, place, Kind::Instance, id).await?;
                found.map(Standing::from)
            }
            Thing::Cluster(id, _) => {
                let found = databases::one(session, place, Kind::Cluster, id).await?;
                found.map(Standing::from)
            }
        };
        standings.push(standing.unwrap_or(Standing::Gone));
    }
    Ok(standings)
}

impl From<Instance> for Standing {
    fn from(instance: Instance) -> Self {
        Self::Machine {
            power: instance.power,
            memory: instance.memory,
            fixed: instance.fixed,
            restarts: None,
        }
    }
}

impl From<Database> for Standing {
    fn from(database: Database) -> Self {
        Self::Machine {
            power: database.power,
            memory: database.memory,
            fixed: database.fixed,
            restarts: database.restarts,
        }
    }
}

/// What the tag of a thing says, and whether it runs, where it has power of its own.
struct State {
    memory: Option<String>,
    power: Option<PowerState>,
}

async fn state(session: &Session, place: &Region, thing: &Thing) -> Result<Option<State>, Failure> {
    let tagged = |memory| State {
        memory,
        power: None,
    };
    let powered = |memory, power| State {
        memory,
        power: Some(power),
    };
    Ok(match thing {
        Thing::Group(name) => {
            let group = groups::one(session, place, name).await?;
            group.map(|group| tagged(group.memory))
        }
        Thing::Service(arn) => {
            let tasks = services::one(session, place, arn).await?;
            tasks.map(|tasks| tagged(tasks.memory))
        }
        Thing::Instance(id) => {
            let instance = instances::one(session, place, id).await?;
            instance.map(|it| powered(it.memory, it.power))
        }
        Thing::Database(id, _) => {
            let found = databases::one(session, place, Kind::Instance, id).await?;
            found.map(|it| powered(it.memory, it.power))
        }
        Thing::Cluster(id, _) => {
            let found = databases::one(session, place, Kind::Cluster, id).await?;
            found.map(|it| powered(it.memory, it.power))
        }
    })
}

/// How the thing of one of these calls stands.
pub(super) async fn look(session: &Session, place: &Region, call: &Call) -> Result<Sight, Failure> {
    let sight = match call {
        Call::Remember { thing, .. } => {
            let state = state(session, place, thing).await?;
            state.map(|state| Sight::Memory(state.memory))
        }
        Call::SetPower { thing, .. } => match state(session, place, thing).await? {
            Some(state) => Some(Sight::Power(state.power.ok_or(Failure::Unsent)?)),
            None => None,
        },
        Call::SetProcesses { group, .. } => {
            let group = groups::one(session, place, group).await?;
            group.map(|group| Sight::Suspended(group.suspended))
        }
        Call::SetSizes { group, .. } => {
            let group = groups::one(session, place, group).await?;
            group.map(|group| Sight::Sizes {
                sizes: group.sizes,
                serving: group.serving,
                instances: group.instances,
            })
        }
        Call::SetTasks { service, .. } => {
            let tasks = services::one(session, place, service).await?;
            tasks.map(|tasks| Sight::Tasks {
                wanted: tasks.wanted,
                running: tasks.running,
            })
        }
        Call::SetTaskLimits { service, .. } => {
            let limits = limits::find(session, place, &[service]).await?;
            Some(Sight::TaskLimits(limits.get(service).copied()))
        }
        Call::ExecuteChangeSet { .. }
        | Call::UpdateStack { .. }
        | Call::CancelUpdateStack { .. }
        | Call::RollbackStack { .. }
        | Call::ContinueUpdateRollback { .. }
        | Call::SetStackPolicy { .. }
        | Call::UpdateAlias { .. }
        | Call::SetDial { .. }
        | Call::SetWeight { .. } => return Err(Failure::Unsent),
    };
    Ok(sight.unwrap_or(Sight::Gone))
}

/// Sends one of these calls. A call to another service is not made here.
pub(super) async fn send(
    session: &Session,
    place: &Region,
    call: &Call,
) -> Result<Option<String>, Mishap> {
    match call {
        Call::Remember { thing, after, .. } => {
            let memory = after.as_deref();
            match thing {
                Thing::Group(name) => groups::remember(session, place, name, memory).await,
                Thing::Service(arn) => services::remember(session, place, arn, memory).await,
                Thing::Instance(id) => instances::remember(session, place, id, memory).await,
                Thing::Database(_, arn) | Thing::Cluster(_, arn) => {
                    databases::remember(session, place, arn, memory).await
                }
            }
        }
        Call::SetPower { thing, to } => match thing {
            Thing::Instance(id) => instances::set_power(session, place, id, *to).await,
            Thing::Database(id, _) => {
                databases::set_power(session, place, (Kind::Instance, id), *to).await
            }
            Thing::Cluster(id, _) => {
                databases::set_power(session, place, (Kind::Cluster, id), *to).await
            }
            Thing::Group(_) | Thing::Service(_) => Err(Mishap::Before(Failure::Unsent)),
        },
        Call::SetProcesses {
            group,
            processes,
            to,
        } => groups::set_processes(session, place, group, (processes, *to)).await,
        Call::SetSizes { group, after, .. } => groups::resize(session, place, group, *after).await,
        Call::SetTasks { service, after, .. } => {
            services::set_tasks(session, place, service, *after).await
        }
        Call::SetTaskLimits { service, after, .. } => {
            limits::set(session, place, service, *after).await
        }
        Call::ExecuteChangeSet { .. }
        | Call::UpdateStack { .. }
        | Call::CancelUpdateStack { .. }
        | Call::RollbackStack { .. }
        | Call::ContinueUpdateRollback { .. }
        | Call::SetStackPolicy { .. }
        | Call::UpdateAlias { .. }
        | Call::SetDial { .. }
        | Call::SetWeight { .. } => Err(Mishap::Before(Failure::Unsent)),
    }
}
