//! Whether two clocks disagree: every request carries the time, and AWS refuses it when it is far off.
//!
//! The SDK learns the difference from each answer's `Date` and signs the next request with AWS's time, so a
//! region heals by itself after one refusal. The operator still has to know: everything on screen that is
//! compared with this machine's clock is off by as much.

use crate::domain::Timestamp;
use aws_types::sdk_config::SharedTimeSource;
use chrono::{DateTime, TimeDelta, Utc};

/// Less than this is the network, not the clock; AWS tolerates it too.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);

/// How far this machine's clock is ahead of the server's `Date`.
pub(super) fn ahead(date: &str) -> Option<TimeDelta> {
    let theirs = DateTime::parse_from_rfc2822(date).ok()?;
    // AWS compares with the machine's clock, so that one is asked, not the house's.
    let ours = Timestamp::from(SharedTimeSource::default().now());
    Some(ours - theirs.with_timezone(&Utc))
}

/// Whether a refusal is about time. EC2 says `AuthFailure` for any bad signature and `RequestExpired` for ended
/// credentials too, so there the clocks decide.
pub(super) fn is_cause(code: &str, message: &str, ahead: Option<TimeDelta>) -> bool {
    let far = ahead.is_some_and(|ahead| ahead.abs() > TOLERATED);
    match code {
        "RequestTimeTooSkewed" | "RequestInTheFuture" => true,
        "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            far || message.contains("Signature expired")
                || message.contains("Signature not yet current")
        }
        "AuthFailure" | "RequestExpired" => far,
        _ => false,
    }
}

/// "14 min slow", as far as it can be told.
pub(super) fn words(message: &str, ahead: Option<TimeDelta>) -> String {
    match ahead.filter(|ahead| ahead.abs() > TimeDelta::minutes(1)) {
        Some(ahead) if ahead > TimeDelta::zero() => format!("{} min fast", ahead.num_minutes()),
        Some(ahead) => format!("{} min slow", -ahead.num_minutes()),
        None if message.contains("not yet current") => "fast".to_owned(),
        None if message.contains("Signature expired") => "slow".to_owned(),
        None => "wrong".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_explains_a_signature_that_is_late() {
        let minutes = |n| Some(TimeDelta::minutes(n));
        for (code, message, ahead, expected) in [
            (
                "SignatureDoesNotMatch",
                "Signature expired: 1 is now earlier than 2",
                minutes(-14),
                true,
            ),
            (
                "SignatureDoesNotMatch",
                "Signature not yet current: 2 is still later than 1",
                None,
                true,
            ),
            (
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match",
                minutes(0),
                false,
            ),
            ("InvalidSignatureException", "Signature expired", None, true),
            (
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
                minutes(20),
                true,
            ),
            (
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
                minutes(1),
                false,
            ),
            ("RequestExpired", "Request has expired.", None, false),
            ("RequestExpired", "Request has expired.", minutes(6), true),
            ("RequestTimeTooSkewed", "", None, true),
            ("AccessDenied", "", minutes(60), false),
        ] {
            assert_eq!(
                is_cause(code, message, ahead),
                expected,
                "{code}: {message}"
            );
        }
    }

    #[test]
    fn the_direction_is_told() {
        for (message, ahead, expected) in [
            ("", Some(TimeDelta::minutes(14)), "14 min fast"),
            ("", Some(TimeDelta::minutes(-3600)), "3600 min slow"),
            ("Signature not yet current: x", None, "fast"),
            ("Signature expired: x", None, "slow"),
            ("", None, "wrong"),
        ] {
            assert_eq!(words(message, ahead), expected);
        }
    }

    #[test]
    fn a_date_header_is_compared_with_this_machine() {
        assert!(ahead("Tue, 01 Jan 2019 00:00:00 GMT").unwrap() > TimeDelta::days(365));
        assert_eq!(ahead("yesterday"), None);
    }
}
