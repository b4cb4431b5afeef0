//! `ops list`: a line for each operation, those that have not ended first.

use super::Known;
use crate::cli::operate::outcome;
use crate::cli::output::{self, Cell, Format, Tone};
use crate::cli::{Exit, Session};
use crate::domain::operation::{Run, Summary};
use crate::domain::untrusted::sanitise;
use crate::domain::{Timestamp, json, time};
use crate::engine::message::Keeper;
use chrono::SecondsFormat;
use serde_json::{Value, json};
use std::io;

pub(super) fn print(session: &Session, known: &Known, format: Format) -> io::Result<Exit> {
    let mut runs: Vec<&Run> = known.runs.iter().collect();
    // Stable: the newest stays first.
    runs.sort_by_key(|run| run.is_over());
    match format {
        Format::Table if runs.is_empty() => output::say("This machine knows no operation yet."),
        Format::Table => {
            let now = session.clock.now();
            let row = |run: &&Run| cells(&run.summary(), known.keeper(run), now);
            let rows: Vec<[Cell; 7]> = runs.iter().map(row).collect();
            let heading = ["ID", "WHAT", "BY", "BEGAN", "TOOK", "DONE", "OUTCOME"];
            session.output.table(&heading, &rows)?;
        }
        Format::Json => {
            for run in runs {
                let summary = run.summary();
                output::line(&json::text(&object(&summary, known.keeper(run))))?;
            }
        }
    }
    Ok(Exit::Done)
}

fn cells(summary: &Summary, keeper: Option<Keeper>, now: Timestamp) -> [Cell; 7] {
    let what = format!("{} {}", summary.verb.name(), summary.target.safe());
    let (done, of) = (summary.members.1, summary.members.0);
    let took = summary.ended.unwrap_or(now) - summary.began;
    let began = summary.began.to_rfc3339_opts(SecondsFormat::Secs, true);
    [
        Cell::plain(summary.id.to_string()),
        Cell::plain(what),
        Cell::plain(sanitise(&summary.by)),
        Cell::quiet(began),
        Cell::plain(time::words(took)),
        Cell::plain(format!("{done}/{of}")),
        ended(summary, keeper),
    ]
}

fn ended(summary: &Summary, keeper: Option<Keeper>) -> Cell {
    if let Some(ended) = &summary.outcome {
        let (word, tone, why) = outcome(ended);
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        return Cell::of(format!("{word}{why}"), tone);
    }
    let (word, tone) = kept(keeper);
    Cell::of(word, tone)
}

/// Who goes on with it.
pub(super) fn kept(keeper: Option<Keeper>) -> (&'static str, Tone) {
    match keeper {
        Some(Keeper::Ourselves | Keeper::Another) => ("running", Tone::Moving),
        Some(Keeper::Nobody) | None => ("left behind", Tone::Bad),
    }
}

/// A run in short.
pub(super) fn object(summary: &Summary, keeper: Option<Keeper>) -> Value {
    let ended = summary.outcome.as_ref().map(outcome);
    json!({
        "id": summary.id.as_str(),
        "verb": summary.verb.name(),
        "target": summary.target.exact(),
        "by": summary.by,
        "began": summary.began.to_rfc3339(),
        "ended": summary.ended.map(|at| at.to_rfc3339()),
        "outcome": ended.as_ref().map(|(word, _, _)| *word),
        "why": ended.as_ref().and_then(|(_, _, why)| why.clone()),
        "kept": keeper.map(|keeper| kept(Some(keeper)).0),
        "places": summary.members.0,
        "succeeded": summary.members.1,
    })
}
