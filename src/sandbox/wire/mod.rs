//! How requests and answers are written.
//!
//! The protocol is read off each request, never assumed from the service: SDKs move a service from one
//! protocol to another without an API change (CloudWatch went from query through JSON to CBOR). Whatever
//! comes in, a service sees a [`Map`], and the answer goes back the way the question came.

pub(super) mod cbor;
pub(super) mod ec2;
pub(super) mod event_stream;
pub(super) mod json;
pub(super) mod query;
pub(super) mod rest_json;
mod rest_xml;
mod route;
mod xml;

pub(super) use json::base64;
pub(super) use query::percent_decode;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};

use super::failure::Failure;
use super::value::Map;

/// The six ways of writing that the sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Form in, XML out: CloudFormation, STS.
    Query,
    /// Query's older cousin: EC2.
    Ec2,
    /// JSON 1.0 and 1.1 with an `X-Amz-Target`.
    Json,
    /// Paths and verbs with JSON bodies: Account, the SSO portal.
    RestJson,
    /// Paths and verbs with bodies of any kind, and errors in XML: S3.
    RestXml,
    /// Smithy RPC v2 with CBOR bodies: CloudWatch.
    Cbor,
}

/// What a request asks, freed of how it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) protocol: Protocol,
    /// The version parameter of query, the JSON version of JSON.
    pub(super) version: String,
    pub(super) operation: String,
    pub(super) input: Map,
}

/// A request that no protocol claims, or that one claims and cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// No header, form or path that any protocol would use.
    Unclaimed,
    Malformed {
        protocol: Protocol,
        why: String,
    },
}

/// Reads a request. `service` is the signing name, which tells EC2's query from the others' and one
/// service's paths from another's.
pub(super) fn read(
    request: &Request<Bytes>,
    service: Option<&str>,
) -> Result<Question, Unreadable> {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if service == Some("s3") {
        return rest_xml::read(request);
    }
    if header("smithy-protocol") == Some("rpc-v2-cbor") {
        return cbor::read(request.uri().path(), request.body());
    }
    if let Some(target) = header("x-amz-target") {
        return json::read(target, header("content-type"), request.body());
    }
    let form = header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if form
        || request
            .uri()
            .query()
            .is_some_and(|query| query.contains("Action="))
    {
        return query::read(request, service);
    }
    rest_json::read(request, service)
}

/// Writes an answer in the protocol the question came in.
pub(super) fn write(
    question: &Question,
    service: &str,
    output: &Map,
    request_id: &str,
) -> Response<Bytes> {
    if question.protocol == Protocol::RestJson {
        let mut response = rest_json::write(&question.operation, output);
        let kind = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        return response;
    }
    if question.protocol == Protocol::RestXml {
        return rest_xml::write(output);
    }
    let (kind, body) = match question.protocol {
        Protocol::Query => (
            "text/xml",
            query::write(service, &question.operation, output, request_id).into_bytes(),
        ),
        Protocol::Ec2 => (
            "text/xml;charset=UTF-8",
            ec2::write(&question.operation, output, request_id).into_bytes(),
        ),
        Protocol::Json | Protocol::RestJson | Protocol::RestXml => {
            (json::content_type(&question.version), json::write(output))
        }
        Protocol::Cbor => ("application/cbor", cbor::write(output)),
    };
    let mut response = Response::new(Bytes::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if question.protocol == Protocol::Cbor {
        headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    }
    response
}

/// Services that once spoke query, and promised their clients the old error codes for ever.
const QUERY_COMPATIBLE: [&str; 1] = ["monitoring"];

/// Writes an error as `protocol` does; `version` matters to JSON only.
pub(super) fn write_failure(
    protocol: Protocol,
    version: &str,
    service: &str,
    failure: &Failure,
    request_id: &str,
) -> Response<Bytes> {
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST);
    let (kind, body) = match protocol {
        Protocol::RestXml => {
            let mut response = rest_xml::write_failure(failure, request_id);
            let kind = HeaderValue::from_static("application/xml");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            *response.status_mut() = status;
            return response;
        }
        Protocol::Query => (
            "text/xml",
            query::write_failure(service, failure, request_id).into_bytes(),
        ),
        Protocol::Ec2 => (
            "text/xml;charset=UTF-8",
            ec2::write_failure(failure, request_id).into_bytes(),
        ),
        Protocol::Json => (
            json::content_type(version),
            json::write(&json::failure(failure)),
        ),
        Protocol::RestJson => (
            "application/json",
            json::write(&rest_json::failure(failure)),
        ),
        Protocol::Cbor => ("application/cbor", cbor::write(&json::failure(failure))),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    match protocol {
        Protocol::Cbor => {
            headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
        }
        Protocol::RestJson => {
            if let Ok(code) = HeaderValue::from_str(&failure.code) {
                headers.insert("x-amzn-errortype", code);
            }
        }
        Protocol::Query | Protocol::Ec2 | Protocol::Json | Protocol::RestXml => {}
    }
    if QUERY_COMPATIBLE.contains(&service)
        && let (Protocol::Json | Protocol::Cbor, Some(code)) = (protocol, &failure.query_code)
        && let Ok(value) = HeaderValue::from_str(&format!("{code};{}", failure.party()))
    {
        headers.insert("x-amzn-query-error", value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::value::Value;

    fn request(headers: &[(&str, &str)], target: &str, body: &[u8]) -> Request<Bytes> {
        let mut builder = Request::builder().method("POST").uri(target);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(Bytes::copy_from_slice(body)).unwrap()
    }

    #[test]
    fn the_protocol_is_read_off_the_request() {
        let cbor = cbor::write(&Map::new().with("MaxRecords", 5_i64));
        let form = (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        );
        let cases = [
            (
                request(
                    &[form],
                    "/",
                    b"Action=DescribeAlarms&Version=2010-08-01&MaxRecords=5",
                ),
                "monitoring",
                Protocol::Query,
            ),
            (
                request(
                    &[form],
                    "/",
                    b"Action=DescribeRegions&Version=2016-11-15&MaxRecords=5",
                ),
                "ec2",
                Protocol::Ec2,
            ),
            (
                request(
                    &[
                        (
                            "x-amz-target",
                            "GraniteServiceVersion20100801.DescribeAlarms",
                        ),
                        ("content-type", "application/x-amz-json-1.0"),
                    ],
                    "/",
                    br#"{"MaxRecords":5}"#,
                ),
                "monitoring",
                Protocol::Json,
            ),
            (
                request(
                    &[("smithy-protocol", "rpc-v2-cbor")],
                    "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
                    &cbor,
                ),
                "monitoring",
                Protocol::Cbor,
            ),
            (
                request(&[], "/listRegions", br#"{"MaxRecords":5}"#),
                "account",
                Protocol::RestJson,
            ),
        ];
        for (request, service, protocol) in cases {
            let question = read(&request, Some(service)).unwrap();
            assert_eq!(question.protocol, protocol);
            assert_eq!(
                question.input.integer("MaxRecords"),
                Some(5),
                "{protocol:?}"
            );
        }
    }

    #[test]
    fn what_no_protocol_claims_is_not_guessed_at() {
        let stray = request(&[], "/favicon.ico", b"");
        assert_eq!(read(&stray, None), Err(Unreadable::Unclaimed));
    }

    #[test]
    fn query_compatible_clients_find_their_old_code_in_a_header() {
        let failure = Failure {
            query_code: Some("Throttling".to_owned()),
            ..Failure::new(400, "ThrottlingException", "Rate exceeded")
        };
        let response = write_failure(Protocol::Cbor, "", "monitoring", &failure, "id");
        assert_eq!(
            response.headers()["x-amzn-query-error"],
            "Throttling;Sender"
        );
        let body = cbor::read_body(response.body()).unwrap();
        assert_eq!(
            body.get("__type"),
            Some(&Value::from("com.amazonaws#ThrottlingException"))
        );
    }
}
