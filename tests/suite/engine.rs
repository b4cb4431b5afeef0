//! Ring 5: the engine on the sandbox in process, in paused time.

mod accelerators;
mod credentials;
mod independence;
mod insights;
mod invoke;
mod live;
mod logs;
mod metrics;
mod networks;
mod operations;
mod plans;
mod read_only;
mod spending;
mod throttling;
