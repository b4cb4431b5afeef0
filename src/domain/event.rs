//! Stack events, and the one among them that explains a failure.
//!
//! A failed operation leaves a cascade: the first real failure, then a dozen "Resource creation cancelled", then
//! the parent stacks' "Embedded stack … was not successfully updated". [`root_cause`] picks the first out.

use super::{StackId, Timestamp, Untrusted};
use std::collections::BTreeSet;

/// One row of `DescribeStackEvents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackEvent {
    pub id: Untrusted,
    /// The stack that reports it; a nested stack's events carry the nested stack's id.
    pub stack: StackId,
    pub stack_name: Untrusted,
    pub logical: Untrusted,
    pub physical: Option<Untrusted>,
    /// `AWS::Lambda::Function` and the like.
    pub resource_type: Untrusted,
    pub status: Untrusted,
    pub reason: Option<Untrusted>,
    pub at: Timestamp,
    /// The token of the request that began the operation, where it had one.
    pub token: Option<Untrusted>,
}

/// What CloudFormation calls a stack inside a stack, and a stack's own row.
pub const STACK_TYPE: &str = "AWS::CloudFormation::Stack";

impl StackEvent {
    /// Whether this is the stack's own row rather than one of its resources'.
    pub fn is_of_the_stack_itself(&self) -> bool {
        self.resource_type.exact() == STACK_TYPE
            && self
                .physical
                .as_ref()
                .is_some_and(|id| id.exact() == self.stack.exact())
    }

    /// The nested stack that this resource row stands for.
    pub fn nested(&self) -> Option<StackId> {
        let physical = self
            .physical
            .as_ref()
            .filter(|id| id.exact().starts_with("arn:"))?;
        (self.resource_type.exact() == STACK_TYPE && physical.exact() != self.stack.exact())
            .then(|| StackId::new(physical.exact()))
    }

    pub fn is_failure(&self) -> bool {
        self.status.exact().ends_with("_FAILED")
    }

    /// Whether it failed only because something else had failed before.
    fn is_cancellation(&self) -> bool {
        self.reason.as_ref().is_some_and(|reason| {
            let reason = reason.exact();
            reason.starts_with("Resource ") && reason.contains(" cancelled")
                || reason.contains("cancelled by another")
        })
    }

    /// Whether a person or a pipeline began an operation here, as opposed to a rollback that follows from one.
    pub fn begins_operation(&self) -> bool {
        matches!(
            self.status.exact(),
            "CREATE_IN_PROGRESS"
                | "UPDATE_IN_PROGRESS"
                | "DELETE_IN_PROGRESS"
                | "IMPORT_IN_PROGRESS"
                | "REVIEW_IN_PROGRESS"
        ) && self.is_of_the_stack_itself()
    }
}

/// The first failure of the stack's latest operation that is not the consequence of another one.
///
/// `events` are those of `stack` and of the stacks nested in it, in any order. A failed nested stack's row is a
/// consequence when the nested stack's own failure is among the events.
pub fn root_cause<'a>(stack: &StackId, events: &'a [StackEvent]) -> Option<&'a StackEvent> {
    let began = events
        .iter()
        .filter(|event| event.stack == *stack && event.begins_operation())
        .map(|event| event.at)
        .max();
    let of_this_operation = |event: &&StackEvent| began.is_none_or(|began| event.at >= began);
    let failures: Vec<&StackEvent> = events
        .iter()
        .filter(|event| event.is_failure() && !event.is_cancellation())
        .filter(of_this_operation)
        .collect();
    let explained: BTreeSet<&StackId> = failures
        .iter()
        .filter(|event| !event.is_of_the_stack_itself())
        .map(|event| &event.stack)
        .collect();
    let is_cause = |event: &&&StackEvent| {
        !event.is_of_the_stack_itself()
            && event
                .nested()
                .is_none_or(|nested| !explained.contains(&nested))
    };
    failures
        .iter()
        .filter(is_cause)
        .min_by_key(|event| event.at)
        // Nothing but the stack's own row failed: a hook, or a validation before any resource.
        .or_else(|| failures.iter().min_by_key(|event| event.at))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, TimeZone, Utc};

    const TOP: &str = "arn:aws:cloudformation:eu-west-1:1:stack/top/1";
    const CHILD: &str = "arn:aws:cloudformation:eu-west-1:1:stack/top-child/2";

    fn event(
        second: i64,
        stack: &str,
        logical: &str,
        physical: &str,
        kind: &str,
        status: &str,
        reason: &str,
    ) -> StackEvent {
        StackEvent {
            id: Untrusted::new(format!("{second}-{logical}-{status}")),
            stack: StackId::new(stack),
            stack_name: Untrusted::new(StackId::new(stack).name()),
            logical: Untrusted::new(logical),
            physical: Some(Untrusted::new(physical)),
            resource_type: Untrusted::new(kind),
            status: Untrusted::new(status),
            reason: (!reason.is_empty()).then(|| Untrusted::new(reason)),
            at: Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap() + TimeDelta::seconds(second),
            token: None,
        }
    }

    fn nested_failure() -> Vec<StackEvent> {
        vec![
            event(
                0,
                TOP,
                "top",
                TOP,
                STACK_TYPE,
                "UPDATE_IN_PROGRESS",
                "User Initiated",
            ),
            event(1, TOP, "Child", CHILD, STACK_TYPE, "UPDATE_IN_PROGRESS", ""),
            event(
                2,
                CHILD,
                "top-child",
                CHILD,
                STACK_TYPE,
                "UPDATE_IN_PROGRESS",
                "",
            ),
            event(
                4,
                CHILD,
                "Fn",
                "fn",
                "AWS::Lambda::Function",
                "UPDATE_FAILED",
                "Memory limit exceeded",
            ),
            event(
                4,
                CHILD,
                "Other",
                "other",
                "AWS::Lambda::Function",
                "UPDATE_FAILED",
                "Resource update cancelled",
            ),
            event(
                5,
                CHILD,
                "top-child",
                CHILD,
                STACK_TYPE,
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "The following resource(s) failed to update: [Fn].",
            ),
            event(
                6,
                TOP,
                "Child",
                CHILD,
                STACK_TYPE,
                "UPDATE_FAILED",
                "Embedded stack was not successfully updated.",
            ),
            event(
                7,
                TOP,
                "top",
                TOP,
                STACK_TYPE,
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "The following resource(s) failed to update: [Child].",
            ),
        ]
    }

    #[test]
    fn the_cause_is_found_inside_the_nested_stack() {
        let events = nested_failure();
        assert_eq!(
            root_cause(&StackId::new(TOP), &events)
                .unwrap()
                .logical
                .exact(),
            "Fn"
        );
    }

    #[test]
    fn without_the_nested_events_the_nested_row_is_the_best_we_know() {
        let events: Vec<_> = nested_failure()
            .into_iter()
            .filter(|event| event.stack.exact() == TOP)
            .collect();
        assert_eq!(
            root_cause(&StackId::new(TOP), &events)
                .unwrap()
                .logical
                .exact(),
            "Child"
        );
    }

    #[test]
    fn an_earlier_operations_failure_is_not_this_ones() {
        let mut events = nested_failure();
        events.push(event(
            60,
            TOP,
            "top",
            TOP,
            STACK_TYPE,
            "UPDATE_IN_PROGRESS",
            "User Initiated",
        ));
        events.push(event(
            61,
            TOP,
            "top",
            TOP,
            STACK_TYPE,
            "UPDATE_COMPLETE",
            "",
        ));
        assert_eq!(root_cause(&StackId::new(TOP), &events), None);
    }

    #[test]
    fn a_failure_of_the_stack_alone_is_its_own_cause() {
        let events = vec![
            event(
                0,
                TOP,
                "top",
                TOP,
                STACK_TYPE,
                "CREATE_IN_PROGRESS",
                "User Initiated",
            ),
            event(
                1,
                TOP,
                "top",
                TOP,
                STACK_TYPE,
                "CREATE_FAILED",
                "The following hook(s) failed: [Policy]",
            ),
        ];
        assert_eq!(
            root_cause(&StackId::new(TOP), &events)
                .unwrap()
                .status
                .exact(),
            "CREATE_FAILED"
        );
    }
}
