//! Many regions at once against one: the whole fleet is on screen when its slowest region has answered.

use super::{Figure, percentile};
use chrono::{TimeDelta, Utc};
use quarterdeck::app::{App, Effect, Event};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::config::assets::Shelf;
use quarterdeck::config::settings::load_fleet_text;
use quarterdeck::config::{Environment, Flags, Glyphs, Theme, World};
use quarterdeck::domain::{Clock, Slot, Store, Timestamp, Topic};
use quarterdeck::engine::Books;
use quarterdeck::engine::Engine;
use quarterdeck::engine::message::Update;
use quarterdeck::sandbox::{self, Fault, FaultKind, Options, Place, Sandbox, Scenario};
use quarterdeck::ui::{self, Look};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
/// What a far region takes to answer, and by how much regions differ.
const LATENCY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_millis(150));

pub(super) fn figures() -> Vec<Figure> {
    [1, 6, 17, 34].into_iter().map(figure).collect()
}

fn figure(regions: usize) -> Figure {
    let scenario = Scenario::grid(regions, 50);
    // The sandbox has a runtime of its own, as AWS has machines of its own.
    let theirs = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let options = Options {
        scenario,
        clock: sandbox::Clock::real(),
        port: 0,
    };
    let sandbox = theirs.block_on(Sandbox::start(options)).unwrap();
    let (fixed, jitter) = LATENCY;
    sandbox.inject(Fault::new(
        Place::everywhere(),
        FaultKind::Latency { fixed, jitter },
    ));
    let ours = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| ours.block_on(round(&sandbox)))
        .collect();
    let name = format!("{regions} regions x 50 stacks painted / slowest region's call");
    Figure::at_most(name, percentile(&mut ratios, 0.5), 1.25, "x")
}

/// From the first question to the frame that shows the last region, over the slowest region's own time.
async fn round(sandbox: &Sandbox) -> f64 {
    let settings = load_fleet_text(
        sandbox.fleet(),
        "the bench",
        World::Sandbox,
        &Flags::default(),
        &Environment::default(),
    )
    .unwrap();
    let fleet = settings.fleet;
    let regions = Store::default().regions_of(&fleet.accounts[0]);
    let link = Link {
        endpoint: Some(sandbox.endpoint()),
        http: None,
    };
    let (theme, _) = Theme::named(Theme::DEFAULT, &Shelf::themes(None).0).unwrap();
    let look = Look::new(theme, Glyphs::Unicode);
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap();
    let mut app = App::new(fleet.clone(), settings.keymap, Utc::now());

    let began = Instant::now();
    let (engine, mut updates) = Engine::start(
        &fleet,
        Arc::new(Cloud::new(&fleet, link)),
        Arc::new(WallClock),
        Books::nowhere(),
    );
    for effect in app.start() {
        if let Effect::Ask(request) = effect {
            engine.submit(request).await;
        }
    }
    let mut open = regions.len();
    let mut slowest = TimeDelta::zero();
    while open > 0 {
        let update = updates.recv().await.unwrap();
        if let Update::Attempt(attempt) = &update
            && attempt.topic == Topic::Stacks
            && attempt.result.is_ok()
        {
            open -= 1;
            slowest = slowest.max(attempt.took);
        }
        app.update(Event::Engine(update));
    }
    terminal
        .draw(|frame| _ = ui::draw(&app, &look, frame))
        .unwrap();
    let painted = began.elapsed();
    let shown = app
        .store()
        .all_stacks()
        .filter(|(_, slot)| slot.value().is_some())
        .count();
    assert_eq!(shown, regions.len());
    assert!(
        app.store()
            .all_stacks()
            .filter_map(|(_, slot)| Slot::value(slot))
            .all(|stacks| stacks.len() >= 50)
    );
    engine.stop().await;
    painted.as_secs_f64() / slowest.to_std().unwrap().as_secs_f64()
}

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Utc::now()
    }
}
