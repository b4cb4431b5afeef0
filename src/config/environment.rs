//! What the process was told by its surroundings, read once.
//!
//! The only reader of the process environment in the house; everyone else gets this value, and tests make one out
//! of a list. Only the variables of [`VARIABLES`] are taken along, so no secret of the operator's shell is ever
//! held, printed or logged by accident.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every variable that is looked at, and what for.
pub const VARIABLES: [(&str, &str); 20] = [
    (
        "QUARTERDECK_CONFIG",
        "The fleet file, when `--config` does not name one.",
    ),
    (
        "QUARTERDECK_THEME",
        "The theme, when `--theme` does not name one.",
    ),
    (
        "QUARTERDECK_KEYMAP",
        "The keymap, when `--keymap` does not name one.",
    ),
    (
        "QUARTERDECK_LOG",
        "How much goes to the log file, such as `debug`.",
    ),
    (
        "AWS_PROFILE",
        "The profile of a fleet that no file describes.",
    ),
    (
        "AWS_REGION",
        "Where account-wide calls of such a fleet are sent.",
    ),
    (
        "AWS_DEFAULT_REGION",
        "The same, when `AWS_REGION` is not set.",
    ),
    (
        "AWS_ACCESS_KEY_ID",
        "Whether the environment itself has credentials; they then go before `AWS_PROFILE`.",
    ),
    ("AWS_CONFIG_FILE", "Another place for `~/.aws/config`."),
    (
        "AWS_SHARED_CREDENTIALS_FILE",
        "Another place for `~/.aws/credentials`.",
    ),
    ("XDG_CONFIG_HOME", "Another place for `~/.config`."),
    ("XDG_STATE_HOME", "Another place for `~/.local/state`."),
    ("NO_COLOR", "Anything but nothing turns colours off."),
    (
        "TERM",
        "What the terminal is; `dumb` is not drawn on, `linux` gets ASCII.",
    ),
    (
        "COLORTERM",
        "`truecolor` when the terminal has all colours.",
    ),
    (
        "LC_ALL",
        "The locale; without UTF-8 in it, everything is drawn in ASCII.",
    ),
    ("LC_CTYPE", "The same, when `LC_ALL` is not set."),
    ("LANG", "The same, when neither is set."),
    (
        "USER",
        "Who operates: the name in journals and in the audit.",
    ),
    ("LOGNAME", "The same, when `USER` is not set."),
];

/// Variables, home and working directory.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Environment {
    variables: BTreeMap<&'static str, String>,
    home: Option<PathBuf>,
    directory: PathBuf,
}

impl Environment {
    /// Reads what this process was given.
    pub fn capture() -> Self {
        #[allow(
            clippy::disallowed_methods,
            reason = "this is the one place that reads the environment"
        )]
        let read = |name: &str| std::env::var(name).ok();
        let variables = VARIABLES
            .iter()
            .filter_map(|(name, _)| read(name).map(|value| (*name, value)))
            .collect();
        Self {
            variables,
            home: std::env::home_dir(),
            directory: std::env::current_dir().unwrap_or_default(),
        }
    }

    /// An environment with these variables and nothing else.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let given: BTreeMap<&str, &str> = variables.into_iter().collect();
        let variables = VARIABLES
            .iter()
            .filter_map(|(name, _)| Some((*name, (*given.get(name)?).to_owned())))
            .collect();
        Self {
            variables,
            ..Self::default()
        }
    }

    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// A variable's value; one that is set to nothing counts as not set, as `NO_COLOR` and XDG ask for.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The working directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A path as somebody wrote it, with a leading `~` for the home.
    pub fn expand(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        }
    }

    /// A path as somebody would write it: `~` for the home.
    pub fn shorten(&self, path: &Path) -> String {
        let below = self.home().and_then(|home| path.strip_prefix(home).ok());
        match below {
            Some(rest) => Path::new("~").join(rest).display().to_string(),
            None => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_variables_are_taken_along() {
        let environment = Environment::of([
            ("AWS_PROFILE", "prod"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("NO_COLOR", ""),
        ]);
        assert_eq!(environment.variable("AWS_PROFILE"), Some("prod"));
        assert_eq!(environment.variable("NO_COLOR"), None);
        assert!(!format!("{environment:?}").contains("secret"));
    }

    #[test]
    fn the_home_is_a_tilde_to_people() {
        let environment = Environment::of([]).with_home("/home/ann");
        let path = environment.expand("~/.config/x.toml");
        assert_eq!(path, Path::new("/home/ann/.config/x.toml"));
        for (path, shown) in [
            ("/home/ann/.config/x.toml", "~/.config/x.toml"),
            ("/home/anna/x.toml", "/home/anna/x.toml"),
        ] {
            assert_eq!(environment.shorten(Path::new(path)), shown);
        }
        assert_eq!(environment.expand("/etc/x"), Path::new("/etc/x"));
    }
}
