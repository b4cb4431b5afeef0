//! Theme files: `inherits`, `background`, `[palette]`, and a line per role.
//!
//! ```toml
//! inherits = "default"
//! error = { fg = "red", bold = true }     # or just a colour: error = "red"
//! [palette]
//! red = "#ff5f5f"
//! ```
//!
//! Names of colours are looked up after the whole chain of files has been read, so a theme that only replaces the
//! palette recolours everything it inherits.

use super::paint::{Emphasis, Paint};
use crate::config::assets::{Asset, Origin};
use crate::config::colour::{self, Colour};
use crate::config::document::{Document, Entry, entries};
use crate::config::mistake::unknown;
use crate::config::{Role, Shelf, Warning};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// What a theme is made of.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Recipe {
    /// What the theme was drawn for. Quarterdeck never paints it; the tests of contrast rely on it.
    pub(super) background: Option<Colour>,
    palette: BTreeMap<String, Colour>,
    paints: BTreeMap<Role, Paint>,
}

impl Recipe {
    /// Reads a theme and everything that it inherits.
    pub(super) fn gather(asset: &Asset, shelf: &Shelf) -> (Self, Vec<Warning>) {
        let mut gathering = Gathering::default();
        gathering.read(asset, shelf, &mut Vec::new());
        gathering.finish()
    }

    pub(super) fn paint(&mut self, role: Role, paint: Paint) {
        self.paints.insert(role, paint);
    }

    /// How a role looks: its own paint, or that of the nearest role it falls back to.
    pub(super) fn look_up(&self, role: Role) -> &Paint {
        static PLAIN: Paint = Paint {
            fg: None,
            bg: None,
            emphasis: Vec::new(),
        };
        std::iter::successors(Some(role), |role| role.fallback())
            .find_map(|role| self.paints.get(&role))
            .unwrap_or(&PLAIN)
    }

    /// A colour by its name in the palette, or by any other way of writing it.
    pub(super) fn colour(&self, text: &str) -> Option<Colour> {
        let named = self.palette.get(text).copied();
        named.or_else(|| text.parse().ok())
    }
}

/// A recipe while its files are read.
#[derive(Default)]
struct Gathering {
    recipe: Recipe,
    sketches: BTreeMap<Role, Sketch>,
    warnings: Vec<Warning>,
}

/// A paint whose colours are still words.
#[derive(Default)]
struct Sketch {
    fg: Option<Word>,
    bg: Option<Word>,
    emphasis: Vec<Emphasis>,
}

/// A colour as written, and where.
struct Word {
    text: String,
    file: String,
    line: usize,
}

impl Gathering {
    fn read(&mut self, asset: &Asset, stock: &Shelf, above: &mut Vec<(String, Origin)>) {
        above.push((asset.name.to_string(), asset.origin));
        let (mut document, entries) = Document::open(&asset.file, &asset.text);
        // The base first, wherever in the file it is named: what stands here has to win.
        for (key, value) in &entries {
            if key.get_ref() == "inherits"
                && let Some(name) = document.text("inherits", value)
                && let Some(base) = base(&mut document, &value.span(), name, stock, above)
            {
                self.read(base, stock, above);
            }
        }
        for (key, value) in entries {
            match key.get_ref().as_ref() {
                "inherits" => {}
                "background" => {
                    self.recipe.background = colour(&mut document, "background", &value);
                }
                "palette" => {
                    for (name, value) in document.table("palette", value) {
                        if let Some(colour) = colour(&mut document, name.get_ref(), &value) {
                            self.recipe
                                .palette
                                .insert(name.into_inner().into_owned(), colour);
                        }
                    }
                }
                name => {
                    if let Some(role) = Role::ALL.into_iter().find(|role| role.name() == name) {
                        let sketch = sketch(&mut document, &asset.file, name, value);
                        self.sketches.insert(role, sketch);
                    } else {
                        let known = Role::ALL.into_iter().map(Role::name);
                        let known = known.chain(["inherits", "background", "palette"]);
                        document.warn_unknown(&key.span(), "role", name, known);
                    }
                }
            }
        }
        self.warnings.append(&mut document.warnings);
    }

    fn finish(mut self) -> (Recipe, Vec<Warning>) {
        for (role, sketch) in std::mem::take(&mut self.sketches) {
            let paint = Paint {
                fg: sketch.fg.and_then(|word| self.settle(&word)),
                bg: sketch.bg.and_then(|word| self.settle(&word)),
                emphasis: sketch.emphasis,
            };
            self.recipe.paint(role, paint);
        }
        (self.recipe, self.warnings)
    }

    fn settle(&mut self, word: &Word) -> Option<Colour> {
        let colour = self.recipe.colour(&word.text);
        if colour.is_none() {
            let known = self.recipe.palette.keys().map(String::as_str);
            let what = unknown("colour", &word.text, known.chain(colour::NAMES));
            self.warnings
                .push(Warning::about(&word.file, what).at(word.line));
        }
        colour
    }
}

/// The theme that one inherits. Its own name means the compiled-in theme that it hides.
fn base<'s>(
    document: &mut Document<'_>,
    at: &Range<usize>,
    name: &str,
    shelf: &'s Shelf,
    above: &[(String, Origin)],
) -> Option<&'s Asset> {
    let is_own_name = above.last().is_some_and(|(own, _)| own == name);
    let found = match is_own_name.then(|| shelf.embedded(name)).flatten() {
        Some(hidden) => Ok(hidden),
        None => shelf.find(name),
    };
    match found {
        Ok(asset) if above.contains(&(asset.name.to_string(), asset.origin)) => {
            let what =
                format!("`{name}` inherits this theme in turn, so it is not inherited here.");
            document.warn(at, what);
            None
        }
        Ok(asset) => Some(asset),
        Err(mistake) => {
            document.warn(at, mistake.to_string());
            None
        }
    }
}

/// A colour that has to be written out: the palette is where names come from.
fn colour(document: &mut Document<'_>, name: &str, value: &Spanned<DeValue<'_>>) -> Option<Colour> {
    let text = document.text(name, value)?;
    let colour = text.parse().ok();
    if colour.is_none() {
        document.warn_unknown(&value.span(), "colour", text, colour::NAMES);
    }
    colour
}

fn sketch(
    document: &mut Document<'_>,
    file: &str,
    role: &str,
    value: Spanned<DeValue<'_>>,
) -> Sketch {
    let mut sketch = Sketch::default();
    match value.get_ref() {
        DeValue::String(_) => sketch.fg = word(document, file, role, &value),
        DeValue::Table(_) => {
            for entry in entries(value) {
                property(document, file, &mut sketch, &entry);
            }
        }
        _ => document.warn_kind(
            role,
            &value,
            "a colour, or a table like `{ fg = \"red\", bold = true }`",
        ),
    }
    sketch
}

fn property(
    document: &mut Document<'_>,
    file: &str,
    sketch: &mut Sketch,
    (key, value): &Entry<'_>,
) {
    match key.get_ref().as_ref() {
        "fg" => sketch.fg = word(document, file, "fg", value),
        "bg" => sketch.bg = word(document, file, "bg", value),
        name => {
            let found = Emphasis::ALL
                .into_iter()
                .find(|emphasis| emphasis.name() == name);
            let Some(emphasis) = found else {
                let known = ["fg", "bg"].into_iter();
                let known = known.chain(Emphasis::ALL.map(Emphasis::name));
                return document.warn_unknown(&key.span(), "property", name, known);
            };
            if document.truth(name, value) == Some(true) {
                sketch.emphasis.push(emphasis);
            }
        }
    }
}

fn word(
    document: &mut Document<'_>,
    file: &str,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<Word> {
    let text = document.text(name, value)?.to_owned();
    Some(Word {
        text,
        file: file.to_owned(),
        line: document.line(&value.span()),
    })
}
