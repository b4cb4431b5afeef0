//! Calling a function: what is sent, and what came back.

use super::Untrusted;

/// A synchronous call of one function, `RequestResponse` with the end of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub function: Untrusted,
    /// A version or an alias; none for `$LATEST`.
    pub qualifier: Option<Untrusted>,
    /// JSON.
    pub payload: String,
}

/// What the function answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// The version that ran, where an alias was called.
    pub version: Option<Untrusted>,
    /// AWS's word for how it failed; none where it did not.
    pub error: Option<Untrusted>,
    pub payload: Untrusted,
    /// The last 4 KB of its log.
    pub log: Untrusted,
}

impl Invocation {
    /// `checkout-api:ACTIVE`
    pub fn target(&self) -> String {
        match &self.qualifier {
            Some(qualifier) => format!("{}:{}", self.function.safe(), qualifier.safe()),
            None => self.function.safe().into_owned(),
        }
    }
}
