//! Where a Lambda function writes: its own setting, or the name that Lambda gives.

use crate::aws::problem::Failure;
use crate::domain::Untrusted;
use aws_sdk_lambda::Client;

/// Reads nothing else of the configuration: its environment holds secrets.
pub(in crate::aws) async fn log_group(
    client: &Client,
    function: &Untrusted,
) -> Result<Untrusted, Failure> {
    let answer = client
        .get_function_configuration()
        .function_name(function.exact())
        .send()
        .await?;
    let own = answer
        .logging_config()
        .and_then(|logging| logging.log_group());
    let name = answer.function_name().unwrap_or(function.exact());
    Ok(own.map_or_else(
        || Untrusted::new(format!("/aws/lambda/{name}")),
        Untrusted::new,
    ))
}
