//! The file of one operation: appended to, record after record, by one process at a time.
//!
//! The invariant: what [`Journal::append`] has returned from is on the disk, and the lock is held for as long as the
//! value lives. The lock is the system's, so a process that is killed gives it back.

use super::line;
use crate::domain::operation::{Run, Stamped};
use rustix::fs::OFlags;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// A journal that this process writes, and nobody else meanwhile.
#[derive(Debug)]
pub(in crate::engine) struct Journal {
    file: File,
    /// How much of it is whole.
    length: u64,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) run: Run,
    /// Bytes of whole records.
    length: u64,
    pub(super) tail: Tail,
}

/// How a journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Tail {
    Whole,
    /// What was being written last was not finished. Nothing had been done because of it yet.
    Torn,
}

/// Why a journal cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    Io(io::Error),
    /// Another process writes it.
    Held,
    /// Not even the plan was written whole, so nothing was done.
    Unbegun,
    /// This line, from 1, is not as it was written, and there are others after it.
    Damaged(usize),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Journal {
    /// Begins one, with its first record on the disk. It must not exist.
    pub(super) fn create(path: &Path, first: &Stamped) -> io::Result<Self> {
        let file = private()
            .append(true)
            .read(true)
            .create_new(true)
            .open(path)?;
        // Nobody else knows the file yet; who looks meanwhile finds nothing to take up.
        file.lock()?;
        let mut journal = Self { file, length: 0 };
        if let Err(error) = journal.append(first).and_then(|()| sync_folder(path)) {
            // A run that has not begun leaves nothing behind, as far as that can be helped.
            let _ = std::fs::remove_file(path);
            return Err(error);
        }
        Ok(journal)
    }

    /// Takes one up that nobody writes; what was not finished at its end is cut off.
    pub(super) fn take_up(path: &Path) -> Result<(Self, Run, Tail), Unreadable> {
        let file = private().append(true).read(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Unreadable::Held),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let contents = read(&file)?;
        if contents.tail == Tail::Torn {
            file.set_len(contents.length)?;
            file.sync_all()?;
        }
        let length = contents.length;
        Ok((Self { file, length }, contents.run, contents.tail))
    }

    /// One that is written nowhere, on a device that is always full.
    #[cfg(test)]
    pub(in crate::engine) fn on_a_full_disk() -> Self {
        let file = File::options().write(true).open("/dev/full");
        Self {
            file: file.expect("Linux has it"),
            length: 0,
        }
    }

    /// Adds a record, which is on the disk when this returns. After a failure the file ends as it did before, or torn.
    pub(in crate::engine) fn append(&mut self, stamped: &Stamped) -> io::Result<()> {
        let line = line::write(stamped)?;
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += u64::try_from(line.len()).unwrap_or_default(),
            Err(_) => _ = self.file.set_len(self.length),
        }
        written
    }
}

/// Whether some process writes the journal at this moment.
pub(super) fn is_held(path: &Path) -> io::Result<bool> {
    let file = private().read(true).open(path)?;
    // Shared, so that two who look do not take each other for one who writes.
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Reads a journal without taking it, as far as it has got.
pub(super) fn look(path: &Path) -> Result<Contents, Unreadable> {
    read(&private().read(true).open(path)?)
}

fn read(mut file: &File) -> Result<Contents, Unreadable> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut records: Vec<Stamped> = Vec::new();
    let mut length = 0;
    let mut tail = Tail::Whole;
    for (index, whole) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if tail == Tail::Torn {
            return Err(Unreadable::Damaged(index));
        }
        let record = whole.strip_suffix(b"\n").and_then(line::read);
        match record.filter(|record| usize::try_from(record.number) == Ok(index)) {
            Some(record) => {
                length += whole.len();
                records.push(record);
            }
            None => tail = Tail::Torn,
        }
    }
    Ok(Contents {
        run: Run::replay(&records).ok_or(Unreadable::Unbegun)?,
        length: u64::try_from(length).unwrap_or_default(),
        tail,
    })
}

/// For files that only the operator may read. A link in their place is not followed: it was put there by somebody.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Makes a folder that only the operator may look into, if it is not there.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes down that a file is there: without it, a new file may be gone after a crash.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
