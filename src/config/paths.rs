//! Where Quarterdeck keeps its files: the XDG directories, on every system.
//!
//! Written out rather than left to a library, because a library would read the environment on its own and no test
//! could move the directories.

use super::{Environment, World};
use std::path::{Path, PathBuf};

/// Our two directories; none where there is no home to put them in.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Paths {
    /// What the operator writes.
    pub config: Option<PathBuf>,
    /// What we write: the log and the audit.
    pub state: Option<PathBuf>,
}

impl Paths {
    pub fn of(environment: &Environment) -> Self {
        let base = |variable: &str, below_home: &str| {
            let named = environment.variable(variable).map(PathBuf::from);
            // The specification has relative paths ignored.
            named
                .filter(|path| path.is_absolute())
                .or_else(|| environment.home().map(|home| home.join(below_home)))
                .map(|base| base.join("quarterdeck"))
        };
        Self {
            config: base("XDG_CONFIG_HOME", ".config"),
            state: base("XDG_STATE_HOME", ".local/state"),
        }
    }

    /// The file that says what the fleet is.
    pub fn fleet(&self) -> Option<PathBuf> {
        self.in_config("fleet.toml")
    }

    /// The operator's own keys, over whichever keymap is chosen.
    pub fn keymap(&self) -> Option<PathBuf> {
        self.in_config("keymap.toml")
    }

    /// The operator's own themes.
    pub fn themes(&self) -> Option<PathBuf> {
        self.in_config("themes")
    }

    /// The operator's own keymaps, to choose from.
    pub fn keymaps(&self) -> Option<PathBuf> {
        self.in_config("keymaps")
    }

    /// What went wrong behind the sentences on screen.
    pub fn log(&self) -> Option<PathBuf> {
        self.state
            .as_deref()
            .map(|state| state.join("quarterdeck.log"))
    }

    /// What was done in AWS, and by whom.
    pub fn audit(&self, world: World) -> Option<PathBuf> {
        let name = match world {
            World::Real => "audit.jsonl",
            World::Sandbox => "sandbox-audit.jsonl",
        };
        self.state.as_deref().map(|state| state.join(name))
    }

    /// The directory of what operations have done, step by step, and of what was there before them.
    pub fn journals(&self, world: World) -> Option<PathBuf> {
        let name = match world {
            World::Real => "operations",
            World::Sandbox => "sandbox-operations",
        };
        self.state.as_deref().map(|state| state.join(name))
    }

    fn in_config(&self, name: impl AsRef<Path>) -> Option<PathBuf> {
        self.config.as_deref().map(|config| config.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_follow_xdg_and_need_an_absolute_path() {
        for (variables, config, state) in [
            (
                vec![],
                "/home/ann/.config/quarterdeck",
                "/home/ann/.local/state/quarterdeck",
            ),
            (
                vec![("XDG_CONFIG_HOME", "/etc/ann")],
                "/etc/ann/quarterdeck",
                "/home/ann/.local/state/quarterdeck",
            ),
            (
                vec![
                    ("XDG_CONFIG_HOME", "relative"),
                    ("XDG_STATE_HOME", "/var/s"),
                ],
                "/home/ann/.config/quarterdeck",
                "/var/s/quarterdeck",
            ),
        ] {
            let paths = Paths::of(&Environment::of(variables).with_home("/home/ann"));
            assert_eq!(paths.config.as_deref(), Some(Path::new(config)));
            assert_eq!(paths.state.as_deref(), Some(Path::new(state)));
        }
    }

    #[test]
    fn without_a_home_there_are_no_files() {
        let paths = Paths::of(&Environment::of([]));
        assert_eq!((paths.fleet(), paths.log()), (None, None));
    }
}
