//! Check 20: a crash at every record and every exchange of a deployment and of a stop.

use super::plans::{self, NEW, OLD};
use super::{Crash, World};
use crate::domain::operation::{MemberState, Outcome, Plan, Record, Run};
use std::collections::BTreeSet;

/// Every point at which a life of this plan can end.
async fn points(plan: &Plan, prepare: impl Fn(&World)) -> Vec<Crash> {
    let world = World::new(plans::toy());
    prepare(&world);
    let whole = world.life(plan, Crash::Never).await;
    let records = (1..=whole.records).flat_map(|at| [Crash::Record(at), Crash::Torn(at)]);
    let exchanges = (1..=whole.exchanges).map(Crash::Exchange);
    records.chain(exchanges).collect()
}

/// What was done in AWS, however often; in any order, since members stand side by side.
fn done(world: &World) -> Vec<String> {
    let mut done = world.toy().done.clone();
    done.sort();
    done
}

/// What holds of every journal, whatever happened.
fn is_sound(world: &World, run: &Run) {
    assert_eq!(world.toy().sins, Vec::<String>::new());
    let (mut intended, mut ended) = (BTreeSet::new(), BTreeSet::new());
    for stamped in world.records(&run.plan.id) {
        match stamped.record {
            Record::Intent { wave, member, step } => {
                assert!(
                    !ended.contains(&(wave, member, step)),
                    "begun again: {stamped:?}"
                );
                intended.insert((wave, member, step));
            }
            Record::Accepted {
                wave, member, step, ..
            } => {
                assert!(intended.contains(&(wave, member, step)), "{stamped:?}");
            }
            Record::Ended {
                wave, member, step, ..
            } => {
                assert!(
                    ended.insert((wave, member, step)),
                    "ended twice: {stamped:?}"
                );
            }
            _ => {}
        }
    }
    assert!(run.is_over());
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_crashes_anywhere_is_finished_with_nothing_done_twice_or_forgotten() {
    let plan = plans::deploy();
    let reference = World::new(plans::toy());
    assert_eq!(reference.to_the_end(&plan, &[]).await, Outcome::Succeeded);
    let points = points(&plan, |_| {}).await;
    assert!(points.len() > 250, "{}", points.len());
    for (index, crash) in points.iter().enumerate() {
        // Every other one crashes once more where it goes on.
        let again = Crash::Exchange(1 + index * 7 % 40);
        let crashes = [*crash, again];
        let world = World::new(plans::toy());
        let outcome = world.to_the_end(&plan, &crashes[..1 + index % 2]).await;
        assert_eq!(outcome, Outcome::Succeeded, "{crash:?}");
        is_sound(&world, &world.told(&plan.id).await);
        assert_eq!(done(&world), done(&reference), "{crash:?}");
        let toy = world.toy();
        assert!(
            toy.stacks.values().all(|stack| stack.version == NEW),
            "{crash:?}"
        );
        assert!(toy.dials.values().all(|dial| dial.0 > 99.0), "{crash:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_fails_in_its_second_wave_ends_the_same_way_wherever_it_crashes() {
    let plan = plans::deploy();
    let fails = |world: &World| {
        world.toy().stacks.get_mut("eu-north-1").unwrap().fails = true;
    };
    let points = points(&plan, fails).await;
    for crash in points.iter().step_by(3) {
        let world = World::new(plans::toy());
        fails(&world);
        let outcome = world.to_the_end(&plan, &[*crash]).await;
        assert!(
            matches!(outcome, Outcome::Failed(_)),
            "{crash:?}: {outcome:?}"
        );
        let run = world.told(&plan.id).await;
        is_sound(&world, &run);
        let states: Vec<_> = run.members().map(|(_, now)| now.state.clone()).collect();
        assert_eq!(states[0], MemberState::Succeeded);
        assert_eq!(
            states[1],
            MemberState::Succeeded,
            "a sibling goes on to its end"
        );
        assert!(
            matches!(states[2], MemberState::RolledBack(_)),
            "{crash:?}: {states:?}"
        );
        assert!(
            states[3..].iter().all(|it| *it == MemberState::Cancelled),
            "{states:?}"
        );
        assert_eq!(run.waves[2].began, None);
        let toy = world.toy();
        assert_eq!(toy.stacks["eu-north-1"].version, OLD);
        assert!(
            toy.dials["eu-north-1"].0 > 99.0,
            "what it had done is taken back"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn start_of_stop_is_what_was_before_wherever_both_crash() {
    let (stop, start) = (plans::stop(), plans::start());
    let before = plans::toy();
    let points = points(&stop, |_| {}).await;
    assert!(points.len() > 200, "{}", points.len());
    for (index, crash) in points.iter().enumerate() {
        let world = World::new(plans::toy());
        assert_eq!(world.to_the_end(&stop, &[*crash]).await, Outcome::Succeeded);
        is_sound(&world, &world.told(&stop.id).await);
        for (region, group) in &world.toy().groups {
            assert!(
                group.sizes.is_nothing() && group.sizes.most == 6,
                "{region}"
            );
        }
        let back = points[index * 13 % points.len()];
        assert_eq!(world.to_the_end(&start, &[back]).await, Outcome::Succeeded);
        is_sound(&world, &world.told(&start.id).await);
        let toy = world.toy();
        assert_eq!(
            (&toy.groups, &toy.databases),
            (&before.groups, &before.databases),
            "{crash:?}"
        );
        assert!(toy.memories.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_down_is_not_done_and_can_be_gone_on_with() {
    let plan = plans::deploy();
    let world = World::new(plans::toy());
    let whole = world.life(&plan, Crash::Never).await.records;
    for full in (1..whole).step_by(5) {
        let world = World::new(plans::toy());
        world.life(&plan, Crash::Record(full)).await;
        let calls = world.toy().calls;
        // The journal can be read, but not written any more: a full disk, or one that was made read-only.
        let (runner, mut inbox) = world
            .runner(&plan, &std::sync::Arc::new(super::Trap::new(Crash::Never)))
            .await;
        runner.ledger.break_down().await;
        let halted = tokio::select! {
            ended = runner.drive() => ended,
            () = async { while inbox.recv().await.is_some() {} } => unreachable!("it holds a sender"),
        };
        let super::Halt(problem) = halted.unwrap_err();
        assert!(problem.what.contains("nothing was sent"), "{problem}");
        assert_eq!(
            world.toy().calls,
            calls,
            "nothing is sent that cannot be written down"
        );
        drop((runner, inbox));
        world.journals.settled().await;
        assert_eq!(
            world.to_the_end(&plan, &[]).await,
            Outcome::Succeeded,
            "{full}"
        );
        is_sound(&world, &world.told(&plan.id).await);
    }
}
