//! How far a reading can be believed when something is judged by it, and how its age is told.

use crate::domain::{Slot, Timestamp};
use std::borrow::Cow;

/// What was read, or why not.
pub(super) enum Known<'s, T: ?Sized> {
    Read(&'s T),
    /// It was read then, and fails since.
    Old(&'s T, Old<'s>),
    Not(Cow<'s, str>),
}

/// From when a reading is that could not be repeated, and why not.
pub(super) struct Old<'s> {
    pub(super) at: Timestamp,
    pub(super) why: Cow<'s, str>,
}

pub(super) fn known<T: ?Sized>(slot: Option<&Slot<T>>) -> Known<'_, T> {
    let Some(slot) = slot else {
        return Known::Not("it has not been read yet".into());
    };
    match (slot.good(), slot.failing()) {
        (Some(good), None) => Known::Read(&good.value),
        (Some(good), Some(failing)) => Known::Old(
            &good.value,
            Old {
                at: good.at,
                why: failing.problem.brief().into(),
            },
        ),
        (None, Some(failing)) => Known::Not(failing.problem.brief().into()),
        (None, None) => Known::Not("it has not been read yet".into()),
    }
}

/// A sentence that was true then.
pub(super) fn aged(what: &str, at: Timestamp) -> String {
    format!("{}, as of {}.", what.trim_end_matches('.'), moment(at))
}

/// `13:59:00 UTC on 2026-11-20`
pub(super) fn moment(at: Timestamp) -> String {
    at.format("%H:%M:%S UTC on %Y-%m-%d").to_string()
}
