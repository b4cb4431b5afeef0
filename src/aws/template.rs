//! A stack's template as it was submitted, from `GetTemplate`.

use super::problem::Failure;
use crate::domain::{StackId, Template};
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::TemplateStage;

/// The original, not the one that macros made of it: that is what versions are told apart by.
pub(super) async fn get(client: &Client, stack: &StackId) -> Result<Template, Failure> {
    let answer = client
        .get_template()
        .stack_name(stack.exact())
        .template_stage(TemplateStage::Original)
        .send()
        .await?;
    Ok(Template::new(answer.template_body.unwrap_or_default()))
}
