//! What is wrong with a certificate, in plain words.
//!
//! rustls does not pass on who issued a certificate that it does not trust, so the issuer cannot be named.

/// Reads rustls's sentence about the peer's certificate.
pub(super) fn fault(sentence: &str) -> &'static str {
    let sentence = sentence.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if says(&["unknownissuer", "unknown issuer"]) {
        "its issuer is not trusted"
    } else if says(&["notvalidyet", "not valid yet"]) {
        "it is not valid yet"
    } else if says(&["expired"]) {
        "it has expired"
    } else if says(&["notvalidforname", "not valid for"]) {
        "it belongs to another name"
    } else if says(&["causedasendentity"]) {
        "it is self-signed"
    } else if says(&["revoked"]) {
        "it was revoked"
    } else {
        "it is not valid"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_rustls_are_understood() {
        for (sentence, expected) in [
            (
                "invalid peer certificate: UnknownIssuer",
                "its issuer is not trusted",
            ),
            (
                "invalid peer certificate: certificate expired: verification time 5 (UNIX), but certificate is not valid after 3",
                "it has expired",
            ),
            (
                "invalid peer certificate: certificate not valid for name \"a\"; certificate is only valid for DnsName(\"b\")",
                "it belongs to another name",
            ),
            (
                "invalid peer certificate: certificate not valid yet: verification time 1",
                "it is not valid yet",
            ),
            ("invalid peer certificate: BadEncoding", "it is not valid"),
        ] {
            assert_eq!(fault(sentence), expected, "{sentence}");
        }
    }
}
