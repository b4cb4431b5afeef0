//! How serious a line is, as far as it says so itself.
//!
//! Every language writes its level somewhere else. This looks where they put it, in the first bytes only, and prefers
//! to find nothing: a sentence that speaks of an error is no error.

use std::fmt;

/// How serious, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// Bytes of a line that are looked at.
const LOOKED_AT: usize = 240;
/// Bytes of a JSON line that are looked at: the level may stand behind the message.
const LOOKED_AT_IN_JSON: usize = 1_024;
/// Words in which a level may stand.
const WORDS: usize = 9;

impl Level {
    /// Every level, from least to most.
    pub const ALL: [Self; 6] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// As it is shown, and typed into a filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }

    /// The level that a word means, whatever its case.
    pub fn named(word: &str) -> Option<Self> {
        named(word.as_bytes())
    }

    /// The level of a line.
    pub fn sniff(line: &str) -> Option<Self> {
        let bytes = line.as_bytes();
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = bytes.get(start..)?;
        if rest.first() == Some(&b'{') {
            return of_json(head(rest, LOOKED_AT_IN_JSON));
        }
        let head = head(rest, LOOKED_AT);
        let head = head
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(head, |end| &head[..end]);
        of_words(head)
            .or_else(|| of_phrase(head))
            .or_else(|| of_embedded(bytes))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

fn head(bytes: &[u8], most: usize) -> &[u8] {
    bytes.get(..most).unwrap_or(bytes)
}

fn named(word: &[u8]) -> Option<Level> {
    let mut lower = [0; 11];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"trace" | b"trc" | b"verbose" | b"finest" | b"finer" => Level::Trace,
        b"debug" | b"dbg" | b"dbug" | b"fine" => Level::Debug,
        b"info" | b"inf" | b"information" | b"notice" => Level::Info,
        b"warn" | b"wrn" | b"warning" => Level::Warn,
        b"error" | b"err" | b"fail" | b"severe" => Level::Error,
        b"fatal" | b"ftl" | b"critical" | b"crit" | b"panic" | b"alert" | b"emerg"
        | b"emergency" => Level::Fatal,
        _ => return None,
    })
}

/// The levels that bunyan and pino count.
fn numbered(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"10" => Level::Trace,
        b"20" => Level::Debug,
        b"30" => Level::Info,
        b"40" => Level::Warn,
        b"50" => Level::Error,
        b"60" => Level::Fatal,
        _ => return None,
    })
}

/// `"level":"error"` and its cousins.
fn of_json(head: &[u8]) -> Option<Level> {
    let mut thrown = None;
    let mut at = 0;
    while let Some(colon) = memchr::memchr(b':', head.get(at..)?).map(|found| at + found) {
        at = colon + 1;
        let Some(key) = quoted_before(head, colon) else {
            continue;
        };
        let value = value_after(head, colon);
        let found = match key {
            b"level" | b"severity" | b"lvl" | b"log.level" | b"levelname" | b"loglevel"
            | b"logLevel" | b"log_level" | b"@l" | b"Level" | b"LogLevel" | b"severity_text"
            | b"SeverityText" => named(value).or_else(|| numbered(value)),
            // What the Lambda service itself reports.
            b"status" if head.starts_with(b"{\"time\"") && is_platform(head) => match value {
                b"error" | b"failure" | b"timeout" => Some(Level::Error),
                _ => Some(Level::Info),
            },
            b"errorType" | b"errorMessage" | b"stackTrace" if !value.is_empty() => {
                thrown = Some(Level::Error);
                None
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    thrown
}

fn is_platform(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"\"type\":\"platform.").is_some()
}

/// The key whose quote closes before this colon.
fn quoted_before(head: &[u8], colon: usize) -> Option<&[u8]> {
    let before = head.get(..colon)?.trim_ascii_end().strip_suffix(b"\"")?;
    let open = memchr::memrchr(b'"', before)?;
    before.get(open + 1..)
}

/// The string or number behind this colon.
fn value_after(head: &[u8], colon: usize) -> &[u8] {
    let rest = head.get(colon + 1..).unwrap_or_default().trim_ascii_start();
    let (rest, is_end): (_, fn(&u8) -> bool) = match rest.strip_prefix(b"\"") {
        Some(rest) => (rest, |byte| *byte == b'"'),
        None => (rest, |byte| !byte.is_ascii_digit()),
    };
    let end = rest.iter().position(is_end).unwrap_or(rest.len());
    &rest[..end]
}

/// JSON behind a prefix of a few words.
fn of_embedded(line: &[u8]) -> Option<Level> {
    let brace = memchr::memchr(b'{', head(line, LOOKED_AT))?;
    let rest = &line[brace..];
    // Anything else in braces is not worth the search.
    let is_json = rest.get(1..)?.trim_ascii_start().first() == Some(&b'"');
    is_json
        .then(|| of_json(head(rest, LOOKED_AT_IN_JSON)))
        .flatten()
}

/// What stands before a word decides whether it can be the level.
#[derive(Default)]
struct Before {
    /// Words of letters only.
    plain: usize,
    /// Something with digits: a time, an id.
    stamped: bool,
    /// The last word was a small bare number, as in `0 ERROR`.
    counted: bool,
}

/// A level among the first words.
fn of_words(head: &[u8]) -> Option<Level> {
    if let Some(level) = of_letter(head) {
        return Some(level);
    }
    let mut before = Before::default();
    let mut at = 0;
    for _ in 0..WORDS {
        let Some(start) = head.get(at..)?.iter().position(|byte| !is_space(*byte)) else {
            break;
        };
        let start = at + start;
        let rest = &head[start..];
        let end = rest
            .iter()
            .position(|byte| is_space(*byte))
            .map_or(head.len(), |end| start + end);
        if let Some(level) = of_word(&head[start..end], head.get(end), &before) {
            return Some(level);
        }
        before.note(&head[start..end]);
        at = end;
    }
    // `level=` may stand anywhere in a line of logfmt.
    of_logfmt(head)
}

fn of_word(word: &[u8], next: Option<&u8>, before: &Before) -> Option<Level> {
    let first = *word.first()?;
    // `ERROR:root:msg`, `[main]ERROR`, `|WARN|`: the level is the first or the last run of letters.
    let is_open = matches!(first, b'[' | b'<' | b'(' | b'|');
    let core = if is_open { &word[1..] } else { word };
    let core = core.strip_prefix(b"[").unwrap_or(core);
    let letters = core
        .iter()
        .position(|byte| !byte.is_ascii_alphabetic())
        .unwrap_or(core.len());
    let level = named(&core[..letters])?;
    let core = &core[..letters];
    let behind = word
        .get(word.len().min(usize::from(is_open) + letters)..)
        .unwrap_or_default();
    let closes = behind.first();
    if is_open {
        let matching = matches!(closes, Some(b']' | b'>' | b')' | b'|' | b':'));
        // `[ERROR somewhere]`
        let shouted = closes.is_none() && is_upper(core);
        return (matching || shouted).then_some(level);
    }
    let leads = before.plain == 0;
    let has_colon = closes == Some(&b':');
    let is_whole =
        closes.is_none() || has_colon || matches!(closes, Some(b']' | b'|' | b',' | b'!'));
    if !is_whole {
        return None;
    }
    if is_upper(core) {
        let near = if before.stamped {
            before.plain <= 2
        } else {
            leads
        };
        return (near && !before.counted).then_some(level);
    }
    // In small letters it needs a colon, or columns of its own: `2026-…\tinfo\tserver started`.
    let in_column = next == Some(&b'\t') && before.stamped && closes.is_none();
    (leads && (has_colon || in_column) && is_word(core)).then_some(level)
}

impl Before {
    fn note(&mut self, word: &[u8]) {
        let is_bare_number = word.len() < 5 && word.iter().all(u8::is_ascii_digit);
        self.counted = is_bare_number;
        if word.iter().any(u8::is_ascii_digit) {
            self.stamped |= !is_bare_number;
        } else if word.iter().all(u8::is_ascii_alphabetic)
            && !matches!(word, b"UTC" | b"GMT" | b"Z")
        {
            self.plain += 1;
        }
    }
}

/// `E1120 10:00:00.123456 7 main.go:12] …` as glog and klog write.
fn of_letter(head: &[u8]) -> Option<Level> {
    let [letter, digits @ ..] = head.get(..5)? else {
        return None;
    };
    let is_stamp = digits.iter().all(u8::is_ascii_digit)
        && head.get(5) == Some(&b' ')
        && head.get(8) == Some(&b':');
    let level = match letter {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    is_stamp.then_some(level)
}

/// `level=error`, `lvl="warn"`, `severity=INFO`.
fn of_logfmt(head: &[u8]) -> Option<Level> {
    let mut at = 0;
    while let Some(equals) = memchr::memchr(b'=', head.get(at..)?).map(|found| at + found) {
        at = equals + 1;
        let key = &head[..equals];
        let known = [&b"level"[..], b"lvl", b"severity", b"loglevel"]
            .into_iter()
            .any(|name| {
                let begins = key.len().checked_sub(name.len());
                begins.is_some_and(|begins| {
                    key[begins..].eq_ignore_ascii_case(name)
                        && (begins == 0 || !key[begins - 1].is_ascii_alphanumeric())
                })
            });
        if known {
            let value = &head[at..];
            let value = value.strip_prefix(b"\"").unwrap_or(value);
            let end = value
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric())
                .unwrap_or(value.len());
            return named(&value[..end]).or_else(|| numbered(&value[..end]));
        }
    }
    None
}

/// What runtimes say when something ended badly.
fn of_phrase(head: &[u8]) -> Option<Level> {
    const BEGINNINGS: [&[u8]; 11] = [
        b"Traceback (most recent call last)",
        b"Exception in thread",
        b"Unhandled ",
        b"Uncaught ",
        b"panic:",
        b"thread '",
        b"npm ERR!",
        b"fatal error:",
        b"Fatal error:",
        b"goroutine panic",
        b"Segmentation fault",
    ];
    let begins = BEGINNINGS.iter().any(|phrase| head.starts_with(phrase));
    let panicked = !head.starts_with(b"thread '") || contains(head, b"panicked at");
    if begins && panicked {
        return Some(Level::Error);
    }
    // `2026-… 8f14… Task timed out after 3.00 seconds`, `RequestId: 8f14… Error: Runtime exited`
    let lambda = contains(head, b"Task timed out after ")
        || (head.starts_with(b"RequestId: ") && contains(head, b" Error: "))
        || (head.starts_with(b"REPORT RequestId: ") && contains(head, b"Status: timeout"));
    // `ValueError: no such row`, `java.lang.IllegalStateException: closed`
    let word = head
        .iter()
        .position(|byte| is_space(*byte))
        .map_or(head, |end| &head[..end]);
    let thrown = word.strip_suffix(b":").unwrap_or_default();
    let named = thrown.ends_with(b"Error") || thrown.ends_with(b"Exception");
    (lambda || named).then_some(Level::Error)
}

fn contains(head: &[u8], words: &[u8]) -> bool {
    memchr::memmem::find(head, words).is_some()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

fn is_upper(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_uppercase)
}

/// All small, or small but for the first letter.
fn is_word(word: &[u8]) -> bool {
    word.iter().skip(1).all(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests;
