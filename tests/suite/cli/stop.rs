//! `quarterdeck stop` and `start`.

use super::works::{FLEET, works};
use crate::support::house::House;

#[test]
fn a_stack_of_which_nothing_can_be_stopped_is_nothing_to_do() {
    let house = House::today("demo");
    let cli = works(&house, FLEET);
    let said = cli
        .shell("$Q stop checkout-api -r us-east-1")
        .assert_code(0);
    assert!(said.stdout.contains("nothing to do"), "{said}");
    assert!(!said.stdout.contains("To agree"), "{said}");
}

#[test]
fn what_stands_nowhere_is_not_stopped() {
    let house = House::today("calm");
    let cli = works(&house, FLEET);
    for verb in ["stop", "start"] {
        let said = cli
            .shell(&format!("$Q {verb} nowhere --yes"))
            .assert_code(2);
        assert!(
            said.stderr.contains("There is no stack `nowhere`"),
            "{said}"
        );
        let said = cli
            .shell(&format!("$Q {verb} nowhere --yes --read-only"))
            .assert_code(2);
        assert_eq!(said.stdout, "");
    }
}
