//! What was wrong in a file, where, and what to do about it.
//!
//! A warning never stops anything: whoever makes one has already put a default in the wrong value's place. Text
//! of the file is sanitised here, once, so that no reader of files has to think of it.

use crate::domain::untrusted::sanitise;
use std::fmt;

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file as the operator would write it.
    pub file: String,
    /// Counted from one; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    /// A sentence: what is wrong, and what holds instead.
    pub what: String,
    /// An imperative sentence, or a question: what to do.
    pub hint: Option<String>,
}

/// Something worth knowing that nobody did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub what: String,
    pub hint: Option<String>,
}

impl Warning {
    /// A warning about a file as a whole.
    pub fn about(file: &str, what: impl AsRef<str>) -> Self {
        Self {
            file: sanitise(file).into_owned(),
            line: None,
            what: sanitise(what.as_ref()).into_owned(),
            hint: None,
        }
    }

    pub fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(sanitise(hint.as_ref()).into_owned());
        self
    }

    /// The warning where the file has just been named.
    pub(super) fn in_file(&self) -> String {
        let line = self.line.map(|line| format!("Line {line}: "));
        let hint = self.hint.as_ref().map(|hint| format!(" {hint}"));
        [line, Some(self.what.clone()), hint]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Note {
    pub fn new(what: impl AsRef<str>, hint: impl AsRef<str>) -> Self {
        Self {
            what: sanitise(what.as_ref()).into_owned(),
            hint: Some(sanitise(hint.as_ref()).into_owned()),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, ": {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(out, " {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(out, " {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_reads_like_a_compilers() {
        let warning = Warning::about("fleet.toml", "There is no option `x\u{7}`.")
            .at(3)
            .hint("Remove it.");
        assert_eq!(
            warning.to_string(),
            "fleet.toml:3: There is no option `x␇`. Remove it."
        );
    }
}
