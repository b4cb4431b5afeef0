//! Log groups, their events, and what is known to be missing from them.
//!
//! A *source* is one group in one region of one account: the unit that is read, throttled and counted on its own.
//! Times are CloudWatch's own: milliseconds since 1970, in UTC. Everything that somebody else wrote stays exact here
//! and is made harmless where it is shown.
//!
//! A pane keeps a [`LogBook`], and a [`Sieve`] for its filter and one for its search. [`View`] is what it draws:
//!
//! ```
//! use quarterdeck::domain::log::{Filter, LogBook, LogEvents, Sieve, SieveName, View};
//! use std::sync::Arc;
//! let mut book = LogBook::default();
//! let mut page = LogEvents::default();
//! page.push("stream", (1, 2), "id", "ERROR no such row");
//! page.push("stream", (2, 3), "id", "all is well");
//! book.absorb(0, &page, 2); // Page { source, events, reached }
//!
//! let filter = Filter::parse("level>=WARN row").expect("it can be read");
//! let mut sieve = Sieve::new(SieveName { name: 0, turn: 1 }, Arc::new(filter));
//! // After every page: a few lines are sifted here; what is left goes to the engine as `Request::Sift(job)`, and
//! // `Update::Sifted(sifted)` comes back for `sieve.accept(&book, &sifted)`.
//! assert_eq!(sieve.settle(&book, 2_000), None);
//!
//! let view = View::new(&book, Some(&sieve)); // `None`: every line
//! let line = view.line(0).expect("one line was kept");
//! assert_eq!((view.len(), &*line.safe()), (1, "ERROR no such row"));
//! assert_eq!(view.row_of(line.id), Some(0)); // the cursor keeps `line.id`
//! ```

pub mod block;
pub mod book;
pub mod confluence;
pub mod destination;
pub mod error_line;
pub mod events;
pub mod export;
pub mod field;
pub mod filter;
pub mod fold;
pub mod gist;
pub mod group;
pub mod histogram;
pub mod invocation;
pub mod json;
pub mod level;
pub mod line;
mod mask;
mod merge;
pub mod moment;
mod parse;
pub mod query;
pub mod search;
pub mod selector;
pub mod sieve;
pub mod sift;
pub mod tally;
pub mod view;
pub mod walk;

pub use block::{Block, BlockId};
pub use book::{Bounds, LogBook};
pub use confluence::Confluence;
pub use error_line::{ErrorLine, LastErrors, Search};
pub use events::{LogEvent, LogEvents};
pub use export::{ExportFormat, export};
pub use filter::{Filter, FilterError};
pub use fold::{Fold, Template};
pub use group::{Hole, LogGroup, LogSource};
pub use histogram::Histogram;
pub use invocation::{Invocation, Report, invocation};
pub use json::{JsonKind, JsonRow, unfold};
pub use level::Level;
pub use line::{Kind as LineKind, Line, LineId};
pub use moment::Moment;
pub use query::{QueryResults, QueryRow, QueryStatistics, QueryStatus, QueryTable};
pub use search::Pattern;
pub use selector::Selector;
pub use sieve::Sieve;
pub use sift::{SieveName, SiftJob, Sifted, Sifter};
pub use view::View;

use super::Timestamp;

/// Milliseconds since 1970, as CloudWatch Logs counts.
pub type Millis = i64;

/// The moment, or the nearest that a timestamp can hold.
pub fn timestamp(time: Millis) -> Timestamp {
    Timestamp::from_timestamp_millis(time).unwrap_or(if time < 0 {
        Timestamp::MIN_UTC
    } else {
        Timestamp::MAX_UTC
    })
}
