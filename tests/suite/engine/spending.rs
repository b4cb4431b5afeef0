//! What the screen asks of CloudWatch in a fleet of 17 regions with a hundred functions each, by the sandbox's own count.
//!
//! The bar is for an hour and 17 regions. Here five minutes, in which everything that repeats falls due at least once,
//! stand for the hour, and two regions for all of them, since each is asked on its own.

use crate::support::world::World;
use quarterdeck::app::{App, Effect, Event, View};
use quarterdeck::config::settings::{Settings, load_fleet_text};
use quarterdeck::config::{Environment, Flags, Glyphs, Key, Theme, World as Kind};
use quarterdeck::engine::message::Update;
use quarterdeck::sandbox::Scenario;
use quarterdeck::ui::{self, Look};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Duration;
use tokio::time::Instant;

const REGIONS: usize = 2;
const FUNCTIONS: usize = 100;
/// How often the cursor's rest and the ages are looked at.
const TICK: Duration = Duration::from_millis(500);

/// The screen on an engine, with somebody in front of it.
struct Watch {
    world: World,
    app: App,
    terminal: Terminal<TestBackend>,
}

impl Watch {
    async fn begin() -> Self {
        let scenario = Scenario::grid(REGIONS, FUNCTIONS);
        let settings: Settings = load_fleet_text(
            scenario.fleet(),
            "the grid's fleet",
            Kind::Sandbox,
            &Flags::default(),
            &Environment::of([]),
        )
        .unwrap();
        let world = World::in_step(&scenario, settings.fleet.clone());
        let app = App::new(settings.fleet, settings.keymap, world.clock.now());
        let terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
        let mut watch = Self {
            world,
            app,
            terminal,
        };
        let effects = watch.app.start();
        watch.perform(effects).await;
        watch
    }

    async fn perform(&self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(request) = effect {
                self.world.engine.submit(request).await;
            }
        }
    }

    async fn tell(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.perform(effects).await;
    }

    async fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let key: Key = key.parse().unwrap();
            self.tell(Event::Key(key)).await;
        }
        self.draw().await;
    }

    async fn live(&mut self, span: Duration) {
        let end = Instant::now() + span;
        while Instant::now() < end {
            let until = Instant::now() + TICK;
            while let Some(update) = self.world.next(until).await {
                if let Update::Spent(bill) = &update {
                    self.world.bill = *bill;
                }
                self.tell(Event::Engine(update)).await;
            }
            self.tell(Event::Tick(self.world.clock.now())).await;
        }
        self.draw().await;
    }

    /// The rows that are on screen are the ones that are asked about.
    async fn draw(&mut self) {
        let look = Look::new(Theme::probe(), Glyphs::Unicode);
        let mut viewport = None;
        let app = &self.app;
        self.terminal
            .draw(|frame| viewport = Some(ui::draw(app, &look, frame)))
            .unwrap();
        self.tell(Event::Drawn(viewport.unwrap())).await;
    }

    fn spent(&self) -> (u64, u64) {
        let bill = self.world.gateway.bill();
        (bill.calls("GetMetricData"), bill.metrics)
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_in_front_of_one_function_stays_within_its_budget_and_the_meter_is_right() {
    let mut watch = Watch::begin().await;
    watch.live(Duration::from_secs(20)).await;
    watch.press("3").await;
    watch.live(Duration::from_secs(20)).await;
    watch.press("enter").await;
    assert_eq!(watch.app.view(), View::Lambda);
    assert!(watch.app.function().is_some(), "one function is open");
    watch.live(Duration::from_secs(30)).await;
    let opening = watch.spent();
    watch.live(Duration::from_mins(5)).await;
    let after = watch.spent();
    let hour = |opening: u64, after: u64| (opening + (after - opening) * 12) * 17 / REGIONS as u64;
    let (calls, metrics) = (hour(opening.0, after.0), hour(opening.1, after.1));
    assert!((1_000..=1_100).contains(&calls), "{calls} calls an hour");
    assert!(metrics <= 30_000, "{metrics} metrics an hour");
    let (told, billed) = (watch.world.bill, watch.world.gateway.bill());
    assert_eq!(
        (told.calls, told.metrics),
        (billed.calls("GetMetricData"), billed.metrics)
    );
}
