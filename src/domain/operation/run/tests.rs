use super::*;
use crate::domain::operation::{Consent, Ending, Gate, Undo, UndoPolicy};
use crate::domain::{AccountName, Region, Scope};
use chrono::TimeDelta;

fn member(region: &str) -> Member {
    Member {
        scope: Scope::regional(&AccountName::new("prod"), &Region::new(region)),
        account: "123456789012".into(),
        target: "stack/checkout-api".into(),
        steps: vec![Step::Gate(Gate::Wait { seconds: 1 })],
        changes: Vec::new(),
        parameters: Vec::new(),
        hazards: Vec::new(),
        undo: Undo::Reverse,
        snapshot: None,
        idle: None,
        usual: None,
    }
}

fn plan() -> Plan {
    let wave = |regions: &[&str]| Wave {
        members: regions.iter().map(|region| member(region)).collect(),
        gates: vec![Gate::Approve {
            words: String::new(),
        }],
    };
    Plan {
        id: OperationId::new("20261128t221530z-deploy-7f3a"),
        verb: Verb::Deploy,
        target: "checkout-api".into(),
        made: Timestamp::default(),
        by: "ann".to_owned(),
        waves: vec![wave(&["us-east-1"]), wave(&["eu-west-1", "us-west-2"])],
        consent: Consent::Key,
        undo: UndoPolicy::default(),
    }
}

fn story() -> Vec<Stamped> {
    let (wave, member, step) = (0, 0, 0);
    let records = [
        Record::Planned(Box::new(plan())),
        Record::WaveBegan { wave },
        Record::Intent { wave, member, step },
        Record::Accepted {
            wave,
            member,
            step,
            request: Some("r-1".to_owned()),
        },
        Record::Ended {
            wave,
            member,
            step,
            ending: Ending::Failed("No.".to_owned()),
        },
        Record::Extended {
            wave,
            member,
            why: "It failed.".to_owned(),
            steps: vec![Step::Gate(Gate::Wait { seconds: 2 })],
        },
        Record::Ended {
            wave,
            member,
            step: 1,
            ending: Ending::Done,
        },
        Record::MemberEnded {
            wave,
            member,
            state: MemberState::RolledBack("No.".to_owned()),
        },
        Record::Finished(Outcome::Failed("No.".to_owned())),
    ];
    let stamp = |(number, record)| Stamped {
        number,
        at: Timestamp::default() + TimeDelta::seconds(i64::try_from(number).unwrap()),
        record,
    };
    (0..).zip(records).map(stamp).collect()
}

#[test]
fn a_run_is_the_sum_of_its_records() {
    let run = Run::replay(&story()).unwrap();
    assert!(run.is_over());
    assert_eq!(run.records, 9);
    let (_, first) = run.member(0, 0).unwrap();
    assert_eq!(first.state, MemberState::RolledBack("No.".to_owned()));
    assert_eq!(first.progress(), (2, 2));
    let (step, state) = run.step(0, 0, 1).unwrap();
    assert_eq!(*step, Step::Gate(Gate::Wait { seconds: 2 }));
    assert!(matches!(state, StepState::Ended(_, Ending::Done)));
    let (_, other) = run.member(1, 1).unwrap();
    assert_eq!(other.state, MemberState::Waiting);
    assert_eq!(run.summary().members, (3, 0));
    assert_eq!(run.step(0, 0, 2), None);
}

#[test]
fn any_beginning_of_a_story_is_a_run_and_no_record_makes_it_fall_over() {
    let story = story();
    for length in 1..=story.len() {
        let run = Run::replay(&story[..length]).unwrap();
        assert_eq!(run.records, u64::try_from(length).unwrap());
    }
    let mut run = Run::replay(&story[..1]).unwrap();
    let mut strange = story[2].clone();
    strange.record = Record::Intent {
        wave: 7,
        member: 7,
        step: 7,
    };
    run.absorb(&strange);
    assert_eq!(Run::replay(&story[1..]), None);
}

#[test]
fn what_is_written_is_what_is_read() {
    for stamped in story() {
        let text = serde_json::to_string(&stamped).unwrap();
        let read: Stamped = serde_json::from_str(&text).unwrap();
        assert_eq!(read, stamped);
    }
}
