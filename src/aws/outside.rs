//! One request to an address of the operator's, not to AWS: unsigned, without credentials, through the same connector.

use super::session::behaviour;
use super::{Cloud, http};
use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Problem, Reach};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;
use hyper::Uri;
use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

/// What is sent to an address of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    Get,
    /// A body of JSON.
    Post(String),
}

impl Cloud {
    /// Sends one request and brings the status of its answer. Redirections are not followed.
    pub async fn outside(
        &self,
        url: &str,
        asked: Outside,
        patience: Duration,
    ) -> Result<u16, Problem> {
        let shown = sanitise(url).into_owned();
        let no_address = || {
            let what = format!("{shown} is no address of the form http://… or https://….");
            Problem::new(Kind::Invalid, what)
        };
        let uri: Uri = url
            .parse()
            .map_err(|_wrong: hyper::http::uri::InvalidUri| no_address())?;
        let (Some(scheme @ ("http" | "https")), Some(place)) = (uri.scheme_str(), uri.authority())
        else {
            return Err(no_address());
        };
        let origin = format!("{scheme}://{place}");
        let path = uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        let operation = Operation::builder()
            .service_name("outside")
            .operation_name("request")
            .behavior_version(behaviour())
            .http_client(self.connected(&self.http, http::QUESTIONS).await?)
            .endpoint_url(&origin)
            .no_auth()
            .no_retry()
            .timeout_config(TimeoutConfig::disabled())
            .serializer(move |asked: Outside| request(&path, asked))
            .deserializer(status)
            .build();
        let answer = tokio::time::timeout(patience, operation.invoke(asked)).await;
        let unreachable = |reach, why: &str| {
            let what = format!("{shown} could not be asked: {}.", sanitise(why));
            Problem::new(Kind::Unreachable(reach), what)
        };
        match answer {
            Ok(Ok(status)) => Ok(status),
            Ok(Err(error)) => {
                let mut why: &dyn Error = &error;
                while let Some(beneath) = why.source() {
                    why = beneath;
                }
                Err(unreachable(Reach::Other, &why.to_string()))
            }
            Err(_elapsed) => {
                let why = format!("nothing came back within {} s", patience.as_secs());
                Err(unreachable(Reach::TimedOut, &why))
            }
        }
    }
}

fn request(path: &str, asked: Outside) -> Result<HttpRequest, BoxError> {
    let mut request = match asked {
        Outside::Get => HttpRequest::new(SdkBody::empty()),
        Outside::Post(body) => {
            let mut request = HttpRequest::new(SdkBody::from(body));
            request.set_method("POST")?;
            request
                .headers_mut()
                .insert("content-type", "application/json");
            request
        }
    };
    request.set_uri(path)?;
    Ok(request)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an orchestrator's deserializer answers with it as it is"
)]
fn status(response: &HttpResponse) -> Result<u16, OrchestratorError<Infallible>> {
    Ok(response.status().as_u16())
}
