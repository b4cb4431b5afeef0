//! A program that is about to be started on a screen, in an empty house of its own.

use super::home::Home;
use super::screen::Screen;
use super::terminal::Size;
use portable_pty::CommandBuilder;

pub(crate) struct Program {
    pub(super) command: CommandBuilder,
    pub(super) home: Home,
    pub(super) size: Size,
}

impl Program {
    /// The binary of this crate.
    pub(crate) fn quarterdeck() -> Self {
        Self::named(env!("CARGO_BIN_EXE_quarterdeck"))
    }

    /// Any program, found in a plain `PATH` that has this crate's binary first.
    pub(crate) fn named(name: &str) -> Self {
        let mut command = CommandBuilder::new(name);
        let home = Home::new();
        command.env_clear();
        command.cwd(home.path());
        for (variable, value) in home.environment() {
            command.env(variable, value);
        }
        Self {
            command,
            home,
            size: Size::new(120, 36),
        }
    }

    pub(crate) fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, variable: &str, value: &str) -> Self {
        self.command.env(variable, value);
        self
    }

    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = Size::new(columns, rows);
        self
    }

    /// The home it will live in, to put files there first.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Starts it.
    pub(crate) fn open(self) -> Screen {
        Screen::start(self)
    }
}
