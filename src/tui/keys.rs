//! From what the terminal library reports to the house's own events.
//!
//! The library reads on a thread of its own, not in the loop: on a terminal that is gone its reader never returns
//! (crossterm issue 793), and a loop that polls it could not even be told to leave.

use crate::app::{Event, Focus, Mouse};
use crate::config::key::{Code, Key, Modifiers};
use crossterm::event as ct;
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Events that may wait for the loop; a person cannot type more.
const WAITING: usize = 256;

/// Starts reading. The channel ends when the terminal can no longer be read.
pub(super) fn read() -> io::Result<mpsc::Receiver<ct::Event>> {
    let (events, inbox) = mpsc::channel(WAITING);
    let reading = move || {
        while let Ok(event) = ct::read() {
            if events.blocking_send(event).is_err() {
                break;
            }
        }
    };
    // Left alone at the end: it waits for a key that nobody presses, and goes with the process.
    std::thread::Builder::new()
        .name("keys".into())
        .spawn(reading)?;
    Ok(inbox)
}

/// Two clicks on one cell within this are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// The last click, which may turn out to be the first of two.
#[derive(Debug, Default)]
pub(super) struct Clicks(Option<((u16, u16), Instant)>);

impl Clicks {
    fn click(&mut self, at: (u16, u16)) -> Mouse {
        match self.0.take() {
            Some((before, when)) if before == at && when.elapsed() < DOUBLE => Mouse::DoubleClick,
            _ => {
                self.0 = Some((at, Instant::now()));
                Mouse::Click
            }
        }
    }
}

/// `None` for what means nothing here: key releases, drags, keys without a name.
pub(super) fn event(event: &ct::Event, clicks: &mut Clicks) -> Option<Event> {
    match event {
        ct::Event::Key(key) if key.kind == ct::KeyEventKind::Release => None,
        ct::Event::Key(key) => self::key(key).map(Event::Key),
        ct::Event::Mouse(mouse) => self::mouse(mouse, clicks),
        ct::Event::Paste(text) => Some(Event::Paste(text.clone())),
        ct::Event::Resize(..) => Some(Event::Resized),
        ct::Event::FocusGained => Some(Event::Focus(Focus::Gained)),
        ct::Event::FocusLost => Some(Event::Focus(Focus::Lost)),
    }
}

fn key(key: &ct::KeyEvent) -> Option<Key> {
    let code = match key.code {
        ct::KeyCode::Char(letter) => Code::Char(letter),
        ct::KeyCode::F(number) => Code::Function(number),
        ct::KeyCode::Enter => Code::Enter,
        ct::KeyCode::Esc => Code::Esc,
        ct::KeyCode::Tab | ct::KeyCode::BackTab => Code::Tab,
        ct::KeyCode::Backspace => Code::Backspace,
        ct::KeyCode::Delete => Code::Delete,
        ct::KeyCode::Insert => Code::Insert,
        ct::KeyCode::Up => Code::Up,
        ct::KeyCode::Down => Code::Down,
        ct::KeyCode::Left => Code::Left,
        ct::KeyCode::Right => Code::Right,
        ct::KeyCode::Home => Code::Home,
        ct::KeyCode::End => Code::End,
        ct::KeyCode::PageUp => Code::PageUp,
        ct::KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let held = |modifier| key.modifiers.contains(modifier);
    let modifiers = Modifiers {
        ctrl: held(ct::KeyModifiers::CONTROL),
        alt: held(ct::KeyModifiers::ALT),
        shift: held(ct::KeyModifiers::SHIFT) || key.code == ct::KeyCode::BackTab,
    };
    Some(Key::new(code, modifiers))
}

fn mouse(mouse: &ct::MouseEvent, clicks: &mut Clicks) -> Option<Event> {
    let deed = match mouse.kind {
        ct::MouseEventKind::Down(ct::MouseButton::Left) => clicks.click((mouse.column, mouse.row)),
        ct::MouseEventKind::ScrollUp => Mouse::WheelUp,
        ct::MouseEventKind::ScrollDown => Mouse::WheelDown,
        _ => return None,
    };
    Some(Event::Mouse {
        at: (mouse.column, mouse.row),
        deed,
    })
}
