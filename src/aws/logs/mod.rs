//! CloudWatch Logs: groups, their events, Live Tail and Insights.
//!
//! Pages of events are read by us and not by the SDK: its reader refuses a page of ten thousand for half a character
//! in one of them, and takes longer over it than the network does. Everything else of the call is the SDK's.

mod events;
mod groups;
mod live;
mod query;
mod reader;

pub use events::{EventsPage, EventsQuestion};
pub use live::{LIVE_GROUPS, LiveQuestion, LiveTail, LiveUpdate};
pub use query::{QUERY_GROUPS, QueryQuestion};

pub(super) use events::filter as events;
pub(super) use groups::list as groups;
pub(super) use live::HostAsSet;

use super::raw::Service;

pub(super) const LOGS: Service = Service {
    name: "CloudWatch Logs",
    signing: "logs",
};
