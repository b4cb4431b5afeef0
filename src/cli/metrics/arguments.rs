//! The words of `metrics`.

use super::super::arguments::{text, texts};
use clap::{Arg, ArgAction, ArgMatches, Command};

/// What was asked for, as it was written. What can be wrong with it is said when it is used, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedMetrics {
    pub(super) function: String,
    pub(super) since: Option<String>,
    pub(super) period: Option<String>,
    pub(super) statistics: Vec<String>,
}

/// Adds what `metrics` takes.
pub(in crate::cli) fn verb(command: Command) -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    command
        .arg(
            Arg::new("function")
                .value_name("FUNCTION")
                .required(true)
                .help("The function's name, wherever it stands"),
        )
        .arg(option("since", "WHEN", "From here until now: 90s, 15m, 2h, 3d, 5w ago, or a UTC date and time; by default 24h"))
        .arg(option("period", "SPAN", "A row for each period of this length, 60s, 5m, 1h, instead of totals; CloudWatch keeps minutes for 15 days, five minutes for 63 and hours for 455"))
        .arg(
            option("stat", "NAME", "What is told of the duration: Sum (by default), Average, Maximum, p50, p95, p99, or another of CloudWatch's words; percentiles and the like need a period")
                .action(ArgAction::Append)
                .value_delimiter(','),
        )
}

pub(in crate::cli) fn by_verb(matches: &ArgMatches) -> WantedMetrics {
    WantedMetrics {
        function: text(matches, "function").unwrap_or_default(),
        since: text(matches, "since"),
        period: text(matches, "period"),
        statistics: texts(matches, "stat"),
    }
}
