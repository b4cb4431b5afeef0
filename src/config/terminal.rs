//! What the terminal can do, as far as the environment tells.
//!
//! Nothing is asked of the terminal itself: an answer could come late, and into the wrong hands.

use super::{Depth, Environment, Glyphs, Mistake};
use std::str::FromStr;

/// A terminal, by hearsay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub kind: Kind,
    pub depth: Depth,
    pub glyphs: Glyphs,
}

/// Whether one can draw on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Screen,
    /// `TERM=dumb`: lines of text are all it takes.
    Dumb,
}

/// When to use colours; `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum When {
    /// When there is a terminal and nobody objects.
    #[default]
    Auto,
    Always,
    Never,
}

impl Terminal {
    pub fn of(environment: &Environment) -> Self {
        let term = environment.variable("TERM").unwrap_or_default();
        Self {
            kind: if term == "dumb" {
                Kind::Dumb
            } else {
                Kind::Screen
            },
            depth: depth(term, environment.variable("COLORTERM").unwrap_or_default()),
            glyphs: glyphs(term, environment),
        }
    }
}

impl When {
    pub const NAMES: [&'static str; 3] = ["auto", "always", "never"];

    /// The same with `auto` decided as far as the environment can: `NO_COLOR` and dumb terminals object.
    pub fn within(self, environment: &Environment) -> Self {
        let objects = environment.variable("NO_COLOR").is_some()
            || Terminal::of(environment).kind == Kind::Dumb;
        match self {
            Self::Auto if objects => Self::Never,
            other => other,
        }
    }
}

impl FromStr for When {
    type Err = Mistake;

    fn from_str(name: &str) -> Result<Self, Mistake> {
        match name {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(Mistake::unknown("moment for colours", name, Self::NAMES)),
        }
    }
}

fn depth(term: &str, colorterm: &str) -> Depth {
    if matches!(colorterm, "truecolor" | "24bit") || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Indexed
    } else {
        Depth::Sixteen
    }
}

fn glyphs(term: &str, environment: &Environment) -> Glyphs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment.variable(name))
        .map(str::to_ascii_lowercase);
    match locale {
        // The Linux console has few glyphs beyond those of a PC of 1981.
        _ if matches!(term, "linux" | "dumb") => Glyphs::Ascii,
        Some(locale) if !locale.contains("utf-8") && !locale.contains("utf8") => Glyphs::Ascii,
        // Containers often have no locale at all, and a modern terminal at the other end.
        Some(_) | None => Glyphs::Unicode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_glyphs_are_told_by_the_environment() {
        for (variables, kind, depth, glyphs) in [
            (
                vec![
                    ("TERM", "xterm-256color"),
                    ("COLORTERM", "truecolor"),
                    ("LANG", "en_US.UTF-8"),
                ],
                Kind::Screen,
                Depth::True,
                Glyphs::Unicode,
            ),
            (
                vec![("TERM", "screen-256color"), ("LANG", "C")],
                Kind::Screen,
                Depth::Indexed,
                Glyphs::Ascii,
            ),
            (
                vec![("TERM", "xterm"), ("LANG", "C"), ("LC_ALL", "de_DE.utf8")],
                Kind::Screen,
                Depth::Sixteen,
                Glyphs::Unicode,
            ),
            (
                vec![("TERM", "linux"), ("LANG", "C.UTF-8")],
                Kind::Screen,
                Depth::Sixteen,
                Glyphs::Ascii,
            ),
            (
                vec![("TERM", "dumb")],
                Kind::Dumb,
                Depth::Sixteen,
                Glyphs::Ascii,
            ),
            (
                vec![("TERM", "xterm-direct"), ("LC_CTYPE", "de_DE.ISO-8859-1")],
                Kind::Screen,
                Depth::True,
                Glyphs::Ascii,
            ),
            (vec![], Kind::Screen, Depth::Sixteen, Glyphs::Unicode),
        ] {
            let terminal = Terminal::of(&Environment::of(variables.clone()));
            let expected = Terminal {
                kind,
                depth,
                glyphs,
            };
            assert_eq!(terminal, expected, "{variables:?}");
        }
    }

    #[test]
    fn only_a_flag_overrules_no_color() {
        let objecting = Environment::of([("NO_COLOR", "1"), ("TERM", "xterm")]);
        let indifferent = Environment::of([("NO_COLOR", ""), ("TERM", "xterm")]);
        for (when, environment, decided) in [
            (When::Auto, &objecting, When::Never),
            (When::Always, &objecting, When::Always),
            (When::Auto, &indifferent, When::Auto),
            (When::Never, &indifferent, When::Never),
        ] {
            assert_eq!(when.within(environment), decided);
        }
    }
}
