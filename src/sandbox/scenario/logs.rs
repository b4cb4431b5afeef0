//! The words of a scenario about logs: how they flow, which groups there are beside those of the stacks,
//! and lines that are said word for word.
//!
//! The groups of functions, containers, APIs and clusters come from the stacks. A `[[log_group]]` of the
//! same name says more about one of them; any other makes a group of its own.

use serde::Deserialize;

use super::plan::Reach;

/// Shares are between 0 and 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct LogsPlan {
    /// Whether requests over AWS's rates are throttled: those of CloudWatch and Lambda as well.
    pub(in crate::sandbox) quotas: bool,
    /// The pages of `FilterLogEvents` that are empty although more follow.
    pub(in crate::sandbox) empty_pages: f64,
    /// The events that a later page repeats.
    pub(in crate::sandbox) duplicates: f64,
    /// The events that arrive up to two minutes late; the others take three seconds at most.
    pub(in crate::sandbox) late: f64,
    /// Times the ordinary amount of work; 0 for groups in which nothing is said.
    pub(in crate::sandbox) rate: f64,
    /// The work that fails where nothing is broken.
    pub(in crate::sandbox) errors: f64,
}

impl Default for LogsPlan {
    fn default() -> LogsPlan {
        LogsPlan {
            quotas: false,
            empty_pages: 0.0,
            duplicates: 0.0,
            late: 0.004,
            rate: 1.0,
            errors: 0.004,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct LogGroupPlan {
    /// May carry `{account}`, `{account_id}` and `{region}`.
    pub(in crate::sandbox) name: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// Who speaks in it; nobody if left out.
    pub(in crate::sandbox) voice: Option<VoicePlan>,
    /// What the speaker is called: `checkout`.
    #[serde(default)]
    pub(in crate::sandbox) service: String,
    /// Pieces of work per minute; each writes about six lines, an access log one.
    pub(in crate::sandbox) rate: Option<f64>,
    pub(in crate::sandbox) errors: Option<f64>,
    pub(in crate::sandbox) late: Option<f64>,
    /// In days.
    pub(in crate::sandbox) retention: Option<i64>,
    /// `STANDARD` or `INFREQUENT_ACCESS`.
    pub(in crate::sandbox) class: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum VoicePlan {
    Function,
    Container,
    Pods,
    Access,
}

/// A line that is said word for word, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct LogLinePlan {
    pub(in crate::sandbox) group: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) stream: String,
    /// Seconds from the world's start; negative for the past.
    pub(in crate::sandbox) at: f64,
    /// Seconds from then until it can be read.
    #[serde(default)]
    pub(in crate::sandbox) late: f64,
    /// `{megabyte}` stands for as much text.
    pub(in crate::sandbox) message: String,
}
