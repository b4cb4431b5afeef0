//! Answers that no AWS ever gave: what proxies, captive portals and broken lines put in its place.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};

/// Status 200 and a form: a hotel's network.
pub(super) fn login_page() -> Response<Bytes> {
    let page = "<!DOCTYPE html><html><head><title>Sign in to Hotel Wi-Fi</title></head>\
                <body><h1>Welcome</h1><form action=\"/login\"><input name=\"room\"></form></body></html>";
    let mut response = Response::new(Bytes::from_static(page.as_bytes()));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// Somebody on the way sends the client elsewhere.
pub(super) fn redirect(location: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::FOUND;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Every `find` in the body becomes `with`.
pub(super) fn garbled(body: &Bytes, find: &[u8], with: &[u8]) -> Bytes {
    if find.is_empty() {
        return body.clone();
    }
    let mut out = Vec::with_capacity(body.len());
    let mut rest: &[u8] = body;
    while let Some(place) = memchr::memmem::find(rest, find) {
        out.extend_from_slice(&rest[..place]);
        out.extend_from_slice(with);
        rest = &rest[place + find.len()..];
    }
    out.extend_from_slice(rest);
    Bytes::from(out)
}
