//! Words to a run that another process runs: a file beside the journal, to which anybody of this operator's appends,
//! and which the runner reads every few seconds.

use super::file::private;
use crate::domain::operation::Decision;
use std::io::{self, Write as _};
use std::path::Path;

/// Puts a word in.
pub(super) fn post(path: &Path, decision: &Decision) -> io::Result<()> {
    let mut line = serde_json::to_vec(decision)?;
    line.push(b'\n');
    let mut file = private().create(true).append(true).open(path)?;
    file.write_all(&line)?;
    file.sync_data()
}

/// All that was ever put in, in order. A line that is not whole yet is left for the next time, and what is no word of
/// ours is passed over.
pub(super) fn read(path: &Path) -> io::Result<Vec<Decision>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let whole = lines.filter_map(|line| line.strip_suffix(b"\n"));
    Ok(whole
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect())
}
