//! An account that is read-only for good, and somebody who presses whatever keys there are: nothing that changes
//! something leaves, by the sandbox's own count.

use crate::support::world::World;
use quarterdeck::app::{App, Effect, Event};
use quarterdeck::config::settings::load_fleet_text;
use quarterdeck::config::{Environment, Flags, Key, World as Kind};
use quarterdeck::engine::message::{Tidings, Update};
use quarterdeck::sandbox::Scenario;
use std::time::Duration;
use tokio::time::Instant;

const KEYS: usize = 3_000;
/// Keys between two looks at the clock.
const BURST: usize = 12;
/// Those that ask for changes are pressed as often as all others together.
const BOLD: [&str; 14] = [
    "d", "R", "s", "S", "t", "D", "u", "A", "p", "i", "enter", "enter", "y", "x",
];
const OTHERS: [&str; 24] = [
    "1", "2", "3", "4", "5", "6", "8", "j", "k", "h", "l", "g", "G", "esc", "tab", "down", "up",
    "a", "n", "w", "c", "b", "r", "X",
];

async fn perform(world: &World, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Ask(request) = effect {
            world.engine.submit(request).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_keys_are_pressed_nothing_but_reads_leaves_what_is_read_only() {
    let scenario = Scenario::named("drill").unwrap();
    let flags = Flags {
        read_only: true,
        ..Flags::default()
    };
    let environment = Environment::of([]);
    let settings = load_fleet_text(
        scenario.fleet(),
        "the drill",
        Kind::Sandbox,
        &flags,
        &environment,
    )
    .unwrap();
    let mut world = World::in_step(&scenario, settings.fleet.clone());
    let mut app = App::new(settings.fleet, settings.keymap, world.clock.now());
    let effects = app.start();
    perform(&world, effects).await;
    let (mut dice, mut refused) = (0x5eed_u64, 0);
    for pressed in 0..KEYS {
        if pressed % BURST == 0 {
            let until = Instant::now() + Duration::from_millis(500);
            while let Some(update) = world.next(until).await {
                if let Update::Operation(Tidings::Planned(_, Err(_)) | Tidings::Refused(..)) =
                    update
                {
                    refused += 1;
                }
                let effects = app.update(Event::Engine(update));
                perform(&world, effects).await;
            }
            let effects = app.update(Event::Tick(world.clock.now()));
            perform(&world, effects).await;
        }
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let roll = usize::try_from(dice >> 33).unwrap();
        let key = match roll % 2 {
            0 => BOLD[roll / 2 % BOLD.len()],
            _ => OTHERS[roll / 2 % OTHERS.len()],
        };
        let effects = app.update(Event::Key(key.parse::<Key>().unwrap()));
        perform(&world, effects).await;
    }
    let changing: Vec<String> = world
        .gateway
        .requests()
        .into_iter()
        .map(|request| request.operation)
        .filter(|operation| {
            let reads = [
                "Get",
                "List",
                "Describe",
                "Filter",
                "StartQuery",
                "StopQuery",
                "StartLiveTail",
            ];
            !reads.iter().any(|verb| operation.starts_with(verb))
        })
        .collect();
    assert_eq!(changing, Vec::<String>::new());
    assert!(refused > 0, "somebody tried, and was refused");
}
