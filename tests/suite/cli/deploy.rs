//! `quarterdeck deploy`: the plan, consent, waves, and how it ends.

use super::works::{FLEET, TEMPLATE, asked, works};
use crate::support::house::House;
use quarterdeck::sandbox::FailingUpdate;
use std::time::Duration;

fn failing(region: &str) -> FailingUpdate {
    FailingUpdate {
        stack: "orders".into(),
        accounts: Vec::new(),
        regions: vec![region.into()],
        resource: None,
        reason: "The topic is not to be.".into(),
        times: 1,
        rollback_fails: None,
        stubborn: false,
    }
}

#[test]
fn a_plan_that_nobody_agrees_to_is_printed_and_leaves_nothing_behind() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let said = cli.shell("$Q deploy orders").assert_code(3);
    for part in [
        "Deploy orders",
        "In each of 6 places",
        "Add     Topic (AWS::SNS::Topic)",
        "Wave 1 of 3",
        "execute the change set",
        "To agree: a key, or `--yes`",
    ] {
        assert!(said.stdout.contains(part), "{part}: {said}");
    }
    assert!(said.stderr.contains("Agree with `--yes`."), "{said}");
    assert_eq!(asked(&house, "ExecuteChangeSet"), 0);
    assert!(asked(&house, "CreateChangeSet") >= 6);
    // A stack that consists of a change set goes with it.
    assert!(asked(&house, "DeleteChangeSet") + asked(&house, "DeleteStack") >= 6);
    let said = cli.shell("$Q ops").assert_code(0);
    assert!(said.stderr.contains("knows no operation yet"), "{said}");
}

#[test]
fn a_dry_run_is_no_failure_and_json_has_the_whole_plan() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let line = "$Q deploy orders --dry-run -r us-east-1 -o json --yes";
    let said = cli.shell(line).assert_code(0);
    let lines = said.json_lines();
    let [plan] = &lines[..] else {
        panic!("{said}");
    };
    assert_eq!(plan["plan"]["verb"], "deploy");
    let command = plan["commands"][0].as_str().unwrap();
    assert!(command.starts_with("aws cloudformation execute-change-set --region us-east-1"));
    assert_eq!(asked(&house, "ExecuteChangeSet"), 0);
}

#[test]
fn where_the_second_wave_fails_the_third_never_begins() {
    let house = House::today("calm");
    house.sandbox.fail_update(failing("eu-west-1"));
    let cli = works(&house, FLEET);
    let said = cli.shell("$Q deploy orders --yes").assert_code(1);
    assert!(said.stdout.contains("The topic is not to be."), "{said}");
    assert!(!said.stdout.contains("wave 3 of 3 begins"), "{said}");
    assert_eq!(asked(&house, "ExecuteChangeSet"), 3);

    // The journal tells the same.
    let shown = cli.shell("$Q ops show -o json").assert_code(0).json_lines();
    let waves = shown[0]["waves"].as_array().unwrap();
    let states: Vec<Vec<&str>> = waves
        .iter()
        .map(|wave| {
            let members = wave["members"].as_array().unwrap().iter();
            members.map(|it| it["state"].as_str().unwrap()).collect()
        })
        .collect();
    assert_eq!(shown[0]["outcome"], "failed", "{said}");
    assert_eq!(states[0], ["succeeded"]);
    assert_eq!(states[1], ["succeeded", "rolled back"]);
    assert!(
        states[2]
            .iter()
            .all(|it| matches!(*it, "waiting" | "cancelled")),
        "{states:?}"
    );
    let said = cli.shell("$Q ops show").assert_code(0);
    assert!(said.stdout.contains("The topic is not to be."), "{said}");
    let said = cli.shell("$Q ops stats -o json").assert_code(0);
    let lines = said.json_lines();
    assert_eq!(
        (&lines[0]["runs"], &lines[0]["succeeded"]),
        (&1.into(), &0.into())
    );

    let said = cli
        .shell("$Q stacks --status ROLLBACK_COMPLETE -o json")
        .assert_code(0);
    let back: Vec<_> = said
        .json_lines()
        .into_iter()
        .filter(|it| it["name"] == "orders")
        .map(|it| it["region"].clone())
        .collect();
    assert_eq!(back, ["eu-west-1"], "{said}");
}

#[test]
fn the_same_again_is_nothing_to_do() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let line = "$Q deploy orders --yes -r us-east-1";
    let said = cli.shell(line).assert_code(0);
    assert!(said.stdout.contains("succeeded"), "{said}");
    let said = cli.shell(line).assert_code(0);
    assert!(
        said.stdout.contains("No updates are to be performed"),
        "{said}"
    );
    assert_eq!(asked(&house, "ExecuteChangeSet"), 1);
}

#[test]
fn a_guarded_account_wants_the_text_that_the_plan_names() {
    let house = House::today("calm");
    let fleet = FLEET.replace("guard = \"none\"\n", "");
    let cli = works(&house, &fleet);
    let line = "$Q deploy orders -r us-east-1";
    let said = cli.shell(&format!("{line} --yes")).assert_code(3);
    assert!(said.stderr.contains("`--yes` is not enough"), "{said}");
    let (_, text) = said.stderr.split_once("--agree '").unwrap();
    let (text, _) = text.split_once('\'').unwrap();
    assert!(
        text.contains("us-east-1") && text.ends_with("9012"),
        "{text}"
    );
    // What the first plan had made is gone by then.
    house.sandbox.clock().advance(Duration::from_mins(5));
    let said = cli.shell(&format!("{line} --agree orders")).assert_code(3);
    assert!(
        said.stderr.contains("not what this plan asks for"),
        "{said}"
    );
    assert_eq!(asked(&house, "ExecuteChangeSet"), 0);
}

#[test]
fn what_is_read_only_for_good_is_refused_before_anything_is_made() {
    let house = House::today("calm");
    for (fleet, flag) in [
        (FLEET.to_owned(), "--read-only"),
        (FLEET.replace("guard =", "read_only = true\nguard ="), ""),
    ] {
        let cli = works(&house, &fleet);
        let said = cli
            .shell(&format!("$Q deploy orders --yes {flag}"))
            .assert_code(3);
        assert!(said.stderr.contains("prod is read-only"), "{said}");
    }
    assert_eq!(asked(&house, "CreateChangeSet"), 0);
}

#[test]
fn a_wrong_template_is_an_error_of_usage_and_leaves_nothing_behind() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    for (file, content, part) in [
        ("torn.json", "{", "torn"),
        ("empty.json", "", "is empty"),
        ("none.json", r#"{"Resources": {}}"#, "Resources"),
        ("more.json", TEMPLATE, "Level"),
    ] {
        cli.home().write(file, content);
        let said = cli
            .shell(&format!(
                "$Q deploy orders --template {file} --yes -r us-east-1"
            ))
            .assert_code(2);
        let whole = format!("{said}");
        assert!(whole.contains(part) || part == "torn", "{said}");
        assert!(said.stderr.trim_end().ends_with('.'), "{said}");
    }
    let said = cli
        .shell("$Q deploy nobody --template gone.json --yes")
        .assert_code(2);
    assert!(
        said.stderr
            .contains("The template gone.json cannot be read"),
        "{said}"
    );
    assert_eq!(asked(&house, "ExecuteChangeSet"), 0);
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_asked() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    for (arguments, part) in [
        ("", "required"),
        ("order", "did you mean `orders`?"),
        ("nothing", "There is no deployment `nothing`"),
        ("orders --parameter Stage", "takes `KEY=VALUE`"),
        ("orders --bake soon", "is no span of time"),
        ("orders --waves many", "are no waves"),
        ("orders --undo some", "invalid value"),
        ("orders --yes --agree x", "cannot be used with"),
        ("--app nowhere", "cannot be read"),
        (
            "orders -r sa-east-1 --template orders.json --app x",
            "cannot be used with",
        ),
    ] {
        let said = cli.shell(&format!("$Q deploy {arguments}")).assert_code(2);
        assert_eq!(said.stdout, "", "{said}");
        assert!(said.stderr.contains(part), "{said}");
    }
    assert_eq!(house.sandbox.requests().len(), 0);
}

#[test]
fn an_approval_that_nobody_can_give_leaves_the_run_to_be_gone_on_with() {
    let house = House::today("calm");
    let gates =
        "bake = 0\nregions = [\"us-east-1\", \"us-east-2\"]\ngates = [{ approve = \"Well?\" }]";
    let fleet = FLEET.replace("bake = 0", gates).replace("1-2-3", "1");
    let cli = works(&house, &fleet);
    let said = cli.shell("$Q deploy orders --yes").assert_code(3);
    assert!(said.stderr.contains("waits for approval"), "{said}");
    assert_eq!(asked(&house, "ExecuteChangeSet"), 1);
    let said = cli.shell("$Q ops list").assert_code(0);
    assert!(said.stdout.contains("left behind"), "{said}");
    let said = cli.shell("$Q ops approve").assert_code(3);
    assert!(said.stderr.contains("Nobody runs"), "{said}");
    let said = cli.shell("$Q ops resume --approve fine").assert_code(0);
    assert!(said.stdout.contains("approves: fine"), "{said}");
    assert_eq!(asked(&house, "ExecuteChangeSet"), 2);
}

#[test]
fn stacks_of_a_cloud_assembly_go_where_they_were_synthesised_for() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let stack = |region: &str, needs: &str| {
        format!(
            r#"{{"type": "aws:cloudformation:stack", "environment": "aws://123456789012/{region}",
            "properties": {{"templateFile": "t.json", "stackName": "cdk", "parameters": {{"Stage": "x"}}}},
            "dependencies": [{needs}]}}"#
        )
    };
    let manifest = format!(
        r#"{{"artifacts": {{"B": {}, "A": {}}}}}"#,
        stack("eu-west-1", "\"A\""),
        stack("us-east-1", "")
    );
    cli.home().write("cdk.out/manifest.json", &manifest);
    cli.home()
        .write("cdk.out/t.json", &super::works::template());
    let said = cli
        .shell("$Q deploy --app cdk.out --dry-run")
        .assert_code(0);
    let first = said.stdout.find("prod/us-east-1").unwrap();
    let second = said.stdout.find("prod/eu-west-1").unwrap();
    assert!(first < second, "{said}");
    house.sandbox.clock().advance(Duration::from_mins(5));
    let said = cli
        .shell("$Q deploy B --app cdk.out --dry-run")
        .assert_code(0);
    assert!(!said.stdout.contains("us-east-1"), "{said}");
    assert!(said.stderr.contains("`B` needs A"), "{said}");
    let said = cli
        .shell("$Q deploy B --app cdk.out -r us-east-1 --dry-run")
        .assert_code(2);
    assert!(said.stderr.contains("123456789012/eu-west-1"), "{said}");
}
