//! What is set aside for a function, and what the account may run at once.

use super::{attempts, count};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::{Concurrency, LambdaLimits, Provisioned, Untrusted};
use aws_sdk_lambda::{Client, types};

/// From `GetFunctionConcurrency` and `ListProvisionedConcurrencyConfigs`.
pub(in crate::aws) async fn get(
    client: &Client,
    function: &Untrusted,
) -> Result<Concurrency, Failure> {
    let answer = client
        .get_function_concurrency()
        .function_name(function.exact())
        .send()
        .await?;
    let mut concurrency = Concurrency {
        reserved: answer
            .reserved_concurrent_executions()
            .map(|number| count(Some(number))),
        provisioned: Vec::new(),
    };
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_provisioned_concurrency_configs()
            .function_name(function.exact())
            .set_marker(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        let configured = answer.provisioned_concurrency_configs().iter();
        concurrency.provisioned.extend(configured.map(provisioned));
        page = at.next(answer.next_marker);
    }
    Ok(concurrency)
}

fn provisioned(shape: &types::ProvisionedConcurrencyConfigListItem) -> Provisioned {
    let arn = shape.function_arn().unwrap_or_default();
    let status = shape
        .status()
        .map(types::ProvisionedConcurrencyStatusEnum::as_str);
    Provisioned {
        qualifier: Untrusted::new(arn.rsplit(':').next().unwrap_or_default()),
        requested: count(shape.requested_provisioned_concurrent_executions()),
        available: count(shape.available_provisioned_concurrent_executions()),
        status: text(status),
        reason: optional(shape.status_reason()),
    }
}

/// From `GetAccountSettings`.
pub(in crate::aws) async fn limits(client: &Client) -> Result<LambdaLimits, Failure> {
    let answer = client.get_account_settings().send().await?;
    let limit = answer.account_limit().ok_or_else(Failure::senseless)?;
    let concurrent = count(Some(limit.concurrent_executions()));
    Ok(LambdaLimits {
        concurrent,
        unreserved: limit
            .unreserved_concurrent_executions()
            .map_or(concurrent, |number| count(Some(number))),
    })
}
