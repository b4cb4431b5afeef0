//! What a template asks of whoever deploys it, from `GetTemplateSummary`, which also says what is wrong with one.

use super::update::body;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::StackId;
use crate::domain::operation::{Body, Echo, TemplateNeeds, TemplateParameter};
use aws_sdk_cloudformation::{Client, types};

/// What a macro or a transform takes besides what AWS lists.
const EXPAND: &str = "CAPABILITY_AUTO_EXPAND";

pub(super) async fn needs(
    client: &Client,
    template: Result<&Body, &StackId>,
) -> Result<TemplateNeeds, Failure> {
    let (text, url) = body(template.ok());
    let answer = client
        .get_template_summary()
        .set_template_body(text)
        .set_template_url(url)
        .set_stack_name(template.err().map(|stack| stack.exact().to_owned()))
        .send()
        .await?;
    let named = answer.capabilities().iter();
    let mut capabilities: Vec<String> = named.map(|name| name.as_str().to_owned()).collect();
    if !answer.declared_transforms().is_empty() && !capabilities.iter().any(|it| it == EXPAND) {
        capabilities.push(EXPAND.to_owned());
    }
    Ok(TemplateNeeds {
        capabilities,
        parameters: answer.parameters().iter().map(parameter).collect(),
    })
}

fn parameter(shape: &types::ParameterDeclaration) -> TemplateParameter {
    let echo = match shape.no_echo() {
        Some(true) => Echo::Secret,
        Some(false) | None => Echo::Shown,
    };
    TemplateParameter {
        key: text(shape.parameter_key()),
        default: optional(shape.default_value()).map(|default| match echo {
            Echo::Shown => default,
            // The default of a secret is one, too: that there is one is all that is told.
            Echo::Secret => "****".into(),
        }),
        echo,
    }
}
