//! Frames of an event stream: headers that say what it is, and a JSON body.
//!
//! A JSON service begins with an `initial-response`, which is its answer proper; then come events, and an
//! exception if the stream ends otherwise than by the client's leaving. Framing and checksums are the SDK's own crate's.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue as HttpValue};

use super::json;
use crate::sandbox::stream::Said;
use crate::sandbox::value::Map;

/// The head of an answer whose body is yet to come.
pub(in crate::sandbox) fn head() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    response.headers_mut().insert(
        CONTENT_TYPE,
        HttpValue::from_static("application/vnd.amazon.eventstream"),
    );
    response
}

/// The answer proper, which has no members beside the stream.
pub(in crate::sandbox) fn initial_response() -> Bytes {
    let headers = [
        (":message-type", "event"),
        (":event-type", "initial-response"),
        (":content-type", "application/x-amz-json-1.1"),
    ];
    frame(&headers, json::write(&Map::new()))
}

/// One thing said. `spoil` may change the body on its way into the frame, whose checksum then fits.
pub(in crate::sandbox) fn write(said: &Said, spoil: impl Fn(Bytes) -> Bytes) -> Bytes {
    let (kind, type_header, name, body) = match said {
        Said::Event(name, members) => ("event", ":event-type", *name, json::write(members)),
        Said::Exception(name, message) => (
            "exception",
            ":exception-type",
            *name,
            json::write(&Map::new().with("message", message)),
        ),
    };
    let headers = [
        (":message-type", kind),
        (type_header, name),
        (":content-type", "application/json"),
    ];
    frame(&headers, spoil(Bytes::from(body)))
}

fn frame(headers: &[(&'static str, &'static str)], body: impl Into<Bytes>) -> Bytes {
    let headers = headers
        .iter()
        .map(|(name, value)| Header::new(*name, HeaderValue::String((*value).into())));
    let mut out = Vec::new();
    // It fails on headers of 32 KB and more only, and these are ours.
    let _ = write_message_to(&Message::new_from_parts(headers.collect(), body), &mut out);
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::read_message_from;

    use super::*;

    fn headers(message: &Message) -> Vec<(&str, &str)> {
        let pairs = message.headers().iter();
        pairs
            .map(|header| {
                let value = header.value().as_string().unwrap();
                (header.name().as_str(), value.as_str())
            })
            .collect()
    }

    #[test]
    fn the_answer_proper_is_empty() {
        let message = read_message_from(initial_response()).unwrap();
        assert_eq!(
            headers(&message)[..2],
            [
                (":message-type", "event"),
                (":event-type", "initial-response")
            ]
        );
        assert_eq!(message.payload().as_ref(), b"{}");
    }

    #[test]
    fn an_event_and_an_exception_are_told_apart_by_their_headers() {
        let event = Said::Event("sessionUpdate", Map::new().with("message", "at 14:00"));
        let message = read_message_from(write(&event, |body| body)).unwrap();
        assert_eq!(
            headers(&message),
            [
                (":message-type", "event"),
                (":event-type", "sessionUpdate"),
                (":content-type", "application/json")
            ]
        );
        let exception = Said::Exception("SessionTimeoutException", "It is over.".to_owned());
        let message = read_message_from(write(&exception, |body| body)).unwrap();
        assert_eq!(
            headers(&message)[..2],
            [
                (":message-type", "exception"),
                (":exception-type", "SessionTimeoutException")
            ]
        );
        assert_eq!(message.payload().as_ref(), br#"{"message":"It is over."}"#);
    }

    #[test]
    fn a_spoilt_body_is_in_a_whole_frame() {
        let event = Said::Event("sessionUpdate", Map::new().with("message", "x"));
        let spoilt = write(&event, |_| Bytes::from_static(b"{\"message\":\"\xff\"}"));
        let message = read_message_from(spoilt).unwrap();
        assert!(message.payload().contains(&0xff));
    }
}
