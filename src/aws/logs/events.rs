//! One page of events, from `FilterLogEvents`.

use super::{LOGS, reader};
use crate::aws::problem::Failure;
use crate::aws::raw::{self, Call};
use crate::aws::session::Session;
use crate::domain::log::Millis;
use crate::domain::{LogEvents, Region, Untrusted};
use std::sync::Arc;

/// What to ask of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsQuestion {
    /// The group's name.
    pub group: Untrusted,
    /// The first millisecond of interest.
    pub from: Millis,
    /// The last one; `None`: whatever there is.
    pub until: Option<Millis>,
    /// In CloudWatch's pattern language.
    pub pattern: Option<String>,
    /// Events to a page; the service gives at most 10,000, and at most 1 MB.
    pub limit: Option<i32>,
    /// Where the page before ended.
    pub token: Option<String>,
}

/// A page; an empty one may be followed by others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsPage {
    pub events: LogEvents,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
    /// When it was given, by CloudWatch's clock, to the second.
    pub at: Option<Millis>,
    /// Events that could not be read, with their times where those could.
    pub unreadable: Vec<Option<Millis>>,
}

pub(in crate::aws) async fn filter(
    session: Arc<Session>,
    place: &Region,
    question: &EventsQuestion,
) -> Result<EventsPage, Failure> {
    let call = Call::json("Logs_20140328", "FilterLogEvents", request(question));
    let answer = raw::send(&session, LOGS, place, call).await?;
    let mut page = reader::read(&answer.body).ok_or_else(Failure::senseless)?;
    page.at = answer.at.map(|at| at.timestamp_millis());
    // A token that leads back to itself would turn for ever.
    page.next = page
        .next
        .filter(|next| !next.is_empty() && question.token.as_ref() != Some(next));
    Ok(page)
}

fn request(question: &EventsQuestion) -> String {
    let mut body = serde_json::json!({
        "logGroupName": question.group.exact(),
        "startTime": question.from.max(0),
    });
    if let Some(until) = question.until {
        body["endTime"] = until.max(0).into();
    }
    if let Some(pattern) = &question.pattern {
        body["filterPattern"] = pattern.as_str().into();
    }
    if let Some(limit) = question.limit {
        body["limit"] = limit.into();
    }
    if let Some(token) = &question.token {
        body["nextToken"] = token.as_str().into();
    }
    body.to_string()
}
