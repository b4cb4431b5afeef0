//! The operator: makes plans of wishes, runs what was agreed to, and takes up what was left behind.

mod message;
pub(super) mod planner;

pub use message::{ARMED, Arming, Keeper, Onward, Order, Ticket, Tidings};
