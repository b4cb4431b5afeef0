//! Short messages with a severity and a life; never more than one line each.

use crate::domain::operation::OperationId;
use crate::domain::{AccountName, Timestamp};
use chrono::TimeDelta;

/// How long an answer to a key stays.
const LIFE: TimeDelta = TimeDelta::seconds(6);
/// How long something that happened stays.
const NEWS: TimeDelta = TimeDelta::seconds(30);
/// Notices kept at once; older ones give way.
const AT_MOST: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub severity: Severity,
    /// Already sanitised.
    pub text: String,
    pub about: About,
    until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

/// What a notice is about; a standing condition has one notice, replaced and withdrawn by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The key just pressed.
    Key,
    /// The files read at the start.
    Start,
    /// An account whose credentials ended.
    Credentials(AccountName),
    /// Alarms that went into alarm, or out of it.
    Alarms,
    /// Metrics that cost more than they may.
    Metrics,
    /// What has become of an operation.
    Operation(OperationId),
    /// Operations that nobody goes on with.
    LeftBehind,
}

/// The messages that are alive.
#[derive(Clone, Debug, Default)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// Says something for a moment, in answer to a key.
    pub fn answer(&mut self, now: Timestamp, severity: Severity, text: impl Into<String>) {
        self.withdraw(&About::Key);
        self.push(Notice {
            severity,
            text: text.into(),
            about: About::Key,
            until: Some(now + LIFE),
        });
    }

    /// Says something that happened, long enough to be seen by somebody who looks up.
    pub fn tell(&mut self, now: Timestamp, severity: Severity, about: About, text: &str) {
        self.withdraw(&about);
        self.push(Notice {
            severity,
            text: text.to_owned(),
            about,
            until: Some(now + NEWS),
        });
    }

    /// Says something until it is withdrawn; a second time about the same replaces the first.
    pub fn stand(&mut self, severity: Severity, about: About, text: impl Into<String>) {
        let text = text.into();
        match self
            .0
            .iter_mut()
            .find(|notice| notice.about == about && about != About::Start)
        {
            Some(notice) => (notice.severity, notice.text) = (severity, text),
            None => self.push(Notice {
                severity,
                text,
                about,
                until: None,
            }),
        }
    }

    pub fn withdraw(&mut self, about: &About) {
        self.0.retain(|notice| notice.about != *about);
    }

    /// Lets the old ones go; tells whether any went.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let before = self.0.len();
        self.0
            .retain(|notice| notice.until.is_none_or(|until| now < until));
        self.0.len() != before
    }

    /// The one to show: the answer to the last key, else the gravest, else the newest.
    pub fn current(&self) -> Option<&Notice> {
        self.0
            .iter()
            .max_by_key(|notice| (notice.about == About::Key, notice.severity))
    }

    pub fn all(&self) -> &[Notice] {
        &self.0
    }

    fn push(&mut self, notice: Notice) {
        if self.0.len() == AT_MOST {
            self.0.remove(0);
        }
        self.0.push(notice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::at;

    #[test]
    fn an_answer_lives_six_seconds_and_a_standing_notice_until_withdrawn() {
        let mut notices = Notices::default();
        let credentials = About::Credentials(AccountName::new("prod"));
        notices.stand(Severity::Error, credentials.clone(), "ended");
        notices.stand(Severity::Error, credentials.clone(), "ended again");
        notices.answer(at(0), Severity::Info, "copied");
        assert_eq!(notices.current().unwrap().text, "copied");
        assert!(!notices.expire(at(5)) && notices.expire(at(6)));
        assert_eq!(notices.all().len(), 1);
        assert_eq!(notices.current().unwrap().text, "ended again");
        notices.withdraw(&credentials);
        assert_eq!(notices.current(), None);
    }
}
