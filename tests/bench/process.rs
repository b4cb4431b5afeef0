//! What the real binary costs: its first frame, its idle time, its memory.

use super::{Figure, percentile};
use crate::support::house::House;
use crate::support::program::Program;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::{Duration, Instant};

/// How long an idle program is watched.
const WATCHED: Duration = Duration::from_secs(20);

pub(super) fn figures() -> Vec<Figure> {
    let (mut first, mut data): (Vec<f64>, Vec<f64>) = (0..5).map(|_| demo()).unzip();
    let mut keys = keys();
    vec![
        Figure::at_most(
            "a key to its frame, one region dark, one throttled: p99",
            percentile(&mut keys, 0.99),
            50.0,
            "ms",
        ),
        Figure::at_most(
            "start to first frame of the demo",
            percentile(&mut first, 0.5),
            100.0,
            "ms",
        ),
        Figure::at_most(
            "start to every region's stacks of the demo",
            percentile(&mut data, 0.5),
            1_000.0,
            "ms",
        ),
        Figure::at_most("idle time with 17 regions, of one core", idle(17), 2.0, "%"),
        Figure::at_most(
            "resident memory with 34 regions x 50 stacks",
            memory(34),
            80.0,
            "MB",
        ),
    ]
}

/// Milliseconds to the first frame, and to a frame in which no region waits for its first data.
fn demo() -> (f64, f64) {
    let began = Instant::now();
    let mut screen = Program::quarterdeck().args(["--demo", "calm"]).open();
    screen.wait_for_text("REGION");
    let first = began.elapsed();
    screen.wait_until("every region's stacks", |seen| {
        seen.rows().iter().filter(|row| row.contains('✓')).count() >= 12
    });
    let data = began.elapsed();
    screen.keys("q");
    let _ = screen.exit();
    (first.as_secs_f64() * 1_000.0, data.as_secs_f64() * 1_000.0)
}

/// Milliseconds from a key to the frame that shows it, while one region is dark and another throttled.
fn keys() -> Vec<f64> {
    let house = House::of(&Scenario::grid(17, 50));
    let regions: Vec<String> = house
        .sandbox
        .fleet()
        .split('"')
        .filter(|word| word.matches('-').count() >= 2)
        .map(str::to_owned)
        .collect();
    house
        .sandbox
        .inject(Fault::new(Place::region(&regions[0]), FaultKind::Dark));
    house.sandbox.inject(Fault::new(
        Place::region(&regions[1]),
        FaultKind::Throttle {
            per_second: 0.0,
            burst: 0.0,
        },
    ));
    let mut screen = house.program().size(200, 60).open();
    screen.wait_until("most regions' stacks", |seen| {
        seen.rows().iter().filter(|row| row.contains('✓')).count() >= 15
    });
    (0..200)
        .map(|press| {
            let before = screen.seen().row_of("▸");
            let began = Instant::now();
            screen.send(if press % 2 == 0 { b"j" } else { b"k" });
            screen.wait_until("the selection to move", |seen| seen.row_of("▸") != before);
            began.elapsed().as_secs_f64() * 1_000.0
        })
        .collect()
}

/// Percent of one core, over a while in which nobody presses a key.
fn idle(regions: usize) -> f64 {
    let house = House::of(&Scenario::grid(regions, 50));
    let screen = house.program().open();
    screen.wait_until_still();
    let before = ticks(screen.pid());
    std::thread::sleep(WATCHED);
    let used = (ticks(screen.pid()) - before) as f64 / 100.0;
    used / WATCHED.as_secs_f64() * 100.0
}

/// Megabytes of the process once every region is known.
fn memory(regions: usize) -> f64 {
    let house = House::of(&Scenario::grid(regions, 50));
    let screen = house.program().size(200, 60).open();
    screen.wait_until("every region's stacks", |seen| {
        seen.rows().iter().filter(|row| row.contains('✓')).count() >= regions
    });
    std::thread::sleep(Duration::from_secs(5));
    let status = std::fs::read_to_string(format!("/proc/{}/status", screen.pid())).unwrap();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1_024.0
}

/// User and system time of a process, in hundredths of a second.
fn ticks(pid: i32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // The name, in parentheses, may hold spaces; the fields after it do not.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}
