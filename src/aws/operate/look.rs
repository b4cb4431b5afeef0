//! How the thing of a call stands, asked of the service that it is in.

use super::{alias, standing, traffic, watch};
use crate::aws::problem::Failure;
use crate::aws::session::Session;
use crate::domain::Region;
use crate::domain::operation::{Call, Sight};
use std::sync::Arc;

pub(super) async fn at(
    session: Arc<Session>,
    place: &Region,
    call: &Call,
) -> Result<Sight, Failure> {
    match call {
        Call::ExecuteChangeSet { stack, .. }
        | Call::UpdateStack { stack, .. }
        | Call::CancelUpdateStack { stack, .. }
        | Call::RollbackStack { stack, .. }
        | Call::ContinueUpdateRollback { stack, .. }
        | Call::SetStackPolicy { stack, .. } => {
            watch::stack(&session.cloudformation(place), call, stack).await
        }
        Call::UpdateAlias {
            function, alias, ..
        } => alias::look(&session.lambda(place), function, alias).await,
        Call::SetDial { group, .. } => traffic::look_at_dial(&session.accelerator(), group).await,
        Call::SetWeight {
            group, endpoint, ..
        } => traffic::look_at_weight(&session.accelerator(), group, endpoint).await,
        Call::Remember { .. }
        | Call::SetPower { .. }
        | Call::SetProcesses { .. }
        | Call::SetSizes { .. }
        | Call::SetTasks { .. }
        | Call::SetTaskLimits { .. } => standing::look(&session, place, call).await,
    }
}
