//! A parameter of Systems Manager, as far as its name and a plain value tell.

use super::Untrusted;

/// One parameter. The value of a `SecureString` never gets here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsmParameter {
    pub name: Untrusted,
    /// None for a secret.
    pub value: Option<Untrusted>,
}
