//! What the house promises about speed and memory, measured in one run: `cargo bench`; one group of it:
//! `cargo bench --bench bars reading`.
//!
//! Every bar is a ratio, or a figure of a process of its own; nothing here is a timed test. Prints one line per
//! figure with its bar, and ends with exit code 1 when one is missed.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(
    clippy::disallowed_methods,
    reason = "a bench reads the clock and says with its exit code whether a bar was missed"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "figures, not amounts"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a bench that cannot measure has to stop"
)]

#[path = "../support/mod.rs"]
mod support;

mod fleet;
mod flood;
mod frame;
mod logbook;
mod process;
mod reading;
mod wire;

/// A figure, its bar, and whether it holds.
struct Figure {
    name: String,
    measured: f64,
    bar: Bar,
    unit: &'static str,
}

/// What a figure is held against.
enum Bar {
    AtMost(f64),
    AtLeast(f64),
}

impl Figure {
    fn at_most(name: impl Into<String>, measured: f64, bar: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            measured,
            bar: Bar::AtMost(bar),
            unit,
        }
    }

    fn at_least(name: impl Into<String>, measured: f64, bar: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            measured,
            bar: Bar::AtLeast(bar),
            unit,
        }
    }

    fn holds(&self) -> bool {
        match self.bar {
            Bar::AtMost(bar) => self.measured <= bar,
            Bar::AtLeast(bar) => self.measured >= bar,
        }
    }

    fn print(&self) {
        let verdict = if self.holds() { "ok  " } else { "MISS" };
        let (word, bar) = match self.bar {
            Bar::AtMost(bar) => ("at most", bar),
            Bar::AtLeast(bar) => ("at least", bar),
        };
        println!(
            "{verdict}  {:<58} {:>9.2} {:<8} ({word} {bar} {})",
            self.name, self.measured, self.unit, self.unit
        );
    }
}

/// A name to ask for it by, and what measures it.
type Group = (&'static str, fn() -> Vec<Figure>);

fn main() {
    // Other arguments are those of a harness that this is not: `cargo bench` and `cargo test --benches` pass them.
    let arguments: Vec<String> = std::env::args().collect();
    let first = arguments.get(1).map(String::as_str).unwrap_or_default();
    if let Some(one) = reading::Loop::named(first) {
        return one.run(&arguments[2], arguments[3].parse().unwrap());
    }
    let groups: [Group; 6] = [
        ("frame", frame::figures),
        ("fleet", fleet::figures),
        ("process", process::figures),
        ("reading", reading::figures),
        ("logbook", logbook::figures),
        ("flood", flood::figures),
    ];
    let is_named = |name: &str| groups.iter().any(|(group, _)| *group == name);
    let chosen: Vec<&String> = arguments.iter().filter(|name| is_named(name)).collect();
    let is_wanted = |name: &&str| chosen.is_empty() || chosen.iter().any(|chosen| chosen == name);
    let mut missed = 0;
    let wanted = groups.iter().filter(|(name, _)| is_wanted(name));
    for figure in wanted.flat_map(|(_, measure)| measure()) {
        figure.print();
        missed += usize::from(!figure.holds());
    }
    println!("{missed} missed");
    if missed > 0 {
        std::process::exit(1);
    }
}

/// The value below which this part of the sorted values lies.
fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = ((values.len() as f64 - 1.0) * part).round();
    values[rank as usize]
}
