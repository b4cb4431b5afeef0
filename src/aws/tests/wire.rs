//! A connector inside the process: answers from a closure, and remembers what was asked.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use std::sync::{Arc, Mutex};

pub(super) type Answer = Result<HttpResponse, ConnectorError>;

/// One request, as far as a test looks at it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) uri: String,
    /// The operation of awsJson: `GlobalAccelerator_V20180706.ListAccelerators`.
    pub(super) target: String,
    pub(super) body: String,
    /// The same, where it is no text.
    pub(super) bytes: Vec<u8>,
    pub(super) agent: String,
    pub(super) authorization: String,
    /// The time that the request was signed with.
    pub(super) signed: String,
}

impl Asked {
    /// A parameter of an awsQuery form.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.body
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

#[derive(Clone)]
pub(super) struct Wire {
    asked: Arc<Mutex<Vec<Asked>>>,
    answer: Arc<dyn Fn(&Asked) -> Answer + Send + Sync>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Wire")
    }
}

impl Wire {
    pub(super) fn new(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            asked: Arc::default(),
            answer: Arc::new(answer),
        }
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The awsQuery actions that were asked for, in order.
    pub(super) fn actions(&self) -> Vec<String> {
        let action = |asked: &Asked| asked.parameter("Action").unwrap_or("?").to_owned();
        self.asked().iter().map(action).collect()
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let asked = Asked {
            uri: request.uri().to_owned(),
            target: header("x-amz-target"),
            body: String::from_utf8_lossy(body).into_owned(),
            bytes: body.to_vec(),
            agent: header("user-agent"),
            authorization: header("authorization"),
            signed: header("x-amz-date"),
        };
        self.asked.lock().unwrap().push(asked.clone());
        HttpConnectorFuture::ready((self.answer)(&asked))
    }
}

pub(super) fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    for (name, value) in headers {
        response.headers_mut().insert(*name, (*value).to_owned());
    }
    response
}

/// JSON, as Lambda speaks it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
pub(super) fn json(status: u16, body: &serde_json::Value) -> Answer {
    let kind = [("content-type", "application/json")];
    Ok(response(status, &kind, &body.to_string()))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
pub(super) fn xml(status: u16, body: &str) -> Answer {
    Ok(response(status, &[("content-type", "text/xml")], body))
}

/// An awsQuery result: `<ActionResponse><ActionResult>…`.
pub(super) fn result(action: &str, inside: &str) -> Answer {
    xml(
        200,
        &format!(
            "<{action}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><{action}Result>{inside}</{action}Result></{action}Response>"
        ),
    )
}

/// An awsQuery error with a request id.
pub(super) fn error(status: u16, code: &str, message: &str) -> HttpResponse {
    response(
        status,
        &[("content-type", "text/xml"), ("x-amzn-requestid", "req-1")],
        &format!(
            "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"
        ),
    )
}
