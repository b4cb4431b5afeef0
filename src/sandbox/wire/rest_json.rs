//! restJson1: the operation is a verb and a path, input comes from the query string, headers and body.

use bytes::Bytes;
use hyper::header::HeaderValue;
use hyper::{Request, Response, StatusCode};

use super::route::ROUTES;
use super::{Protocol, Question, Unreadable, json, query};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};

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
    let found = ROUTES
        .iter()
        .filter(|route| route.method == request.method().as_str())
        .find_map(|route| Some((route, route.labels(path)?)));
    let Some((route, labels)) = found else {
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
    let mut input = match route.payload {
        Some(member) => Map::new().with(member, Value::Blob(request.body().clone())),
        None => json::read_body(request.body(), Protocol::RestJson)?,
    };
    for (member, value) in labels {
        input.set(member, value);
    }
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
        if let Some((_, member)) = route.lists.iter().find(|(known, _)| *known == name) {
            let mut items = input.list(member).to_vec();
            items.push(query::percent_decode(value).unwrap_or_default().into());
            input.set(*member, items);
        }
    }
    Ok(Question {
        protocol: Protocol::RestJson,
        version: String::new(),
        operation: route.operation.to_owned(),
        input,
    })
}

/// Writes an answer as its operation does: with a status, headers and a body of its own, if it has them.
pub(super) fn write(operation: &str, output: &Map) -> Response<Bytes> {
    let route = ROUTES.iter().find(|route| route.operation == operation);
    let Some(route) = route else {
        return Response::new(json::write(output).into());
    };
    let mut members = Map::new();
    let mut response = Response::new(Bytes::new());
    let mut status = route.status;
    for (member, value) in output.iter() {
        let header = route.answered.iter().find(|(known, _)| *known == member);
        match (header, value) {
            _ if route.status_member == Some(member) => {
                let said = value.integer().and_then(|code| u16::try_from(code).ok());
                status = said.unwrap_or(status);
            }
            (Some((_, name)), value) => {
                let text = value.text().unwrap_or_default();
                if let Ok(text) = HeaderValue::from_str(&text) {
                    response.headers_mut().insert(*name, text);
                }
            }
            (None, Value::Blob(bytes)) if route.payload.is_some() => {
                *response.body_mut() = bytes.clone();
            }
            (None, value) => members.set(member.to_owned(), value.clone()),
        }
    }
    if route.payload.is_none() && status != 204 {
        *response.body_mut() = json::write(&members).into();
    }
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
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

    #[test]
    fn a_parameter_that_is_written_again_is_one_more_item() {
        let request = Request::builder()
            .method("DELETE")
            .uri("/2017-03-31/tags/arn%3Aaws%3Alambda%3Ax?tagKeys=a%3Ab&tagKeys=c");
        let question = read(&request.body(Bytes::new()).unwrap(), Some("lambda")).unwrap();
        assert_eq!(question.operation, "UntagResource");
        assert_eq!(question.input.texts("TagKeys"), ["a:b", "c"]);
    }

    #[test]
    fn members_come_from_the_path_and_a_slash_at_its_end_does_not_matter() {
        let read = |uri: &str| {
            let request = Request::builder().method("GET").uri(uri);
            read(&request.body(Bytes::new()).unwrap(), Some("lambda")).unwrap()
        };
        let one = read("/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax/configuration");
        assert_eq!(one.operation, "GetFunctionConfiguration");
        assert_eq!(
            one.input.text("FunctionName").as_deref(),
            Some("arn:aws:lambda:x")
        );
        for uri in [
            "/2015-03-31/functions/?MaxItems=3",
            "/2015-03-31/functions?MaxItems=3",
        ] {
            let all = read(uri);
            assert_eq!(
                (all.operation.as_str(), all.input.integer("MaxItems")),
                ("ListFunctions", Some(3))
            );
        }
    }
}
