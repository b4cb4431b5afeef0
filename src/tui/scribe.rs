//! Writes what is exported, elsewhere: a million lines take a disk longer than a frame.
//!
//! A file that is there already is never written over. A name without a folder is one in the working directory.

use crate::domain::untrusted::sanitise;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::task::JoinSet;

/// How many names are tried before it is given up.
const NAMES: u32 = 100;

/// The files that are being written.
#[derive(Debug, Default)]
pub struct Scribe(JoinSet<Result<String, String>>);

impl Scribe {
    pub(super) fn write(&mut self, name: String, lines: usize, text: String) {
        self.0.spawn_blocking(move || {
            let written = create(Path::new(&name)).and_then(|(path, mut file)| {
                file.write_all(text.as_bytes())?;
                Ok(path)
            });
            match written {
                Ok(path) => {
                    let noun = if lines == 1 { "line" } else { "lines" };
                    Ok(format!("Wrote {lines} {noun} to {}.", shown(&path)))
                }
                Err(error) => Err(format!("Could not write {}: {error}.", sanitise(&name))),
            }
        });
    }

    /// Waits for the next file; forever, or as good as, where there is none. What came of it, as a sentence.
    pub(super) async fn written(&mut self) -> Option<Result<String, String>> {
        match self.0.join_next().await? {
            Ok(written) => Some(written),
            Err(_) => Some(Err("The file could not be written.".to_owned())),
        }
    }
}

/// A new file of this name, or of the next one that is free: `logs.txt`, `logs-2.txt`.
fn create(wanted: &Path) -> io::Result<(PathBuf, std::fs::File)> {
    let mut path = wanted.to_owned();
    for number in 2..NAMES {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                path = numbered(wanted, number);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(ending) => format!("{stem}-{number}.{}", ending.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

fn shown(path: &Path) -> String {
    sanitise(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_there_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder
            .path()
            .join("logs.txt")
            .to_string_lossy()
            .into_owned();
        let mut scribe = Scribe::default();
        for text in ["one\n", "two\n"] {
            scribe.write(name.clone(), 1, text.to_owned());
            let words = scribe.written().await.unwrap().unwrap();
            assert!(words.starts_with("Wrote 1 line to "), "{words}");
        }
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            (read("logs.txt"), read("logs-2.txt")),
            ("one\n".into(), "two\n".into())
        );
        scribe.write("no/such/folder/logs.txt".into(), 1, String::new());
        assert!(scribe.written().await.unwrap().is_err());
        assert!(scribe.written().await.is_none());
    }
}
