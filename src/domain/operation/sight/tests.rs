use super::*;
use crate::domain::StackId;
use crate::domain::operation::{OnFailure, Token};

fn seen() -> Seen {
    Seen {
        status: "UPDATE_COMPLETE".to_owned(),
        updated: None,
    }
}

fn execute() -> Call {
    Call::ExecuteChangeSet {
        stack: StackId::new("arn:stack"),
        change_set: "arn:set".into(),
        token: Token::new("qd-1"),
        seen: seen(),
        failing: OnFailure::RollBack,
    }
}

fn stack(status: &str, trace: Trace, change_set: Option<&str>) -> Sight {
    Sight::Stack(StackSight {
        status: StackStatus::parse(status),
        reason: Some("It says so.".into()),
        updated: None,
        trace,
        change_set: change_set.map(Into::into),
        progress: None,
        cause: None,
    })
}

fn sizes(least: u32, desired: u32, most: u32) -> Sizes {
    Sizes {
        least,
        desired,
        most,
    }
}

/// What is told, without its words.
fn kind(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Untouched => "untouched",
        Verdict::Underway(_) => "under way",
        Verdict::Done => "done",
        Verdict::Failed(_) => "failed",
        Verdict::RolledBack(_) => "rolled back",
        Verdict::Strange(_) => "strange",
    }
}

#[test]
fn an_update_is_ours_when_its_token_is_found_and_nobodys_business_otherwise() {
    use Trace::{Absent, Newest};
    for (status, trace, change_set, wanted) in [
        ("UPDATE_COMPLETE", Absent, Some("AVAILABLE"), "untouched"),
        ("UPDATE_COMPLETE", Absent, Some("OBSOLETE"), "strange"),
        ("UPDATE_COMPLETE", Absent, None, "strange"),
        ("UPDATE_IN_PROGRESS", Absent, Some("AVAILABLE"), "strange"),
        ("UPDATE_IN_PROGRESS", Newest, None, "under way"),
        (
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            Newest,
            None,
            "under way",
        ),
        ("UPDATE_ROLLBACK_IN_PROGRESS", Newest, None, "under way"),
        ("MIGRATE_IN_PROGRESS", Newest, None, "under way"),
        ("UPDATE_COMPLETE", Newest, None, "done"),
        ("CREATE_COMPLETE", Newest, None, "done"),
        ("UPDATE_ROLLBACK_COMPLETE", Newest, None, "rolled back"),
        ("ROLLBACK_COMPLETE", Newest, None, "rolled back"),
        ("UPDATE_ROLLBACK_FAILED", Newest, None, "failed"),
        ("UPDATE_FAILED", Newest, None, "failed"),
    ] {
        let words = format!("{status} {trace:?} {change_set:?}");
        let verdict = execute().judge(&stack(status, trace, change_set));
        assert_eq!(kind(&verdict), wanted, "{words}");
    }
}

#[test]
fn an_operation_of_somebody_else_after_ours_does_not_tell_how_ours_ended() {
    let back = Call::RollbackStack {
        stack: StackId::new("arn:stack"),
        token: Token::new("qd-1"),
        seen: seen(),
    };
    for (now, ours, of_update, of_rollback) in [
        ("UPDATE_IN_PROGRESS", None, "strange", "strange"),
        ("UPDATE_COMPLETE", None, "strange", "strange"),
        ("UPDATE_ROLLBACK_COMPLETE", None, "strange", "strange"),
        (
            "UPDATE_COMPLETE",
            Some("UPDATE_IN_PROGRESS"),
            "strange",
            "strange",
        ),
        (
            "UPDATE_ROLLBACK_COMPLETE",
            Some("UPDATE_COMPLETE"),
            "done",
            "failed",
        ),
        (
            "UPDATE_IN_PROGRESS",
            Some("UPDATE_COMPLETE"),
            "done",
            "failed",
        ),
        (
            "UPDATE_COMPLETE",
            Some("UPDATE_ROLLBACK_COMPLETE"),
            "rolled back",
            "done",
        ),
        ("UPDATE_COMPLETE", Some("UPDATE_FAILED"), "failed", "failed"),
    ] {
        let sight = stack(now, Trace::Overtaken(ours.map(StackStatus::parse)), None);
        let verdicts = (execute().judge(&sight), back.judge(&sight));
        let kinds = (kind(&verdicts.0), kind(&verdicts.1));
        assert_eq!(kinds, (of_update, of_rollback), "{now} {ours:?}");
    }
    let sight = stack("UPDATE_COMPLETE", Trace::Overtaken(None), None);
    let words = "Another operator changed this stack since: it is UPDATE_COMPLETE.";
    assert_eq!(execute().judge(&sight), Verdict::Strange(words.to_owned()));
}

#[test]
fn only_the_update_that_was_seen_is_cancelled() {
    let cancel = |updated| Call::CancelUpdateStack {
        stack: StackId::new("arn:stack"),
        token: Token::new("qd-1"),
        seen: Some(Seen {
            status: "UPDATE_IN_PROGRESS".to_owned(),
            updated,
        }),
    };
    let (same, other) = (cancel(None), cancel(Some(Timestamp::default())));
    for (status, trace, of_same, of_other) in [
        ("UPDATE_IN_PROGRESS", Trace::Absent, "untouched", "strange"),
        (
            "UPDATE_IN_PROGRESS",
            Trace::Overtaken(None),
            "strange",
            "strange",
        ),
        (
            "UPDATE_ROLLBACK_COMPLETE",
            Trace::Overtaken(None),
            "strange",
            "strange",
        ),
        ("UPDATE_ROLLBACK_COMPLETE", Trace::Newest, "done", "done"),
    ] {
        let sight = stack(status, trace, None);
        let verdicts = (same.judge(&sight), other.judge(&sight));
        let kinds = (kind(&verdicts.0), kind(&verdicts.1));
        assert_eq!(kinds, (of_same, of_other), "{sight:?}");
    }
}

#[test]
fn a_stack_that_was_updated_meanwhile_is_not_the_one_that_was_seen() {
    let Sight::Stack(mut sight) = stack("UPDATE_COMPLETE", Trace::Absent, Some("AVAILABLE")) else {
        unreachable!()
    };
    sight.updated = Some(Timestamp::default());
    let verdict = execute().judge(&Sight::Stack(sight));
    assert_eq!(kind(&verdict), "strange");
}

#[test]
fn a_cancellation_that_comes_too_late_says_so() {
    let cancel = Call::CancelUpdateStack {
        stack: StackId::new("arn:stack"),
        token: Token::new("qd-1"),
        seen: None,
    };
    for (status, wanted) in [
        ("UPDATE_IN_PROGRESS", "untouched"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "under way"),
        ("UPDATE_ROLLBACK_COMPLETE", "done"),
        ("UPDATE_COMPLETE", "strange"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "strange"),
        ("UPDATE_ROLLBACK_FAILED", "failed"),
    ] {
        let verdict = cancel.judge(&stack(status, Trace::Absent, None));
        assert_eq!(kind(&verdict), wanted, "{status}");
    }
}

#[test]
fn a_group_is_down_when_its_instances_are_and_up_when_they_serve() {
    let (up, down) = (sizes(1, 3, 6), sizes(0, 0, 6));
    let set = |before, after| Call::SetSizes {
        group: "workers".into(),
        before,
        after,
    };
    let stands = |sizes, serving, instances| Sight::Sizes {
        sizes,
        serving,
        instances,
    };
    for (call, sight, wanted) in [
        (set(up, down), stands(up, 3, 3), "untouched"),
        (set(up, down), stands(down, 0, 2), "under way"),
        (set(up, down), stands(down, 0, 0), "done"),
        (set(up, down), stands(sizes(2, 3, 6), 3, 3), "strange"),
        (set(down, up), stands(down, 0, 0), "untouched"),
        (set(down, up), stands(up, 1, 3), "under way"),
        (set(down, up), stands(up, 3, 3), "done"),
        // Of a group that may have no instance at all, only what is desired tells.
        (
            set(sizes(0, 0, 6), sizes(0, 3, 6)),
            stands(sizes(0, 0, 6), 0, 0),
            "untouched",
        ),
        // A scaling policy wants fewer already: that is its right.
        (set(down, up), stands(sizes(1, 2, 6), 2, 2), "done"),
    ] {
        assert_eq!(kind(&call.judge(&sight)), wanted, "{call:?} {sight:?}");
    }
}

#[test]
fn what_was_changed_by_somebody_else_is_told() {
    let point = |version: &str| AliasTarget::whole(version.into());
    let flip = Call::UpdateAlias {
        function: "checkout".into(),
        alias: "ACTIVE".to_owned(),
        before: point("19"),
        after: point("18"),
    };
    for (now, wanted) in [("19", "untouched"), ("18", "done"), ("20", "strange")] {
        let verdict = flip.judge(&Sight::Alias(point(now)));
        assert_eq!(kind(&verdict), wanted);
    }
    let back = flip.reversed().unwrap();
    let verdict = back.judge(&Sight::Alias(point("18")));
    assert_eq!(verdict, Verdict::Untouched);
    assert_eq!(kind(&flip.judge(&Sight::Gone)), "strange");
    assert_eq!(kind(&flip.judge(&Sight::Policy(None))), "strange");
}

#[test]
fn a_dial_is_done_when_every_edge_knows() {
    let dial = Call::SetDial {
        group: crate::domain::AcceleratorArn::new("arn:group"),
        before: 100.0,
        after: 0.0,
    };
    for (percent, reach, wanted) in [
        (100.0, Spread::Deployed, "untouched"),
        (0.0, Spread::InProgress, "under way"),
        (0.0, Spread::Deployed, "done"),
        (50.0, Spread::Deployed, "strange"),
    ] {
        let verdict = dial.judge(&Sight::Dial { percent, reach });
        assert_eq!(kind(&verdict), wanted);
    }
}
