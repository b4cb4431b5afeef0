//! Paging: ten things on a page if nobody says, a hundred at the most.

use super::super::{Call, Refused, page};
use super::ask::{invalid_token, whole};

pub(super) fn of<T>(
    call: &Call<'_>,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Refused> {
    let asked = whole(call.input, "MaxResults", (1, 100))?.unwrap_or(10);
    let most = usize::try_from(asked).unwrap_or(10);
    let most = most.min(call.world.pages.accelerators);
    let token = call.input.text("NextToken");
    page::cut(items, most, token.as_deref(), name).ok_or_else(invalid_token)
}
