//! Plans as an operator reads them.

use super::*;
use crate::cli::Styling;
use crate::domain::operation::{
    AlarmName, Call, Gate, OnFailure, OperationId, Seen, Step, Token, Verb,
};
use crate::domain::{AccountName, Region, StackId};

fn scope(region: &str) -> Scope {
    Scope::regional(&AccountName::new("prod"), &Region::new(region))
}

fn changed(action: &str, logical: &str, kind: &str, replacement: Option<&str>) -> Change {
    Change {
        action: action.into(),
        logical: logical.into(),
        physical: None,
        resource_type: kind.into(),
        replacement: replacement.map(Into::into),
        scope: Vec::new(),
    }
}

fn member(region: &str) -> Member {
    Member {
        scope: scope(region),
        account: "111122223333".into(),
        target: "stack/checkout-api".into(),
        steps: vec![Step::Call(Call::ExecuteChangeSet {
            stack: StackId::new("arn:stack"),
            change_set: "arn:change-set".into(),
            token: Token::new("qd-1"),
            seen: Seen {
                status: "UPDATE_COMPLETE".into(),
                updated: None,
            },
            failing: OnFailure::RollBack,
        })],
        changes: vec![changed("Modify", "Function", "AWS::Lambda::Function", None)],
        parameters: vec![ParameterChange {
            key: "Stage".into(),
            before: Some("test".into()),
            after: Some("prod".into()),
        }],
        hazards: Vec::new(),
        undo: Undo::Redeploy,
        snapshot: None,
        idle: None,
        usual: Some(130),
    }
}

fn plan(waves: Vec<Wave>) -> Plan {
    Plan {
        id: OperationId::new("20261120T143207Z-deploy-7f3a"),
        verb: Verb::Deploy,
        target: "checkout-api".into(),
        made: "2026-11-20T14:32:07Z".parse().unwrap(),
        by: "ann".into(),
        waves,
        consent: Consent::Typed("checkout-api eu-west-1 3333".into()),
        undo: UndoPolicy::Failed,
    }
}

fn wave(members: Vec<Member>) -> Wave {
    Wave {
        members,
        gates: Vec::new(),
    }
}

fn text(plan: &Plan, detail: Detail) -> String {
    let output = Output {
        styling: Styling::Plain,
        is_terminal: false,
        regions: <[anstyle::Style; 6]>::default(),
    };
    let lines = lines(plan, detail);
    let lines: Vec<String> = lines.iter().map(|line| line.painted(output)).collect();
    lines.join("\n")
}

#[test]
fn what_is_the_same_everywhere_stands_once_and_differences_beside_it() {
    let mut eu = member("eu-west-1");
    eu.changes.push(changed(
        "Modify",
        "Orders",
        "AWS::DynamoDB::Table",
        Some("True"),
    ));
    eu.hazards.push(Hazard::Loses {
        logical: "Orders".into(),
        kind: "AWS::DynamoDB::Table".into(),
    });
    let mut idle = member("ap-south-1");
    idle.idle = Some("No updates are to be performed.".into());
    let mut first = wave(vec![member("us-east-1")]);
    first.gates = vec![
        Gate::Bake {
            seconds: 300,
            alarms: vec![AlarmName {
                scope: scope("us-east-1"),
                name: "errors".into(),
            }],
        },
        Gate::Approve {
            words: "Go on?".into(),
        },
    ];
    let plan = plan(vec![first, wave(vec![eu, idle])]);
    insta::assert_snapshot!(text(&plan, Detail::Words));
}

#[test]
fn calls_can_be_read_as_commands() {
    let text = text(
        &plan(vec![wave(vec![member("us-east-1")])]),
        Detail::Commands,
    );
    assert!(
        text.contains(
            "$ aws cloudformation execute-change-set --region us-east-1 --change-set-name arn:change-set"
        ),
        "{text}"
    );
}

#[test]
fn nothing_from_outside_acts_on_the_terminal() {
    let mut hostile = member("us-east-1");
    hostile
        .changes
        .push(changed("\u{1b}[2J", "\u{9b}31m", "\u{202e}", None));
    hostile.parameters[0].after = Some("\u{1b}]52;c;\u{7}".into());
    hostile.hazards.push(Hazard::Warns("\u{1b}[2J".into()));
    hostile.undo = Undo::Never("\u{1b}c".into());
    let mut idle = member("eu-west-1");
    idle.idle = Some("\u{1b}[1m".into());
    let mut plan = plan(vec![wave(vec![hostile, idle])]);
    plan.target = "\u{1b}[3J".into();
    plan.consent = Consent::Typed("\u{1b}[4J".into());
    let text = text(&plan, Detail::Commands);
    assert!(
        !text.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']),
        "{text:?}"
    );
}
