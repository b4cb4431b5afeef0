//! Makes a plan of a wish: looks at AWS, applies the rules of [`planning`](crate::domain::operation::planning), and says
//! all that would be done. Changes no resource; what it has to make for the looking, a change set, it deletes again
//! where no plan comes of it.

mod alarms;
mod alias;
mod back;
mod behind;
mod bench;
mod deploy;
mod desk;
mod halt;
mod hazard;
mod seat;
mod template;
mod traffic;

use crate::aws::Warrant;
use crate::domain::operation::{Member, Operation, OperationId, Plan, Step};
use crate::domain::{Fleet, Problem};
use crate::engine::Shop;
use desk::Desk;

/// What an operation would do, as things stand now.
pub(in crate::engine) async fn plan(
    shop: &Shop,
    fleet: &Fleet,
    id: &OperationId,
    operation: &Operation,
) -> Result<Plan, Problem> {
    let desk = Desk::new(shop, fleet, id).await;
    match operation {
        Operation::Deploy(deployment) => deploy::plan(&desk, deployment).await,
        Operation::RollBackStack { stacks, skip } => back::plan(&desk, stacks, skip).await,
        Operation::RollBackAlias { .. } => alias::plan(&desk, operation).await,
        Operation::Stop { stacks } => halt::plan(&desk, stacks, halt::Halt::Stop).await,
        Operation::Start { stacks } => halt::plan(&desk, stacks, halt::Halt::Start).await,
        Operation::Dial { .. }
        | Operation::Weigh { .. }
        | Operation::Drain { .. }
        | Operation::Restore { .. } => traffic::plan(&desk, operation).await,
    }
}

/// The steps that bring a member whose deployment has succeeded back to what its snapshot says; none where it stands
/// so already. `place` is that of the first of them.
pub(in crate::engine) async fn way_back(
    (shop, fleet): (&Shop, &Fleet),
    warrant: &Warrant,
    id: &OperationId,
    member: &Member,
    place: (usize, usize, usize),
) -> Result<Vec<Step>, Problem> {
    back::way((shop, fleet), warrant, id, member, place).await
}
