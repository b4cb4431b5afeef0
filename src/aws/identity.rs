//! Who we are, from STS: the one call that works with no permission at all.

use super::problem::Failure;
use super::session::Session;
use super::shape::text;
use crate::domain::{Identity, Region, Timestamp};

/// Asks the regional STS of the account's home: a regional endpoint does not depend on us-east-1.
///
/// Only a home that does not know us may not be enabled for the account; a region that nobody can switch off settles
/// whether anybody knows us.
pub(super) async fn get(session: &Session, home: &Region) -> Result<Identity, Failure> {
    let refused = match ask(session, home).await {
        Err(failure) if failure.is_unknown() => failure,
        answered => return answered,
    };
    match always_enabled(home).filter(|region| region != home) {
        Some(region) => ask(session, &region).await.or(Err(refused)),
        None => Err(refused),
    }
}

async fn ask(session: &Session, region: &Region) -> Result<Identity, Failure> {
    let answer = session.sts(region).get_caller_identity().send().await?;
    // The keys that were just used; the wallet replaces them in time, and the next asking tells of the new ones.
    let keys = session.wallet().credentials().await.ok();
    Ok(Identity {
        account_id: text(answer.account()),
        arn: text(answer.arn()),
        expires: keys.and_then(|keys| keys.expiry()).map(Timestamp::from),
    })
}

/// A region of the same partition that every account has.
fn always_enabled(home: &Region) -> Option<Region> {
    let home = home.as_str();
    if home.starts_with("cn-") {
        Some(Region::new("cn-north-1"))
    } else if home.starts_with("us-gov-") {
        Some(Region::new("us-gov-west-1"))
    } else if home.contains("-iso") || home.starts_with("eusc-") {
        None
    } else {
        Some(Region::new("us-east-1"))
    }
}
