//! `quarterdeck ops`: what was begun is told of, and can be gone on with, whatever ended the process.

use super::works::{FLEET, asked, works};
use crate::support::house::House;
use quarterdeck::sandbox::FailingUpdate;
use std::thread::spawn;

/// Three regions, one after the other; the second fails.
fn fleet() -> String {
    FLEET.replace("1-2-3", "1").replace(
        "bake = 0",
        "bake = 0\nregions = [\"us-east-1\", \"us-east-2\", \"eu-west-1\"]",
    )
}

#[test]
fn what_is_not_known_is_said() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let said = cli.shell("$Q ops show").assert_code(2);
    assert!(said.stderr.contains("knows no operation yet"), "{said}");
    for action in ["show", "resume", "approve", "cancel", "abandon"] {
        let said = cli
            .shell(&format!("$Q ops {action} 20261120t143207z-deploy-7f3a"))
            .assert_code(2);
        assert!(said.stderr.contains("knows no operation `2026"), "{said}");
    }
    let said = cli.shell("$Q ops resume").assert_code(2);
    assert!(
        said.stderr.contains("no operation that has not ended"),
        "{said}"
    );
    let said = cli.shell("$Q ops undo").assert_code(2);
    assert!(said.stderr.contains("invalid value"), "{said}");
    let said = cli.shell("$Q ops stats").assert_code(0);
    assert!(said.stderr.contains("No operation has ended yet"), "{said}");
}

/// Kills the process after so many lines of its story, goes on with the run, and tells how it ended.
fn killed_after(lines: usize) {
    let house = House::today("calm");
    house.sandbox.fail_update(FailingUpdate {
        stack: "orders".into(),
        accounts: Vec::new(),
        regions: vec!["us-east-2".into()],
        resource: None,
        reason: "The topic is not to be.".into(),
        times: 1,
        rollback_fails: None,
        stubborn: false,
    });
    let cli = works(&house, &fleet());
    let line = format!(
        "mkfifo story; $Q deploy orders --yes -o json > story & it=$!
         told=0; while [ $told -lt {lines} ] && read -r line; do told=$((told + 1)); done < story
         kill -9 $it; wait $it; exit 0"
    );
    let _ = cli.shell(&line).assert_code(0);
    let known = cli.shell("$Q ops list -o json").assert_code(0).json_lines();
    if known[0]["ended"].is_null() {
        let said = cli.shell("$Q ops resume").assert_code(1);
        assert!(
            said.stdout.contains("goes on with it"),
            "after {lines}: {said}"
        );
    }
    let shown = cli.shell("$Q ops show -o json").assert_code(0).json_lines();
    assert_eq!(shown[0]["outcome"], "failed", "after {lines}: {}", shown[0]);
    let waves = shown[0]["waves"].as_array().unwrap();
    let states: Vec<&str> = waves
        .iter()
        .map(|wave| wave["members"][0]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states[..2], ["succeeded", "rolled back"], "after {lines}");
    assert!(
        matches!(states[2], "waiting" | "cancelled"),
        "after {lines}: {states:?}"
    );
    // Nothing was done twice, and nothing forgotten: the same token may be sent again, and is taken once.
    let stacks = cli.shell("$Q stacks -o json").json_lines();
    let orders: Vec<_> = stacks
        .iter()
        .filter(|it| it["name"] == "orders" && it["status"] != "REVIEW_IN_PROGRESS")
        .map(|it| {
            (
                it["region"].as_str().unwrap(),
                it["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        orders.contains(&("us-east-1", "CREATE_COMPLETE")),
        "after {lines}: {orders:?}"
    );
    assert!(
        orders.contains(&("us-east-2", "ROLLBACK_COMPLETE")),
        "after {lines}: {orders:?}"
    );
    assert!(asked(&house, "ExecuteChangeSet") <= 4, "after {lines}");
}

#[test]
fn a_run_that_was_killed_anywhere_ends_as_if_it_had_not_been() {
    // The first line is the plan; a run begins with the second.
    let runs: Vec<_> = (2..12)
        .map(|lines| spawn(move || killed_after(lines)))
        .collect();
    for run in runs {
        run.join().unwrap();
    }
}
