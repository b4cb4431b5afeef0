//! Which keys run which command, where.
//!
//! One trie per [`Context`]. Contexts are asked from the innermost outwards, and the first that knows the keys
//! answers, so a binding inside hides the same keys outside. Words are not kept here: titles and help belong to
//! the command, so a keymap can never disagree with them. How files become bindings is in [`mod@file`].

pub mod file;

use super::{Key, KeySequence};
use crate::command::{Command, Context};
use std::collections::BTreeMap;

/// Every binding.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Keymap {
    roots: BTreeMap<Context, Branch>,
}

type Branch = BTreeMap<Key, Node>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Leaf(Command),
    Branch(Branch),
}

/// What the keys pressed so far amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    Run(Command),
    /// More keys are needed; each hint is one that would lead on.
    Prefix(Vec<Hint>),
    Nothing,
}

/// A key that may come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub key: Key,
    /// What the key does, in the footer's words.
    pub title: &'static str,
}

/// What a new binding took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Displaced {
    sequence: KeySequence,
    command: Command,
}

/// The title of a key that only leads to more keys.
const MORE: &str = "…";

/// A context and those around it, innermost first.
///
/// A picker has none around it: what its own keys do not take is text that somebody types.
pub fn around(context: Context) -> &'static [Context] {
    match context {
        Context::Global => &[Context::Global],
        Context::List => &[Context::List, Context::Global],
        Context::Fleet => &[Context::Fleet, Context::List, Context::Global],
        Context::Stacks => &[Context::Stacks, Context::List, Context::Global],
        Context::Detail => &[Context::Detail, Context::List, Context::Global],
        Context::Lambda => &[Context::Lambda, Context::List, Context::Global],
        Context::Function => &[Context::Function, Context::List, Context::Global],
        Context::Accelerator => &[Context::Accelerator, Context::List, Context::Global],
        Context::Alarms => &[Context::Alarms, Context::List, Context::Global],
        Context::Operations => &[Context::Operations, Context::List, Context::Global],
        Context::Logs => &[Context::Logs, Context::List, Context::Global],
        Context::Picker => &[Context::Picker],
        Context::Shell => &[],
    }
}

impl Keymap {
    /// The name of the keymap that every other one starts from.
    pub const DEFAULT: &'static str = "default";

    /// What `keys` mean in `contexts`, given innermost first.
    pub fn resolve(&self, contexts: &[Context], keys: &[Key]) -> Resolution {
        let mut hints: BTreeMap<Key, &'static str> = BTreeMap::new();
        for found in contexts
            .iter()
            .filter_map(|context| self.find(*context, keys))
        {
            match found {
                // A longer binding further in has already claimed these keys as its beginning.
                Found::Leaf(command) if hints.is_empty() => return Resolution::Run(command),
                Found::Leaf(_) => break,
                Found::Branch(branch) => {
                    for (key, node) in branch {
                        hints.entry(*key).or_insert_with(|| node.title());
                    }
                }
            }
        }
        if hints.is_empty() {
            return Resolution::Nothing;
        }
        let hints = hints.into_iter().map(|(key, title)| Hint { key, title });
        Resolution::Prefix(hints.collect())
    }

    /// The keys that run a command in these contexts, shortest first; keys that something further in hides do
    /// not count.
    pub fn keys_for(&self, command: Command, contexts: &[Context]) -> Vec<KeySequence> {
        let mut sequences: Vec<KeySequence> = self
            .bindings()
            .filter(|(context, _, bound)| *bound == command && contexts.contains(context))
            .map(|(_, sequence, _)| sequence)
            .filter(|sequence| self.resolve(contexts, sequence.keys()) == Resolution::Run(command))
            .collect();
        sequences.sort_by_cached_key(|sequence| {
            let text = sequence.to_string();
            (sequence.keys().len(), text.chars().count(), text)
        });
        sequences.dedup();
        sequences
    }

    /// Every binding, context by context.
    pub fn bindings(&self) -> impl Iterator<Item = (Context, KeySequence, Command)> {
        self.roots.iter().flat_map(|(context, root)| {
            leaves(root)
                .into_iter()
                .map(|leaf| (*context, leaf.sequence, leaf.command))
        })
    }

    /// Binds keys to a command, and tells which other bindings that made unreachable. Rebinding the very same
    /// keys is what a layer is for and displaces nothing.
    fn bind(&mut self, context: Context, keys: &KeySequence, command: Command) -> Vec<Displaced> {
        let Some((last, prefix)) = keys.keys().split_last() else {
            return Vec::new();
        };
        let mut displaced = Vec::new();
        let mut branch = self.roots.entry(context).or_default();
        for (depth, key) in prefix.iter().enumerate() {
            let node = branch
                .entry(*key)
                .or_insert_with(|| Node::Branch(Branch::new()));
            if let Node::Leaf(command) = *node {
                displaced.extend(
                    KeySequence::new(prefix.iter().take(depth + 1).copied().collect())
                        .map(|sequence| Displaced { sequence, command }),
                );
                *node = Node::Branch(Branch::new());
            }
            branch = match node {
                Node::Branch(inner) => inner,
                Node::Leaf(_) => return displaced,
            };
        }
        if let Some(Node::Branch(hidden)) = branch.insert(*last, Node::Leaf(command)) {
            displaced.extend(leaves(&hidden).into_iter().filter_map(|leaf| {
                let path = keys.keys().iter().chain(leaf.sequence.keys());
                KeySequence::new(path.copied().collect()).map(|sequence| Displaced {
                    sequence,
                    command: leaf.command,
                })
            }));
        }
        displaced
    }

    /// Removes a binding, or all that begin with the keys; tells whether there was one.
    fn unbind(&mut self, context: Context, keys: &KeySequence) -> bool {
        fn prune(branch: &mut Branch, keys: &[Key]) -> bool {
            let Some((first, rest)) = keys.split_first() else {
                return false;
            };
            if rest.is_empty() {
                return branch.remove(first).is_some();
            }
            let Some(Node::Branch(inner)) = branch.get_mut(first) else {
                return false;
            };
            let was_bound = prune(inner, rest);
            // A prefix that leads nowhere would swallow its key.
            if inner.is_empty() {
                branch.remove(first);
            }
            was_bound
        }
        self.roots
            .get_mut(&context)
            .is_some_and(|root| prune(root, keys.keys()))
    }

    fn find(&self, context: Context, keys: &[Key]) -> Option<Found<'_>> {
        let mut branch = self.roots.get(&context)?;
        let (last, prefix) = keys.split_last()?;
        for key in prefix {
            branch = match branch.get(key)? {
                Node::Branch(inner) => inner,
                Node::Leaf(_) => return None,
            };
        }
        branch.get(last).map(|node| match node {
            Node::Leaf(command) => Found::Leaf(*command),
            Node::Branch(inner) => Found::Branch(inner),
        })
    }
}

enum Found<'k> {
    Leaf(Command),
    Branch(&'k Branch),
}

impl Node {
    fn title(&self) -> &'static str {
        match self {
            Self::Leaf(command) => command.spec().title,
            Self::Branch(_) => MORE,
        }
    }
}

/// Every binding below a branch, with its keys from there.
fn leaves(branch: &Branch) -> Vec<Displaced> {
    fn walk(branch: &Branch, path: &mut Vec<Key>, into: &mut Vec<Displaced>) {
        for (key, node) in branch {
            path.push(*key);
            match node {
                Node::Leaf(command) => {
                    let sequence = KeySequence::new(path.clone());
                    into.extend(sequence.map(|sequence| Displaced {
                        sequence,
                        command: *command,
                    }));
                }
                Node::Branch(inner) => walk(inner, path, into),
            }
            path.pop();
        }
    }
    let mut into = Vec::new();
    walk(branch, &mut Vec::new(), &mut into);
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keymap(bindings: &[(Context, &str, Command)]) -> Keymap {
        let mut keymap = Keymap::default();
        for (context, keys, command) in bindings {
            let displaced = keymap.bind(*context, &sequence(keys), *command);
            assert_eq!(displaced, [], "{keys}");
        }
        keymap
    }

    fn sequence(text: &str) -> KeySequence {
        text.parse().unwrap()
    }

    fn resolve(keymap: &Keymap, context: Context, text: &str) -> Resolution {
        keymap.resolve(around(context), sequence(text).keys())
    }

    #[test]
    fn the_innermost_context_that_knows_the_keys_answers() {
        let keymap = keymap(&[
            (Context::Global, "q", Command::Quit),
            (Context::Detail, "q", Command::Back),
            (Context::List, "j", Command::Down),
        ]);
        for (context, keys, expected) in [
            (Context::Global, "q", Resolution::Run(Command::Quit)),
            (Context::Stacks, "q", Resolution::Run(Command::Quit)),
            (Context::Detail, "q", Resolution::Run(Command::Back)),
            (Context::Detail, "j", Resolution::Run(Command::Down)),
            (Context::Global, "j", Resolution::Nothing),
            (Context::Picker, "q", Resolution::Nothing),
            (Context::Shell, "q", Resolution::Nothing),
        ] {
            assert_eq!(
                resolve(&keymap, context, keys),
                expected,
                "{context:?} {keys}"
            );
        }
        assert_eq!(keymap.resolve(&[Context::Global], &[]), Resolution::Nothing);
    }

    #[test]
    fn a_prefix_offers_what_every_context_would_do_next() {
        let keymap = keymap(&[
            (Context::List, "g g", Command::Top),
            (Context::List, "g e", Command::Bottom),
            (Context::Detail, "g e", Command::Events),
            (Context::Detail, "g x y", Command::Drift),
        ]);
        let Resolution::Prefix(hints) = resolve(&keymap, Context::Detail, "g") else {
            panic!("`g` leads on");
        };
        let hints: Vec<_> = hints
            .iter()
            .map(|hint| (hint.key.to_string(), hint.title))
            .collect();
        let expected = [("e", "events"), ("g", "top"), ("x", MORE)];
        assert_eq!(hints, expected.map(|(key, title)| (key.to_owned(), title)));
        assert_eq!(
            resolve(&keymap, Context::Detail, "g g"),
            Resolution::Run(Command::Top)
        );
        assert_eq!(
            resolve(&keymap, Context::Detail, "g z"),
            Resolution::Nothing
        );
        assert_eq!(
            resolve(&keymap, Context::Detail, "g g g"),
            Resolution::Nothing
        );
    }

    #[test]
    fn a_prefix_further_in_hides_a_key_further_out() {
        let keymap = keymap(&[
            (Context::Global, "g", Command::Refresh),
            (Context::List, "g g", Command::Top),
        ]);
        assert!(
            matches!(resolve(&keymap, Context::List, "g"), Resolution::Prefix(hints) if hints.len() == 1)
        );
        assert_eq!(keymap.keys_for(Command::Refresh, around(Context::List)), []);
        assert_eq!(
            keymap.keys_for(Command::Refresh, &[Context::Global]),
            [sequence("g")]
        );
    }

    #[test]
    fn keys_come_shortest_first() {
        let keymap = keymap(&[
            (Context::List, "g g", Command::Top),
            (Context::List, "home", Command::Top),
            (Context::Global, "t", Command::Top),
            (Context::Picker, "z", Command::Top),
        ]);
        let keys = keymap.keys_for(Command::Top, around(Context::Stacks));
        assert_eq!(keys, ["t", "home", "g g"].map(sequence));
    }

    #[test]
    fn what_a_binding_makes_unreachable_is_told() {
        for (first, second, displaced) in [
            ("g", "g g", Some("g")),
            ("g g", "g", Some("g g")),
            ("g", "g", None),
            ("g a", "g b", None),
            ("g a b", "g a", Some("g a b")),
        ] {
            let mut keymap = keymap(&[(Context::List, first, Command::Top)]);
            let told = keymap.bind(Context::List, &sequence(second), Command::Bottom);
            let told: Vec<_> = told
                .iter()
                .map(|it| (it.sequence.to_string(), it.command))
                .collect();
            let expected: Vec<_> = displaced
                .iter()
                .map(|it| ((*it).to_owned(), Command::Top))
                .collect();
            assert_eq!(told, expected, "{first}, then {second}");
            assert_eq!(
                resolve(&keymap, Context::List, second),
                Resolution::Run(Command::Bottom)
            );
        }
    }

    #[test]
    fn unbinding_a_prefix_frees_all_below_it() {
        let bindings = [
            (Context::List, "g g", Command::Top),
            (Context::List, "g e", Command::Bottom),
        ];
        let mut whole = keymap(&bindings);
        assert!(whole.unbind(Context::List, &sequence("g")));
        assert_eq!(whole.bindings().count(), 0);

        let mut one = keymap(&bindings);
        assert!(one.unbind(Context::List, &sequence("g g")));
        assert!(one.unbind(Context::List, &sequence("g e")));
        assert!(!one.unbind(Context::List, &sequence("g e")));
        assert_eq!(resolve(&one, Context::List, "g"), Resolution::Nothing);
    }
}
