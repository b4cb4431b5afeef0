//! The Logs view while lines pour in faster than anyone can read: a hundred thousand a second over four regions.

mod torrent;

use super::frame::press;
use super::{Figure, percentile};
use crate::support::program::Program;
use crate::support::world::account;
use chrono::{DateTime, TimeDelta, Utc};
use quarterdeck::app::{App, Effect, Event};
use quarterdeck::config::assets::Shelf;
use quarterdeck::config::{Glyphs, Keymap, Theme};
use quarterdeck::domain::store::Attempt;
use quarterdeck::domain::{
    AccountName, Fleet, LogEvents, LogGroup, Reading, Region, Scope, Topic, Untrusted, VersionRule,
};
use quarterdeck::engine::log::{News, Page, TailSpec};
use quarterdeck::engine::message::{Request, Update};
use quarterdeck::ui::{self, Look};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use torrent::Torrent;

const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "ap-southeast-2"];
/// Events per second in each region.
const RATE: u64 = 25_000;
/// How long it pours.
const WATCHED: Duration = Duration::from_secs(60);
/// Frames that are drawn in the process of the bench: a minute of them, had they been drawn for eyes.
const FRAMES: usize = 3_600;
/// Lines to a page. Six frames pass between two of them.
const LINES: usize = 10_000;

pub(super) fn figures() -> Vec<Figure> {
    let mut keys = keys();
    let mut frames = frames();
    vec![
        Figure::at_most(
            "a key to its frame, 100,000 lines/s: p99",
            percentile(&mut keys, 0.99),
            33.0,
            "ms",
        ),
        Figure::at_most(
            "frame at 200x60, 100,000 lines/s: p99",
            percentile(&mut frames, 0.99),
            16.0,
            "ms",
        ),
    ]
}

/// Milliseconds from a key to the frame that shows it, in the real program.
fn keys() -> Vec<f64> {
    let torrent = Torrent::open(RATE);
    let mut screen = Program::quarterdeck()
        .env("AWS_ENDPOINT_URL", &format!("http://{}", torrent.address()))
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .args(["-r", &REGIONS.join(",")])
        .size(200, 60)
        .open();
    screen.keys("4 a");
    screen.wait_for_text("/bench/flood");
    screen.keys("enter");
    screen.wait_for_text("order placed");
    let began = Instant::now();
    let mut milliseconds = Vec::new();
    while began.elapsed() < WATCHED {
        for (key, what, is_open) in [(b"?", "help to open", true), (b"\x1b", "help to go", false)] {
            let pressed = Instant::now();
            screen.send(key);
            screen.wait_until(what, |seen| seen.contains("Everywhere") == is_open);
            milliseconds.push(pressed.elapsed().as_secs_f64() * 1_000.0);
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    println!(
        "      the title after a minute: {}",
        screen.seen().rows()[2].trim()
    );
    screen.keys("q");
    let _ = screen.exit();
    milliseconds
}

/// Milliseconds of a frame: what has come since the last one taken in, and drawn.
fn frames() -> Vec<f64> {
    let mut app = app();
    let spec = tail(&mut app);
    let (theme, _) = Theme::named(Theme::DEFAULT, &Shelf::themes(None).0).unwrap();
    let look = Look::new(theme, Glyphs::Unicode);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(Rect::new(0, 0, 200, 60)),
    };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), options).unwrap();
    let mut milliseconds = Vec::with_capacity(FRAMES);
    for frame in 0..FRAMES {
        let page = (frame % 6 == 0).then(|| page(frame / 6));
        let began = Instant::now();
        if let Some(page) = page {
            app.update(Event::Engine(Update::Log(spec.id, News::Page(page))));
        }
        let mut viewport = None;
        terminal
            .draw(|frame| viewport = Some(ui::draw(&app, &look, frame)))
            .unwrap();
        app.update(Event::Drawn(viewport.unwrap()));
        milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    milliseconds
}

/// An app that follows one group in every region.
fn app() -> App {
    let fleet = Fleet {
        accounts: vec![account("prod", "123456789012", &REGIONS)],
        version: VersionRule::Tag("version".into()),
        ..Fleet::default()
    };
    let keymap = Keymap::layered(Shelf::keymaps(None).0.embedded("default")).0;
    App::new(fleet, keymap, now())
}

fn tail(app: &mut App) -> TailSpec {
    press(app, &["4", "a"]);
    for region in REGIONS {
        let group = LogGroup {
            name: Untrusted::new("/bench/flood"),
            arn: Untrusted::new(format!(
                "arn:aws:logs:{region}:123456789012:log-group:/bench/flood"
            )),
            retention: None,
            stored: 0,
        };
        app.update(Event::Engine(Update::Attempt(Attempt {
            topic: Topic::LogGroups(Untrusted::new("")),
            scope: Scope::regional(&AccountName::new("prod"), &Region::new(region)),
            at: now(),
            took: TimeDelta::milliseconds(90),
            result: Ok(Reading::LogGroups(vec![group])),
            retry: None,
        })));
    }
    let asked = press(app, &["enter"]).into_iter();
    let tails = asked.filter_map(|effect| match effect {
        Effect::Ask(Request::Tail(spec)) => Some(spec),
        _ => None,
    });
    tails.last().expect("a group was chosen")
}

/// What one region says in 0.4 s.
fn page(number: usize) -> Arc<Page> {
    let mut events = LogEvents::default();
    let began = now().timestamp_millis() + i64::try_from(number * 100).unwrap();
    for line in 0..LINES {
        let order = number * LINES + line;
        let level = if line % 50 == 0 { "error" } else { "info" };
        let time = began + i64::try_from(line / 25).unwrap();
        events.push(
            "2026/11/20/[$LATEST]0",
            (time, time),
            &format!("{order:056}"),
            &format!(r#"{{"level":"{level}","message":"order placed","order":"{order:012}","path":"/api/v1/orders"}}"#),
        );
    }
    let reached = began + 400;
    Arc::new(Page::told(number % REGIONS.len(), events, reached))
}

fn now() -> DateTime<Utc> {
    "2026-11-20T14:32:07Z".parse().unwrap()
}
