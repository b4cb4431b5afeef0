//! What is typed about the logs, in the footer's place, and the one question that wants a yes.

use crate::app::input::Input;

/// A line being typed.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub ask: Ask,
    pub input: Input,
    /// Why it cannot be taken as it stands, as a sentence.
    pub complaint: Option<String>,
}

/// What a prompt is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Search,
    /// The filter to go back to when it is cancelled.
    Filter {
        before: String,
    },
    Time,
    Query,
    /// The name of the file; its ending says what is written.
    Export,
}

/// A question that is answered with yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    pub title: &'static str,
    /// A paragraph.
    pub words: String,
}

impl Prompt {
    pub(super) fn new(ask: Ask, text: &str) -> Self {
        Self {
            ask,
            input: Input::with(text),
            complaint: None,
        }
    }
}
