//! Arming: an account may be changed for a while, and everybody is told when that is over.

use super::{ARMED, Arming, Operator, Tidings};
use crate::domain::{Access, AccountName, Timestamp};
use std::time::Duration;
use tokio::task::JoinSet;

/// Between two looks at the clock, which leaps when the machine sleeps.
const CLOCK: Duration = Duration::from_secs(5);

impl Operator {
    pub(super) fn arm(&self, tasks: &mut JoinSet<()>, account: AccountName, arming: Arming) {
        let access = self.fleet.account(&account).map(|account| account.access);
        let until = match (access, arming) {
            (Some(Access::OnceArmed), Arming::On) => Some(self.shop.clock.now() + ARMED),
            // One that may be changed at any time needs no arming, one that may never be has none.
            (Some(Access::Operate | Access::ReadOnly) | None, Arming::On) | (_, Arming::Off) => {
                None
            }
        };
        self.shop.cloud.arm(&account, until);
        let turn = self.desk.armed(&account);
        let operator = self.clone();
        tasks.spawn(async move {
            operator.tell(Tidings::Armed(account.clone(), until)).await;
            let Some(until) = until else { return };
            let over = turn.run_until_cancelled(operator.until(until)).await;
            // Somebody armed it anew, or disarmed it: that has been told.
            if over.is_some() {
                operator.shop.cloud.arm(&account, None);
                operator.tell(Tidings::Armed(account, None)).await;
            }
        });
    }

    /// Waits for a moment of the house's clock.
    pub(super) async fn until(&self, moment: Timestamp) {
        while let Ok(left) = (moment - self.shop.clock.now()).to_std()
            && !left.is_zero()
        {
            tokio::time::sleep(left.min(CLOCK)).await;
        }
    }
}
