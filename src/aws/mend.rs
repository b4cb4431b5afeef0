//! Makes an XML answer readable that holds bytes which are no text.
//!
//! A description with one broken byte, or a reference to half a character, makes the SDK refuse the whole page, and
//! every stack of a region would be gone from the screen because of one. Such bytes become U+FFFD before the SDK
//! reads the answer; nothing else is touched.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

/// What stands for something that cannot be shown.
const INSTEAD: &[u8] = "\u{fffd}".as_bytes();

/// References to half of a surrogate pair, which is no character.
static HALF: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = "(?i)&#(?:x0*d[89a-f][0-9a-f]{2}|0*(?:5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));";
    Regex::new(pattern).expect("the pattern is a constant")
});

/// A client whose answers can be read.
#[derive(Debug)]
pub(super) struct Mending<T>(T);

/// Puts the mending around a client.
pub(super) fn around(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Mending(client))
}

impl HttpClient for Mending<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Mending(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for Mending<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut answer = answer.await?;
            let is_xml = answer
                .headers()
                .get("content-type")
                .is_some_and(|kind| kind.contains("xml"));
            if is_xml {
                let body = std::mem::replace(answer.body_mut(), SdkBody::taken());
                *answer.body_mut() = match BodyExt::collect(body).await {
                    Ok(whole) => SdkBody::from(mended(&whole.to_bytes()).into_owned()),
                    // Told when the body is read, so that it is the answer that failed and not the question.
                    Err(error) => SdkBody::from_body_1_x(Broken(Some(error))),
                };
            }
            Ok::<HttpResponse, _>(answer)
        })
    }
}

fn mended(body: &[u8]) -> Cow<'_, [u8]> {
    let text = match String::from_utf8_lossy(body) {
        Cow::Borrowed(_) => Cow::Borrowed(body),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    let text = match HALF.replace_all(&text, INSTEAD) {
        Cow::Borrowed(_) => text,
        Cow::Owned(whole) => Cow::Owned(whole),
    };
    if text.iter().copied().any(is_forbidden) {
        let visible = |byte: &u8| {
            if is_forbidden(*byte) {
                INSTEAD
            } else {
                std::slice::from_ref(byte)
            }
            .to_vec()
        };
        return Cow::Owned(text.iter().flat_map(visible).collect());
    }
    text
}

/// The controls that no XML document may hold, not even escaped.
fn is_forbidden(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x7f)
}

/// A body that ends with an error.
struct Broken(Option<aws_smithy_types::body::Error>);

impl Body for Broken {
    type Data = Bytes;
    type Error = aws_smithy_types::body::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_text_is_replaced() {
        for (body, expected) in [
            (&b"<A>plain</A>"[..], "<A>plain</A>"),
            (
                "<A>Zürich &#xE9; &#10;</A>".as_bytes(),
                "<A>Zürich &#xE9; &#10;</A>",
            ),
            (b"<A>\xff\xfe</A>", "<A>\u{fffd}\u{fffd}</A>"),
            (b"<A>\x00\x1b[1m\t\n</A>", "<A>\u{fffd}\u{fffd}[1m\t\n</A>"),
            (
                b"<A>&#xD800; &#xdfff; &#55296; &#57343; &#55295; &#57344; &#x1F600;</A>",
                "<A>\u{fffd} \u{fffd} \u{fffd} \u{fffd} &#55295; &#57344; &#x1F600;</A>",
            ),
        ] {
            assert_eq!(String::from_utf8_lossy(&mended(body)), expected);
        }
    }
}
