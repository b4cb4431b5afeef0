//! Cutting lists into pages: a token names the last thing that was shown.

/// The items of the page that `token` asks for, and the token of the next one; `None` for a token that nobody gave.
pub(super) fn cut<T>(
    items: Vec<T>,
    most: usize,
    token: Option<&str>,
    name: impl Fn(&T) -> String,
) -> Option<(Vec<T>, Option<String>)> {
    let named = |item: &T| format!("after-{}", name(item));
    let start = match token {
        None => 0,
        Some(token) => items.iter().position(|item| token == named(item))? + 1,
    };
    let more = items.len() > start + most;
    let page: Vec<T> = items.into_iter().skip(start).take(most).collect();
    let next = page.last().filter(|_| more).map(named);
    Some((page, next))
}
