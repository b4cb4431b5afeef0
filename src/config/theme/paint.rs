//! How one role looks, before the drawing library has a say.

use crate::config::colour::Colour;

/// Colours and emphasis.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Paint {
    pub(super) fg: Option<Colour>,
    pub(super) bg: Option<Colour>,
    pub(super) emphasis: Vec<Emphasis>,
}

/// What a terminal can do to letters beside colouring them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Emphasis {
    Bold,
    Dim,
    Italic,
    Underline,
    Reverse,
}

impl Paint {
    /// No colour of its own.
    pub(super) fn emphasised(emphasis: &[Emphasis]) -> Self {
        Self {
            emphasis: emphasis.to_vec(),
            ..Self::default()
        }
    }
}

impl Emphasis {
    pub(super) const ALL: [Self; 5] = [
        Self::Bold,
        Self::Dim,
        Self::Italic,
        Self::Underline,
        Self::Reverse,
    ];

    /// What theme files call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Dim => "dim",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Reverse => "reverse",
        }
    }
}
