//! The themes and keymaps that are compiled in, and those that the operator keeps beside the fleet file.
//!
//! A [`Shelf`] holds the texts, not what they mean: it is filled once at the start, so that changing the theme
//! later reads no file. The operator's own file hides the compiled-in one of the same name.

use super::{Mistake, Warning, file};
use std::borrow::Cow;
use std::path::Path;

/// One file of a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The name without `.toml`.
    pub name: Cow<'static, str>,
    /// The file as warnings name it.
    pub file: Cow<'static, str>,
    pub text: Cow<'static, str>,
    pub origin: Origin,
}

/// Who wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Embedded,
    Operator,
}

/// All files of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// What one of them is called: "theme", "keymap".
    kind: &'static str,
    /// Compiled-in ones in their own order, then the operator's by name.
    assets: Vec<Asset>,
    /// The operator's that are there and cannot be read: the name, and why.
    torn: Vec<(String, String)>,
}

macro_rules! embedded {
    ($directory:literal: $($name:literal),+) => {
        [$(($name, concat!($directory, "/", $name, ".toml"),
            include_str!(concat!("../../", $directory, "/", $name, ".toml")))),+]
    };
}

const THEMES: [(&str, &str, &str); 4] =
    embedded!("themes": "default", "light", "high-contrast", "ansi16");
const KEYMAPS: [(&str, &str, &str); 3] = embedded!("keymaps": "default", "vim", "arrows");

impl Shelf {
    /// The themes, with those of a directory when there is one.
    pub fn themes(directory: Option<&Path>) -> (Self, Vec<Warning>) {
        Self::stock("theme", &THEMES, directory)
    }

    /// The keymaps, with those of a directory when there is one.
    pub fn keymaps(directory: Option<&Path>) -> (Self, Vec<Warning>) {
        Self::stock("keymap", &KEYMAPS, directory)
    }

    fn stock(
        kind: &'static str,
        embedded: &[(&'static str, &'static str, &'static str)],
        directory: Option<&Path>,
    ) -> (Self, Vec<Warning>) {
        let mut assets: Vec<Asset> = embedded
            .iter()
            .map(|(name, file, text)| Asset {
                name: Cow::Borrowed(name),
                file: Cow::Borrowed(file),
                text: Cow::Borrowed(text),
                origin: Origin::Embedded,
            })
            .collect();
        let own = directory.map(operators).unwrap_or_default();
        assets.extend(own.assets);
        let shelf = Self {
            kind,
            assets,
            torn: own.torn,
        };
        (shelf, own.warnings)
    }

    /// Every name once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let is_first = |at: usize, name: &str| self.assets.iter().take(at).all(|a| a.name != name);
        self.assets
            .iter()
            .enumerate()
            .filter(move |(at, asset)| is_first(*at, &asset.name))
            .map(|(_, asset)| &*asset.name)
    }

    /// The file of a name, or a sentence with the nearest name.
    pub fn find(&self, name: &str) -> Result<&Asset, Mistake> {
        self.get(name, Origin::Operator)
            .or_else(|| self.embedded(name))
            .ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> Mistake {
        match self.torn.iter().find(|(torn, _)| torn == name) {
            Some((_, why)) => {
                Mistake::new(format!("The {} `{name}` cannot be read: {why}.", self.kind))
            }
            None => Mistake::unknown(self.kind, name, self.names()),
        }
    }

    /// The compiled-in file of a name, even where the operator's hides it.
    pub fn embedded(&self, name: &str) -> Option<&Asset> {
        self.get(name, Origin::Embedded)
    }

    fn get(&self, name: &str, origin: Origin) -> Option<&Asset> {
        let mut assets = self.assets.iter();
        assets.find(|asset| asset.origin == origin && asset.name == name)
    }
}

/// The operator's files in a directory.
#[derive(Default)]
struct Own {
    assets: Vec<Asset>,
    torn: Vec<(String, String)>,
    warnings: Vec<Warning>,
}

/// The operator's files in a directory, by name. A directory that is not there has none.
fn operators(directory: &Path) -> Own {
    let mut own = Own::default();
    let Ok(listing) = std::fs::read_dir(directory) else {
        return own;
    };
    let mut paths: Vec<_> = listing.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    paths.sort();
    for path in paths {
        let file = path.display().to_string();
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
            own.warnings.push(Warning::about(
                &file,
                "This name cannot be typed, so the file is left out.",
            ));
            continue;
        };
        match file::read(&path) {
            Ok(text) => own.assets.push(Asset {
                name: Cow::Owned(name.to_owned()),
                file: Cow::Owned(file),
                text: Cow::Owned(text),
                origin: Origin::Operator,
            }),
            Err(error) => {
                own.warnings.push(Warning::about(
                    &file,
                    format!("This cannot be read: {error}."),
                ));
                own.torn.push((name.to_owned(), error.to_string()));
            }
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_file_hides_the_one_of_the_same_name() {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("light.toml", "# mine"),
            ("zebra.toml", "# new"),
            ("notes.txt", ""),
        ] {
            std::fs::write(home.path().join(name), text).unwrap();
        }
        std::fs::write(home.path().join("torn.toml"), b"\xff").unwrap();
        let (shelf, warnings) = Shelf::themes(Some(home.path()));
        let names: Vec<_> = shelf.names().collect();
        assert_eq!(
            names,
            ["default", "light", "high-contrast", "ansi16", "zebra"]
        );
        assert_eq!(shelf.find("light").unwrap().text, "# mine");
        assert_ne!(shelf.embedded("light").unwrap().text, "# mine");
        assert_eq!(
            shelf.find("torn").unwrap_err().to_string(),
            "The theme `torn` cannot be read: line 1 is not UTF-8."
        );
        assert!(matches!(&warnings[..], [warning] if warning.file.ends_with("torn.toml")));
    }

    #[test]
    fn a_directory_that_is_not_there_has_no_files_and_no_faults() {
        let home = tempfile::tempdir().unwrap();
        let (shelf, warnings) = Shelf::keymaps(Some(&home.path().join("nowhere")));
        assert_eq!((shelf.names().count(), warnings), (3, vec![]));
    }

    #[test]
    fn a_wrong_name_brings_the_nearest() {
        let (shelf, _) = Shelf::keymaps(None);
        let mistake = shelf.find("arow").unwrap_err();
        assert_eq!(
            mistake.to_string(),
            "There is no keymap `arow`; did you mean `arrows`?"
        );
    }
}
