//! Cuts Rust source into words, `::` and single marks; comments vanish and literals lose their contents.

/// A word or a mark, and the line it stands on.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) text: String,
}

/// Whether this is a name and not a mark.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Cuts the text into words, `::` and single marks; comments vanish, a literal becomes one `"`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < text.len() {
        let end = match text[at] {
            '/' if text.get(at + 1) == Some(&'/') => end_of_line(&text, at),
            '/' if text.get(at + 1) == Some(&'*') => end_of_comment(&text, at),
            '"' => end_of_string(&text, at),
            'r' | 'b' | 'c' if raw_marks(&text, at).is_some() => end_of_raw_string(&text, at),
            '\'' => end_of_quote(&text, at),
            first if first.is_alphanumeric() || first == '_' => {
                let rest = text[at..].iter();
                at + rest
                    .take_while(|letter| letter.is_alphanumeric() || **letter == '_')
                    .count()
            }
            ':' if text.get(at + 1) == Some(&':') => at + 2,
            _ => at + 1,
        };
        let word: String = text[at..end].iter().collect();
        let literal = end - at > 1 && word.contains(['"', '\'']);
        let comment = word.starts_with("//") || word.starts_with("/*");
        if !comment && !word.trim().is_empty() {
            let text = if literal {
                "\"".to_owned()
            } else {
                word.clone()
            };
            found.push(Token { line, text });
        }
        line += word.matches('\n').count();
        at = end;
    }
    found
}

fn end_of_line(text: &[char], at: usize) -> usize {
    let rest = text[at..].iter().position(|letter| *letter == '\n');
    rest.map_or(text.len(), |rest| at + rest)
}

fn end_of_comment(text: &[char], at: usize) -> usize {
    let (mut end, mut depth) = (at + 2, 1);
    while end < text.len() && depth > 0 {
        let pair = (text[end], text.get(end + 1).copied());
        match pair {
            ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
            ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
    }
    end.min(text.len())
}

fn end_of_string(text: &[char], at: usize) -> usize {
    let mut end = at + 1;
    while end < text.len() && text[end] != '"' {
        end += if text[end] == '\\' { 2 } else { 1 };
    }
    (end + 1).min(text.len())
}

/// How many `#` open the raw string that starts here, when one does: `r"`, `br#"`.
fn raw_marks(text: &[char], at: usize) -> Option<usize> {
    let after = at + if text[at] == 'r' { 1 } else { 2 };
    if text[at] != 'r' && text.get(at + 1) != Some(&'r') {
        return None;
    }
    let marks = text
        .get(after..)?
        .iter()
        .take_while(|mark| **mark == '#')
        .count();
    (text.get(after + marks) == Some(&'"')).then_some(marks)
}

fn end_of_raw_string(text: &[char], at: usize) -> usize {
    let marks = raw_marks(text, at).unwrap_or(0);
    let start = at
        + text[at..]
            .iter()
            .position(|letter| *letter == '"')
            .unwrap_or(0)
        + 1;
    let closes = |end: &usize| {
        text[*end] == '"'
            && text[end + 1..]
                .iter()
                .take(marks)
                .filter(|mark| **mark == '#')
                .count()
                == marks
    };
    let end = (start..text.len()).find(closes);
    end.map_or(text.len(), |end| end + 1 + marks)
}

/// A character literal ends at its quote; a lifetime is only its tick, and its name is a word of its own.
fn end_of_quote(text: &[char], at: usize) -> usize {
    match (text.get(at + 1), text.get(at + 2)) {
        (Some('\\'), _) => {
            let rest = text[at + 3..].iter().position(|letter| *letter == '\'');
            rest.map_or(text.len(), |rest| at + 4 + rest)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}
