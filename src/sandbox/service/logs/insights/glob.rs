//! The patterns of `parse`: text with stars, or an expression with named groups.

use regex::Regex;

/// What `parse` cuts out of a field.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pattern: Regex,
    /// The names that the groups are given; empty if they have their own.
    names: Vec<String>,
}

impl Cut {
    /// From text in which each star is one name; `None` if the numbers differ.
    pub(super) fn by_stars(text: &str, names: Vec<String>) -> Option<Cut> {
        let pieces: Vec<String> = text.split('*').map(regex::escape).collect();
        if pieces.len() != names.len() + 1 || names.is_empty() {
            return None;
        }
        let mut pattern = format!("(?s){}", pieces.join("(.*?)"));
        // A star at the end takes all that is left.
        if text.ends_with('*') {
            pattern.push('$');
        }
        let pattern = Regex::new(&pattern).ok()?;
        Some(Cut { pattern, names })
    }

    /// From a pattern whose groups have names, or are given some; `None` if some group has none.
    pub(super) fn by_groups(pattern: Regex, names: Vec<String>) -> Option<Cut> {
        let groups = pattern.captures_len() - 1;
        let named = pattern.capture_names().flatten().count();
        let all = if names.is_empty() {
            named > 0
        } else {
            names.len() == groups
        };
        all.then_some(Cut { pattern, names })
    }

    /// The fields that it makes.
    pub(super) fn names(&self) -> Vec<String> {
        if self.names.is_empty() {
            let named = self.pattern.capture_names().flatten();
            return named.map(str::to_owned).collect();
        }
        self.names.clone()
    }

    /// What it finds in a text, by the order of its names; `None` for a part that is not there.
    pub(super) fn of(&self, text: &str) -> Vec<Option<String>> {
        let found = self.pattern.captures(text);
        let part = |group: Option<regex::Match<'_>>| group.map(|part| part.as_str().to_owned());
        match (&found, self.names.is_empty()) {
            (None, _) => self.names().iter().map(|_| None).collect(),
            (Some(found), false) => (1..=self.names.len())
                .map(|place| part(found.get(place)))
                .collect(),
            (Some(found), true) => {
                let named = self.pattern.capture_names().flatten();
                named.map(|name| part(found.name(name))).collect()
            }
        }
    }
}
