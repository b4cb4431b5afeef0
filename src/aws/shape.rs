//! The SDK's primitive shapes as ours: text becomes [`Untrusted`] here and nowhere else, times become UTC.

use crate::domain::{DriftStatus, Timestamp, Untrusted};
use aws_smithy_types::DateTime;

/// Text that the API's model promises; an empty one when the promise is broken.
pub(super) fn text(text: Option<&str>) -> Untrusted {
    Untrusted::new(text.unwrap_or_default())
}

/// Text that may be missing. AWS sends empty elements for some absent values.
pub(super) fn optional(text: Option<&str>) -> Option<Untrusted> {
    text.filter(|text| !text.is_empty()).map(Untrusted::new)
}

/// A time that may be missing, or beyond what a calendar knows.
pub(super) fn moment(time: Option<&DateTime>) -> Option<Timestamp> {
    time.and_then(|time| Timestamp::from_timestamp(time.secs(), time.subsec_nanos()))
}

/// A time that the API's model promises; 1970, which nobody believes, when the promise is broken.
pub(super) fn promised(time: Option<&DateTime>) -> Timestamp {
    moment(time).unwrap_or_default()
}

pub(super) fn drift(word: Option<&str>) -> DriftStatus {
    word.map(DriftStatus::parse).unwrap_or_default()
}
