//! Keymap files: sections named after contexts, keys to commands, one layer over the other.
//!
//! Later layers win per context and key; `"x" = "none"` unbinds what an earlier layer bound. Whatever cannot be
//! understood is a warning, and the keys of the layers below stay as they were.

use super::Keymap;
use crate::command::{COMMANDS, Command, Context};
use crate::config::KeySequence;
use crate::config::Warning;
use crate::config::assets::{Asset, Shelf};
use crate::config::document::{Document, Entry};
use std::ops::Range;

/// The word that takes a binding away.
const UNBIND: &str = "none";

/// The key that always leaves, should a keymap forget that somebody wants to.
const WAY_OUT: &str = "ctrl-c";

impl Keymap {
    /// Builds a keymap from its files, the lowest layer first.
    pub fn layered<'a>(layers: impl IntoIterator<Item = &'a Asset>) -> (Self, Vec<Warning>) {
        let mut keymap = Self::default();
        let mut warnings = Vec::new();
        let mut last = None;
        for layer in layers {
            warnings.extend(keymap.lay(&layer.file, &layer.text));
            last = Some(layer);
        }
        if let (Some(layer), Ok(keys)) = (last, WAY_OUT.parse())
            && keymap
                .keys_for(Command::Quit, &[Context::Global])
                .is_empty()
        {
            keymap.bind(Context::Global, &keys, Command::Quit);
            let what = format!("No key would quit, so `{WAY_OUT}` still does.");
            warnings.push(Warning::about(&layer.file, what));
        }
        (keymap, warnings)
    }

    /// The keys that nobody had to choose.
    pub fn standard() -> Self {
        let (shelf, _) = Shelf::keymaps(None);
        Self::layered(shelf.embedded(Self::DEFAULT)).0
    }

    /// Puts one file over what is bound so far.
    fn lay(&mut self, file: &str, text: &str) -> Vec<Warning> {
        let (mut document, sections) = Document::open(file, text);
        for (name, section) in sections {
            let Some(context) = context(&mut document, &name) else {
                continue;
            };
            let entries = document.table(name.get_ref(), section);
            let lines: Vec<Line> = entries
                .iter()
                .filter_map(|entry| line(&mut document, entry))
                .collect();
            // What is taken away goes first: `g = "top"` beside `"g g" = "none"` is in order, whichever is above.
            for line in &lines {
                if line.action == Action::Unbind && !self.unbind(context, &line.keys) {
                    self.warn_unbound(&mut document, context, line);
                }
            }
            for line in &lines {
                if let Action::Bind(command) = line.action {
                    for hidden in self.bind(context, &line.keys, command) {
                        document.warn_with(
                            &line.at,
                            format!(
                                "`{}` and `{}` cannot both work, so `{}` ({}) is no longer reached.",
                                line.keys, hidden.sequence, hidden.sequence, hidden.command
                            ),
                            format!("Write `\"{}\" = \"{UNBIND}\"` if that is meant.", hidden.sequence),
                        );
                    }
                }
            }
        }
        document.warnings
    }

    fn warn_unbound(&self, document: &mut Document<'_>, context: Context, line: &Line) {
        let what = format!("`{}` is not bound in `[{}]`.", line.keys, context.name());
        let elsewhere = self
            .bindings()
            .find(|(_, keys, _)| *keys == line.keys)
            .map(|(elsewhere, _, command)| (elsewhere.name(), command));
        match elsewhere {
            Some((place, command)) => document.warn_with(
                &line.at,
                what,
                format!("It runs `{command}` from `[{place}]`; unbind it there."),
            ),
            None => document.warn(&line.at, what),
        }
    }
}

/// One understood line of a section.
struct Line {
    keys: KeySequence,
    action: Action,
    at: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Bind(Command),
    Unbind,
}

/// Every context that a keymap may have a section for.
pub fn sections() -> impl Iterator<Item = Context> {
    Context::ALL
        .into_iter()
        .filter(|context| *context != Context::Shell)
}

fn context(
    document: &mut Document<'_>,
    name: &toml::Spanned<std::borrow::Cow<'_, str>>,
) -> Option<Context> {
    let found = sections().find(|context| context.name() == name.get_ref());
    if found.is_none() {
        let known = sections().map(Context::name);
        document.warn_unknown(&name.span(), "section", name.get_ref(), known);
    }
    found
}

fn line(document: &mut Document<'_>, (key, value): &Entry<'_>) -> Option<Line> {
    let keys = key.get_ref().parse::<KeySequence>();
    let keys = match keys {
        Ok(keys) => keys,
        Err(error) => {
            document.warn(&key.span(), error.to_string());
            return None;
        }
    };
    let action = match document.text(key.get_ref(), value)? {
        UNBIND => Action::Unbind,
        name => Action::Bind(command(document, &value.span(), name)?),
    };
    let at = key.span();
    Some(Line { keys, action, at })
}

fn command(document: &mut Document<'_>, at: &Range<usize>, name: &str) -> Option<Command> {
    match COMMANDS.iter().find(|spec| spec.name == name) {
        Some(spec) if spec.context == Context::Shell => {
            let what = format!("`{name}` is a verb of the command line; no key can run it.");
            document.warn(at, what);
            None
        }
        Some(spec) => Some(spec.command),
        None => {
            let known = COMMANDS
                .iter()
                .filter(|spec| spec.context != Context::Shell)
                .map(|spec| spec.name);
            document.warn_unknown(at, "command", name, known);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assets::Origin;
    use crate::config::keymap::{Resolution, around};

    fn asset(text: &str) -> Asset {
        Asset {
            name: "mine".into(),
            file: "keymap.toml".into(),
            text: text.to_owned().into(),
            origin: Origin::Operator,
        }
    }

    fn over_default(text: &str) -> (Keymap, Vec<String>) {
        let (shelf, _) = Shelf::keymaps(None);
        let (keymap, warnings) = Keymap::layered([shelf.find("default").unwrap(), &asset(text)]);
        (keymap, warnings.iter().map(ToString::to_string).collect())
    }

    fn run(keymap: &Keymap, context: Context, keys: &str) -> Option<Command> {
        let keys: KeySequence = keys.parse().unwrap();
        match keymap.resolve(around(context), keys.keys()) {
            Resolution::Run(command) => Some(command),
            Resolution::Prefix(_) | Resolution::Nothing => None,
        }
    }

    #[test]
    fn every_embedded_keymap_is_faultless_and_reaches_every_command() {
        let (shelf, _) = Shelf::keymaps(None);
        for name in shelf.names() {
            let mut layers = vec![shelf.find("default").unwrap()];
            layers.extend((name != "default").then(|| shelf.find(name).unwrap()));
            let (keymap, warnings) = Keymap::layered(layers);
            assert_eq!(warnings, [], "{name}");
            for spec in COMMANDS
                .iter()
                .filter(|spec| spec.context != Context::Shell)
            {
                let keys = keymap.keys_for(spec.command, around(spec.context));
                assert!(!keys.is_empty(), "{name}: no key for {}", spec.name);
            }
        }
    }

    #[test]
    fn no_embedded_keymap_takes_a_letter_from_a_text_field() {
        let (shelf, _) = Shelf::keymaps(None);
        let (keymap, _) = Keymap::layered(shelf.names().map(|name| shelf.find(name).unwrap()));
        for (context, keys, command) in keymap.bindings() {
            let types = keys.keys().iter().any(|key| key.typed().is_some());
            assert!(
                context != Context::Picker || !types,
                "{keys} runs {command}"
            );
        }
    }

    #[test]
    fn arrows_leave_the_letters_free() {
        let (shelf, _) = Shelf::keymaps(None);
        let (keymap, _) =
            Keymap::layered(["default", "arrows"].map(|name| shelf.find(name).unwrap()));
        for keys in ["j", "k", "h", "l", "g g", "G"] {
            assert_eq!(run(&keymap, Context::Stacks, keys), None, "{keys}");
        }
        assert_eq!(run(&keymap, Context::Stacks, "down"), Some(Command::Down));
    }

    #[test]
    fn the_operators_layer_wins_key_by_key() {
        let (keymap, warnings) =
            over_default("[list]\nj = \"up\"\nk = \"none\"\n\"ctrl-x ctrl-s\" = \"sort\"\n");
        assert_eq!(warnings, Vec::<String>::new());
        for (keys, command) in [
            ("j", Some(Command::Up)),
            ("k", None),
            ("ctrl-x ctrl-s", Some(Command::Sort)),
            ("down", Some(Command::Down)),
        ] {
            assert_eq!(run(&keymap, Context::Stacks, keys), command, "{keys}");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_costs_only_itself() {
        for (text, warning) in [
            (
                "[list]\nx = \"botom\"",
                "keymap.toml:2: There is no command `botom`; did you mean `bottom`?",
            ),
            (
                "[lists]\nx = \"top\"",
                "keymap.toml:1: There is no section `lists`; did you mean `list`?",
            ),
            (
                "[shell]\nx = \"man\"",
                "keymap.toml:1: There is no section `shell`, only `global`, `list`, `fleet`, `stacks`, `detail`, `lambda`, `function`, `logs`, `accelerator`, `alarms`, `operations`, `picker`.",
            ),
            (
                "[list]\n\nctl-x = \"top\"",
                "keymap.toml:3: `ctl-x` is not a key; keys are written like `ctrl-d`, `shift-tab`, `f5`, `space`, `G` or `g g`.",
            ),
            (
                "[list]\nx = \"man\"",
                "keymap.toml:2: `man` is a verb of the command line; no key can run it.",
            ),
            (
                "[list]\nx = 1",
                "keymap.toml:2: `x` has to be a text in quotes, not an integer.",
            ),
            (
                "x = \"top\"",
                "keymap.toml:1: There is no section `x`, only `global`, `list`, `fleet`, `stacks`, `detail`, `lambda`, `function`, `logs`, `accelerator`, `alarms`, `operations`, `picker`.",
            ),
            (
                "[list]\ng = \"top\"",
                "keymap.toml:2: `g` and `g g` cannot both work, so `g g` (top) is no longer reached. Write `\"g g\" = \"none\"` if that is meant.",
            ),
            (
                "[stacks]\n\"v v\" = \"top\"",
                "keymap.toml:2: `v v` and `v` cannot both work, so `v` (layout) is no longer reached. Write `\"v\" = \"none\"` if that is meant.",
            ),
            (
                "[stacks]\nT = \"none\"",
                "keymap.toml:2: `T` is not bound in `[stacks]`. It runs `next-theme` from `[global]`; unbind it there.",
            ),
            (
                "[global]\nq = \"none\"\nctrl-c = \"none\"",
                "keymap.toml: No key would quit, so `ctrl-c` still does.",
            ),
        ] {
            let (keymap, warnings) = over_default(text);
            assert_eq!(warnings, [warning], "{text}");
            assert_eq!(run(&keymap, Context::Stacks, "down"), Some(Command::Down));
            assert_eq!(run(&keymap, Context::Stacks, "ctrl-c"), Some(Command::Quit));
        }
    }

    #[test]
    fn what_is_unbound_on_purpose_is_not_missed() {
        let (keymap, warnings) = over_default("[list]\ng = \"top\"\n\"g g\" = \"none\"\n");
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!(run(&keymap, Context::Stacks, "g"), Some(Command::Top));
    }
}
