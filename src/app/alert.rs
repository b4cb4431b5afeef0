//! What is said outside of the screen: by the bell, a notification of the desktop, a command of the operator's.

/// One thing that is worth a look, wherever the operator looks now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// A sentence, sanitised.
    pub text: String,
    /// For a program: a JSON object a line.
    pub lines: String,
}
