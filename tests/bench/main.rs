//! What the house promises about speed and memory, measured in one run: `cargo bench`.
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
mod frame;
mod process;

/// A figure, its bar, and whether it holds.
struct Figure {
    name: String,
    measured: f64,
    bar: f64,
    unit: &'static str,
}

impl Figure {
    fn at_most(name: impl Into<String>, measured: f64, bar: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            measured,
            bar,
            unit,
        }
    }

    fn holds(&self) -> bool {
        self.measured <= self.bar
    }

    fn print(&self) {
        let verdict = if self.holds() { "ok  " } else { "MISS" };
        println!(
            "{verdict}  {:<58} {:>9.2} {:<8} (at most {} {})",
            self.name, self.measured, self.unit, self.bar, self.unit
        );
    }
}

fn main() {
    // `cargo bench` and `cargo test --benches` pass arguments of a harness that this is not.
    let groups: [fn() -> Vec<Figure>; 3] = [frame::figures, fleet::figures, process::figures];
    let mut missed = 0;
    for figure in groups.into_iter().flat_map(|measure| measure()) {
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
