//! `quarterdeck dial`, `drain` and `restore`.

use super::works::{FLEET, asked, works};
use crate::support::house::House;

#[test]
fn a_dial_is_planned_for_the_one_group_that_is_meant() {
    let house = House::today("demo");
    let cli = works(&house, FLEET);
    let said = cli
        .shell("$Q dial gco-accelerator 50 -r eu-west-1 --commands")
        .assert_code(3);
    assert!(said.stdout.contains("dial 100 % → 50 %"), "{said}");
    assert!(
        said.stdout
            .contains("$ aws globalaccelerator update-endpoint-group --region us-west-2"),
        "{said}"
    );
    assert_eq!(asked(&house, "UpdateEndpointGroup"), 0);
    let said = cli.shell("$Q dial gco-accelerator 50").assert_code(2);
    assert!(
        said.stderr.contains("endpoint groups here; choose one"),
        "{said}"
    );
    let said = cli.shell("$Q drain nobody -r eu-west-1").assert_code(2);
    assert!(said.stderr.contains("There is no accelerator"), "{said}");
    let said = cli
        .shell("$Q drain gco-accelerator -r sa-east-1")
        .assert_code(2);
    assert!(
        said.stderr.contains("no endpoint group in that region"),
        "{said}"
    );
}

#[test]
fn nothing_is_restored_that_nobody_drained() {
    let house = House::today("demo");
    let cli = works(&house, FLEET);
    let said = cli
        .shell("$Q restore gco-accelerator -r eu-west-1 --yes")
        .assert_code(3);
    assert!(
        said.stderr.contains("No drain of this region is known"),
        "{said}"
    );
    let said = cli
        .shell("$Q dial gco-accelerator 50 -r eu-west-1 --yes --read-only")
        .assert_code(3);
    assert!(said.stderr.contains("prod is read-only"), "{said}");
    assert_eq!(asked(&house, "UpdateEndpointGroup"), 0);
}

#[test]
fn what_is_no_dial_is_refused_before_anything_is_asked() {
    let house = House::today("demo");
    let cli = works(&house, FLEET);
    for (arguments, part) in [
        ("dial shop 101", "`101` is no dial"),
        ("dial shop half", "`half` is no dial"),
        ("dial shop", "required"),
        ("drain shop --restore-after soon", "is no span of time"),
    ] {
        let said = cli.shell(&format!("$Q {arguments}")).assert_code(2);
        assert!(said.stderr.contains(part), "{said}");
    }
    assert_eq!(house.sandbox.requests().len(), 0);
}
