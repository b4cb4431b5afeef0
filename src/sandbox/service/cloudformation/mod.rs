//! CloudFormation: what it tells of stacks, and what it lets clients do to them.
//!
//! Whatever changes something holds [`World::writing`](crate::sandbox::world::World::writing) from its first look at a
//! stack to its last word, so that two clients cannot both be right.

mod change_sets;
mod drift;
mod events;
mod execute;
mod exports;
mod generated;
mod guard;
mod page;
mod policy;
mod proposal;
mod propose;
mod resources;
mod source;
mod stacks;
mod summary;
mod template;
mod undo;

use super::{Answer, Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::world::stack::{Stack, Standing};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeStacks" => stacks::describe(call),
        "ListStacks" => stacks::list(call),
        "CreateChangeSet" => propose::create(call),
        "DeleteChangeSet" => propose::delete(call),
        "ExecuteChangeSet" => execute::execute(call),
        "UpdateStack" => execute::update(call),
        "CancelUpdateStack" => undo::cancel(call),
        "RollbackStack" => undo::roll_back(call),
        "ContinueUpdateRollback" => undo::go_on(call),
        "DeleteStack" => undo::delete(call),
        "SetStackPolicy" => policy::set(call),
        "GetStackPolicy" => policy::get(call),
        "DescribeStackEvents" => events::describe(call),
        "ListStackResources" => resources::list(call),
        "DescribeStackResources" => resources::describe_all(call),
        "DescribeStackResource" => resources::describe_one(call),
        "GetTemplate" => template::get(call),
        "GetTemplateSummary" => summary::summary(call),
        "ValidateTemplate" => summary::validate(call),
        "ListChangeSets" => change_sets::list(call),
        "DescribeChangeSet" => change_sets::describe(call),
        "ListExports" => exports::list(call),
        "ListImports" => exports::imports(call),
        "DetectStackDrift" => drift::detect(call),
        "DescribeStackDriftDetectionStatus" => drift::detection_status(call),
        "DescribeStackResourceDrifts" => drift::resources(call),
        _ => Err(call.unknown_operation()),
    }
}

/// A stack and how it stands now.
type Found<'c> = (&'c Stack, Standing<'c>);

impl Call<'_> {
    /// Every stack that exists, or did.
    fn all_stacks(&self) -> Result<Vec<Found<'_>>, Refused> {
        let stacks = self.estate()?.stacks.iter();
        let mut found: Vec<Found<'_>> = stacks
            .filter_map(|stack| Some((stack, stack.standing(self.now)?)))
            .collect();
        // Newest first, as AWS lists them; those of a scenario stand like this already.
        found.sort_by_key(|(_, standing)| std::cmp::Reverse(standing.created));
        Ok(found)
    }

    /// A stack by name, or by ARN; a deleted one only by its ARN. `missing` words the failure.
    fn stack(&self, name: &str, missing: impl Fn(&str) -> String) -> Result<Found<'_>, Refused> {
        let stacks = self.estate()?.stacks.iter();
        let called = stacks.filter(|stack| stack.id == name || stack.name == name);
        called
            .filter_map(|stack| Some((stack, stack.standing(self.now)?)))
            .find(|(stack, standing)| stack.id == name || standing.status != "DELETE_COMPLETE")
            .ok_or_else(|| Failure::validation(missing(name)).into())
    }

    /// The stack that the request is about.
    fn named_stack(&self) -> Result<Found<'_>, Refused> {
        let name = self.required("StackName")?;
        self.stack(&name, no_such_stack)
    }
}

fn no_such_stack(name: &str) -> String {
    format!("Stack with id {name} does not exist")
}
