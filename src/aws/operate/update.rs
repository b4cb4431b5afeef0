//! The calls that change a stack, each sent once under its token.
//!
//! What happens when a resource fails is always said: AWS's own default differs between its documents.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::domain::operation::{Body, Call, OnFailure, Setting, Token};
use crate::domain::{StackId, Untrusted};
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::operation::RequestId;
use aws_sdk_cloudformation::types;

/// Brings the id of the request. A call that is not about a stack is not made here.
pub(super) async fn send(client: &Client, call: &Call) -> Result<Option<String>, Mishap> {
    match call {
        Call::ExecuteChangeSet {
            change_set,
            token,
            failing,
            ..
        } => execute(client, change_set, token, *failing).await,
        Call::UpdateStack { .. } => update(client, call).await,
        Call::CancelUpdateStack { stack, token, .. } => client
            .cancel_update_stack()
            .stack_name(stack.exact())
            .client_request_token(token.as_str())
            .send()
            .await
            .map_err(Mishap::sending)
            .map(|answer| id(&answer)),
        Call::RollbackStack { stack, token, .. } => client
            .rollback_stack()
            .stack_name(stack.exact())
            .client_request_token(token.as_str())
            .send()
            .await
            .map_err(Mishap::sending)
            .map(|answer| id(&answer)),
        Call::ContinueUpdateRollback {
            stack, skip, token, ..
        } => resume(client, stack, skip, token).await,
        Call::SetStackPolicy { stack, policy } => client
            .set_stack_policy()
            .stack_name(stack.exact())
            .stack_policy_body(policy)
            .send()
            .await
            .map_err(Mishap::sending)
            .map(|answer| id(&answer)),
        Call::UpdateAlias { .. }
        | Call::SetDial { .. }
        | Call::SetWeight { .. }
        | Call::Remember { .. }
        | Call::SetProcesses { .. }
        | Call::SetSizes { .. }
        | Call::SetTasks { .. }
        | Call::SetTaskLimits { .. }
        | Call::SetPower { .. } => Err(Mishap::Before(Failure::Unsent)),
    }
}

fn id(answer: &impl RequestId) -> Option<String> {
    answer.request_id().map(str::to_owned)
}

async fn execute(
    client: &Client,
    change_set: &Untrusted,
    token: &Token,
    failing: OnFailure,
) -> Result<Option<String>, Mishap> {
    let answer = client
        .execute_change_set()
        .change_set_name(change_set.exact())
        .client_request_token(token.as_str())
        .disable_rollback(match failing {
            OnFailure::RollBack => false,
            OnFailure::Stay => true,
        })
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(id(&answer))
}

async fn update(client: &Client, call: &Call) -> Result<Option<String>, Mishap> {
    let Call::UpdateStack {
        stack,
        template,
        parameters: settings,
        tags: pairs,
        capabilities: names,
        role,
        policy,
        token,
        ..
    } = call
    else {
        return Err(Mishap::Before(Failure::Unsent));
    };
    let (text, url) = body(Some(template));
    let answer = client
        .update_stack()
        .stack_name(stack.exact())
        .set_template_body(text)
        .set_template_url(url)
        .set_parameters(some(parameters(settings)))
        .set_tags(some(tags(pairs)))
        .set_capabilities(some(capabilities(names)))
        .set_role_arn(role.as_ref().map(|role| role.exact().to_owned()))
        .stack_policy_during_update_body(policy)
        .client_request_token(token.as_str())
        .disable_rollback(false)
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(id(&answer))
}

async fn resume(
    client: &Client,
    stack: &StackId,
    skip: &[Untrusted],
    token: &Token,
) -> Result<Option<String>, Mishap> {
    let skip: Vec<String> = skip.iter().map(|name| name.exact().to_owned()).collect();
    let answer = client
        .continue_update_rollback()
        .stack_name(stack.exact())
        .set_resources_to_skip(some(skip))
        .client_request_token(token.as_str())
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(id(&answer))
}

/// An empty list says something else than none: it takes away what is there.
pub(super) fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// As text, as an address.
pub(super) fn body(template: Option<&Body>) -> (Option<String>, Option<String>) {
    match template {
        Some(Body::Text(text)) => (Some(text.clone()), None),
        Some(Body::Url(url)) => (None, Some(url.clone())),
        None => (None, None),
    }
}

pub(super) fn parameters(settings: &[Setting]) -> Vec<types::Parameter> {
    let parameter = |setting: &Setting| {
        let parameter = types::Parameter::builder().parameter_key(setting.key.exact());
        match &setting.value {
            Some(value) => parameter.parameter_value(value.exact()),
            None => parameter.use_previous_value(true),
        }
        .build()
    };
    settings.iter().map(parameter).collect()
}

pub(super) fn tags(pairs: &[(Untrusted, Untrusted)]) -> Vec<types::Tag> {
    let tag = |(key, value): &(Untrusted, Untrusted)| {
        let tag = types::Tag::builder();
        tag.key(key.exact()).value(value.exact()).build()
    };
    pairs.iter().map(tag).collect()
}

pub(super) fn capabilities(names: &[String]) -> Vec<types::Capability> {
    let capability = |name: &String| types::Capability::from(name.as_str());
    names.iter().map(capability).collect()
}
