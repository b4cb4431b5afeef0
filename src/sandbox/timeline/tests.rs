use std::sync::Arc;

use chrono::{DateTime, TimeDelta};

use super::*;

fn script(ending: Ending) -> Script {
    let touches = ["Role", "Function", "Alias", "Alarm"]
        .iter()
        .enumerate()
        .map(|(resource, logical)| Touch {
            resource,
            logical: (*logical).to_owned(),
            verb: if resource == 2 {
                Verb::Create
            } else {
                Verb::Update
            },
            takes: 2_500,
        })
        .collect();
    Script {
        verb: Verb::Update,
        touches,
        stride: 1_000,
        ending,
    }
}

fn stack_statuses(script: &Script) -> Vec<&'static str> {
    script
        .steps()
        .iter()
        .filter(|step| step.resource.is_none())
        .map(|step| step.status)
        .collect()
}

#[test]
fn an_update_that_succeeds_cleans_up_last() {
    let script = script(Ending::Succeeds);
    assert_eq!(
        stack_statuses(&script),
        [
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_COMPLETE"
        ]
    );
    assert!(script.steps().is_sorted_by_key(|step| step.at));
}

#[test]
fn a_failure_cancels_what_is_under_way_and_undoes_what_was_done() {
    let script = script(Ending::RollsBack {
        touch: 1,
        reason: "No.".to_owned(),
    });
    assert_eq!(
        stack_statuses(&script),
        [
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE"
        ]
    );
    let failed: Vec<(usize, Option<String>)> = script
        .steps()
        .into_iter()
        .filter(|step| step.status.ends_with("_FAILED"))
        .filter_map(|step| Some((step.resource?, step.reason)))
        .collect();
    assert_eq!(
        failed,
        [
            (1, Some("No.".to_owned())),
            (2, Some("Resource creation cancelled".to_owned())),
            (3, Some("Resource update cancelled".to_owned())),
        ]
    );
    assert_eq!(
        script.failure_reason(),
        "The following resource(s) failed to update: [Function, Alias, Alarm]. "
    );
    let alias = script
        .steps()
        .into_iter()
        .rfind(|step| step.resource == Some(2))
        .unwrap();
    assert_eq!(
        alias.status, "DELETE_COMPLETE",
        "what the update had made is gone"
    );
}

#[test]
fn a_rollback_that_fails_leaves_the_stack_stuck() {
    let script = script(Ending::GetsStuck {
        touch: 1,
        reason: "No.".to_owned(),
        again: "Still no.".to_owned(),
    });
    assert_eq!(
        stack_statuses(&script).last(),
        Some(&"UPDATE_ROLLBACK_FAILED")
    );
}

#[test]
fn a_routine_goes_on_for_ever_and_counts_only_successes() {
    let turn = |ending: Ending| Turn {
        counts: ending == Ending::Succeeds,
        appearance: Some(Appearance {
            delay: 0,
            script: Arc::new(script(ending)),
        }),
    };
    let routine = Routine {
        first: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        every: 60_000,
        turns: vec![
            turn(Ending::Succeeds),
            turn(Ending::RollsBack {
                touch: 0,
                reason: "No.".to_owned(),
            }),
        ],
        version: "v418".into(),
    };
    let at = |minutes| routine.first + TimeDelta::minutes(minutes);
    assert!(routine.episodes(at(-1)).is_empty());
    let versions = |minutes| {
        let last = routine.episodes(at(minutes)).pop().unwrap();
        (last.previous.to_string(), last.version.to_string())
    };
    assert_eq!(versions(0), ("v418".to_owned(), "v419".to_owned()));
    assert_eq!(versions(1), ("v419".to_owned(), "v420".to_owned()));
    assert_eq!(versions(2), ("v419".to_owned(), "v420".to_owned()));
    assert_eq!(versions(1_000_000).0, "v500418");
    assert_eq!(routine.episodes(at(1_000_000)).len(), 6);
}
