//! A stack's template: its text, and the fingerprint that tells versions apart.

use super::Untrusted;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub body: Untrusted,
    /// The first eight hex digits of the body's SHA-256.
    pub fingerprint: String,
}

impl Template {
    pub fn new(body: impl Into<std::sync::Arc<str>>) -> Self {
        use sha2::Digest;
        use std::fmt::Write;
        let body = Untrusted::new(body);
        let mut fingerprint = String::with_capacity(8);
        for byte in &sha2::Sha256::digest(body.exact().as_bytes())[..4] {
            let _ = write!(fingerprint, "{byte:02x}");
        }
        Self { body, fingerprint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bodies_have_equal_fingerprints() {
        assert_eq!(
            Template::new("Resources: {}").fingerprint,
            Template::new("Resources: {}").fingerprint
        );
        assert_ne!(
            Template::new("a").fingerprint,
            Template::new("b").fingerprint
        );
        assert_eq!(Template::new("").fingerprint, "e3b0c442");
    }
}
