//! Errors as AWS words them.
//!
//! A [`Failure`] is what a service says by itself (`ValidationError`, `ChangeSetNotFound`). A
//! [`Refusal`] is what any endpoint says before the service is asked; its code and status depend on the
//! protocol, because AWS named the same thing differently in each generation of its services.

use chrono::{DateTime, TimeDelta, Utc};

use super::value::Map;
use super::wire::Protocol;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) status: u16,
    /// The code that query-compatible clients know, where it differs from `code`.
    pub(super) query_code: Option<String>,
    /// What the error says beside its message, in the protocols that write JSON or CBOR.
    pub(super) members: Map,
}

impl Failure {
    pub(super) fn new(status: u16, code: &str, message: impl Into<String>) -> Failure {
        Failure {
            code: code.to_owned(),
            message: message.into(),
            status,
            query_code: None,
            members: Map::new(),
        }
    }

    /// CloudFormation's answer to nearly everything that is wrong with a request.
    pub(super) fn validation(message: impl Into<String>) -> Failure {
        Failure::new(400, "ValidationError", message)
    }

    /// Who is to blame, in the words of the XML protocols.
    pub(super) fn party(&self) -> &'static str {
        if self.status < 500 {
            "Sender"
        } else {
            "Receiver"
        }
    }
}

/// What an endpoint says before, or instead of, asking its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    MissingToken,
    IncompleteSignature {
        missing: String,
    },
    UnknownKey,
    Expired,
    Denied {
        caller: String,
        action: String,
        resource: String,
    },
    Throttled,
    /// The signature's time is too far from the clock: signed, here, window.
    Skewed {
        signed: DateTime<Utc>,
        here: DateTime<Utc>,
    },
    UnknownOperation {
        operation: String,
        version: String,
    },
    Broken {
        status: u16,
    },
}

/// How far a signature's time may be from the clock.
pub(super) const SIGNATURE_WINDOW: TimeDelta = TimeDelta::minutes(15);

impl Refusal {
    pub(super) fn worded_for(&self, protocol: Protocol) -> Failure {
        let (query, json, ec2) = self.codes();
        let message = self.message(protocol);
        match protocol {
            Protocol::Query => Failure::new(query.0, query.1, message),
            Protocol::Ec2 => Failure::new(ec2.0, ec2.1, message),
            Protocol::Json | Protocol::Cbor => Failure {
                query_code: Some(query.1.to_owned()),
                ..Failure::new(json.0, json.1, message)
            },
            Protocol::RestXml => {
                let (status, code) = self.storage_code();
                Failure::new(status, code, message)
            }
            // REST services use the status line for what older ones put into the code.
            Protocol::RestJson => match (self, json) {
                (Refusal::Throttled, _) => Failure::new(429, "TooManyRequestsException", message),
                (Refusal::UnknownOperation { .. }, (_, code)) => Failure::new(404, code, message),
                (_, (400, code)) => Failure::new(403, code, message),
                (_, (status, code)) => Failure::new(status, code, message),
            },
        }
    }

    /// Status and code in the three generations: query, JSON, EC2.
    fn codes(&self) -> (Code, Code, Code) {
        match self {
            Refusal::MissingToken => (
                (403, "MissingAuthenticationToken"),
                (400, "MissingAuthenticationTokenException"),
                (400, "MissingParameter"),
            ),
            Refusal::IncompleteSignature { .. } => (
                (400, "IncompleteSignature"),
                (400, "IncompleteSignatureException"),
                (400, "IncompleteSignature"),
            ),
            Refusal::UnknownKey => (
                (403, "InvalidClientTokenId"),
                (400, "UnrecognizedClientException"),
                (401, "AuthFailure"),
            ),
            Refusal::Expired => (
                (403, "ExpiredToken"),
                (400, "ExpiredTokenException"),
                (400, "RequestExpired"),
            ),
            Refusal::Denied { .. } => (
                (403, "AccessDenied"),
                (400, "AccessDeniedException"),
                (403, "UnauthorizedOperation"),
            ),
            Refusal::Throttled => (
                (400, "Throttling"),
                (400, "ThrottlingException"),
                (503, "RequestLimitExceeded"),
            ),
            Refusal::Skewed { .. } => (
                (403, "SignatureDoesNotMatch"),
                (400, "InvalidSignatureException"),
                (401, "AuthFailure"),
            ),
            Refusal::UnknownOperation { .. } => (
                (400, "InvalidAction"),
                (400, "UnknownOperationException"),
                (400, "InvalidAction"),
            ),
            Refusal::Broken { status: 503 } => (
                (503, "ServiceUnavailable"),
                (503, "ServiceUnavailableException"),
                (503, "Unavailable"),
            ),
            Refusal::Broken { status } => (
                (*status, "InternalFailure"),
                (*status, "InternalServerException"),
                (*status, "InternalError"),
            ),
        }
    }

    /// Status and code in the words of S3, which is older than all of these.
    fn storage_code(&self) -> Code {
        match self {
            Refusal::MissingToken | Refusal::Denied { .. } => (403, "AccessDenied"),
            Refusal::IncompleteSignature { .. } => (400, "AuthorizationHeaderMalformed"),
            Refusal::UnknownKey => (403, "InvalidAccessKeyId"),
            Refusal::Expired => (400, "ExpiredToken"),
            Refusal::Throttled => (503, "SlowDown"),
            Refusal::Skewed { .. } => (403, "RequestTimeTooSkewed"),
            Refusal::UnknownOperation { .. } => (405, "MethodNotAllowed"),
            Refusal::Broken { status: 503 } => (503, "ServiceUnavailable"),
            Refusal::Broken { status } => (*status, "InternalError"),
        }
    }

    fn message(&self, protocol: Protocol) -> String {
        const NOT_VALIDATED: &str = "AWS was not able to validate the provided access credentials";
        let ec2 = protocol == Protocol::Ec2;
        match self {
            Refusal::MissingToken => "Request is missing Authentication Token".to_owned(),
            Refusal::IncompleteSignature { missing } => missing.clone(),
            Refusal::UnknownKey | Refusal::Skewed { .. } if ec2 => NOT_VALIDATED.to_owned(),
            Refusal::UnknownKey => {
                "The security token included in the request is invalid.".to_owned()
            }
            Refusal::Skewed { signed, here } => skew(*signed, *here),
            Refusal::Expired if ec2 => "Request has expired.".to_owned(),
            Refusal::Expired => "The security token included in the request is expired".to_owned(),
            Refusal::Denied {
                caller,
                action,
                resource,
            } => denial(protocol, caller, action, resource),
            Refusal::Throttled if ec2 => "Request limit exceeded.".to_owned(),
            Refusal::Throttled => "Rate exceeded".to_owned(),
            Refusal::UnknownOperation { operation, version } => match protocol {
                Protocol::Query => {
                    format!("Could not find operation {operation} for version {version}")
                }
                Protocol::Ec2 => {
                    format!("The action {operation} is not valid for this web service.")
                }
                Protocol::RestXml => {
                    "The specified method is not allowed against this resource.".to_owned()
                }
                Protocol::Json | Protocol::RestJson | Protocol::Cbor => String::new(),
            },
            Refusal::Broken { status: 503 } => {
                "Service is currently unavailable. Please try again later.".to_owned()
            }
            Refusal::Broken { .. } => "An internal error has occurred.".to_owned(),
        }
    }
}

/// HTTP status and error code.
type Code = (u16, &'static str);

fn denial(protocol: Protocol, caller: &str, action: &str, resource: &str) -> String {
    let prefix = match protocol {
        Protocol::Ec2 => "You are not authorized to perform this operation. ",
        Protocol::Query
        | Protocol::Json
        | Protocol::RestJson
        | Protocol::RestXml
        | Protocol::Cbor => "",
    };
    format!(
        "{prefix}User: {caller} is not authorized to perform: {action} on resource: {resource} \
         because no identity-based policy allows the {action} action"
    )
}

fn skew(signed: DateTime<Utc>, here: DateTime<Utc>) -> String {
    let stamp = |time: DateTime<Utc>| time.format("%Y%m%dT%H%M%SZ").to_string();
    if signed < here {
        format!(
            "Signature expired: {} is now earlier than {} ({} - 15 min.)",
            stamp(signed),
            stamp(here - SIGNATURE_WINDOW),
            stamp(here)
        )
    } else {
        format!(
            "Signature not yet current: {} is still later than {} ({} + 15 min.)",
            stamp(signed),
            stamp(here + SIGNATURE_WINDOW),
            stamp(here)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_refusal_has_the_name_its_protocol_gave_it() {
        let cases = [
            (Protocol::Query, 403, "InvalidClientTokenId"),
            (Protocol::Json, 400, "UnrecognizedClientException"),
            (Protocol::Ec2, 401, "AuthFailure"),
            (Protocol::RestJson, 403, "UnrecognizedClientException"),
            (Protocol::RestXml, 403, "InvalidAccessKeyId"),
            (Protocol::Cbor, 400, "UnrecognizedClientException"),
        ];
        for (protocol, status, code) in cases {
            let failure = Refusal::UnknownKey.worded_for(protocol);
            assert_eq!(
                (failure.status, failure.code.as_str()),
                (status, code),
                "{protocol:?}"
            );
        }
    }

    #[test]
    fn a_late_signature_is_told_how_late() {
        let here = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let failure = Refusal::Skewed {
            signed: here - TimeDelta::minutes(20),
            here,
        }
        .worded_for(Protocol::Query);
        assert_eq!(
            failure.message,
            "Signature expired: 20270115T074000Z is now earlier than 20270115T074500Z \
             (20270115T080000Z - 15 min.)"
        );
    }
}
