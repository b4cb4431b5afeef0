//! `AWS_CA_BUNDLE`: the certificates of a proxy that inspects TLS, as the AWS CLI reads them.
//!
//! The SDK for Rust has no such setting, and its trust store *panics* on the first handshake when it is given
//! text that is not a certificate. So everything is checked here first, and a bad file is a [`Problem`].

use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Problem};
use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use aws_smithy_types::base64;
use aws_types::os_shim_internal::Env;

const VARIABLE: &str = "AWS_CA_BUNDLE";
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whom to trust: the operating system's certificates, or only the bundle's when one is named.
pub(super) fn trust(env: &Env) -> Result<TlsContext, Problem> {
    let store = match env.get(VARIABLE) {
        Ok(path) if !path.is_empty() => TrustStore::empty().with_pem_certificate(read(&path)?),
        _ => TrustStore::default(),
    };
    TlsContext::builder()
        .with_trust_store(store)
        .build()
        .map_err(|error| {
            Problem::new(
                Kind::Bug,
                format!("TLS could not be set up: {}.", sanitise(&error.to_string())),
            )
        })
}

fn read(path: &str) -> Result<Vec<u8>, Problem> {
    let refuse = |why: &str| {
        Problem::new(
            Kind::Invalid,
            format!("The certificates in {} {why}.", sanitise(path)),
        )
        .hint(format!(
            "Correct {VARIABLE}, or unset it to trust the system's certificates."
        ))
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| refuse(&format!("cannot be read: {error}")))?;
    let certificates = certificates(&text).ok_or_else(|| refuse("are not in PEM form"))?;
    Ok(certificates.into_bytes())
}

/// The certificates of a PEM text, without comments and keys; `None` when there is none or one is broken.
fn certificates(text: &str) -> Option<String> {
    let mut clean = String::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let (body, after) = block.split_once(END)?;
        let body: String = body.split_ascii_whitespace().collect();
        let der = base64::decode(&body).ok()?;
        is_sequence(&der).then_some(())?;
        clean.extend([BEGIN, "\n", &body, "\n", END, "\n"]);
        rest = after;
    }
    (!clean.is_empty()).then_some(clean)
}

/// Whether the bytes are one DER sequence and nothing else, which is what every certificate is.
fn is_sequence(der: &[u8]) -> bool {
    let (length, header) = match der {
        [0x30, short @ 0..=0x7f, ..] => (usize::from(*short), 2),
        [0x30, 0x81, a, ..] => (usize::from(*a), 3),
        [0x30, 0x82, a, b, ..] => (usize::from(u16::from_be_bytes([*a, *b])), 4),
        _ => return false,
    };
    der.len() == header + length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(body: &str) -> String {
        format!("# Corporate root\n{BEGIN}\n{body}\n{END}\n")
    }

    #[test]
    fn what_the_trust_store_would_panic_on_is_refused() {
        for (text, accepted) in [
            (bundle("MAMCAQE="), true),
            (bundle("MAMCAQE=") + &bundle("MAMC\r\nAQE="), true),
            (bundle("MAMCAQ=="), false),
            (bundle("not base64!"), false),
            (bundle("aGVsbG8="), false),
            (bundle(""), false),
            (format!("{BEGIN}\nMAMCAQE="), false),
            ("nothing here".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(certificates(&text).is_some(), accepted, "{text}");
        }
    }

    #[test]
    fn a_missing_bundle_is_named() {
        let problem = trust(&Env::from_slice(&[(VARIABLE, "/nonexistent/ca.pem")])).unwrap_err();
        assert_eq!(problem.kind, Kind::Invalid);
        assert!(problem.what.contains("/nonexistent/ca.pem"), "{problem}");
    }
}
