//! How fast a long range of logs is read: the whole program against a bare loop, in one run.
//!
//! Pages lie ready in memory; a server hands them out on loopback. The loop is what anyone would write first: ask,
//! `serde_json`, print, ask again. It runs in a process of its own, as the program does.

mod bare;
mod warehouse;

use super::Figure;
use crate::support::home::Home;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use warehouse::{EVENTS, Warehouse};

pub(crate) use bare::Loop;

const GROUP: &str = "/bench/orders";
/// Pages of one region alone. CloudWatch lets through half of 25 calls a second there, and twice that at first.
const PAGES: usize = 20;
const ALONE: &str = "us-east-1";
/// Elsewhere it is half of ten, and twice that at first.
const PAGES_EACH: usize = 10;
const TOGETHER: [&str; 6] = [
    "eu-west-1",
    "eu-west-2",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "sa-east-1",
];
/// Runs of each; the best counts, since whatever else the machine does only makes it slower.
const ROUNDS: usize = 5;

pub(super) fn figures() -> Vec<Figure> {
    let warehouse = Warehouse::open(PAGES.max(PAGES_EACH));
    let home = Home::new();
    let (mut plain, mut tuned, mut plain_pair) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut ours, mut all, mut peak, mut peak_of_all) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    let looping = |one: Loop, name: &str| bare_of(&warehouse, one, &home, name);
    for _ in 0..ROUNDS {
        plain = plain.max(rate([looping(Loop::Plain, "plain")]));
        tuned = tuned.max(rate([looping(Loop::Tuned, "tuned")]));
        let (alone, memory) = reading(&warehouse, &[ALONE], PAGES, &home);
        (ours, peak) = (ours.max(alone), peak.max(memory));
        let pair = [looping(Loop::Plain, "left"), looping(Loop::Plain, "right")];
        plain_pair = plain_pair.max(rate(pair));
        let (together, memory) = reading(&warehouse, &TOGETHER, PAGES_EACH, &home);
        (all, peak_of_all) = (all.max(together), peak_of_all.max(memory));
    }
    println!(
        "      events/s: plain loop {plain:.0}, tuned loop {tuned:.0}, ours {ours:.0}; two plain loops {plain_pair:.0}, six regions {all:.0} in {peak_of_all:.0} MB"
    );
    vec![
        Figure::at_least("reading a range / a plain loop", ours / plain, 0.9, "x"),
        Figure::at_least(
            "six regions at once / two plain loops at once",
            all / plain_pair,
            0.8,
            "x",
        ),
        Figure::at_most("memory while reading a range", peak, 64.0, "MB"),
    ]
}

/// A run that is going on.
struct Run {
    child: Child,
    began: Instant,
}

fn bare_of(warehouse: &Warehouse, one: Loop, home: &Home, name: &str) -> Run {
    warehouse.fill(PAGES);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            one.name(),
            &warehouse.address().to_string(),
            &PAGES.to_string(),
        ])
        .stdout(File::create(home.path().join(name)).unwrap());
    Run {
        began: Instant::now(),
        child: command.spawn().unwrap(),
    }
}

/// Events per second of loops that began together.
fn rate<const LOOPS: usize>(loops: [Run; LOOPS]) -> f64 {
    let events = LOOPS * PAGES * EVENTS;
    let mut took = Duration::ZERO;
    for mut run in loops {
        assert!(run.child.wait().unwrap().success());
        took = took.max(run.began.elapsed());
    }
    events as f64 / took.as_secs_f64()
}

/// Events per second of our program, and the most memory it held.
fn reading(warehouse: &Warehouse, regions: &[&str], pages: usize, home: &Home) -> (f64, f64) {
    let file = home.path().join("ours");
    let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
    command.env_clear().envs(home.environment()).envs([
        (
            "AWS_ENDPOINT_URL",
            format!("http://{}", warehouse.address()),
        ),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
    ]);
    command.args(["logs", GROUP, "-r", &regions.join(",")]);
    command.args(["--since", "10m", "--until", "now"]);
    command
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(File::create(&file).unwrap())
        .stderr(Stdio::null());
    warehouse.fill(pages);
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut peak = 0.0;
    let status = loop {
        peak = high_water(&child).unwrap_or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let took = began.elapsed();
    assert!(status.success(), "{status}");
    let expected = regions.len() * pages * EVENTS;
    assert_eq!(lines(&file), expected, "every event is printed once");
    (expected as f64 / took.as_secs_f64(), peak)
}

fn lines(file: &Path) -> usize {
    let text = std::fs::read(file).unwrap();
    memchr::memchr_iter(b'\n', &text).count()
}

/// Megabytes that the process has held at most so far.
fn high_water(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes / 1_024.0)
}
