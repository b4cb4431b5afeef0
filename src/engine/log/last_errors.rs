//! The newest lines of a log group that tell of a failure.
//!
//! CloudWatch gives the oldest first. So that a group full of failures is not read from hours ago on, the last minutes
//! are asked for first, then what lies before them, and no more once there are enough.

use crate::aws::{Cloud, EventsQuestion};
use crate::domain::log::error_line::{ERROR_PATTERN, ERRORS_AT_MOST};
use crate::domain::log::timestamp;
use crate::domain::{ErrorLine, LastErrors, Problem, Reading, Scope, Search, Timestamp, Untrusted};
use chrono::TimeDelta;
use std::collections::VecDeque;

/// How far back each look reaches; the last is as far as anybody looks.
const LOOKS: [TimeDelta; 4] = [
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::minutes(60),
    TimeDelta::minutes(180),
];

/// Pages of one look. A group that fills more may have newer lines behind them, which the reading says.
const PAGES_AT_MOST: usize = 8;

/// Looks until there are enough lines, or nothing further back to look at.
pub(in crate::engine) async fn read(
    cloud: &Cloud,
    scope: &Scope,
    (group, now): (&Untrusted, Timestamp),
) -> Result<Reading, Problem> {
    let (mut lines, mut search): (Vec<ErrorLine>, Search) = (Vec::new(), Search::Whole);
    let mut until = now + TimeDelta::minutes(1);
    for look in LOOKS {
        let question = EventsQuestion {
            group: group.clone(),
            from: (now - look).timestamp_millis(),
            until: Some(until.timestamp_millis() - 1),
            pattern: Some(ERROR_PATTERN.to_owned()),
            limit: None,
            token: None,
        };
        until = now - look;
        let (found, extent) = newest(cloud, scope, question).await?;
        lines.extend(found);
        if extent == Search::Partial {
            search = extent;
        }
        if lines.len() >= ERRORS_AT_MOST {
            break;
        }
    }
    lines.truncate(ERRORS_AT_MOST);
    Ok(Reading::LastErrors(LastErrors { lines, search }))
}

/// The newest lines of one look, newest first, and whether all of it was looked through.
async fn newest(
    cloud: &Cloud,
    scope: &Scope,
    mut question: EventsQuestion,
) -> Result<(Vec<ErrorLine>, Search), Problem> {
    let mut newest: VecDeque<ErrorLine> = VecDeque::new();
    let mut search = Search::Partial;
    for _ in 0..PAGES_AT_MOST {
        let page = cloud.log_events(scope, &question).await?;
        for event in page.events.iter() {
            if newest.len() == ERRORS_AT_MOST {
                newest.pop_front();
            }
            newest.push_back(ErrorLine {
                at: timestamp(event.time),
                stream: event.stream.clone(),
                message: Untrusted::new(event.exact()),
            });
        }
        question.token = page.next;
        if question.token.is_none() {
            search = Search::Whole;
            break;
        }
    }
    let mut newest = Vec::from(newest);
    // Streams are told one after the other within a page.
    newest.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok((newest, search))
}
