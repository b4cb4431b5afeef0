//! What accounts share with each other's accelerators, from `ListCrossAccountAttachments`.

use super::{PAGE, attempts};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::text;
use crate::domain::{AcceleratorArn, Attachment, Untrusted};
use aws_sdk_globalaccelerator::{Client, types};

pub(in crate::aws) async fn list(client: &Client) -> Result<Vec<Attachment>, Failure> {
    let mut attachments = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_cross_account_attachments()
            .max_results(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        attachments.extend(answer.cross_account_attachments().iter().map(attachment));
        page = at.next(answer.next_token);
    }
    Ok(attachments)
}

fn attachment(shape: &types::Attachment) -> Attachment {
    let resource = |shape: &types::Resource| {
        let id = Some(shape.endpoint_id()).filter(|id| !id.is_empty());
        id.or(shape.cidr()).map(Untrusted::new)
    };
    Attachment {
        arn: AcceleratorArn::new(shape.attachment_arn().unwrap_or_default()),
        name: text(shape.name()),
        principals: shape
            .principals()
            .iter()
            .map(|principal| Untrusted::new(principal.as_str()))
            .collect(),
        resources: shape.resources().iter().filter_map(resource).collect(),
    }
}
