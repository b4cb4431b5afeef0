//! What a plan says, and where.

use super::*;
use crate::app::operations::testing::{member, plan};
use crate::domain::Change;
use crate::domain::operation::{Consent, Hazard};

fn change(action: &str, logical: &str, replacement: Option<&str>, physical: &str) -> Change {
    Change {
        action: action.into(),
        logical: logical.into(),
        physical: Some(physical.into()),
        resource_type: "AWS::DynamoDB::Table".into(),
        replacement: replacement.map(Untrusted::new),
        scope: Vec::new(),
    }
}

/// A plan of three regions in one wave; what each of them has is up to the test.
fn three(prepare: impl Fn(usize, &mut Member)) -> Plan {
    let mut plan = plan(&["us-east-1"], Consent::Key);
    let regions = ["us-east-1", "eu-west-1", "eu-north-1"];
    let members = regions.into_iter().map(member).enumerate();
    plan.waves[0].members = members
        .map(|(index, mut member)| {
            prepare(index, &mut member);
            member
        })
        .collect();
    plan
}

fn told(plan: &Plan) -> Vec<String> {
    let lines = lines(plan).into_iter();
    lines
        .map(|it| format!("{} | {} | {}", it.name, it.words, it.note))
        .collect()
}

#[test]
fn what_is_the_same_everywhere_stands_once_and_differences_beside_it() {
    let plan = three(|index, member| {
        let physical = format!("table-{index}");
        member.changes = vec![change("Modify", "Orders", Some("False"), &physical)];
        if index == 1 {
            member.changes.push(change("Remove", "Old", None, "old"));
        }
    });
    let told = told(&plan);
    let about = |name: &str| {
        let lines = told.iter().filter(|line| line.contains(name));
        lines.cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        about("Orders"),
        ["Modify | Orders AWS::DynamoDB::Table | all 3 places"]
    );
    assert_eq!(
        about("Old"),
        ["Remove | Old AWS::DynamoDB::Table | eu-west-1"]
    );
}

#[test]
fn what_is_lost_is_the_first_that_is_said() {
    let plan = three(|index, member| {
        member.hazards.push(Hazard::Warns("Keep calm.".to_owned()));
        if index == 2 {
            member.hazards.push(Hazard::Loses {
                logical: "Orders\u{1b}[2J".into(),
                kind: "AWS::DynamoDB::Table".into(),
            });
        }
    });
    let lines = lines(&plan);
    assert_eq!(lines[0].tone, Tone::Danger);
    assert_eq!(lines[0].note, "eu-north-1");
    assert!(!lines[0].words.contains('\u{1b}'), "{}", lines[0].words);
    assert_eq!(lines[1].note, "all 3 places");
}

#[test]
fn every_place_is_named_and_so_is_why_one_has_nothing_to_do() {
    let plan = three(|index, member| {
        if index == 0 {
            member.idle = Some("The alias points to 18 already.".to_owned());
        }
    });
    assert_eq!(places(&plan), (3, 2));
    let told = told(&plan);
    for line in [
        "eu-west-1 | alias ACTIVE 19 → 18 | lambda:UpdateAlias",
        "eu-north-1 | the same | ",
        "us-east-1 | The alias points to 18 already. | ",
        "undo | alias ACTIVE 18 → 19 | ",
    ] {
        assert!(told.iter().any(|it| it == line), "{line}: {told:#?}");
    }
}
