//! Check 19: another operator updates, cancels or deletes between the review and any moment of the run.

use super::lines::Dice;
use super::plans;
use super::toy::Toy;
use super::{Crash, Meddling, World};
use crate::domain::operation::{MemberState, Outcome};
use std::sync::Arc;

/// What another operator may do to a stack and its traffic.
fn meddlings(region: &'static str) -> [Meddling; 5] {
    let stack = move |toy: &mut Toy, change: fn(&mut super::toy::Stack)| {
        if let Some(stack) = toy.stacks.get_mut(region) {
            change(stack);
        }
    };
    [
        Box::new(move |toy: &mut Toy| stack(toy, super::toy::Stack::touched)),
        Box::new(move |toy: &mut Toy| {
            stack(toy, |stack| _ = stack.change_sets.remove("next"));
        }),
        Box::new(move |toy: &mut Toy| _ = toy.stacks.remove(region)),
        Box::new(move |toy: &mut Toy| _ = toy.dials.insert(region.to_owned(), (50.0, None))),
        Box::new(move |toy: &mut Toy| {
            stack(toy, super::toy::Stack::executed_by_another);
        }),
    ]
}

#[tokio::test(start_paused = true)]
async fn nothing_is_executed_that_was_not_reviewed_whenever_another_operator_comes() {
    let plan = plans::brief();
    let exchanges = World::new(plans::toy())
        .life(&plan, Crash::Never)
        .await
        .exchanges;
    let regions: Vec<&'static str> = plans::regions().take(3).collect();
    let mut refused = 0;
    for seed in 1..=500 {
        let mut dice = Dice(seed * 104_729);
        let region = regions[dice.roll(regions.len())];
        let [first, second, third, fourth, fifth] = meddlings(region);
        let meddling = match dice.roll(5) {
            0 => first,
            1 => second,
            2 => third,
            3 => fourth,
            _ => fifth,
        };
        let mut world = World::new(plans::toy());
        world.meddling = Some((1 + dice.roll(exchanges), Arc::new(meddling)));
        let outcome = world.to_the_end(&plan, &[]).await;
        let toy = world.toy();
        let unreviewed: Vec<_> = toy
            .sins
            .iter()
            .filter(|sin| sin.contains("unreviewed"))
            .collect();
        assert!(unreviewed.is_empty(), "{seed}: {unreviewed:?}");
        let again: Vec<_> = toy
            .sins
            .iter()
            .filter(|sin| sin.contains("again"))
            .collect();
        assert!(again.is_empty(), "{seed}: {again:?}");
        if outcome != Outcome::Succeeded {
            refused += 1;
        }
    }
    // Some come too late to be in the way; most do not.
    assert!((150..500).contains(&refused), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn who_comes_before_us_is_named_and_the_plan_has_to_be_made_again() {
    let [updated, undrafted, deleted, ..] = meddlings("eu-west-1");
    for (meddling, words) in [
        (updated, "Another operator changed this stack"),
        (undrafted, "change set cannot be executed any more"),
        (deleted, "does not exist any more"),
    ] {
        let (plan, world) = (plans::deploy(), World::new(plans::toy()));
        meddling(&mut world.toy());
        let outcome = world.to_the_end(&plan, &[]).await;
        let Outcome::Failed(why) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(why.contains(words) && why.contains("lan it again"), "{why}");
        let done = world.toy().done.clone();
        assert!(
            done.iter().all(|done| done.starts_with("dial eu-west-1")),
            "{done:?}"
        );
        let run = world.told(&plan.id).await;
        let first = run.members().next().map(|(_, now)| now.state.clone());
        assert!(
            matches!(first, Some(MemberState::RolledBack(_))),
            "{first:?}"
        );
        assert!(world.toy().dials["eu-west-1"].0 > 99.0);
    }
}
