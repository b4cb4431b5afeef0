//! Walking through an answer that comes in pages.

use aws_config::retry::RetryConfig;
use aws_sdk_cloudformation::config;

/// Which page to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Page {
    First,
    After(String),
}

impl Page {
    pub(super) fn token(&self) -> Option<String> {
        match self {
            Self::First => None,
            Self::After(token) => Some(token.clone()),
        }
    }

    /// How often to try. A first page is asked once, since the engine's next tick is its retry; giving up on the
    /// seventh page would throw six away and ask for all of them again, so that one is worth three attempts.
    pub(super) fn retries(&self) -> RetryConfig {
        RetryConfig::standard().with_max_attempts(match self {
            Self::First => 1,
            Self::After(_) => 3,
        })
    }

    /// The same, as `CloudFormation`'s client wants it.
    pub(super) fn attempts(&self) -> config::Builder {
        config::Builder::default().retry_config(self.retries())
    }

    /// The page after this one. A token that leads back to itself would turn for ever.
    pub(super) fn next(&self, token: Option<String>) -> Option<Self> {
        let token = token.filter(|token| !token.is_empty())?;
        let next = Self::After(token);
        (next != *self).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_ends_where_there_is_no_way_on() {
        let second = Page::First.next(Some("b".to_owned())).unwrap();
        assert_eq!(second.token().as_deref(), Some("b"));
        for (token, expected) in [
            (None, None),
            (Some(""), None),
            (Some("b"), None),
            (Some("c"), Some(Page::After("c".to_owned()))),
        ] {
            assert_eq!(second.next(token.map(str::to_owned)), expected, "{token:?}");
        }
    }
}
