//! restJson1: the operation is a verb and a path, input comes from the query string, headers and body.

use bytes::Bytes;
use hyper::Request;

use super::{Protocol, Question, Unreadable, json, query};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;

/// An operation that is found by verb and path.
struct Route {
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    /// Headers and query parameters that are members of the input: (name on the wire, member).
    headers: &'static [(&'static str, &'static str)],
    parameters: &'static [(&'static str, &'static str)],
}

const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/listRegions",
        operation: "ListRegions",
        headers: &[],
        parameters: &[],
    },
    Route {
        method: "GET",
        path: "/federation/credentials",
        operation: "GetRoleCredentials",
        headers: &[("x-amz-sso_bearer_token", "accessToken")],
        parameters: &[("role_name", "roleName"), ("account_id", "accountId")],
    },
    Route {
        method: "POST",
        path: "/token",
        operation: "CreateToken",
        headers: &[],
        parameters: &[],
    },
];

/// The operations that carry their own token instead of a signature, and the service they belong to.
pub(in crate::sandbox) fn unsigned_service(path: &str) -> Option<&'static str> {
    match path {
        "/federation/credentials" => Some("awsssoportal"),
        "/token" => Some("sso-oauth"),
        _ => None,
    }
}

pub(super) fn read(
    request: &Request<Bytes>,
    service: Option<&str>,
) -> Result<Question, Unreadable> {
    let path = request.uri().path();
    let Some(route) = ROUTES
        .iter()
        .find(|route| route.method == request.method().as_str() && route.path == path)
    else {
        return match service {
            // A signed request to a path that the service does not have.
            Some(_) if request.uri().path() != "/" => Ok(Question {
                protocol: Protocol::RestJson,
                version: String::new(),
                operation: format!("{} {path}", request.method()),
                input: Map::new(),
            }),
            _ => Err(Unreadable::Unclaimed),
        };
    };
    let mut input = json::read_body(request.body(), Protocol::RestJson)?;
    for (name, member) in route.headers {
        if let Some(value) = request
            .headers()
            .get(*name)
            .and_then(|value| value.to_str().ok())
        {
            input.set(*member, value);
        }
    }
    for pair in request.uri().query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let Some((_, member)) = route.parameters.iter().find(|(known, _)| *known == name) {
            input.set(*member, query::percent_decode(value).unwrap_or_default());
        }
    }
    Ok(Question {
        protocol: Protocol::RestJson,
        version: String::new(),
        operation: route.operation.to_owned(),
        input,
    })
}

/// The code of a REST error is in a header; the body has the message alone.
pub(super) fn failure(failure: &Failure) -> Map {
    Map::new().with("message", failure.message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_from_the_header_and_the_query_string() {
        let request = Request::builder()
            .method("GET")
            .uri("/federation/credentials?role_name=Read%20Only&account_id=123456789012")
            .header("x-amz-sso_bearer_token", "tok")
            .body(Bytes::new())
            .unwrap();
        let question = read(&request, None).unwrap();
        assert_eq!(question.operation, "GetRoleCredentials");
        assert_eq!(
            question.input.text("roleName").as_deref(),
            Some("Read Only")
        );
        assert_eq!(
            question.input.text("accountId").as_deref(),
            Some("123456789012")
        );
        assert_eq!(question.input.text("accessToken").as_deref(), Some("tok"));
    }
}
