//! What requests mean.
//!
//! A service sees a [`Call`] and answers with a [`Map`], or with a [`Stream`] of them; it never learns in which
//! protocol. Services are found by their signing name, operations by their own.

mod accelerator;
mod account;
mod auto_scaling;
mod cloudformation;
mod cloudwatch;
mod ec2;
mod ecs;
mod lambda;
mod load_balancing;
mod logs;
mod page;
mod parameters;
mod rds;
mod scaling;
mod sso;
mod storage;
mod sts;

use chrono::{DateTime, Utc};

use super::failure::{Failure, Refusal};
use super::stream::Stream;
use super::value::Map;
use super::world::metrics::Board;
use super::world::work::Spot;
use super::world::{Caller, Estate, World};

/// One operation, asked by somebody, somewhere, at some time.
pub(super) struct Call<'c> {
    pub(super) world: &'c World,
    /// The request's.
    pub(super) id: &'c str,
    pub(super) now: DateTime<Utc>,
    pub(super) caller: &'c Caller,
    pub(super) region: &'c str,
    pub(super) service: &'c str,
    pub(super) operation: &'c str,
    pub(super) version: &'c str,
    pub(super) input: &'c Map,
}

/// A refusal that any service could make, or a failure of this one's own.
pub(super) enum Refused {
    Plainly(Refusal),
    With(Failure),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused::Plainly(refusal)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused::With(failure)
    }
}

pub(super) type Answer = Result<Map, Refused>;

/// What is said to a request that is not refused.
pub(super) enum Output {
    Whole(Map),
    /// It goes on until somebody has had enough.
    Stream(Box<dyn Stream>),
}

pub(super) fn answer(call: &Call<'_>) -> Result<Output, Refused> {
    let whole = match call.service {
        "sts" => sts::answer(call),
        "cloudformation" => cloudformation::answer(call),
        "monitoring" => cloudwatch::answer(call),
        "logs" if call.operation == "StartLiveTail" => {
            return logs::follow(call).map(Output::Stream);
        }
        "logs" => logs::answer(call),
        "ec2" => ec2::answer(call),
        "lambda" => lambda::answer(call),
        "globalaccelerator" => accelerator::answer(call),
        "autoscaling" => auto_scaling::answer(call),
        "application-autoscaling" => scaling::answer(call),
        "ecs" => ecs::answer(call),
        "rds" => rds::answer(call),
        "elasticloadbalancing" => load_balancing::answer(call),
        "s3" => storage::answer(call),
        "ssm" => parameters::answer(call),
        "account" => account::answer(call),
        "awsssoportal" | "sso-oauth" => sso::answer(call),
        _ => Err(call.unknown_operation()),
    };
    whole.map(Output::Whole)
}

impl Call<'_> {
    fn unknown_operation(&self) -> Refused {
        Refused::Plainly(Refusal::UnknownOperation {
            operation: self.operation.to_owned(),
            version: self.version.to_owned(),
        })
    }

    /// What the caller has in the region asked.
    fn estate(&self) -> Result<&Estate, Refused> {
        Ok(self.world.estate(&self.caller.account, self.region)?)
    }

    /// Where and when is asked.
    fn spot(&self) -> Spot<'_> {
        Spot {
            account: &self.caller.account,
            region: self.region,
            now: self.now,
        }
    }

    /// The metrics there, as of now.
    fn board(&self) -> Result<Board, Refused> {
        Ok(self
            .world
            .board(&self.caller.account, self.region, self.now)?)
    }

    /// Whether one more request is within a rate per second that is shared under `name`; asking counts.
    fn within(&self, name: &str, per_second: f64) -> bool {
        let logs = &self.world.logs;
        let place = [&self.caller.account, self.region, name].map(str::to_owned);
        !logs.plan.quotas || logs.take(place, per_second, self.now)
    }

    /// A member that the operation cannot do without.
    fn required(&self, member: &str) -> Result<String, Refused> {
        match self.input.text(member) {
            Some(text) => Ok(text.into_owned()),
            None => Err(Failure::validation(format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_first(member)
            ))
            .into()),
        }
    }
}

/// Java's name for a member, which is what validation messages say.
fn lower_first(member: &str) -> String {
    let mut letters = member.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}
