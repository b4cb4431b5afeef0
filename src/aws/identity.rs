//! Who we are, from STS: the one call that works with no permission at all.

use super::problem::Failure;
use super::session::Session;
use super::shape::text;
use crate::domain::{Identity, Region};

/// Asks the regional STS of the account's home: a regional endpoint does not depend on us-east-1.
pub(super) async fn get(session: &Session, home: &Region) -> Result<Identity, Failure> {
    let answer = session.sts(home).get_caller_identity().send().await?;
    Ok(Identity {
        account_id: text(answer.account()),
        arn: text(answer.arn()),
        expires: session.wallet().expires().await,
    })
}
