//! Plans, and the Operations view.

use super::house::{LARGE, MIDDLE, SIZES, SMALL, scene};
use super::runs;
use quarterdeck::domain::Guard;
use quarterdeck::domain::operation::Verb;

/// The widest that anybody has tried.
const SIZES_OF_PLANS: [(u16, u16); 4] = [SMALL, MIDDLE, LARGE, (60, 20)];

#[test]
fn a_plan_says_all_that_would_be_done() {
    scene(
        "plan-deploy",
        &mut runs::reading(Verb::Deploy),
        &SIZES_OF_PLANS,
    );
    scene(
        "plan-rollback",
        &mut runs::reading(Verb::Rollback),
        &SIZES_OF_PLANS,
    );
    scene(
        "plan-drain",
        &mut runs::reading(Verb::Drain),
        &[SMALL, MIDDLE],
    );
    scene(
        "plan-stop",
        &mut runs::reading(Verb::Stop),
        &[SMALL, MIDDLE],
    );
    scene(
        "plan-deploy-end",
        runs::reading(Verb::Deploy).press("end"),
        &[SMALL],
    );
    scene(
        "plan-deploy-ascii",
        &mut runs::reading(Verb::Deploy).ascii(),
        &[SMALL],
    );
}

#[test]
fn a_plan_is_waited_for_and_may_not_come() {
    scene("plan-asked", &mut runs::asking(), &[SMALL]);
    scene("plan-failed", &mut runs::refused(), &[SMALL]);
    scene(
        "plan-unread",
        runs::reading(Verb::Deploy).press("enter"),
        &[SMALL],
    );
    scene("plan-unarmed", &mut runs::unarmed(), &[SMALL, MIDDLE]);
}

#[test]
fn what_a_key_leaves_open_is_asked() {
    scene(
        "menu-rollback",
        runs::stacks(Guard::Confirm).press("R"),
        &[SMALL, MIDDLE],
    );
    scene(
        "menu-deploy",
        runs::stacks(Guard::Confirm).press("d"),
        &[SMALL],
    );
    scene(
        "asked-template",
        runs::stacks(Guard::Confirm).press("d enter"),
        &[SMALL],
    );
}

#[test]
fn runs_stand_in_a_list_those_that_want_somebody_first() {
    scene("operations", &mut runs::many(), &SIZES);
    scene("operations-ascii", &mut runs::many().ascii(), &[SMALL]);
    scene("operations-none", &mut runs::none(), &[SMALL]);
}

#[test]
fn one_run_tells_its_story() {
    scene("run-running", &mut runs::opened("running"), &SIZES);
    scene(
        "run-approval",
        &mut runs::opened("approval"),
        &[SMALL, MIDDLE],
    );
    scene("run-failed", &mut runs::opened("failed"), &[SMALL, MIDDLE]);
    scene(
        "run-left-behind",
        &mut runs::opened("left"),
        &[SMALL, MIDDLE],
    );
    scene(
        "run-running-ascii",
        &mut runs::opened("running").ascii(),
        &[SMALL],
    );
    scene("run-whole", runs::opened("failed").press("z"), &[MIDDLE]);
}

#[test]
fn leaving_while_something_runs_is_asked() {
    scene("leave", runs::many().press("q"), &[SMALL]);
}
