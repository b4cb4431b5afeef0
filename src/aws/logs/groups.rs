//! Log groups, from `DescribeLogGroups`: fifty to a page.

use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::text;
use crate::domain::{LogGroup, Untrusted};
use aws_sdk_cloudwatchlogs::{Client, config, types};

/// The groups whose names begin so, by name.
pub(in crate::aws) async fn list(
    client: &Client,
    prefix: &Untrusted,
) -> Result<Vec<LogGroup>, Failure> {
    let prefix = Some(prefix.exact()).filter(|prefix| !prefix.is_empty());
    let mut groups = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_log_groups()
            .set_log_group_name_prefix(prefix.map(str::to_owned))
            .set_next_token(at.token())
            .customize()
            .config_override(config::Builder::default().retry_config(at.retries()))
            .send()
            .await?;
        groups.extend(answer.log_groups().iter().map(group));
        page = at.next(answer.next_token);
    }
    groups.sort_by(|a: &LogGroup, b| a.name.exact().cmp(b.name.exact()));
    Ok(groups)
}

fn group(shape: &types::LogGroup) -> LogGroup {
    // Older servers send only `arn`, with `:*` for its streams at the end.
    let arn = shape.log_group_arn().or(shape.arn()).unwrap_or_default();
    LogGroup {
        name: text(shape.log_group_name()),
        arn: text(Some(arn.strip_suffix(":*").unwrap_or(arn))),
        retention: shape.retention_in_days(),
        stored: shape.stored_bytes().unwrap_or_default(),
    }
}
