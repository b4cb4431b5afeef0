//! What a piece of the screen means; a theme says how each meaning looks.
//!
//! Views name roles, never colours. A role that a theme leaves out looks like its fallback, so a theme may be as
//! short as one line, and [`Role::Text`] is where every chain ends.

/// A meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Text,
    Muted,
    Title,
    Border,
    BorderFocus,
    Selection,
    Key,
    Header,
    Badge,
    Ok,
    Moving,
    Warn,
    Error,
    Stale,
    Unknown,
    Match,
    Danger,
    Skew,
    Region1,
    Region2,
    Region3,
    Region4,
    Region5,
    Region6,
}

impl Role {
    pub const ALL: [Self; 24] = [
        Self::Text,
        Self::Muted,
        Self::Title,
        Self::Border,
        Self::BorderFocus,
        Self::Selection,
        Self::Key,
        Self::Header,
        Self::Badge,
        Self::Ok,
        Self::Moving,
        Self::Warn,
        Self::Error,
        Self::Stale,
        Self::Unknown,
        Self::Match,
        Self::Danger,
        Self::Skew,
        Self::Region1,
        Self::Region2,
        Self::Region3,
        Self::Region4,
        Self::Region5,
        Self::Region6,
    ];

    /// The colours that tell regions apart, in turn.
    pub const REGIONS: [Self; 6] = [
        Self::Region1,
        Self::Region2,
        Self::Region3,
        Self::Region4,
        Self::Region5,
        Self::Region6,
    ];

    /// What theme files call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Muted => "muted",
            Self::Title => "title",
            Self::Border => "border",
            Self::BorderFocus => "border-focus",
            Self::Selection => "selection",
            Self::Key => "key",
            Self::Header => "header",
            Self::Badge => "badge",
            Self::Ok => "ok",
            Self::Moving => "moving",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Match => "match",
            Self::Danger => "danger",
            Self::Skew => "skew",
            Self::Region1 => "region-1",
            Self::Region2 => "region-2",
            Self::Region3 => "region-3",
            Self::Region4 => "region-4",
            Self::Region5 => "region-5",
            Self::Region6 => "region-6",
        }
    }

    /// What it is for, in a few words.
    pub fn help(self) -> &'static str {
        match self {
            Self::Text => "Ordinary text.",
            Self::Muted => "Text that matters less: units, ids, ages.",
            Self::Title => "Titles of panes and overlays.",
            Self::Border => "Lines around what has no focus.",
            Self::BorderFocus => "Lines around what has the focus.",
            Self::Selection => "The selected row; laid over the row's own colours.",
            Self::Key => "Keys in the footer and in help.",
            Self::Header => "Column headings.",
            Self::Badge => "The READ-ONLY badge and its like.",
            Self::Ok => "Settled and well.",
            Self::Moving => "Something is under way.",
            Self::Warn => "Needs a look.",
            Self::Error => "Failed.",
            Self::Stale => "Older than it should be.",
            Self::Unknown => "Never read, or not readable.",
            Self::Match => "Letters that a filter or picker found.",
            Self::Danger => "What changes AWS.",
            Self::Skew => "A version that most regions do not have.",
            Self::Region1
            | Self::Region2
            | Self::Region3
            | Self::Region4
            | Self::Region5
            | Self::Region6 => "Tells regions apart, in turn.",
        }
    }

    /// What it looks like in a theme that leaves it out.
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::Text => None,
            Self::Muted
            | Self::Title
            | Self::Selection
            | Self::Ok
            | Self::Moving
            | Self::Warn
            | Self::Region1
            | Self::Region2
            | Self::Region3
            | Self::Region4
            | Self::Region5
            | Self::Region6 => Some(Self::Text),
            Self::Border | Self::Stale | Self::Unknown => Some(Self::Muted),
            Self::BorderFocus | Self::Key | Self::Header | Self::Badge => Some(Self::Title),
            Self::Match => Some(Self::Key),
            Self::Error | Self::Skew => Some(Self::Warn),
            Self::Danger => Some(Self::Error),
        }
    }

    /// The role of the nth region; colours repeat after the sixth.
    pub fn region(index: usize) -> Self {
        Self::REGIONS[index % Self::REGIONS.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_of_fallbacks_ends_at_text() {
        for role in Role::ALL {
            let chain: Vec<_> = std::iter::successors(Some(role), |role| role.fallback())
                .take(Role::ALL.len())
                .collect();
            assert_eq!(chain.last(), Some(&Role::Text), "{role:?}");
        }
    }

    #[test]
    fn every_role_is_listed_once_in_its_own_order() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
        }
    }

    #[test]
    fn regions_take_their_colours_in_turn() {
        assert_eq!(Role::region(0), Role::Region1);
        assert_eq!(Role::region(7), Role::Region2);
    }
}
