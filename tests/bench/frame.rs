//! What one frame costs: the event that changed something, and the drawing, with the bytes thrown away.

use super::{Figure, percentile};
use crate::support::world::account;
use chrono::{DateTime, TimeDelta, Utc};
use quarterdeck::app::{App, Effect, Event};
use quarterdeck::config::assets::Shelf;
use quarterdeck::config::{Glyphs, Keymap, Theme};
use quarterdeck::domain::stack::Protection;
use quarterdeck::domain::store::Attempt;
use quarterdeck::domain::{
    DriftStatus, Fleet, Reading, Region, Scope, Stack, StackId, StackStatus, Tag, Topic, Untrusted,
    VersionRule,
};
use quarterdeck::engine::message::Update;
use quarterdeck::ui::{self, Look};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io;
use std::time::Instant;

const REGIONS: usize = 40;
const STACKS: usize = 50;
const FRAMES: usize = 600;

pub(super) fn figures() -> Vec<Figure> {
    let mut app = app();
    let (shelf, _) = Shelf::themes(None);
    let (theme, _) = Theme::named(Theme::DEFAULT, &shelf).unwrap();
    let look = Look::new(theme, Glyphs::Unicode);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(Rect::new(0, 0, 200, 60)),
    };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options).unwrap();
    let mut milliseconds = Vec::with_capacity(FRAMES);
    let keys = [
        "2", "j", "j", "pagedown", "l", "j", "v", "j", "pagedown", "k", "v", "1", "j", "j",
    ];
    for frame in 0..FRAMES {
        let key = keys[frame % keys.len()].parse().unwrap();
        let began = Instant::now();
        app.update(Event::Engine(Update::Attempt(reading(
            frame % REGIONS,
            frame,
        ))));
        app.update(Event::Key(key));
        let mut viewport = None;
        terminal
            .draw(|frame| viewport = Some(ui::draw(&app, &look, frame)))
            .unwrap();
        app.update(Event::Drawn(viewport.unwrap()));
        milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    let p50 = percentile(&mut milliseconds, 0.5);
    let p99 = percentile(&mut milliseconds, 0.99);
    vec![
        Figure::at_most("frame at 200x60, 2,000 stacks: median", p50, 8.0, "ms"),
        Figure::at_most("frame at 200x60, 2,000 stacks: p99", p99, 8.0, "ms"),
    ]
}

/// Presses keys; tells what the app wants of the outside.
pub(super) fn press(app: &mut App, keys: &[&str]) -> Vec<Effect> {
    let press = |key: &&str| app.update(Event::Key(key.parse().unwrap()));
    keys.iter().flat_map(press).collect()
}

fn app() -> App {
    let regions: Vec<String> = (0..REGIONS).map(region).collect();
    let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
    let fleet = Fleet {
        accounts: vec![account("prod", "123456789012", &regions)],
        version: VersionRule::Tag("version".into()),
        ..Fleet::default()
    };
    let (shelf, _) = Shelf::keymaps(None);
    let keymap = Keymap::layered(shelf.embedded("default")).0;
    let mut app = App::new(fleet, keymap, now());
    for index in 0..REGIONS {
        app.update(Event::Engine(Update::Attempt(reading(index, 0))));
    }
    app
}

fn now() -> DateTime<Utc> {
    "2026-11-20T14:32:07Z".parse().unwrap()
}

fn region(index: usize) -> String {
    format!("xx-bench-{index}")
}

fn reading(index: usize, turn: usize) -> Attempt {
    Attempt {
        topic: Topic::Stacks,
        scope: Scope::regional(
            &quarterdeck::domain::AccountName::new("prod"),
            &Region::new(region(index)),
        ),
        at: now(),
        took: TimeDelta::milliseconds(90),
        result: Ok(Reading::Stacks(
            (0..STACKS)
                .map(|stack| self::stack(index, stack, turn))
                .collect(),
        )),
        retry: None,
    }
}

fn stack(region: usize, index: usize, turn: usize) -> Stack {
    let status = match (index + turn) % 25 {
        0 => "UPDATE_IN_PROGRESS",
        7 => "UPDATE_ROLLBACK_COMPLETE",
        11 => "UPDATE_ROLLBACK_FAILED",
        _ => "UPDATE_COMPLETE",
    };
    Stack {
        id: StackId::new(format!(
            "arn:aws:cloudformation:xx-bench-{region}:123456789012:stack/service-{index}/1"
        )),
        name: Untrusted::new(format!("service-{index}")),
        status: StackStatus::parse(status),
        reason: None,
        description: None,
        created: now() - TimeDelta::days(200),
        updated: Some(now() - TimeDelta::minutes(i64::try_from(index).unwrap())),
        parent: None,
        tags: vec![Tag {
            key: "version".into(),
            value: Untrusted::new(format!("v{}", 400 + index % 3)),
        }],
        parameters: Vec::new(),
        outputs: Vec::new(),
        drift: DriftStatus::NotChecked,
        protected: Protection::Off,
        role: None,
    }
}
