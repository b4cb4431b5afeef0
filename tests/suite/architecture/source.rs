//! Reads Rust source just well enough to know which paths it names.
//!
//! A hand-written scan, because it must see through comments, strings and nested `use` groups and nothing more.
//! What it does not know: paths that a macro puts together, and `super` inside an inline module.

use super::tokens::{Token, is_word, tokens};
use std::fmt;

/// One source file, without its comments, its strings' contents and its test modules.
pub(super) struct Source {
    /// As messages name it: `src/app/stacks.rs`.
    pub(super) name: String,
    pub(super) lines: usize,
    pub(super) paths: Vec<Path>,
    /// What it lists with `mod name`, test modules too.
    pub(super) modules: Vec<String>,
    tokens: Vec<Token>,
}

/// A path that the file names, from its root: `crate::domain::Stack`, `tokio::spawn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
}

impl Source {
    /// Reads `text`; `name` is its path from the repository's root, which also says what `super` means in it.
    pub(super) fn read(name: &str, text: &str) -> Self {
        let all = tokens(text);
        let modules = all
            .windows(2)
            .filter(|pair| pair[0].text == "mod")
            .map(|pair| pair[1].text.clone())
            .collect();
        let tokens = without_tests(&all);
        let paths = Paths {
            tokens: &tokens,
            module: module_of(name),
            found: Vec::new(),
        }
        .collect();
        Self {
            name: name.to_owned(),
            lines: text.lines().count(),
            paths,
            modules,
            tokens,
        }
    }

    /// The line that takes something called `ty` by `&mut`, if one does.
    pub(super) fn borrows_mutably(&self, ty: &str) -> Option<usize> {
        let follows = |at: usize| {
            let path = self.tokens[at + 1..]
                .iter()
                .take_while(|token| token.text == "::" || is_word(&token.text));
            path.last().is_some_and(|token| token.text == ty)
        };
        (0..self.tokens.len())
            .find(|&at| self.tokens[at].text == "mut" && follows(at))
            .map(|at| self.tokens[at].line)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.segments.join("::"))
    }
}

/// The module that a file is: `src/app/stacks.rs` is `app::stacks`, `src/app/mod.rs` is `app`.
fn module_of(name: &str) -> Vec<String> {
    let inner = name.strip_prefix("src/").unwrap_or(name);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut module: Vec<_> = inner.split('/').map(str::to_owned).collect();
    if matches!(
        module.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        module.pop();
    }
    module
}

/// Drops every item under `#[cfg(test)]`: tests may look over any wall.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let marked = |at: usize| {
        let here = tokens[at..].iter().map(|token| token.text.as_str());
        here.take(MARK.len()).eq(MARK)
    };
    let (mut at, mut kept) = (0, Vec::new());
    while at < tokens.len() {
        if marked(at) {
            at = end_of_item(tokens, at + MARK.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The place behind the item that starts here: its `;`, or the `}` that closes its first brace.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

struct Paths<'a> {
    tokens: &'a [Token],
    module: Vec<String>,
    found: Vec<Path>,
}

impl Paths<'_> {
    fn collect(mut self) -> Vec<Path> {
        let mut at = 0;
        while at < self.tokens.len() {
            let starts = self.is_word(at) && !self.continues(at);
            at = if starts { self.tree(at, &[]) } else { at + 1 };
        }
        self.found
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn is_word(&self, at: usize) -> bool {
        is_word(self.text(at))
    }

    /// Whether the word here belongs to something before it: `.field`, `Type<..>::name`.
    fn continues(&self, at: usize) -> bool {
        at > 0
            && (self.text(at - 1) == "."
                || (self.text(at - 1) == "::" && at > 1 && self.text(at - 2) == ">"))
    }

    /// Follows `a::b::{c, d::e}` from its first word and notes every leaf; answers where it ends.
    fn tree(&mut self, mut at: usize, above: &[String]) -> usize {
        let line = self.tokens[at].line;
        let mut segments = above.to_vec();
        loop {
            if self.text(at) == "{" {
                return self.group(at + 1, &segments);
            }
            if !self.is_word(at) {
                break;
            }
            segments.push(self.text(at).to_owned());
            at += 1;
            if self.text(at) != "::" {
                break;
            }
            at += 1;
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let segments = self.rooted(segments);
        self.found.push(Path { line, segments });
        at
    }

    fn group(&mut self, mut at: usize, above: &[String]) -> usize {
        while at < self.tokens.len() && self.text(at) != "}" {
            let leaf = self.is_word(at) || self.text(at) == "{";
            at = if leaf { self.tree(at, above) } else { at + 1 };
            if self.text(at) == "as" {
                at += 2;
            }
        }
        at + 1
    }

    /// Spells `self::` and `super::` from the crate's root.
    fn rooted(&self, segments: Vec<String>) -> Vec<String> {
        let supers = segments
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        let relative = supers > 0 || (segments.len() > 1 && segments[0] == "self");
        if !relative {
            return segments;
        }
        let kept = self.module.len().saturating_sub(supers);
        let rest = segments
            .iter()
            .filter(|segment| *segment != "super" && *segment != "self");
        let base = self.module.iter().take(kept);
        std::iter::once("crate".to_owned())
            .chain(base.chain(rest).cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str, text: &str) -> Vec<String> {
        let source = Source::read(name, text);
        let long = source.paths.iter().filter(|path| path.segments.len() > 1);
        long.map(ToString::to_string).collect()
    }

    #[test]
    fn every_spelling_of_a_path_is_found() {
        for (spelling, found) in [
            ("use crate::domain::Stack;", vec!["crate::domain::Stack"]),
            (
                "use crate::{domain::{Stack, scope::*}, config as c, app};",
                vec![
                    "crate::domain::Stack",
                    "crate::domain::scope",
                    "crate::config",
                    "crate::app",
                ],
            ),
            (
                "fn f(x: &crate::aws::Reader) {}",
                vec!["crate::aws::Reader"],
            ),
            (
                "use super::super::engine::Engine;",
                vec!["crate::engine::Engine"],
            ),
            ("let x = super::row(1);", vec!["crate::app::row"]),
            (
                "use self::inner::Row;",
                vec!["crate::app::stacks::inner::Row"],
            ),
            (
                "#[tokio::main] fn f() { std::env::var(\"A\"); }",
                vec!["tokio::main", "std::env::var"],
            ),
            (
                "use std::{fs, io::{self, Write}};",
                vec!["std::fs", "std::io", "std::io::Write"],
            ),
            (
                "impl<'a> Deref for Row<'a> { type T = ratatui::Frame; }",
                vec!["ratatui::Frame"],
            ),
        ] {
            let mut expected = found;
            let mut seen = paths("src/app/stacks.rs", spelling);
            seen.retain(|path| path != "crate::app::stacks");
            expected.sort_unstable();
            seen.sort_unstable();
            assert_eq!(seen, expected, "{spelling}");
        }
    }

    #[test]
    fn comments_strings_and_tests_name_nothing() {
        for silent in [
            "// use crate::app::App;",
            "/* outer /* use tokio::spawn; */ crate::app::App */ fn f() {}",
            "//! See [`crate::app::App`].",
            r#"let x = "crate::app::App";"#,
            r##"let x = r#"crate::app::App "quoted" tokio::spawn"#;"##,
            r"let x = ('\'', '{', b'\\', 'a'); fn f<'crate_>() {}",
            "#[cfg(test)] mod tests { use crate::app::App; mod inner { fn f() { tokio::spawn } } }",
            "#[cfg(test)] mod tests; ",
            "#[cfg(test)] use crate::app::App;",
        ] {
            assert_eq!(
                paths("src/domain/stack.rs", silent),
                Vec::<String>::new(),
                "{silent}"
            );
        }
        let after = "#[cfg(test)] mod tests { use crate::app::App; }\nuse crate::ui::Look;";
        assert_eq!(paths("src/domain/stack.rs", after), ["crate::ui::Look"]);
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let text = "/* one\ntwo */\nlet x = \"three\nfour\";\nuse tokio::spawn;\n";
        let source = Source::read("src/app/mod.rs", text);
        let path = source.paths.iter().find(|path| path.segments[0] == "tokio");
        assert_eq!(path.map(|path| path.line), Some(5));
    }

    #[test]
    fn a_mutable_borrow_is_seen_through_lifetimes_and_paths() {
        for (text, seen) in [
            ("fn draw(app: &mut App) {}", true),
            ("fn draw<'a>(app: &'a mut crate::app::App) {}", true),
            ("fn draw(app: &App, frame: &mut Frame) {}", false),
            ("// &mut App", false),
            ("fn draw(app: &mut Apparatus) {}", false),
        ] {
            let source = Source::read("src/ui/mod.rs", text);
            assert_eq!(source.borrows_mutably("App").is_some(), seen, "{text}");
        }
    }
}
