//! Paging: a token names the last thing that was shown.

use super::ask::{constraint, invalid_token};
use crate::sandbox::service::{Call, Refused};

/// The items of the page that is asked for, and the token of the next one.
pub(super) fn of<T>(
    call: &Call<'_>,
    items: Vec<T>,
    most: usize,
    name: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Refused> {
    let token = |item: &T| format!("after-{}", name(item));
    let start = match call.input.text("NextToken") {
        None => 0,
        Some(asked) => items
            .iter()
            .position(|item| asked == token(item))
            .map(|place| place + 1)
            .ok_or_else(invalid_token)?,
    };
    let more = items.len() > start + most;
    let page: Vec<T> = items.into_iter().skip(start).take(most).collect();
    let next = page.last().filter(|_| more).map(token);
    Ok((page, next))
}

/// How many records are wanted: between 1 and 100, 50 if nobody says.
pub(super) fn most_records(call: &Call<'_>, ordinarily: usize) -> Result<usize, Refused> {
    let Some(asked) = call.input.integer("MaxRecords") else {
        return Ok(ordinarily);
    };
    let most = usize::try_from(asked).ok();
    most.filter(|most| (1..=100).contains(most)).ok_or_else(|| {
        let (word, bound) = if asked < 1 {
            ("greater", 1)
        } else {
            ("less", 100)
        };
        constraint(
            &format!("'{asked}'"),
            "maxRecords",
            &format!("have value {word} than or equal to {bound}"),
        )
    })
}
