//! restXml, as S3 writes it: a verb, a bucket in the host or the path, a key, and bytes.

use bytes::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use hyper::{Request, Response};

use super::{Protocol, Question, Unreadable, query, xml};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};

/// Headers that are members, of questions and of answers: (name on the wire, member).
const HEADERS: [(&str, &str); 8] = [
    ("content-type", "ContentType"),
    ("x-amz-expected-bucket-owner", "ExpectedBucketOwner"),
    ("etag", "ETag"),
    ("x-amz-version-id", "VersionId"),
    ("last-modified", "LastModified"),
    ("accept-ranges", "AcceptRanges"),
    ("content-length", "ContentLength"),
    ("x-amz-bucket-region", "Region"),
];

/// What a bucket's name stands in front of, where it stands in the host.
const HOSTS: [&str; 2] = [".sandbox.test", ".localhost"];

/// The bucket in front of a host, if one is.
fn bucket(host: &str) -> Option<&str> {
    let host = host.split(':').next().unwrap_or_default();
    let before = host.split_once(".s3.").map(|(bucket, _)| bucket);
    before.or_else(|| HOSTS.iter().find_map(|end| host.strip_suffix(end)))
}

pub(super) fn read(request: &Request<Bytes>) -> Result<Question, Unreadable> {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok()
    };
    let malformed = |why: &str| Unreadable::Malformed {
        protocol: Protocol::RestXml,
        why: why.to_owned(),
    };
    let path = query::percent_decode(&request.uri().path().replace('+', "%2B"))
        .ok_or_else(|| malformed("The path is not valid UTF-8."))?;
    let path = path.trim_start_matches('/');
    let host = header("host").or_else(|| request.uri().host());
    let (bucket, key) = match bucket(host.unwrap_or_default()) {
        Some(bucket) => (bucket, path),
        None => path.split_once('/').unwrap_or((path, "")),
    };
    let operation = match request.method().as_str() {
        "PUT" if !key.is_empty() => "PutObject".to_owned(),
        "GET" if !key.is_empty() => "GetObject".to_owned(),
        "HEAD" if !key.is_empty() => "HeadObject".to_owned(),
        method => format!("{method} /{path}"),
    };
    let mut input = Map::new().with("Bucket", bucket).with("Key", key);
    for (name, member) in &HEADERS[..2] {
        if let Some(value) = header(name) {
            input.set(*member, value);
        }
    }
    for pair in request.uri().query().unwrap_or_default().split('&') {
        if let Some(("versionId", value)) = pair.split_once('=') {
            input.set(
                "VersionId",
                query::percent_decode(value).unwrap_or_default(),
            );
        }
    }
    let is_in_pieces = header("x-amz-content-sha256")
        .is_some_and(|said| said.starts_with("STREAMING-"))
        || header("content-encoding").is_some_and(|said| said.contains("aws-chunked"));
    let body = if is_in_pieces {
        joined(request.body()).ok_or_else(|| malformed("The body is not in pieces, as it says."))?
    } else {
        request.body().clone()
    };
    Ok(Question {
        protocol: Protocol::RestXml,
        version: String::new(),
        operation,
        input: input.with("Body", Value::Blob(body)),
    })
}

/// A body that was sent in pieces: each has its length in front, and perhaps a signature. What comes after the last,
/// which is empty, says something about the whole and is nothing of it.
fn joined(body: &Bytes) -> Option<Bytes> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest: &[u8] = body;
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(head.split(';').next()?, 16).ok()?;
        if length == 0 {
            return Some(whole.into());
        }
        let from = end + 2;
        whole.extend_from_slice(rest.get(from..from + length)?);
        rest = rest.get(from + length + 2..)?;
    }
}

fn set_headers(response: &mut Response<Bytes>, members: &Map) {
    for (name, member) in HEADERS {
        let value = members.text(member);
        if let Some(Ok(value)) = value.map(|text| HeaderValue::from_str(&text)) {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
}

pub(super) fn write(output: &Map) -> Response<Bytes> {
    let body = match output.get("Body") {
        Some(Value::Blob(bytes)) => bytes.clone(),
        Some(_) | None => Bytes::new(),
    };
    let mut response = Response::new(body);
    set_headers(&mut response, output);
    response
}

/// The error's own document; what belongs to it stands beside its message, and where the bucket is also in a header.
pub(super) fn write_failure(failure: &Failure, request_id: &str) -> Response<Bytes> {
    let said = Map::new()
        .with("Code", &failure.code)
        .with("Message", &failure.message);
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>".to_owned();
    xml::members(&mut out, &said, "member");
    xml::members(&mut out, &failure.members, "member");
    xml::element(&mut out, "RequestId", &request_id.into(), "member");
    out.push_str("</Error>");
    let mut response = Response::new(Bytes::from(out));
    set_headers(&mut response, &failure.members);
    response.headers_mut().remove(CONTENT_LENGTH);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, (host, uri): (&str, &str), body: &'static [u8]) -> Question {
        let request = Request::builder().method(method).uri(uri);
        let request = request.header("host", host).header(
            "content-encoding",
            if body.is_empty() { "" } else { "aws-chunked" },
        );
        super::read(&request.body(Bytes::from_static(body)).unwrap()).unwrap()
    }

    #[test]
    fn a_bucket_is_in_front_of_the_host_or_of_the_path() {
        for place in [
            (
                "artifacts.s3.eu-west-1.amazonaws.com",
                "/a/b%20c.json?versionId=v1",
            ),
            (
                "artifacts.sandbox.test:4566",
                "/a/b%20c.json?x-id=GetObject&versionId=v1",
            ),
            ("127.0.0.1:4566", "/artifacts/a/b%20c.json?versionId=v1"),
            (
                "s3.eu-west-1.amazonaws.com",
                "/artifacts/a/b%20c.json?versionId=v1",
            ),
        ] {
            let question = read("GET", place, b"");
            assert_eq!(question.operation, "GetObject");
            let member = |name| question.input.text(name).unwrap_or_default().into_owned();
            assert_eq!(
                ["Bucket", "Key", "VersionId"].map(member),
                ["artifacts", "a/b c.json", "v1"],
                "{place:?}"
            );
        }
    }

    #[test]
    fn a_body_in_pieces_is_put_together() {
        let body = b"5;chunk-signature=ab\r\nhello\r\n7\r\n, world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n";
        let question = read("PUT", ("artifacts.sandbox.test", "/a"), body);
        assert_eq!(
            question.input.get("Body"),
            Some(&Value::Blob(Bytes::from_static(b"hello, world")))
        );
        assert_eq!(joined(&Bytes::from_static(b"9\r\nshort\r\n")), None);
    }
}
