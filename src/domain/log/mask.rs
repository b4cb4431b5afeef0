//! Placeholders for what varies from line to line.

/// Bytes of a message that are looked at.
const LOOKED_AT: usize = 512;
/// Bytes of a quoted text; a quote that closes later is an apostrophe.
const QUOTED: usize = 256;

/// Writes a message with its numbers, ids, times and quoted texts replaced.
pub(super) fn write(message: &str, out: &mut String) {
    let looked = message.floor_char_boundary(LOOKED_AT);
    let mut rest = message.get(..looked).unwrap_or(message);
    let mut previous = ' ';
    while let Some(first) = rest.chars().next() {
        let taken = if begins(rest, first, previous) {
            word(rest, out)
        } else if let (true, Some(end)) = (!previous.is_alphanumeric(), closing(rest, first)) {
            quoted(rest, end, out)
        } else {
            out.push(first);
            first.len_utf8()
        };
        let (done, left) = rest.split_at(taken);
        previous = done.chars().next_back().unwrap_or(' ');
        rest = left;
    }
    if looked < message.len() {
        out.push('…');
    }
}

/// Whether a character belongs to a word.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':' | '+' | '%')
}

/// Whether the text begins with a word: a sign belongs to the number behind it, if nothing stands before.
fn begins(text: &str, first: char, previous: char) -> bool {
    let signs = matches!(first, '-' | '+')
        && !previous.is_alphanumeric()
        && text
            .get(1..)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
    signs || first.is_alphanumeric() || first == '_'
}

/// Writes the word that the text begins with; answers its length.
fn word(text: &str, out: &mut String) -> usize {
    let end = text
        .find(|character| !is_part(character))
        .unwrap_or(text.len());
    let whole = text.get(..end).unwrap_or_default();
    // What ends a sentence is no part of a number.
    let core = whole.trim_end_matches([':', '.', '-']);
    mask(core, out);
    out.push_str(whole.get(core.len()..).unwrap_or_default());
    end
}

/// The place of the quote that closes the one that the text begins with.
fn closing(text: &str, quote: char) -> Option<usize> {
    if !matches!(quote, '"' | '\'' | '`') {
        return None;
    }
    let mut escaped = false;
    let inside = text
        .char_indices()
        .skip(1)
        .take_while(|(at, _)| *at < QUOTED);
    let mut ends = inside.filter(|&(_, character)| {
        let ends = character == quote && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    });
    ends.next().map(|(at, _)| at)
}

/// Writes a quoted text; the name of a field stays.
fn quoted(text: &str, end: usize, out: &mut String) -> usize {
    let behind = text.get(end + 1..).unwrap_or_default();
    if behind.trim_ascii_start().starts_with(':') {
        out.push_str(text.get(..=end).unwrap_or_default());
    } else {
        out.push_str("<str>");
    }
    end + 1
}

fn mask(word: &str, out: &mut String) {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        let is_hex = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        out.push_str(if is_hex { "<hex>" } else { word });
        return;
    }
    let unit = unit(word);
    if let Some(unit) = unit {
        out.push_str("<num>");
        out.push_str(unit);
    } else if is_uuid(word) {
        out.push_str("<uuid>");
    } else if is_address(word) {
        out.push_str("<ip>");
    } else if is_time(word) {
        out.push_str("<time>");
    } else if is_hex(word) {
        out.push_str("<hex>");
    } else if digits == 1 && is_name(word) {
        out.push_str(word);
    } else {
        out.push_str("<id>");
    }
}

/// What stands behind the number that a word is: nothing, `ms`, `%`.
fn unit(word: &str) -> Option<&str> {
    let number = word.trim_start_matches(['-', '+']);
    let unit =
        number.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    let digits = number.get(..number.len() - unit.len())?;
    let is_number = digits.starts_with(|character: char| character.is_ascii_digit())
        && digits.matches('.').count() <= 1;
    let is_unit = unit.len() <= 3
        && unit
            .chars()
            .all(|character| character.is_alphabetic() || character == '%');
    // `3f` is as likely hex as anything, and `1e9` is a number: neither matters, as long as it is one of them.
    (is_number && is_unit).then_some(unit)
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_address(word: &str) -> bool {
    let host = word.split(':').next().unwrap_or(word);
    host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// `2026-11-20T10:00:00.000Z`, `10:00:00,000`, `2026-11-20`.
fn is_time(word: &str) -> bool {
    let is_made = word
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte));
    let marks = word
        .bytes()
        .filter(|byte| matches!(byte, b':' | b'-'))
        .count();
    is_made && marks >= 2
}

fn is_hex(word: &str) -> bool {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    (digits.len() >= 6 || digits.len() < word.len())
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `s3`, `ec2`, `http2`, `utf8`: names that end with a digit of their own.
fn is_name(word: &str) -> bool {
    word.ends_with(|character: char| character.is_ascii_digit())
        && word.len() <= 6
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_becomes_a_placeholder() {
        for (message, template) in [
            ("took 12 ms, 3.5% of -7", "took <num> ms, <num>% of <num>"),
            ("took 12ms.", "took <num>ms."),
            (
                "2026-11-20T10:00:00.000Z 8f14e45f-ceea-467f-9ad1-0c1d2e3f4a5b INFO done",
                "<time> <uuid> INFO done",
            ),
            ("2026-11-20 10:00:00,123 x", "<time> <time>,<num> x"),
            ("from 10.0.0.7:443 to 192.168.1.1", "from <ip> to <ip>"),
            ("commit deadbeefcafe and 0x1f", "commit <hex> and <hex>"),
            (
                "order ord-81723 for \"Kim \\\"K\\\" Lee\"",
                "order <id> for <str>",
            ),
            ("don't touch it's 'fine'", "don't touch it's <str>"),
            ("{\"user\":\"kim\",\"n\":3}", "{\"user\":<str>,\"n\":<num>}"),
            ("s3 and ec2 over http2", "s3 and ec2 over http2"),
            (
                "GET /v1/users/1234/orders?limit=5",
                "GET /v1/users/<num>/orders?limit=<num>",
            ),
            ("Zürich 東京", "Zürich 東京"),
            ("", ""),
        ] {
            let mut out = String::new();
            write(message, &mut out);
            assert_eq!(out, template, "{message}");
        }
    }

    #[test]
    fn a_long_message_is_looked_at_in_part() {
        let mut out = String::new();
        write(&"é ".repeat(100_000), &mut out);
        assert!(out.len() < LOOKED_AT + 8 && out.ends_with('…'));
    }
}
