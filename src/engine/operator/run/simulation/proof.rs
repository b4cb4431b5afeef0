//! That the checks can fail: the same questions, with a fault sown into the eyes of the run.

use super::plans;
use super::toy::{Break, Toy};
use super::{Crash, Meddling, World};
use std::sync::Arc;

/// A world in which looking at a stack shows nothing of what was done to it.
fn stale() -> World {
    let world = World::new(plans::toy());
    world.toy().is_stale = true;
    world
}

#[tokio::test(start_paused = true)]
async fn a_run_that_does_not_find_its_token_sends_again_and_the_check_sees_it() {
    let world = stale();
    world.toy().breaks.insert(2, Break::After);
    world.to_the_end(&plans::deploy(), &[]).await;
    let sins = world.toy().sins.clone();
    assert!(
        sins.iter().any(|sin| sin.contains("was sent again")),
        "{sins:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_forgets_at_a_crash_sends_again_and_the_check_sees_it() {
    let mut seen = 0;
    for at in 1..20 {
        let world = stale();
        world
            .to_the_end(&plans::deploy(), &[Crash::Exchange(at)])
            .await;
        seen += world.toy().sins.len();
    }
    assert!(seen > 0);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_does_not_see_another_operator_executes_and_the_check_sees_it() {
    let mut world = stale();
    // As AWS never does: somebody's update leaves our change set as it was.
    let meddling: Meddling = Box::new(|toy: &mut Toy| {
        toy.stacks.get_mut("eu-west-1").unwrap().updated += 1;
    });
    world.meddling = Some((1, Arc::new(meddling)));
    world.to_the_end(&plans::deploy(), &[]).await;
    let sins = world.toy().sins.clone();
    assert!(
        sins.iter().any(|sin| sin.contains("unreviewed")),
        "{sins:?}"
    );
}
