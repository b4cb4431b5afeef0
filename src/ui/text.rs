//! Text that fits: widths as a terminal counts them, cuts that say so, lines that break between words.
//!
//! Nothing here makes a new string. A cut is two slices with an ellipsis between, written one after the other.
//! All text that arrives is already sanitised.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// The sign that sanitised text has in place of a line break.
const LINE_BREAK: char = '⏎';

/// A text as it fits: the whole in `head`, or its two ends around an ellipsis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut<'t> {
    pub(super) head: &'t str,
    pub(super) ellipsis: &'static str,
    pub(super) tail: &'t str,
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> u16 {
    if text.is_ascii() {
        u16::try_from(text.len()).unwrap_or(u16::MAX)
    } else {
        text.graphemes(true)
            .fold(0, |sum, grapheme| sum.saturating_add(grapheme.cell_width()))
    }
}

/// How many columns the widest of several texts takes.
pub(super) fn widest<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> u16 {
    texts.map(|text| width(text.as_ref())).max().unwrap_or(0)
}

/// The longest beginning that takes at most `room` columns.
pub(super) fn beginning(text: &str, room: u16) -> &str {
    if text.is_ascii() {
        return text.get(..usize::from(room)).unwrap_or(text);
    }
    let mut left = room;
    let too_far = text.grapheme_indices(true).find(|(_, grapheme)| {
        match left.checked_sub(grapheme.cell_width()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        }
    });
    too_far.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The longest end that takes at most `room` columns.
pub(super) fn ending(text: &str, room: u16) -> &str {
    let mut left = room;
    let too_far = text.grapheme_indices(true).rev().find(|(_, grapheme)| {
        match left.checked_sub(grapheme.cell_width()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        }
    });
    too_far
        .and_then(|(at, grapheme)| text.get(at + grapheme.len()..))
        .unwrap_or(text)
}

/// The first character as a reader counts them.
pub(super) fn first(text: &str) -> &str {
    text.graphemes(true).next().unwrap_or_default()
}

/// Cuts the end off, if it has to.
pub(super) fn cut_end<'t>(text: &'t str, room: u16, ellipsis: &'static str) -> Cut<'t> {
    if width(text) <= room {
        return Cut {
            head: text,
            ellipsis: "",
            tail: "",
        };
    }
    let room = room.saturating_sub(width(ellipsis));
    Cut {
        head: beginning(text, room),
        ellipsis,
        tail: "",
    }
}

/// Cuts the middle out, if it has to: both ends of an ARN or a region's name tell more than its first half.
pub(super) fn cut_middle<'t>(text: &'t str, room: u16, ellipsis: &'static str) -> Cut<'t> {
    if width(text) <= room {
        return Cut {
            head: text,
            ellipsis: "",
            tail: "",
        };
    }
    let room = room.saturating_sub(width(ellipsis));
    let tail = ending(text, room / 2);
    let head = beginning(text, room - width(tail));
    Cut {
        head,
        ellipsis,
        tail,
    }
}

/// The lines of a text of which each takes at most `room` columns.
///
/// Breaks between words, inside a word only when it is longer than a line, and always where a line break was.
pub(super) fn wrap(text: &str, room: u16) -> impl Iterator<Item = &str> {
    text.split_inclusive(LINE_BREAK).flat_map(move |part| Wrap {
        rest: part.trim_end_matches(LINE_BREAK),
        room: room.max(1),
    })
}

struct Wrap<'t> {
    rest: &'t str,
    room: u16,
}

impl<'t> Iterator for Wrap<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return None;
        }
        let fits = beginning(self.rest, self.room);
        if fits.len() == self.rest.len() {
            self.rest = "";
            return Some(fits.trim_end());
        }
        let breaks_at_a_word = self
            .rest
            .get(fits.len()..)
            .is_some_and(|rest| rest.starts_with(' '));
        let at = if breaks_at_a_word {
            fits.len()
        } else {
            fits.rfind(' ').unwrap_or(fits.len())
        };
        // A character wider than the line would never fit; it is let go rather than asked for again.
        let at = if at == 0 {
            self.rest.graphemes(true).next().map_or(0, str::len)
        } else {
            at
        };
        let (line, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        Some(line.trim_end())
    }
}

impl Cut<'_> {
    /// How many columns it takes.
    pub(super) fn width(&self) -> u16 {
        width(self.head) + width(self.ellipsis) + width(self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(cut: Cut<'_>) -> String {
        format!("{}{}{}", cut.head, cut.ellipsis, cut.tail)
    }

    #[test]
    fn a_cut_says_that_it_was_made() {
        for (text, room, at_the_end, in_the_middle) in [
            ("eu-west-1", 9, "eu-west-1", "eu-west-1"),
            ("ap-southeast-1", 10, "ap-southe…", "ap-so…st-1"),
            ("ap-southeast-1", 1, "…", "…"),
            ("ap-southeast-1", 2, "a…", "a…"),
            ("東京リージョン", 7, "東京リ…", "東京…ン"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…", "e\u{301}…"),
            ("", 0, "", ""),
        ] {
            assert_eq!(
                whole(cut_end(text, room, "…")),
                at_the_end,
                "{text} in {room}"
            );
            assert_eq!(
                whole(cut_middle(text, room, "…")),
                in_the_middle,
                "{text} in {room}"
            );
        }
    }

    #[test]
    fn lines_break_between_words() {
        let lines = |text, room| wrap(text, room).collect::<Vec<_>>();
        assert_eq!(
            lines("Resource handler returned", 10),
            ["Resource", "handler", "returned"]
        );
        assert_eq!(lines("one two", 7), ["one two"]);
        assert_eq!(lines("one two", 3), ["one", "two"]);
        assert_eq!(lines("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(lines("a⏎b c⏎", 9), ["a", "b c"]);
        assert_eq!(
            lines("東京", 1),
            ["東", "京"],
            "what never fits is not asked for again"
        );
        assert_eq!(lines("", 5), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "[a-z東\u{301}👍 -]{0,40}", room in 1u16..30) {
            prop_assert!(cut_end(&text, room, "…").width() <= room);
            prop_assert!(cut_middle(&text, room, "…").width() <= room);
            let lines: Vec<_> = wrap(&text, room.max(2)).collect();
            for line in &lines {
                prop_assert!(width(line) <= room.max(2), "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
