//! What is put on the clipboard: the name, the ARN or the console's address of whatever is selected.

use super::notice::Severity;
use super::{App, Clipboard, Effect, View, link};
use crate::command::Command;

/// What a terminal takes over OSC 52, in bytes.
const COPIED_AT_MOST: usize = 100_000;

impl App {
    pub(super) fn copy(&mut self, command: Command) -> Option<Effect> {
        if self.is_at_alarms() {
            let text = self.alarm_text(command)?;
            return self.put_on_clipboard(text);
        }
        if self.is_at_accelerators() {
            let text = self.accelerator_text(command)?;
            return self.put_on_clipboard(text);
        }
        let text = match command {
            Command::CopyName if self.view == View::Operations && self.detail.is_none() => {
                self.operations.selected()?.to_string()
            }
            _ if self.view == View::Lambda && self.detail.is_none() => {
                self.text_of_function(command)?
            }
            Command::CopyName => self.selected_name()?.safe().into_owned(),
            Command::CopyArn => self.selected_stack()?.1.id.to_string(),
            _ => {
                let (scope, stack) = self.selected_stack()?;
                link::console(scope.region()?, &stack.id)
            }
        };
        self.put_on_clipboard(text)
    }

    pub(super) fn put_on_clipboard(&mut self, text: String) -> Option<Effect> {
        let words = format!("Copied {text}");
        self.put_on_clipboard_saying(text, words)
    }

    /// The same of a text that is not to be said again.
    pub(super) fn put_on_clipboard_saying(
        &mut self,
        text: String,
        words: String,
    ) -> Option<Effect> {
        let (words, effect) = match self.clipboard {
            Clipboard::Off => {
                let first = text.lines().next().unwrap_or_default();
                (format!("The clipboard is switched off. {first}"), None)
            }
            Clipboard::On if text.len() > COPIED_AT_MOST => {
                let words = "This is more than a terminal takes onto its clipboard.";
                (words.to_owned(), None)
            }
            Clipboard::On => (words, Some(Effect::Copy(text))),
        };
        self.notices.answer(self.now, Severity::Info, words);
        effect
    }
}
