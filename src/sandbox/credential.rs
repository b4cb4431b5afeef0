//! Who signs a request, and for where.
//!
//! The credential scope of a SigV4 header is how one port serves every region and every service. The
//! signature is parsed, not verified: the sandbox gives secrets to nobody it could be verified against.
//! Temporary keys carry their own account and expiry in their twenty characters, so that no table of
//! sessions has to be kept (or could get lost).

use chrono::{DateTime, NaiveDateTime, Utc};
use hyper::HeaderMap;

use super::failure::Refusal;

/// The five parts of `Credential=`, plus the time of the signature and the session token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) access_key: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) session_token: Option<String>,
}

impl Credential {
    pub(super) fn of(headers: &HeaderMap) -> Result<Credential, Refusal> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = header("authorization").ok_or(Refusal::MissingToken)?;
        let parts = authorization
            .strip_prefix("AWS4-HMAC-SHA256")
            .or_else(|| authorization.strip_prefix("AWS4-ECDSA-P256-SHA256"))
            .ok_or_else(|| {
                incomplete(
                    "Authorization header requires 'Credential' parameter.",
                    authorization,
                )
            })?;
        let part = |name: &'static str| {
            parts
                .split(',')
                .find_map(|piece| piece.trim().strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| {
                    incomplete(
                        &format!("Authorization header requires '{name}' parameter."),
                        authorization,
                    )
                })
        };
        let scope = part("Credential")?;
        part("SignedHeaders")?;
        part("Signature")?;
        let [access_key, _date, region, service, "aws4_request"] =
            *scope.split('/').collect::<Vec<_>>().as_slice()
        else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
                authorization,
            ));
        };
        Ok(Credential {
            access_key: access_key.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_at: header("x-amz-date").and_then(parse_amz_date),
            session_token: header("x-amz-security-token").map(str::to_owned),
        })
    }
}

impl Credential {
    /// What stands in for a signature where the service wants none; the region is read off the host.
    pub(super) fn unsigned(service: &str, headers: &HeaderMap) -> Credential {
        let host = headers
            .get("host")
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default();
        let region = host
            .strip_prefix("portal.sso.")
            .and_then(|rest| rest.split_once('.'))
            .map_or("us-east-1", |(region, _)| region);
        Credential {
            access_key: String::new(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_at: None,
            session_token: None,
        }
    }
}

fn incomplete(what: &str, authorization: &str) -> Refusal {
    Refusal::IncompleteSignature {
        missing: format!("{what} Authorization={authorization}"),
    }
}

fn parse_amz_date(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|time| time.and_utc())
}

/// Temporary credentials, as `AssumeRole` and the SSO portal hand them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) role: String,
    pub(super) name: String,
    pub(super) issued: DateTime<Utc>,
    pub(super) expires: DateTime<Utc>,
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const TOKEN_PREFIX: &str = "sandbox-session";

impl Session {
    /// `ASIA` and sixteen letters: forty bits of account, forty bits of expiry.
    pub(super) fn access_key(&self) -> String {
        let account: u128 = self.account.parse().unwrap_or_default();
        let expires = u128::try_from(self.expires.timestamp()).unwrap_or_default();
        let bits = (account << 40) | (expires & ((1 << 40) - 1));
        let letters = (0..16).rev().map(|place| {
            let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
            char::from(BASE32[index])
        });
        "ASIA".chars().chain(letters).collect()
    }

    /// The secret is as deterministic as the rest; nobody verifies it.
    pub(super) fn secret(&self) -> String {
        format!("sandbox/secret/of/{}+quarterdeck", self.access_key())
    }

    pub(super) fn token(&self) -> String {
        format!(
            "{TOKEN_PREFIX}/{}/{}/{}",
            self.role,
            self.name,
            self.issued.timestamp()
        )
    }

    /// Reads a session back from the key and token a client sends.
    pub(super) fn of(access_key: &str, token: Option<&str>) -> Option<Session> {
        let letters = access_key
            .strip_prefix("ASIA")
            .filter(|rest| rest.len() == 16)?;
        let mut bits: u128 = 0;
        for letter in letters.bytes() {
            let index = BASE32.iter().position(|known| *known == letter)?;
            bits = (bits << 5) | u128::try_from(index).ok()?;
        }
        let expires = i64::try_from(bits & ((1 << 40) - 1)).ok()?;
        let (rest, issued) = token?.rsplit_once('/')?;
        let (rest, name) = rest.rsplit_once('/')?;
        let role = rest.strip_prefix(TOKEN_PREFIX)?.strip_prefix('/')?;
        Some(Session {
            account: format!("{:012}", bits >> 40),
            role: role.to_owned(),
            name: name.to_owned(),
            issued: DateTime::from_timestamp(issued.parse().ok()?, 0)?,
            expires: DateTime::from_timestamp(expires, 0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    hyper::header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect()
    }

    const GOOD: &str = "AWS4-HMAC-SHA256 Credential=123456789012/20261120/eu-west-1/cloudformation/aws4_request, \
                        SignedHeaders=host;x-amz-date, Signature=00ff";

    #[test]
    fn region_and_service_come_from_the_credential_scope() {
        let found = Credential::of(&headers(&[
            ("authorization", GOOD),
            ("x-amz-date", "20261120T101112Z"),
        ]))
        .unwrap();
        assert_eq!(found.access_key, "123456789012");
        assert_eq!(found.region, "eu-west-1");
        assert_eq!(found.service, "cloudformation");
        assert_eq!(
            found.signed_at.unwrap().to_rfc3339(),
            "2026-11-20T10:11:12+00:00"
        );
    }

    #[test]
    fn a_missing_or_malformed_signature_is_refused_as_aws_would() {
        assert_eq!(Credential::of(&headers(&[])), Err(Refusal::MissingToken));
        for bad in [
            "Bearer abc",
            "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
            "AWS4-HMAC-SHA256 Credential=k/20261120/eu-west-1/sts/aws4_request, Signature=0",
        ] {
            let refused = Credential::of(&headers(&[("authorization", bad)])).unwrap_err();
            assert!(
                matches!(refused, Refusal::IncompleteSignature { .. }),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_temporary_key_carries_its_account_and_its_end() {
        let session = Session {
            account: "210987654321".to_owned(),
            role: "Deploy".to_owned(),
            name: "quarterdeck".to_owned(),
            issued: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            expires: DateTime::from_timestamp(1_800_003_600, 0).unwrap(),
        };
        let key = session.access_key();
        assert_eq!(key.len(), 20);
        assert_eq!(Session::of(&key, Some(&session.token())), Some(session));
        assert_eq!(Session::of(&key, None), None);
        assert_eq!(Session::of("AKIDEXAMPLE", Some("x")), None);
    }
}
