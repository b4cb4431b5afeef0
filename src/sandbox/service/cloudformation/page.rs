//! Paging: a token names the last thing shown, not a number.
//!
//! Stacks and events come and go between two pages; a position would skip or repeat what a name finds
//! again. The token is opaque to clients, as AWS's is.

use super::Refused;
use crate::sandbox::failure::Failure;

/// The part of `items` that follows `token`, and the token for the rest. `key` names an item.
pub(super) fn cut<T>(
    items: Vec<T>,
    size: usize,
    token: Option<&str>,
    key: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Refused> {
    let start = match token {
        None => 0,
        Some(token) => items
            .iter()
            .position(|item| opaque(&key(item)) == token)
            .map(|place| place + 1)
            .ok_or_else(|| Failure::validation("Invalid pagination token"))?,
    };
    let remaining = items.len() - start;
    let mut page: Vec<T> = items.into_iter().skip(start).collect();
    page.truncate(size.max(1));
    let next = (remaining > page.len())
        .then(|| page.last().map(|item| opaque(&key(item))))
        .flatten();
    Ok((page, next))
}

fn opaque(key: &str) -> String {
    // FNV-1a twice, so that a token is as long as it looks.
    let hash = |basis: u64| {
        key.bytes().fold(basis, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    };
    format!(
        "{:016x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x6c62_272e_07bb_0142)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(items: &[&str], size: usize) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            let Ok((page, next)) = cut(items, size, token.as_deref(), Clone::clone) else {
                panic!("a token of our own was refused");
            };
            pages.push(page);
            token = next;
            if token.is_none() {
                return pages;
            }
        }
    }

    #[test]
    fn pages_together_are_everything_once() {
        assert_eq!(pages(&["a", "b", "c"], 2), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(
            pages(&["a", "b"], 2),
            [vec!["a", "b"]],
            "a full last page has no token"
        );
        assert_eq!(pages(&[], 2), [Vec::<String>::new()]);
    }

    #[test]
    fn what_appears_at_the_front_does_not_shift_the_next_page() {
        let Ok((_, token)) = cut(vec!["b", "c", "d"], 2, None, |item| (*item).to_owned()) else {
            panic!()
        };
        let Ok((page, _)) = cut(vec!["a", "b", "c", "d"], 2, token.as_deref(), |item| {
            (*item).to_owned()
        }) else {
            panic!()
        };
        assert_eq!(page, ["d"]);
    }

    #[test]
    fn a_token_of_somebody_else_is_refused() {
        assert!(cut(vec!["a"], 2, Some("x"), |item| (*item).to_owned()).is_err());
    }
}
