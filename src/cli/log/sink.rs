//! Standard output on a thread of its own.
//!
//! A pipe whose reader stands still would stop whoever writes to it, and with it Ctrl-C and every answer of AWS. So
//! whole buffers are handed over, few enough that a slow reader slows the tail down instead of filling memory.

use std::io::{self, Write};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes after which a buffer is handed over.
pub(super) const FULL: usize = 256 * 1024;

/// Buffers on their way at most.
const BUFFERS: usize = 2;

/// The way out.
#[derive(Debug)]
pub(super) struct Sink {
    full: mpsc::Sender<Vec<u8>>,
    /// Buffers that were written, to be filled again.
    empty: mpsc::Receiver<Vec<u8>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Sink {
    pub(super) fn open() -> Self {
        let (full, mut arriving) = mpsc::channel::<Vec<u8>>(BUFFERS);
        let (returning, empty) = mpsc::channel(BUFFERS + 1);
        let writer = spawn_blocking(move || {
            let mut out = io::stdout().lock();
            while let Some(mut buffer) = arriving.blocking_recv() {
                out.write_all(&buffer)?;
                out.flush()?;
                buffer.clear();
                // One too many is let go.
                let _ = returning.try_send(buffer);
            }
            Ok(())
        });
        Self {
            full,
            empty,
            writer,
        }
    }

    /// Hands the buffer over and leaves an empty one. Nothing is lost when this is given up half-way.
    ///
    /// With nothing to hand over it waits, for as long as something could be written.
    pub(super) async fn send(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        if buffer.is_empty() {
            return Err(self.broken().await);
        }
        let Ok(place) = self.full.reserve().await else {
            return Err(self.broken().await);
        };
        let next = self.empty.try_recv().unwrap_or_default();
        place.send(std::mem::replace(buffer, next));
        Ok(())
    }

    /// Resolves when nothing can be written any more.
    async fn broken(&mut self) -> io::Error {
        self.full.closed().await;
        match (&mut self.writer).await {
            Ok(Err(error)) => error,
            // It ends by itself only after an error.
            Ok(Ok(())) | Err(_) => io::ErrorKind::BrokenPipe.into(),
        }
    }

    /// Waits until everything is written.
    pub(super) async fn close(self) -> io::Result<()> {
        drop(self.full);
        self.writer.await.unwrap_or(Ok(()))
    }
}
