//! A signed request to a service that has no client of its own here.
//!
//! The EC2 crate alone takes longer to compile than everything else together, for one call. This sends one
//! request through the same orchestrator as the generated clients: same signer, connector, timeouts, wall,
//! clock correction and user agent. Only the shapes are raw text.

use super::endpoint;
use super::problem::Failure;
use super::session::{Session, behaviour};
use super::tally::Tally;
use crate::domain::{Region, Timestamp};
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::region::{Region as SdkRegion, SigningRegion};
use aws_types::request_id::RequestId;
use bytes::Bytes;
use chrono::DateTime;
use std::borrow::Cow;
use std::fmt;

/// A service and how to reach it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// Its name in the wall's table and in `AWS_ENDPOINT_URL_<NAME>`.
    pub(super) name: &'static str,
    /// Its name in signatures and host names.
    pub(super) signing: &'static str,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: &'static str,
    /// `POST`, but for S3.
    pub(super) method: &'static str,
    pub(super) path: Cow<'static, str>,
    pub(super) content_type: &'static str,
    /// The `x-amz-target` of the JSON protocols.
    pub(super) target: Option<Cow<'static, str>>,
    pub(super) body: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) body: Bytes,
    /// When it was given, by the service's clock, to the second.
    pub(super) at: Option<Timestamp>,
    pub(super) request: Option<String>,
    /// The version of what was stored, where it has one.
    pub(super) version: Option<String>,
}

impl Call {
    /// As the Query protocols write it.
    pub(super) fn form(operation: &'static str, body: String) -> Self {
        Self {
            operation,
            method: "POST",
            path: Cow::Borrowed("/"),
            content_type: "application/x-www-form-urlencoded",
            target: None,
            body,
        }
    }

    /// As the JSON protocols write it; `prefix` is what stands before the operation in the target.
    pub(super) fn json(prefix: &str, operation: &'static str, body: String) -> Self {
        Self {
            operation,
            method: "POST",
            path: Cow::Borrowed("/"),
            content_type: "application/x-amz-json-1.1",
            target: Some(Cow::Owned(format!("{prefix}.{operation}"))),
            body,
        }
    }
}

/// Sends the call once and brings the answer back.
pub(super) async fn send(
    session: &Session,
    service: Service,
    region: &Region,
    call: Call,
) -> Result<Reply, Failure> {
    let endpoint = endpoint::of(session.config(), service, region)
        .await
        .ok_or(Failure::Unsent)?;
    send_to(session, (service, &endpoint), region, call).await
}

/// The same, where whoever sends knows better where the service is.
pub(super) async fn send_to(
    session: &Session,
    (service, endpoint): (Service, &str),
    region: &Region,
    call: Call,
) -> Result<Reply, Failure> {
    let config = session.config();
    let (Some(http), Some(sleep), Some(credentials)) = (
        config.http_client(),
        config.sleep_impl(),
        config.credentials_provider(),
    ) else {
        return Err(Failure::Unsent);
    };
    let mut settings = Layer::new("raw");
    settings.store_put(SigningName::from_static(service.signing));
    settings.store_put(SigningRegion::from(SdkRegion::new(region.to_string())));
    settings.store_put(SdkRegion::new(region.to_string()));
    settings.store_put(signing(service));
    settings.store_put(AuthSchemeOptionResolverParams::new(()));
    settings.store_put(ApiMetadata::new(service.signing, "raw"));
    settings.store_put(session.retry_partition(service.signing, region));
    if let Some(name) = config.app_name() {
        settings.store_put(name.clone());
    }
    let mut parts = RuntimeComponentsBuilder::new("raw");
    parts.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
    parts.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
    )));
    parts.set_identity_cache(config.identity_cache());
    parts.set_identity_resolver(SCHEME_ID, credentials);
    let operation = Operation::builder()
        .service_name(service.name)
        .operation_name(call.operation)
        .behavior_version(behaviour())
        .http_client(http)
        .endpoint_url(endpoint)
        .standard_retry(&RetryConfig::standard().with_max_attempts(1))
        .timeout_config(
            config
                .timeout_config()
                .cloned()
                .unwrap_or_else(TimeoutConfig::disabled),
        )
        .sleep_impl(sleep)
        .with_connection_poisoning()
        .interceptor(session.wall())
        .interceptor(Tally)
        .interceptor(ServiceClockSkewInterceptor::new())
        .interceptor(UserAgentInterceptor::new())
        .runtime_plugin(
            StaticRuntimePlugin::new()
                .with_config(settings.freeze())
                .with_runtime_components(parts),
        )
        .serializer(request)
        .deserializer(reply)
        .build();
    let heard = operation.invoke(call).await?;
    // The body is in memory, in one piece: nothing is read or copied here.
    let body = ByteStream::new(heard.body).collect().await;
    Ok(Reply {
        body: body.map_err(|_gone| Failure::senseless())?.into_bytes(),
        at: heard.at,
        request: heard.request,
        version: heard.version,
    })
}

/// S3 signs a path as it is sent, and wants the body's fingerprint in a header.
fn signing(service: Service) -> SigV4OperationSigningConfig {
    let mut config = SigV4OperationSigningConfig::default();
    if service.signing == "s3" {
        config.signing_options.double_uri_encode = false;
        config.signing_options.normalize_uri_path = false;
        config.signing_options.content_sha256_header = true;
    }
    config
}

fn request(call: Call) -> Result<HttpRequest, aws_smithy_runtime_api::box_error::BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(call.body));
    request.set_method(call.method)?;
    request.set_uri(call.path.as_ref())?;
    request
        .headers_mut()
        .insert("content-type", call.content_type);
    if let Some(target) = call.target {
        request.headers_mut().insert("x-amz-target", target);
    }
    Ok(request)
}

/// A [`Reply`] in the SDK's own body.
#[derive(Debug)]
struct Heard {
    body: SdkBody,
    at: Option<Timestamp>,
    request: Option<String>,
    version: Option<String>,
}

fn reply(response: &HttpResponse) -> Result<Heard, OrchestratorError<Refusal>> {
    let bytes = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        let date = response.headers().get("date");
        let at = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let body = response.body().try_clone();
        return Ok(Heard {
            body: body.unwrap_or_else(|| SdkBody::from(bytes)),
            at: at.map(|at| at.to_utc()),
            request: response.request_id().map(str::to_owned),
            version: response
                .headers()
                .get("x-amz-version-id")
                .filter(|version| *version != "null")
                .map(str::to_owned),
        });
    }
    let text = String::from_utf8_lossy(bytes);
    let (code, message) = refusal(&text);
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    if let Some(message) = message {
        metadata = metadata.message(message);
    }
    if let Some(id) = response.request_id() {
        metadata = metadata.custom("aws_request_id", id);
    }
    Err(OrchestratorError::operation(Refusal(metadata.build())))
}

/// Code and message of an error body, JSON or XML as the service speaks.
fn refusal(text: &str) -> (Option<String>, Option<String>) {
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
        let field = |names: [&str; 2]| {
            let value = names.iter().find_map(|name| json.get(name)?.as_str());
            value.map(str::to_owned)
        };
        let code = field(["__type", "code"]);
        // "com.amazonaws.account#AccessDeniedException:http://…" is how older services write it.
        let code = code.map(|code| {
            let name = code.rsplit('#').next().unwrap_or_default();
            name.split(':').next().unwrap_or_default().to_owned()
        });
        return (code, field(["message", "Message"]));
    }
    let Ok(xml) = roxmltree::Document::parse(text) else {
        return (None, None);
    };
    let element = |name: &str| {
        let node = xml.descendants().find(|node| node.has_tag_name(name))?;
        node.text().map(str::to_owned)
    };
    (element("Code"), element("Message"))
}

/// An error body.
#[derive(Debug)]
struct Refusal(ErrorMetadata);

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

impl std::error::Error for Refusal {}
