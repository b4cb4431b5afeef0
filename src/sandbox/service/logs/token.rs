//! Tokens that lead from one page to the next.
//!
//! A token carries all that it stands for, so nobody has to remember it: the request that it belongs to
//! (as a fingerprint), when it was issued, and where the next page begins.

use super::Call;
use super::ask::invalid;
use crate::sandbox::service::Refused;
use crate::sandbox::world::logs::Position;
use crate::sandbox::world::random::Dice;

/// AWS forgets a token after a day.
const LIFETIME: i64 = 86_400_000;

/// What still fits into twelve digits: some eight thousand years from now.
const LAST_TIME: i64 = 0xffff_ffff_ffff;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The first place of the next page.
    pub(super) from: Position,
    /// Which page it leads to; the first is number 0.
    pub(super) page: u64,
}

/// What a token belongs to: the request without what may change from page to page.
pub(super) fn fingerprint(call: &Call<'_>) -> u64 {
    let members = call.input.iter();
    let members = members.filter(|(member, _)| !["nextToken", "limit"].contains(member));
    let text = format!(
        "{}/{}/{}/{:?}",
        call.caller.account,
        call.region,
        call.operation,
        members.collect::<Vec<_>>()
    );
    Dice::named(call.world.seed, &text).roll()
}

impl Token {
    pub(super) fn written(self, fingerprint: u64, now: i64) -> String {
        format!(
            "{fingerprint:016x}{now:012x}{:012x}{:016x}{:06x}",
            self.from.timestamp.clamp(0, LAST_TIME),
            self.from.key,
            self.page
        )
    }

    /// The token of a request, if it has one: its own, and not too old.
    pub(super) fn of(call: &Call<'_>, fingerprint: u64) -> Result<Option<Token>, Refused> {
        let Some(text) = call.input.text("nextToken") else {
            return Ok(None);
        };
        let token = Token::read(&text, fingerprint, call.now.timestamp_millis());
        token
            .map(Some)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))
    }

    fn read(text: &str, fingerprint: u64, now: i64) -> Option<Token> {
        let mut rest = text;
        let mut number = |digits: usize| {
            let (head, tail) = rest.split_at_checked(digits)?;
            rest = tail;
            u64::from_str_radix(head, 16).ok()
        };
        let (own, issued) = (number(16)?, i64::try_from(number(12)?).ok()?);
        let timestamp = i64::try_from(number(12)?).ok()?;
        let (key, page) = (number(16)?, number(6)?);
        let fresh = (0..=LIFETIME).contains(&(now - issued));
        (own == fingerprint && fresh && rest.is_empty()).then_some(Token {
            from: Position { timestamp, key },
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_a_day_and_for_its_own_request() {
        let token = Token {
            from: Position {
                timestamp: 1_763_640_000_123,
                key: u64::MAX,
            },
            page: 7,
        };
        let now = 1_763_640_000_500;
        let text = token.written(42, now);
        assert_eq!(Token::read(&text, 42, now + LIFETIME), Some(token));
        assert_eq!(Token::read(&text, 42, now + LIFETIME + 1), None);
        assert_eq!(Token::read(&text, 43, now), None);
        for wrong in ["", "x", &format!("{text}0"), &text.replace('0', "g")] {
            assert_eq!(Token::read(wrong, 42, now), None, "{wrong}");
        }
    }
}
