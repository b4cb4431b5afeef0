//! `quarterdeck rollback`: stacks and aliases, by name, where they stand.

use super::works::{FLEET, asked, works};
use crate::support::house::House;

#[test]
fn a_finished_deployment_goes_back_to_what_was_there_before() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let deploy = "$Q deploy orders --yes -r us-east-1";
    let _ = cli.shell(deploy).assert_code(0);
    let said = cli
        .shell("$Q rollback orders -r us-east-1 --yes")
        .assert_code(3);
    assert!(said.stderr.contains("nothing to go back to"), "{said}");
    let _ = cli
        .shell(&format!("{deploy} --parameter Stage=prod"))
        .assert_code(0);
    let said = cli
        .shell("$Q rollback orders -r us-east-1 --yes")
        .assert_code(0);
    assert!(
        said.stdout.contains("Parameter Stage: prod → test"),
        "{said}"
    );
    assert_eq!(asked(&house, "ExecuteChangeSet"), 3);
    let said = cli.shell("$Q ops list -o json").assert_code(0);
    let verbs: Vec<_> = said
        .json_lines()
        .iter()
        .map(|it| it["verb"].clone())
        .collect();
    assert_eq!(verbs, ["rollback", "deploy", "deploy"]);
}

#[test]
fn an_alias_goes_back_to_a_version_that_exists_or_stays() {
    let house = House::today("demo");
    let cli = works(&house, FLEET);
    let line = "$Q rollback checkout-api-Function --function -r us-east-1";
    let said = cli.shell(&format!("{line} --to 999 --yes")).assert_code(3);
    assert!(said.stderr.contains("999"), "{said}");
    assert_eq!(asked(&house, "UpdateAlias"), 0);
    let said = cli.shell("$Q rollback checkout --function").assert_code(2);
    assert!(
        said.stderr.contains("There is no function `checkout`"),
        "{said}"
    );
}

#[test]
fn what_does_not_stand_here_is_not_rolled_back() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    let said = cli.shell("$Q rollback nowhere --yes").assert_code(2);
    assert!(
        said.stderr.contains("There is no stack `nowhere`"),
        "{said}"
    );
    for (arguments, part) in [
        ("", "required"),
        ("orders --to 3", "--function"),
        ("orders --gradual", "--function"),
        ("orders --function --skip Topic", "cannot be used with"),
    ] {
        let said = cli
            .shell(&format!("$Q rollback {arguments}"))
            .assert_code(2);
        assert!(said.stderr.contains(part), "{said}");
    }
}
