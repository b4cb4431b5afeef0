//! The terminal while Quarterdeck has it.

use super::restore::{remember, restore};
use crate::app::Viewport;
use crossterm::{clipboard, event as ct, execute, queue, terminal as term};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use std::io::{self, Write};

/// What a terminal takes over OSC 52, in bytes.
const CLIPBOARD_AT_MOST: usize = 100_000;

/// What the operator lets us use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    pub mouse: bool,
    pub clipboard: bool,
}

/// Raw mode, the alternate screen and whatever else was switched on; all undone on drop.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Gathered>>,
    abilities: Abilities,
    shows: Shows,
}

/// What is on the terminal, as far as we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// The last frame.
    Frame,
    /// Anything: somebody else wrote there, or its size was another for a moment.
    Anything,
}

impl Screen {
    pub(super) fn enter(abilities: Abilities) -> io::Result<Self> {
        remember();
        let mut screen = Self {
            terminal: Terminal::new(CrosstermBackend::new(Gathered::default()))?,
            abilities,
            shows: Shows::Anything,
        };
        screen.switch_on()?;
        Ok(screen)
    }

    fn switch_on(&mut self) -> io::Result<()> {
        term::enable_raw_mode()?;
        let out = self.terminal.backend_mut();
        queue!(
            out,
            term::EnterAlternateScreen,
            ct::EnableBracketedPaste,
            ct::EnableFocusChange
        )?;
        if self.abilities.mouse {
            queue!(out, ct::EnableMouseCapture)?;
        }
        // A constant: nothing that came from outside ever names the window.
        queue!(out, term::SetTitle("quarterdeck"))?;
        Write::flush(out)
    }

    /// Gives the terminal back for a while.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        Write::flush(self.terminal.backend_mut())?;
        restore();
        Ok(())
    }

    /// Takes the terminal again after somebody else had it.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        remember();
        self.distrust();
        self.switch_on()
    }

    /// Forgets what is on the terminal, so that the next frame draws every cell.
    ///
    /// Also after a resize that ended at the size it began with: the terminal has rearranged its cells meanwhile, and
    /// the drawing library, which compares sizes, would not notice.
    pub(super) fn distrust(&mut self) {
        self.shows = Shows::Anything;
    }

    /// Draws one frame; the terminal shows it whole or not at all.
    pub(super) fn draw(
        &mut self,
        draw: impl FnOnce(&mut Frame) -> Viewport,
    ) -> io::Result<Viewport> {
        let mut viewport = Viewport::default();
        queue!(self.terminal.backend_mut(), term::BeginSynchronizedUpdate)?;
        if self.shows == Shows::Anything {
            // Not `Terminal::clear`: it asks for the cursor's position and waits for an answer on a stdin that the
            // event reader is listening to.
            let size = self.terminal.size()?;
            queue!(
                self.terminal.backend_mut(),
                term::Clear(term::ClearType::All)
            )?;
            self.terminal.resize(size.into())?;
            self.shows = Shows::Frame;
        }
        self.terminal.draw(|frame| viewport = draw(frame))?;
        execute!(self.terminal.backend_mut(), term::EndSynchronizedUpdate)?;
        Ok(viewport)
    }

    /// Writes a signal that draws nothing: the bell, a notification.
    pub(super) fn signal(&mut self, signal: &str) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(signal.as_bytes())?;
        Write::flush(out)
    }

    /// Puts a text, already sanitised, on the clipboard of the terminal in front of the operator.
    pub(super) fn copy(&mut self, text: &str) -> io::Result<()> {
        if self.abilities.clipboard && text.len() <= CLIPBOARD_AT_MOST {
            execute!(
                self.terminal.backend_mut(),
                clipboard::CopyToClipboard::to_clipboard_from(text)
            )?;
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Holds a frame back until it is whole.
///
/// Not a `BufWriter`: that one writes what it holds when it is dropped, and after a panic in the middle of a frame
/// the half of it would land on the terminal that has just been restored.
#[derive(Debug, Default)]
struct Gathered(Vec<u8>);

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let written = out.write_all(&self.0).and_then(|()| out.flush());
        self.0.clear();
        written
    }
}
