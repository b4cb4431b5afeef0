//! Plans and runs, made by hand, and houses that show them.

use super::house::{House, account, noon, scope, stack};
use chrono::TimeDelta;
use quarterdeck::domain::operation::{
    AliasTarget, Call, Consent, Ending, Gate, GateState, Hazard, Member, MemberState, OnFailure,
    OperationId, Outcome, ParameterChange, Plan, Record, Run, Seen, Sizes, Stamped, Step, Thing,
    Token, Undo, UndoPolicy, Verb, Wave,
};
use quarterdeck::domain::{
    AcceleratorArn, Access, AccountName, Change, Guard, Kind, Problem, StackId, Untrusted,
};
use quarterdeck::engine::message::{Keeper, Ticket, Tidings, Update};

const REGIONS: [&str; 6] = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-1",
    "ap-southeast-1",
];

/// One stack in six regions, in an account that may be changed.
pub(super) fn stacks(guard: Guard) -> House {
    house(guard, Access::Operate)
}

fn house(guard: Guard, access: Access) -> House {
    let mut prod = account("prod", &REGIONS);
    prod.guard = guard;
    prod.access = access;
    let mut house = House::new(&[prod]);
    house.who("prod", "123456789012", None);
    for region in REGIONS {
        let stacks = vec![
            stack("checkout-api", "UPDATE_COMPLETE", "v419", 300),
            stack("orders-db", "UPDATE_COMPLETE", "v77", 90_000),
        ];
        house.stacks("prod", region, 2, stacks);
    }
    house.press_and_keep("2")
}

fn member(region: &str, target: &str, steps: Vec<Step>) -> Member {
    Member {
        scope: scope("prod", region),
        account: "123456789012".into(),
        target: target.into(),
        steps,
        changes: Vec::new(),
        parameters: Vec::new(),
        hazards: Vec::new(),
        undo: Undo::Reverse,
        snapshot: None,
        idle: None,
        usual: None,
    }
}

fn change(action: &str, logical: &str, kind: &str, replacement: Option<&str>) -> Change {
    Change {
        action: action.into(),
        logical: logical.into(),
        physical: None,
        resource_type: kind.into(),
        replacement: replacement.map(Untrusted::new),
        scope: vec!["Properties".into()],
    }
}

/// A change set of the stack in a region; what eu-west-1 has, the others have not.
fn update(region: &str) -> Member {
    let stack = StackId::new(format!(
        "arn:aws:cloudformation:{region}:123456789012:stack/checkout-api/1f3a"
    ));
    let call = Call::ExecuteChangeSet {
        stack,
        change_set: "arn:aws:cloudformation:…:changeSet/qd-4711/9".into(),
        token: Token::new("qd-20261120-143207-deploy-4711-0-0-0"),
        seen: Seen {
            status: "UPDATE_COMPLETE".to_owned(),
            updated: None,
        },
        failing: OnFailure::RollBack,
    };
    let mut member = member(region, "stack/checkout-api", vec![Step::Call(call)]);
    member.changes = vec![
        change(
            "Modify",
            "CheckoutFn",
            "AWS::Lambda::Function",
            Some("False"),
        ),
        change("Add", "CheckoutQueue", "AWS::SQS::Queue", None),
    ];
    let tag = ParameterChange {
        key: "ImageTag".into(),
        before: Some("v418".into()),
        after: Some("v419".into()),
    };
    member.parameters = vec![tag];
    member.undo = Undo::Redeploy;
    member.snapshot = Some("checkout-api-1".to_owned());
    member.usual = Some(230);
    if region == "eu-west-1" {
        member.changes.push(change(
            "Modify",
            "OrdersTable",
            "AWS::DynamoDB::Table",
            Some("True"),
        ));
        member.hazards = vec![
            Hazard::Loses {
                logical: "OrdersTable".into(),
                kind: "AWS::DynamoDB::Table".into(),
            },
            Hazard::Warns("The stack has no termination protection.".to_owned()),
        ];
    }
    if region == "ap-southeast-1" {
        member.idle = Some("It stands as the template says.".to_owned());
        member.changes.clear();
        member.parameters.clear();
    }
    member
}

fn alias(region: &str) -> Member {
    let call = Call::UpdateAlias {
        function: "checkout-api".into(),
        alias: "ACTIVE".to_owned(),
        before: AliasTarget::whole("19".into()),
        after: AliasTarget::whole("18".into()),
    };
    let gate = Gate::Errors {
        scope: scope("prod", region),
        function: "checkout-api".into(),
        alias: "ACTIVE".to_owned(),
        percent: 1.0,
        seconds: 300,
    };
    let steps = vec![Step::Call(call), Step::Gate(gate)];
    member(region, "function/checkout-api", steps)
}

fn dial() -> Member {
    let group = AcceleratorArn::new("arn:aws:globalaccelerator::123456789012:accelerator/a/g");
    let call = Call::SetDial {
        group: group.clone(),
        before: 100.0,
        after: 0.0,
    };
    let gate = Gate::Drained {
        group,
        seconds: 900,
    };
    let mut member = member(
        "eu-west-1",
        "group/eu-west-1",
        vec![Step::Call(call), Step::Gate(gate)],
    );
    let headroom =
        "The other regions take 120 flows a second more, which is 28 % of what they take now.";
    member.hazards = vec![Hazard::Warns(headroom.to_owned())];
    member
}

fn halt() -> Member {
    let sizes = |least, desired| Sizes {
        least,
        desired,
        most: 6,
    };
    let steps = vec![
        Step::Call(Call::Remember {
            thing: Thing::Group("orders-workers".into()),
            before: None,
            after: Some("v1:1-3-6".to_owned()),
        }),
        Step::Call(Call::SetSizes {
            group: "orders-workers".into(),
            before: sizes(1, 3),
            after: sizes(0, 0),
        }),
    ];
    let mut member = member("eu-west-1", "stack/orders", steps);
    let restart = "AWS starts a stopped database by itself after seven days.";
    member.hazards = vec![Hazard::Warns(restart.to_owned())];
    member
}

/// A plan of each kind.
fn plan(verb: Verb) -> Plan {
    let bake = || Gate::Bake {
        seconds: 300,
        alarms: Vec::new(),
    };
    let approve = || Gate::Approve {
        words: "Is the canary well?".to_owned(),
    };
    let wave = |members, gates| Wave { members, gates };
    let waves = match verb {
        Verb::Deploy => vec![
            wave(vec![update("us-east-1")], vec![bake(), approve()]),
            wave(vec![update("us-west-2"), update("eu-west-1")], vec![bake()]),
            wave(
                ["eu-central-1", "ap-northeast-1", "ap-southeast-1"]
                    .map(update)
                    .into(),
                vec![bake()],
            ),
        ],
        Verb::Drain => vec![wave(vec![dial()], Vec::new())],
        Verb::Stop => vec![wave(vec![halt()], Vec::new())],
        _ => vec![wave(vec![alias("eu-west-1")], Vec::new())],
    };
    let consent = match verb {
        Verb::Deploy | Verb::Rollback => Consent::Typed("checkout-api prod 9012".to_owned()),
        _ => Consent::Key,
    };
    Plan {
        id: OperationId::new(format!("20261120-143207-{}-4711", verb.name())),
        verb,
        target: match verb {
            Verb::Drain => "eu-west-1".into(),
            Verb::Stop => "orders".into(),
            _ => "checkout-api".into(),
        },
        made: noon(),
        by: "ann".to_owned(),
        waves,
        consent,
        undo: UndoPolicy::Wave,
    }
}

fn operation(tidings: Tidings) -> Update {
    Update::Operation(tidings)
}

/// Something is asked for and not answered yet.
pub(super) fn asking() -> House {
    let mut house = stacks(Guard::Typed);
    house.press("R enter").later(4);
    house
}

fn answered(mut house: House, answer: Result<Plan, Problem>) -> House {
    house.press("R enter");
    let answer = answer.map(Box::new);
    house.engine(operation(Tidings::Planned(Ticket(1), answer)));
    house
}

/// A plan is on screen, in an account that may be changed.
pub(super) fn reading(verb: Verb) -> House {
    let mut house = answered(stacks(Guard::Typed), Ok(plan(verb)));
    house.later(1).later(1);
    house
}

/// The same in an account that has to be armed first.
pub(super) fn unarmed() -> House {
    let house = house(Guard::Typed, Access::OnceArmed);
    let mut house = answered(house, Ok(plan(Verb::Rollback)));
    house.press("enter");
    house
}

pub(super) fn refused() -> House {
    let problem = Problem::new(
        Kind::Missing,
        "Version 18 of checkout-api in eu-west-1 is the lowest there is, so there is nothing to go back to.",
    )
    .hint("Choose a version by its number.");
    answered(house(Guard::Typed, Access::OnceArmed), Err(problem))
}

/// What has happened to a deployment, each so many seconds after the one before.
struct Told {
    plan: Plan,
    ago: i64,
    records: Vec<(i64, Record)>,
}

impl Told {
    fn of(verb: Verb, name: &str, ago: i64) -> Self {
        let mut plan = plan(verb);
        plan.id = OperationId::new(format!("20261120-{name}-{}-4711", verb.name()));
        Self {
            plan,
            ago,
            records: Vec::new(),
        }
    }

    fn then(mut self, after: i64, record: Record) -> Self {
        self.records.push((after, record));
        self
    }

    fn wave(self, wave: usize) -> Self {
        self.then(1, Record::WaveBegan { wave })
    }

    fn taken(self, wave: usize, member: usize) -> Self {
        let step = 0;
        let request = Some("1f3a90c2-77aa".to_owned());
        self.then(0, Record::Intent { wave, member, step }).then(
            1,
            Record::Accepted {
                wave,
                member,
                step,
                request,
            },
        )
    }

    fn done(self, after: i64, (wave, member): (usize, usize)) -> Self {
        let (step, ending) = (0, Ending::Done);
        self.then(
            after,
            Record::Ended {
                wave,
                member,
                step,
                ending,
            },
        )
        .then(
            0,
            Record::MemberEnded {
                wave,
                member,
                state: MemberState::Succeeded,
            },
        )
    }

    fn gate(self, after: i64, (wave, gate): (usize, usize), state: GateState) -> Self {
        self.then(after, Record::Gate { wave, gate, state })
    }

    fn records(self) -> Vec<Stamped> {
        let mut at = noon() - TimeDelta::seconds(self.ago);
        let first = (0, Record::Planned(Box::new(self.plan)));
        let all = std::iter::once(first).chain(self.records).zip(0..);
        all.map(|((after, record), number)| {
            at += TimeDelta::seconds(after);
            Stamped { number, at, record }
        })
        .collect()
    }

    fn run(self) -> Run {
        Run::replay(&self.records()).expect("they begin with a plan")
    }
}

fn first_wave(name: &str, ago: i64) -> Told {
    Told::of(Verb::Deploy, name, ago)
        .wave(0)
        .taken(0, 0)
        .done(200, (0, 0))
        .gate(0, (0, 0), GateState::Passed)
}

fn running() -> Told {
    first_wave("142500", 420)
        .gate(0, (0, 1), GateState::Passed)
        .wave(1)
        .taken(1, 0)
        .taken(1, 1)
}

fn approval() -> Told {
    let open = GateState::Open {
        since: noon() - TimeDelta::seconds(90),
        until: None,
    };
    first_wave("142700", 300).gate(5, (0, 1), open)
}

fn failed() -> Told {
    let why = "Resource handler returned: \"Memory limit exceeded\" (CheckoutFn, UPDATE_FAILED)";
    let (wave, member, step) = (1, 1, 0);
    running_then_failed(why)
        .then(
            2,
            Record::MemberEnded {
                wave,
                member,
                state: MemberState::RolledBack(why.to_owned()),
            },
        )
        .then(
            1,
            Record::Finished(Outcome::Failed(format!(
                "eu-west-1 failed, and CloudFormation took it back: {why} (step {step})"
            ))),
        )
}

fn running_then_failed(why: &str) -> Told {
    let (wave, member, step) = (1, 1, 0);
    first_wave("120000", 9_000)
        .gate(0, (0, 1), GateState::Passed)
        .wave(1)
        .taken(1, 0)
        .taken(1, 1)
        .done(180, (1, 0))
        .then(
            40,
            Record::Ended {
                wave,
                member,
                step,
                ending: Ending::RolledBack(why.to_owned()),
            },
        )
}

fn left() -> Told {
    Told::of(Verb::Stop, "134000", 3_100).wave(0).taken(0, 0)
}

fn succeeded() -> Told {
    Told::of(Verb::Rollback, "101500", 15_000)
        .wave(0)
        .taken(0, 0)
        .done(12, (0, 0))
        .then(300, Record::Finished(Outcome::Succeeded))
}

fn keep(house: &mut House, told: Told, keeper: Keeper) {
    let run = told.run();
    let id = run.plan.id.clone();
    house.engine(operation(Tidings::Runs(Ok(vec![run]))));
    house.engine(operation(Tidings::Kept(id, keeper)));
}

/// One of each.
pub(super) fn many() -> House {
    let mut house = stacks(Guard::Typed);
    for told in [failed(), succeeded()] {
        keep(&mut house, told, Keeper::Nobody);
    }
    keep(&mut house, left(), Keeper::Nobody);
    keep(&mut house, running(), Keeper::Ourselves);
    keep(&mut house, approval(), Keeper::Ourselves);
    house.press_and_keep("6")
}

pub(super) fn none() -> House {
    let mut house = stacks(Guard::Typed);
    house.engine(operation(Tidings::Runs(Ok(Vec::new()))));
    house.press_and_keep("6")
}

/// One of them alone, open, and its account armed.
pub(super) fn opened(which: &str) -> House {
    let mut house = house(Guard::Typed, Access::OnceArmed);
    let (told, keeper) = match which {
        "running" => (running(), Keeper::Ourselves),
        "approval" => (approval(), Keeper::Ourselves),
        "failed" => (failed(), Keeper::Nobody),
        _ => (left(), Keeper::Nobody),
    };
    let id = told.plan.id.clone();
    keep(&mut house, told, keeper);
    let armed = noon() + TimeDelta::seconds(581);
    house.engine(operation(Tidings::Armed(
        AccountName::new("prod"),
        Some(armed),
    )));
    if which == "running" {
        house.engine(operation(Tidings::Progress {
            run: id,
            wave: 1,
            member: 1,
            words: "3 of 11 resources".to_owned(),
        }));
    }
    // The answer to arming has gone by.
    house.later(7);
    house.press_and_keep("6 enter")
}
