//! Makes a plan of a wish: looks at AWS, applies the rules, and says all that would be done. Changes no resource.

use crate::domain::operation::{Member, Operation, OperationId, Plan, Step};
use crate::domain::{Fleet, Kind, Problem};
use crate::engine::Shop;

/// What an operation would do, as things stand now.
pub(in crate::engine) async fn plan(
    _shop: &Shop,
    _fleet: &Fleet,
    _id: &OperationId,
    _operation: &Operation,
) -> Result<Plan, Problem> {
    Err(Problem::new(Kind::Bug, "This is not built yet."))
}

/// The steps that bring a member whose deployment has succeeded back to what its snapshot says.
pub(in crate::engine) async fn way_back(
    _shop: &Shop,
    _id: &OperationId,
    _member: &Member,
    _place: (usize, usize, usize),
) -> Result<Vec<Step>, Problem> {
    Err(Problem::new(Kind::Bug, "This is not built yet."))
}
