//! The Lambda functions of an estate: those that its stacks made.

use chrono::{DateTime, Utc};

use super::ledger::Ledger;
use super::random::Dice;
use super::stack::{Resource, Stack};
use crate::sandbox::timeline::Ending;

/// One function, and where it logs.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Function<'s> {
    pub(in crate::sandbox) stack: &'s Stack,
    pub(in crate::sandbox) resource: &'s Resource,
    pub(in crate::sandbox) runtime: Runtime,
    /// In megabytes.
    pub(in crate::sandbox) memory: i64,
    /// In seconds.
    pub(in crate::sandbox) timeout: i64,
    pub(in crate::sandbox) log_group: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Runtime {
    Node,
    Python,
    Java,
}

impl Runtime {
    /// The identifier that Lambda's API uses.
    pub(in crate::sandbox) fn id(self) -> &'static str {
        match self {
            Runtime::Node => "nodejs22.x",
            Runtime::Python => "python3.13",
            Runtime::Java => "java21",
        }
    }
}

pub(in crate::sandbox) const KIND: &str = "AWS::Lambda::Function";
const LOG_GROUP: &str = "AWS::Logs::LogGroup";

/// The functions of these stacks, in the stacks' order. What a function is made of is the same in every
/// region, as its template is.
pub(in crate::sandbox) fn functions(
    seed: u64,
    stacks: &Ledger<Stack>,
) -> impl Iterator<Item = Function<'_>> {
    stacks.iter().flat_map(move |stack| {
        let of_stack = stack.resources.iter();
        of_stack
            .filter(|resource| resource.kind == KIND)
            .map(move |resource| function(seed, stack, resource))
    })
}

fn function<'s>(seed: u64, stack: &'s Stack, resource: &'s Resource) -> Function<'s> {
    let mut dice = Dice::named(seed, &format!("{}/{}", stack.service(), resource.logical));
    let runtime = match dice.between(0, 10) {
        0..4 => Runtime::Python,
        4..8 => Runtime::Node,
        _ => Runtime::Java,
    };
    let pick = |dice: &mut Dice, of: [i64; 4]| {
        let place = usize::try_from(dice.between(0, 4)).unwrap_or(0);
        of[place]
    };
    Function {
        memory: pick(&mut dice, [128, 256, 512, 1_024]),
        timeout: pick(&mut dice, [3, 10, 15, 29]),
        log_group: own_log_group(stack, resource)
            .unwrap_or_else(|| format!("/aws/lambda/{}", resource.physical)),
        stack,
        resource,
        runtime,
    }
}

/// A `WorkerFunction` beside a log group `WorkerLogs` was told to write there.
fn own_log_group(stack: &Stack, function: &Resource) -> Option<String> {
    let stem = function
        .logical
        .strip_suffix("Function")
        .filter(|stem| !stem.is_empty())?;
    let wanted = format!("{stem}Logs");
    let group = stack
        .resources
        .iter()
        .find(|resource| resource.kind == LOG_GROUP && resource.logical == wanted)?;
    Some(group.physical.clone())
}

impl Function<'_> {
    /// Why its last update failed, if it did.
    pub(in crate::sandbox) fn failed_update(&self) -> Option<&str> {
        // Whoever has deployed it since knows how that went.
        if self.stack.operations.iter().next().is_some() {
            return None;
        }
        let last = self.stack.past.last()?;
        let (touch, reason) = match &last.script.ending {
            Ending::Succeeds => return None,
            Ending::RollsBack { touch, reason } | Ending::GetsStuck { touch, reason, .. } => {
                (*touch, reason)
            }
        };
        let cause = last.script.touches.get(touch)?;
        (cause.logical == self.resource.logical).then_some(reason.as_str())
    }

    /// When its code was last deployed.
    pub(in crate::sandbox) fn modified(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let standing = self.stack.standing(now)?;
        Some(standing.updated.unwrap_or(standing.created))
    }
}

impl Stack {
    /// The service that the stack belongs to: its tag, or else the first word of its name.
    pub(in crate::sandbox) fn service(&self) -> &str {
        let tag = self.born.tags.iter().find(|(key, _)| key == "service");
        tag.map_or_else(
            || self.name.split('-').next().unwrap_or_default(),
            |(_, value)| value,
        )
    }
}
