//! Calling a function and waiting for its answer, with the end of its log.

use crate::aws::problem::Failure;
use crate::aws::shape::optional;
use crate::domain::{Invocation, Invoked, Untrusted};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Builder;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{InvocationType, LogType};
use aws_smithy_types::base64;
use std::time::Duration;

/// The longest that Lambda lets a function run, and a little.
const PATIENCE: Duration = Duration::from_secs(15 * 60 + 10);

/// Sent once: an answer that got lost does not mean that the function did not run.
pub(in crate::aws) async fn invoke(
    client: &Client,
    asked: &Invocation,
) -> Result<Invoked, Failure> {
    let patience = TimeoutConfig::builder()
        .read_timeout(PATIENCE)
        .operation_attempt_timeout(PATIENCE)
        .operation_timeout(PATIENCE)
        .build();
    let answer = client
        .invoke()
        .function_name(asked.function.exact())
        .set_qualifier(asked.qualifier.as_ref().map(|it| it.exact().to_owned()))
        .invocation_type(InvocationType::RequestResponse)
        .log_type(LogType::Tail)
        .payload(Blob::new(asked.payload.as_bytes()))
        .customize()
        .config_override(
            Builder::default()
                .retry_config(RetryConfig::standard().with_max_attempts(1))
                .timeout_config(patience),
        )
        .send()
        .await?;
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    let log = answer
        .log_result()
        .and_then(|log| base64::decode(log).ok())
        .unwrap_or_default();
    Ok(Invoked {
        version: optional(answer.executed_version()),
        error: optional(answer.function_error()),
        payload: Untrusted::new(String::from_utf8_lossy(payload).as_ref()),
        log: Untrusted::new(String::from_utf8_lossy(&log).as_ref()),
    })
}
