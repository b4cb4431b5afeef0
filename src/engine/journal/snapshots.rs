//! The snapshots: one file for each, named by what is in it, so that two that are the same are one.

use super::file::{folder, private, sync_folder};
use super::line::fingerprint;
use crate::domain::operation::Snapshot;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

/// Digits of a name.
const DIGITS: usize = 32;

/// Keeps one, on the disk when this returns, and tells its name.
pub(super) fn keep(snapshots: &Path, snapshot: &Snapshot) -> io::Result<String> {
    folder(snapshots)?;
    let text = serde_json::to_vec_pretty(snapshot)?;
    let name = fingerprint(&text, DIGITS);
    let path = snapshots.join(format!("{name}.json"));
    // Written beside and moved into place, so that a file of this name is always whole.
    let beside = snapshots.join(format!("{name}.json.new"));
    let mut file = private()
        .create(true)
        .write(true)
        .truncate(true)
        .open(&beside)?;
    file.write_all(&text)?;
    file.sync_all()?;
    std::fs::rename(&beside, &path)?;
    sync_folder(&path)?;
    Ok(name)
}

/// One by its name, if it is what it was.
pub(super) fn read(snapshots: &Path, name: &str) -> io::Result<Snapshot> {
    let is_name = name.len() == DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_name {
        return Err(io::Error::new(ErrorKind::NotFound, "it is no name of one"));
    }
    let mut text = Vec::new();
    let path = snapshots.join(format!("{name}.json"));
    private().read(true).open(path)?.read_to_end(&mut text)?;
    if fingerprint(&text, DIGITS) != name {
        return Err(io::Error::new(ErrorKind::InvalidData, "it was changed"));
    }
    Ok(serde_json::from_slice(&text)?)
}
