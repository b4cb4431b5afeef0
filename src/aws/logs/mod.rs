//! CloudWatch Logs: groups and their events.
//!
//! Pages of events are read by us and not by the SDK: its reader refuses a page of ten thousand for half a character
//! in one of them, and takes longer over it than the network does. Everything else of the call is the SDK's.

mod events;
mod function;
mod groups;
mod reader;

pub use events::{EventsPage, EventsQuestion};

pub(super) use events::filter as events;
pub(super) use function::log_group as function;
pub(super) use groups::list as groups;
