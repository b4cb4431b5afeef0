//! Check 18: answers that get lost, requests that do too, throttling, two processes: one execution of everything.

use super::plans::{self, NEW};
use super::toy::Break;
use super::{Crash, World};
use crate::domain::operation::{Outcome, Record};
use std::time::Duration;
use tokio::time::Instant;

/// The numbers of a seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// One of `0..sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        // xorshift64*: the same seed, the same numbers.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits") % sides
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_gets_lost_on_the_line_everything_is_done_once() {
    let plan = plans::brief();
    let mut reference: Option<Vec<String>> = None;
    for seed in 1..=500 {
        let mut dice = Dice(seed * 7_919);
        let world = World::new(plans::toy());
        for _ in 0..dice.roll(3) {
            let how = [Break::Before, Break::After, Break::Throttled][dice.roll(3)];
            let at = 1 + dice.roll(9);
            world.toy().breaks.insert(at, how);
        }
        let crashes = [
            Crash::Exchange(1 + dice.roll(120)),
            Crash::Record(1 + dice.roll(60)),
        ];
        let crashes = &crashes[..dice.roll(3)];
        assert_eq!(
            world.to_the_end(&plan, crashes).await,
            Outcome::Succeeded,
            "{seed}"
        );
        let toy = world.toy();
        assert_eq!(toy.sins, Vec::<String>::new(), "{seed}");
        let mut done = toy.done.clone();
        done.sort();
        assert_eq!(
            done,
            *reference.get_or_insert_with(|| done.clone()),
            "{seed}"
        );
        let deployed = toy.stacks.values().filter(|stack| stack.version == NEW);
        assert_eq!(deployed.filter(|stack| stack.tokens.len() == 1).count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_for_and_a_lost_request_is_sent_again_after_half_a_minute() {
    for (how, waits) in [
        (Break::After, false),
        (Break::Before, true),
        (Break::Throttled, true),
    ] {
        let plan = plans::deploy();
        let (began, whole) = (Instant::now(), World::new(plans::toy()));
        whole.life(&plan, Crash::Never).await;
        let usual = began.elapsed();
        let world = World::new(plans::toy());
        // The second call of the first region is its change set.
        world.toy().breaks.insert(2, how);
        let began = Instant::now();
        assert_eq!(world.to_the_end(&plan, &[]).await, Outcome::Succeeded);
        let longer = began.elapsed().saturating_sub(usual) >= Duration::from_secs(30);
        assert_eq!(longer, waits, "{how:?}");
        let intents = world.records(&plan.id).into_iter().filter(|it| {
            it.record
                == Record::Intent {
                    wave: 0,
                    member: 0,
                    step: 2,
                }
        });
        assert_eq!(intents.count(), if waits { 2 } else { 1 }, "{how:?}");
        assert_eq!(world.toy().sins, Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_not_tried_for_ever() {
    for how in [Break::Before, Break::Throttled] {
        let world = World::new(plans::toy());
        world.toy().breaks.extend((1..=9).map(|at| (at, how)));
        let outcome = world.to_the_end(&plans::deploy(), &[]).await;
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
        assert_eq!(world.toy().calls, 3, "{how:?}");
        assert_eq!(world.toy().done, Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_another_process_is_at_is_not_taken_up() {
    let (plan, world) = (plans::deploy(), World::new(plans::toy()));
    let trap = std::sync::Arc::new(super::Trap::new(Crash::Never));
    let running = world.runner(&plan, &trap).await;
    let other = crate::engine::journal::Journals::at(world.folder.path().join("operations"), "bob");
    let refused = other.take_up(&plan.id).await.unwrap_err();
    assert!(refused.what.contains("Another process runs"), "{refused}");
    let targets = || crate::engine::journal::Target::of(&running.0.ledger.run());
    let held = world.journals.hold(targets(), &plan.id).await.unwrap();
    let refused = other.hold(targets(), &plans::stop().id).await.unwrap_err();
    assert!(
        refused.what.contains("works on stack/checkout"),
        "{refused}"
    );
    assert!(refused.what.contains(plan.id.as_str()), "{refused}");
    drop(held);
    other.hold(targets(), &plans::stop().id).await.unwrap();
}
