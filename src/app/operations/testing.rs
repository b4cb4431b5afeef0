//! Small plans and runs for the tests of this room.

use crate::app::testing::{at, scope};
use crate::domain::operation::{
    AliasTarget, Call, Consent, Gate, Member, OperationId, Plan, Record, Run, Stamped, Step, Undo,
    UndoPolicy, Verb, Wave,
};

/// What is done in one region: the alias of `api` goes from 19 to 18.
pub(in crate::app) fn member(region: &str) -> Member {
    let call = Call::UpdateAlias {
        function: "api".into(),
        alias: "ACTIVE".to_owned(),
        before: AliasTarget::whole("19".into()),
        after: AliasTarget::whole("18".into()),
    };
    Member {
        scope: scope("prod", region),
        account: "123456789012".into(),
        target: "function/api".into(),
        steps: vec![Step::Call(call)],
        changes: Vec::new(),
        parameters: Vec::new(),
        hazards: Vec::new(),
        undo: Undo::Reverse,
        snapshot: None,
        idle: None,
        usual: None,
    }
}

/// A plan of a wave for each of these regions, with an approval between them.
pub(in crate::app) fn plan(regions: &[&str], consent: Consent) -> Plan {
    let wave = |region: &&str| Wave {
        members: vec![member(region)],
        gates: vec![Gate::Approve {
            words: String::new(),
        }],
    };
    Plan {
        id: OperationId::new("20261120-140000-rollback-4711"),
        verb: Verb::Rollback,
        target: "api".into(),
        made: at(0),
        by: "ann".to_owned(),
        waves: regions.iter().map(wave).collect(),
        consent,
        undo: UndoPolicy::default(),
    }
}

/// The records of a run: one a second.
pub(in crate::app) fn stamped(plan: Plan, records: Vec<Record>) -> Vec<Stamped> {
    let first = Record::Planned(Box::new(plan));
    let all = std::iter::once(first).chain(records);
    (0..)
        .zip(all)
        .map(|(number, record)| Stamped {
            number,
            at: at(i64::try_from(number).unwrap()),
            record,
        })
        .collect()
}

pub(in crate::app) fn run(plan: Plan, records: Vec<Record>) -> Run {
    Run::replay(&stamped(plan, records)).unwrap()
}
