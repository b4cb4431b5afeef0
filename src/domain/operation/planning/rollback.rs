//! What a rollback would do, read from a stack's events.

use crate::domain::{StackEvent, StackId, StackStatus, Untrusted};

/// Whether a failed stack has no state to go back to, so that rolling it back deletes it; none where its events do not
/// reach back far enough to tell.
pub fn never_stable(status: &StackStatus, stack: &StackId, events: &[StackEvent]) -> Option<bool> {
    if *status == StackStatus::CreateFailed {
        return Some(true);
    }
    let own = || {
        events
            .iter()
            .filter(|event| event.stack == *stack && event.is_of_the_stack_itself())
    };
    let was_stable = own().any(|event| {
        matches!(
            event.status.exact(),
            "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_COMPLETE"
        )
    });
    let reaches_back = || own().any(|event| event.status.exact() == "CREATE_IN_PROGRESS");
    if was_stable {
        return Some(false);
    }
    reaches_back().then_some(true)
}

/// The resources that failed in a stack's rollback and may be left behind, as `ResourcesToSkip` names them
/// (`Nested.Logical`), with why they failed.
pub fn skippable(stack: &StackId, events: &[StackEvent]) -> Vec<(Untrusted, Option<Untrusted>)> {
    let began = events
        .iter()
        .filter(|event| event.stack == *stack && event.is_of_the_stack_itself())
        .filter(|event| event.status.exact() == "UPDATE_ROLLBACK_IN_PROGRESS")
        .map(|event| event.at)
        .max();
    let Some(began) = began else {
        return Vec::new();
    };
    let mut failed: Vec<&StackEvent> = events
        .iter()
        .filter(|event| event.at >= began && event.is_failure())
        .filter(|event| !event.is_of_the_stack_itself())
        .collect();
    failed.sort_by_key(|event| event.at);
    let explained = |event: &StackEvent| {
        let nested = event.nested();
        nested.is_some_and(|nested| failed.iter().any(|other| other.stack == nested))
    };
    let mut found: Vec<(Untrusted, Option<Untrusted>)> = Vec::new();
    for event in failed.iter().filter(|event| !explained(event)) {
        let name = if event.stack == *stack {
            event.logical.clone()
        } else {
            let (nested, logical) = (event.stack_name.exact(), event.logical.exact());
            Untrusted::new(format!("{nested}.{logical}"))
        };
        if found.iter().all(|(known, _)| *known != name) {
            found.push((name, event.reason.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::STACK_TYPE;
    use chrono::{TimeDelta, TimeZone, Utc};

    const TOP: &str = "arn:aws:cloudformation:eu-west-1:1:stack/top/1";
    const CHILD: &str = "arn:aws:cloudformation:eu-west-1:1:stack/top-Child-X/2";

    fn event(second: i64, stack: &str, logical: &str, physical: &str, status: &str) -> StackEvent {
        let kind = if physical.starts_with("arn:") {
            STACK_TYPE
        } else {
            "AWS::Lambda::Function"
        };
        StackEvent {
            id: Untrusted::new(format!("{second}-{logical}-{status}")),
            stack: StackId::new(stack),
            stack_name: StackId::new(stack).name().into(),
            logical: logical.into(),
            physical: Some(physical.into()),
            resource_type: kind.into(),
            status: status.into(),
            reason: Some("why".into()),
            at: Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap() + TimeDelta::seconds(second),
            token: None,
        }
    }

    #[test]
    fn only_what_failed_in_the_rollback_may_be_skipped_and_nested_ones_by_their_stack() {
        let events = [
            event(0, TOP, "top", TOP, "UPDATE_IN_PROGRESS"),
            event(1, TOP, "Forth", "forth", "UPDATE_FAILED"),
            event(2, TOP, "top", TOP, "UPDATE_ROLLBACK_IN_PROGRESS"),
            event(3, TOP, "Back", "back", "UPDATE_FAILED"),
            event(4, CHILD, "Deep", "deep", "UPDATE_FAILED"),
            event(5, CHILD, "top-Child-X", CHILD, "UPDATE_ROLLBACK_FAILED"),
            event(6, TOP, "Child", CHILD, "UPDATE_FAILED"),
            event(7, TOP, "top", TOP, "UPDATE_ROLLBACK_FAILED"),
        ];
        let found: Vec<_> = skippable(&StackId::new(TOP), &events)
            .into_iter()
            .map(|(name, _)| name.exact().to_owned())
            .collect();
        assert_eq!(found, ["Back", "top-Child-X.Deep"]);
        assert_eq!(skippable(&StackId::new(TOP), &events[..2]), []);
    }

    #[test]
    fn a_stack_that_never_stood_has_nothing_to_go_back_to() {
        let top = StackId::new(TOP);
        let made = |status| event(0, TOP, "top", TOP, status);
        let failed = StackStatus::UpdateFailed;
        for (status, events, expected) in [
            (StackStatus::CreateFailed, vec![], Some(true)),
            (
                failed.clone(),
                vec![made("CREATE_IN_PROGRESS"), made("CREATE_COMPLETE")],
                Some(false),
            ),
            (failed.clone(), vec![made("CREATE_IN_PROGRESS")], Some(true)),
            (failed.clone(), vec![made("UPDATE_IN_PROGRESS")], None),
            (failed, vec![], None),
        ] {
            assert_eq!(never_stable(&status, &top, &events), expected, "{status}");
        }
    }
}
