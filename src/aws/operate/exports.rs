//! Which exports of a stack other stacks use, from `ListImports`.

use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::domain::{Stack, Untrusted};
use aws_sdk_cloudformation::Client;

/// What AWS says instead of an empty list.
const UNUSED: &str = "is not imported by any stack";

/// The exports that somebody uses, with the stacks that do.
pub(super) async fn in_use(
    client: &Client,
    stack: &Stack,
) -> Result<Vec<(Untrusted, Vec<Untrusted>)>, Failure> {
    let mut used = Vec::new();
    for export in stack.outputs.iter().filter_map(|it| it.export.as_ref()) {
        let users = users(client, export).await?;
        if !users.is_empty() {
            used.push((export.clone(), users));
        }
    }
    Ok(used)
}

async fn users(client: &Client, export: &Untrusted) -> Result<Vec<Untrusted>, Failure> {
    let mut users = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_imports()
            .export_name(export.exact())
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await
            .map_err(Failure::from);
        let answer = match answer {
            Err(failure) if failure.says(UNUSED) => return Ok(users),
            answer => answer?,
        };
        users.extend(answer.imports().iter().map(|name| name.as_str().into()));
        page = at.next(answer.next_token);
    }
    Ok(users)
}
