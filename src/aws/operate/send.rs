//! A call on its way: to the service that it is for, once.

use super::mishap::Mishap;
use super::{alias, standing, traffic, update};
use crate::aws::session::Session;
use crate::domain::Region;
use crate::domain::operation::Call;
use std::sync::Arc;

/// Brings the id of the request.
pub(super) async fn send(
    session: Arc<Session>,
    place: &Region,
    call: &Call,
) -> Result<Option<String>, Mishap> {
    match call {
        Call::ExecuteChangeSet { .. }
        | Call::UpdateStack { .. }
        | Call::CancelUpdateStack { .. }
        | Call::RollbackStack { .. }
        | Call::ContinueUpdateRollback { .. }
        | Call::SetStackPolicy { .. } => update::send(&session.cloudformation(place), call).await,
        Call::UpdateAlias {
            function,
            alias,
            before,
            after,
        } => alias::update(&session.lambda(place), (function, alias), (before, after)).await,
        Call::SetDial {
            group,
            before,
            after,
        } => traffic::set_dial(&session.accelerator(), group, (*before, *after)).await,
        Call::SetWeight {
            group,
            endpoint,
            before,
            after,
        } => {
            let of = (group, endpoint);
            traffic::set_weight(&session.accelerator(), of, (*before, *after)).await
        }
        Call::Remember { .. }
        | Call::SetProcesses { .. }
        | Call::SetSizes { .. }
        | Call::SetTasks { .. }
        | Call::SetTaskLimits { .. }
        | Call::SetPower { .. } => standing::send(&session, place, call).await,
    }
}
