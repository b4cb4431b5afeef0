//! What is said to a run, what gates do, and what is taken back.

use super::plans::{self, NEW, OLD};
use super::toy::Toy;
use super::{Crash, World};
use crate::domain::operation::{
    AlarmName, Ending, Gate, GateState, MemberState, Outcome, Plan, Record, Run, Steered, Step,
    StepState, UndoPolicy,
};
use crate::engine::message::Tidings;
use crate::engine::operator::gate::Glance;

fn states(run: &Run) -> Vec<MemberState> {
    run.members().map(|(_, now)| now.state.clone()).collect()
}

/// Says something once, when the record comes that fits.
fn once(
    steered: Steered,
    fits: impl Fn(&Record) -> bool,
) -> impl FnMut(&Run, &Tidings) -> Option<Steered> {
    let mut said = false;
    move |_, tidings| {
        let Tidings::Happened(_, stamped) = tidings else {
            return None;
        };
        let is_now = !said && fits(&stamped.record);
        said |= is_now;
        is_now.then(|| steered.clone())
    }
}

fn is_accepted(record: &Record, at: (usize, usize, usize)) -> bool {
    matches!(record, Record::Accepted { wave, member, step, .. } if (*wave, *member, *step) == at)
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_begins_nothing_more_and_has_the_update_cancelled() {
    let (plan, world) = (plans::deploy(), World::new(plans::toy()));
    let cancel = once(Steered::Cancel, |record| is_accepted(record, (1, 0, 2)));
    let life = world.steered(&plan, Crash::Never, cancel).await;
    assert_eq!(life.outcome, Some(Outcome::Cancelled));
    let run = world.told(&plan.id).await;
    let states = states(&run);
    assert_eq!(states[0], MemberState::Succeeded);
    assert!(
        matches!(states[1], MemberState::RolledBack(_)),
        "{states:?}"
    );
    assert!(
        states[3..].iter().all(|it| *it == MemberState::Cancelled),
        "{states:?}"
    );
    let (step, state) = run.step(1, 0, 4).unwrap();
    let Step::Call(call) = step else {
        panic!("{step:?}")
    };
    assert_eq!(call.action(), "cloudformation:CancelUpdateStack");
    assert!(
        matches!(state, StepState::Ended(_, Ending::Done)),
        "{state:?}"
    );
    let toy = world.toy();
    assert_eq!(toy.sins, Vec::<String>::new());
    assert_eq!(toy.stacks["eu-central-1"].version, OLD);
    assert!(
        toy.dials["eu-central-1"].0 > 99.0,
        "what came before the update is taken back"
    );
    assert!(
        !toy.done.iter().any(|done| done.contains("us-")),
        "{:?}",
        toy.done
    );
}

#[tokio::test(start_paused = true)]
async fn a_reversed_run_takes_back_all_that_it_has_done_last_first() {
    let (plan, world) = (plans::stop(), World::new(plans::toy()));
    let reverse = once(Steered::Reverse, |record| is_accepted(record, (2, 1, 2)));
    let life = world.steered(&plan, Crash::Never, reverse).await;
    assert_eq!(life.outcome, Some(Outcome::Cancelled));
    let (toy, before) = (world.toy(), plans::toy());
    assert_eq!(toy.sins, Vec::<String>::new());
    assert_eq!(
        (&toy.groups, &toy.databases),
        (&before.groups, &before.databases)
    );
    assert!(toy.memories.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_reversal_that_crashes_is_gone_on_with() {
    let reverse = || once(Steered::Reverse, |record| is_accepted(record, (1, 1, 1)));
    let whole = World::new(plans::toy());
    let plan = plans::stop();
    let records = whole.steered(&plan, Crash::Never, reverse()).await.records;
    let decided = |it: &crate::domain::operation::Stamped| matches!(it.record, Record::Decided(_));
    let decided = whole.records(&plan.id).iter().position(decided).unwrap();
    assert!(records > decided + 20, "{records}");
    for at in decided..records {
        let world = World::new(plans::toy());
        world.steered(&plan, Crash::Record(at), reverse()).await;
        let outcome = world.to_the_end(&plan, &[]).await;
        assert_eq!(outcome, Outcome::Cancelled, "{at}");
        let (toy, before) = (world.toy(), plans::toy());
        assert_eq!(toy.sins, Vec::<String>::new());
        assert_eq!(
            (&toy.groups, &toy.databases),
            (&before.groups, &before.databases),
            "{at}"
        );
    }
}

/// A deployment whose second wave fails in one of its two regions, under a policy.
async fn failed(policy: UndoPolicy) -> (Vec<MemberState>, Toy) {
    let mut plan = plans::deploy();
    plan.undo = policy;
    let world = World::new(plans::toy());
    world.toy().stacks.get_mut("eu-north-1").unwrap().fails = true;
    let outcome = world.to_the_end(&plan, &[]).await;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    let states = states(&world.told(&plan.id).await);
    let toy = std::mem::take(&mut *world.toy());
    assert_eq!(toy.sins, Vec::<String>::new());
    (states, toy)
}

#[tokio::test(start_paused = true)]
async fn a_policy_says_who_is_taken_back() {
    let is_back = |state: &MemberState| matches!(state, MemberState::RolledBack(_));
    for (policy, back, versions, dial) in [
        // CloudFormation takes back what failed by itself; the dial is ours.
        (UndoPolicy::None, [false, false, true], [NEW, NEW, OLD], 0.0),
        (
            UndoPolicy::Failed,
            [false, false, true],
            [NEW, NEW, OLD],
            100.0,
        ),
        (
            UndoPolicy::Wave,
            [false, true, true],
            [NEW, OLD, OLD],
            100.0,
        ),
        (UndoPolicy::All, [true, true, true], [OLD, OLD, OLD], 100.0),
    ] {
        let (states, toy) = failed(policy).await;
        let found: Vec<bool> = states[..3].iter().map(is_back).collect();
        assert_eq!(found, back, "{policy:?}: {states:?}");
        let regions = ["eu-west-1", "eu-central-1", "eu-north-1"];
        assert_eq!(
            regions.map(|region| toy.stacks[region].version),
            versions,
            "{policy:?}"
        );
        assert!(
            (toy.dials["eu-north-1"].0 - dial).abs() < 1e-9,
            "{policy:?}"
        );
    }
}

/// A deployment with these gates after its first wave.
fn gated(gates: Vec<Gate>) -> Plan {
    let mut plan = plans::deploy();
    plan.waves[0].gates = gates;
    plan
}

fn bake() -> Gate {
    let scope = crate::domain::Scope::global(&crate::domain::AccountName::new("prod"));
    let alarms = vec![AlarmName {
        scope,
        name: "errors".into(),
    }];
    Gate::Bake {
        seconds: 600,
        alarms,
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_fails_ends_the_run_and_leaves_what_is_done() {
    let (plan, world) = (gated(vec![bake()]), World::new(plans::toy()));
    let bad = Glance::Bad("The alarm errors is ALARM.".to_owned());
    world
        .glances
        .lock()
        .unwrap()
        .extend([Glance::Well, Glance::Well, bad]);
    let outcome = world.to_the_end(&plan, &[]).await;
    assert_eq!(
        outcome,
        Outcome::Failed("The alarm errors is ALARM.".to_owned())
    );
    let run = world.told(&plan.id).await;
    assert_eq!(states(&run)[0], MemberState::Succeeded);
    assert_eq!(run.waves[1].began, None);
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_cannot_see_does_not_let_through_but_a_drain_goes_on() {
    for (gate, passes) in [
        (bake(), false),
        (
            Gate::Http {
                url: "http://x".to_owned(),
                seconds: 60,
            },
            false,
        ),
        (Gate::Endpoints { seconds: 60 }, false),
        (
            Gate::Drained {
                group: crate::domain::AcceleratorArn::new("x"),
                seconds: 60,
            },
            true,
        ),
    ] {
        let (plan, world) = (gated(vec![gate.clone()]), World::new(plans::toy()));
        let blind = std::iter::repeat_n(Glance::NotYet("It is dark.".to_owned()), 99);
        world.glances.lock().unwrap().extend(blind);
        let outcome = world.to_the_end(&plan, &[]).await;
        assert_eq!(
            outcome == Outcome::Succeeded,
            passes,
            "{gate:?}: {outcome:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_bake_counts_from_when_it_began_also_across_a_crash_and_can_be_skipped() {
    let (plan, world) = (gated(vec![bake()]), World::new(plans::toy()));
    let began = tokio::time::Instant::now();
    let opened = |record: &Record| matches!(record, Record::Gate { .. });
    let number = number_of(&plan, Steered::Cancel, opened).await;
    world.life(&plan, Crash::Record(number)).await;
    tokio::time::sleep(std::time::Duration::from_secs(590)).await;
    assert_eq!(world.to_the_end(&plan, &[]).await, Outcome::Succeeded);
    assert!(
        began.elapsed() < std::time::Duration::from_secs(800),
        "{:?}",
        began.elapsed()
    );

    let (plan, world) = (gated(vec![bake()]), World::new(plans::toy()));
    let reason = "I know better.".to_owned();
    let skip = once(Steered::SkipBake { reason }, |record| {
        matches!(record, Record::Gate { .. })
    });
    let began = tokio::time::Instant::now();
    let life = world.steered(&plan, Crash::Never, skip).await;
    assert_eq!(life.outcome, Some(Outcome::Succeeded));
    assert!(began.elapsed() < std::time::Duration::from_secs(300));
    let run = world.told(&plan.id).await;
    let gate = run.waves[0].gates[0].clone();
    assert_eq!(
        gate,
        Some(GateState::Skipped("ann went on: I know better.".to_owned()))
    );
}

/// The number of the first record that fits, in a run in which somebody says something at it.
async fn number_of(plan: &Plan, steered: Steered, fits: fn(&Record) -> bool) -> usize {
    let world = World::new(plans::toy());
    world.steered(plan, Crash::Never, once(steered, fits)).await;
    let records = world.records(&plan.id);
    records
        .iter()
        .position(|it| fits(&it.record))
        .expect("it comes to it")
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_past_an_approval_that_was_not_given() {
    let approve = || Gate::Approve {
        words: "Look at the canary.".to_owned(),
    };
    let comment = || "fine".to_owned();
    for (word, outcome) in [
        (Steered::Approve { comment: comment() }, Outcome::Succeeded),
        (
            Steered::Reject { comment: comment() },
            Outcome::Rejected(comment()),
        ),
        (Steered::Cancel, Outcome::Cancelled),
    ] {
        let (plan, world) = (gated(vec![approve()]), World::new(plans::toy()));
        let word = once(word, |record| matches!(record, Record::Gate { .. }));
        let life = world.steered(&plan, Crash::Never, word).await;
        assert_eq!(life.outcome, Some(outcome));
        let run = world.told(&plan.id).await;
        assert_eq!(
            states(&run)[0],
            MemberState::Succeeded,
            "what is done stays done"
        );
    }
    // A word that comes before anybody has asked for it counts for nothing.
    let (plan, world) = (gated(vec![approve()]), World::new(plans::toy()));
    let early = Steered::Approve { comment: comment() };
    let mut early = once(early, |record| is_accepted(record, (0, 0, 0)));
    let mut cancel = once(Steered::Cancel, |record| {
        matches!(record, Record::Gate { .. })
    });
    let both = |run: &Run, tidings: &Tidings| early(run, tidings).or_else(|| cancel(run, tidings));
    let life = world.steered(&plan, Crash::Never, both).await;
    assert_eq!(life.outcome, Some(Outcome::Cancelled));
    assert_eq!(world.told(&plan.id).await.decisions.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_so_already_is_not_sent_and_a_run_of_nothing_else_is_unchanged() {
    let (plan, world) = (plans::stop(), World::new(plans::toy()));
    assert_eq!(world.to_the_end(&plan, &[]).await, Outcome::Succeeded);
    let calls = world.toy().calls;
    let mut again = plans::stop();
    again.id = crate::domain::operation::OperationId::new("20261128t231530z-stop-0009");
    assert_eq!(world.to_the_end(&again, &[]).await, Outcome::Unchanged);
    assert_eq!(world.toy().calls, calls);
}
