//! An empty house to start a program in: nothing of the developer's machine leaks into it.

use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary home directory and the whole environment that belongs to it; gone when dropped.
pub(crate) struct Home {
    root: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let root =
            TempDir::with_prefix("quarterdeck-home-").expect("a temporary directory can be made");
        let home = Self { root };
        for folder in [".config", ".local/state", ".local/share", ".cache", "tmp"] {
            std::fs::create_dir_all(home.path().join(folder))
                .expect("a fresh directory is writable");
        }
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    /// Writes a file below the home, with its directories: `home.write(".aws/config", "[default]\n")`.
    pub(crate) fn write(&self, file: &str, content: &str) -> PathBuf {
        let path = self.path().join(file);
        let folder = path.parent().expect("a file in the home has a folder");
        std::fs::create_dir_all(folder).expect("the home is writable");
        std::fs::write(&path, content).expect("the home is writable");
        path
    }

    /// Every variable a program is started with, and no other.
    ///
    /// The binary's own directory leads `PATH`, so that shell lines can say `quarterdeck`.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let binary = Path::new(env!("CARGO_BIN_EXE_quarterdeck"));
        let binaries = binary.parent().expect("the binary is in a directory");
        let below = |folder: &str| self.path().join(folder).display().to_string();
        let variables = [
            ("HOME", self.path().display().to_string()),
            ("XDG_CONFIG_HOME", below(".config")),
            ("XDG_STATE_HOME", below(".local/state")),
            ("XDG_DATA_HOME", below(".local/share")),
            ("XDG_CACHE_HOME", below(".cache")),
            ("TMPDIR", below("tmp")),
            (
                "PATH",
                format!(
                    "{}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                    binaries.display()
                ),
            ),
            ("SHELL", "/bin/sh".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            // Without it a missing credential asks the machine's metadata service, for seconds, over the network.
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        variables
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec()
    }
}
