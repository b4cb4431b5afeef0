//! Every option of the fleet file: one table that the reader, the example and the README all take.
//!
//! An option that is not here is unknown to the reader, so nothing can be accepted and not documented.

use std::fmt::Write as _;

/// One option.
#[derive(Debug)]
pub struct FileOption {
    pub section: Section,
    pub name: &'static str,
    /// A value as it is written in the file.
    pub example: &'static str,
    /// What holds without it, in words.
    pub default: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
}

/// Where in the file an option stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Above all sections.
    Top,
    Screen,
    Alarms,
    Lambda,
    Metrics,
    /// Repeated, once for each account.
    Account,
}

macro_rules! options {
    ($($section:ident $name:literal = $example:literal, default $default:literal: $help:literal;)+) => {
        /// Every option, in the order of the file.
        pub const OPTIONS: &[FileOption] = &[$(FileOption {
            section: Section::$section,
            name: $name,
            example: $example,
            default: $default,
            help: $help,
        }),+];
    };
}

options! {
    Top "version" = r#"{ tag = "version" }"#, default "`\"template\"`, the template's fingerprint":
        "What tells one release of a stack from another: a tag, `{ parameter = … }`, `{ output = … }` or `\"template\"`.";

    Screen "theme" = r#""default""#, default "`default`, or `ansi16` on a terminal of sixteen colours":
        "The theme: one of ours, or of the directory `themes` beside this file.";
    Screen "keymap" = r#""default""#, default "`default`":
        "The keymap: `default`, `vim`, `arrows`, or one of the directory `keymaps` beside this file.";
    Screen "glyphs" = r#""unicode""#, default "`unicode`, or `ascii` where the locale is not UTF-8":
        "The signs that shapes and borders are drawn with: `unicode` or `ascii`.";
    Screen "mouse" = "true", default "`true`":
        "Whether the mouse selects, opens and scrolls; `false` leaves it to the terminal.";
    Screen "clipboard" = "true", default "`true`":
        "Whether copying may write to the terminal's clipboard (OSC 52).";

    Alarms "bell" = "false", default "`false`":
        "Whether the terminal's bell rings when an alarm goes into ALARM or out of it.";
    Alarms "notify" = "false", default "`false`":
        "Whether the terminal is asked for a desktop notification of that (OSC 9).";
    Alarms "command" = r#"["notify-send", "an alarm changed"]"#, default "none":
        "A command to run then: it reads a JSON object a line, one for each alarm, and has ten seconds.";

    Lambda "alias" = r#""ACTIVE""#, default "`ACTIVE`":
        "The alias that callers use, and whose version is the one in force.";
    Lambda "ping" = r#"'{"ramuda_action":"ping"}'"#, default "gcdt's ping":
        "The payload of a ping, as JSON.";

    Metrics "cap" = "0.50", default "`0.50`":
        "What an hour of CloudWatch metrics may cost, in US dollars; near it they are read less often, at it not at all.";

    Account "name" = r#""prod""#, default "the profile's name":
        "What the account is called on screen.";
    Account "profile" = r#""prod-sso""#, default "the environment's own credentials":
        "The profile of the AWS configuration files that signs in.";
    Account "role" = r#""arn:aws:iam::111122223333:role/ops""#, default "none":
        "A role to assume on top of that.";
    Account "external_id" = r#""…""#, default "none":
        "The external id that the role asks for.";
    Account "colour" = r#""red""#, default "the theme's":
        "The colour of the account's badge: a name or `#rrggbb`.";
    Account "guard" = r#""typed""#, default "`typed`":
        "How deliberate a change has to be: `none`, `confirm`, or `typed` for typing the target's name.";
    Account "read_only" = "true", default "until it is armed":
        "Whether requests that change something are held back: `true` for good, `false` never; without it, until somebody arms the account for ten minutes.";
    Account "regions" = r#"["eu-west-1", "us-*"]"#, default "the project's `cdk.json`, or `\"enabled\"`":
        "Names in the order of the columns, patterns, or `\"enabled\"` for all that the account has enabled.";
    Account "home" = r#""us-east-1""#, default "`us-east-1`, or its like in the partition":
        "Where account-wide calls are sent.";
    Account "access_key" = r#""…""#, default "none":
        "A key of the sandbox's world; refused everywhere else.";
}

impl Section {
    /// In the order of the file.
    pub const ALL: [Self; 6] = [
        Self::Top,
        Self::Screen,
        Self::Alarms,
        Self::Lambda,
        Self::Metrics,
        Self::Account,
    ];

    /// The line that opens it in the file; none above all sections.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::Top => None,
            Self::Screen => Some("[screen]"),
            Self::Alarms => Some("[alarms]"),
            Self::Lambda => Some("[lambda]"),
            Self::Metrics => Some("[metrics]"),
            Self::Account => Some("[[account]]"),
        }
    }

    /// The options that may stand in it.
    pub fn options(self) -> impl Iterator<Item = &'static FileOption> {
        OPTIONS.iter().filter(move |option| option.section == self)
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.options().map(|option| option.name)
    }
}

/// A fleet file with every option explained and none switched on, to be redirected into place and edited.
pub fn example() -> String {
    let mut text = String::from(
        "# Quarterdeck's fleet: ~/.config/quarterdeck/fleet.toml\n\
         #\n\
         # Everything is optional. Without any account, the environment's own credentials make one.\n",
    );
    for section in Section::ALL {
        if let Some(header) = section.header() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n\n# {header}");
        }
        for option in section.options() {
            let FileOption {
                name,
                example,
                default,
                help,
                ..
            } = option;
            let _ = write!(
                text,
                "\n\n# {help}\n# Default: {default}.\n# {name} = {example}"
            );
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_as_it_is_changes_nothing() {
        assert!(
            example()
                .lines()
                .all(|line| line.is_empty() || line.starts_with('#'))
        );
    }

    #[test]
    fn every_help_is_a_sentence() {
        for option in OPTIONS {
            assert!(option.help.ends_with('.'), "{}", option.name);
            assert!(!option.default.ends_with('.'), "{}", option.name);
        }
    }
}
