//! Change sets: made, waited for, read to their end, and deleted when nobody wants them.
//!
//! A change set for a stack that does not exist makes one that consists of nothing else. That shell, and no other
//! stack, is ever deleted here: after it was looked at, and only where this call has made it or nothing is left in it.

use super::mishap::Mishap;
use super::update::{body, capabilities, parameters, some, tags};
use crate::aws::problem::{Failure, Fate};
use crate::aws::{change_sets, stacks};
use crate::domain::operation::{Body, Setting};
use crate::domain::{Change, Kind, Problem, StackId, StackStatus, Untrusted};
use aws_sdk_cloudformation::operation::create_change_set::builders::CreateChangeSetFluentBuilder;
use aws_sdk_cloudformation::{Client, types};
use std::time::Duration;

/// A change set to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The name; for a stack that exists its id is used.
    pub name: Untrusted,
    /// The stack, where it exists and is not only being reviewed.
    pub stack: Option<StackId>,
    /// The name of the change set, which is also its token.
    pub change_set: String,
    /// None: the template that the stack has.
    pub template: Option<Body>,
    pub parameters: Vec<Setting>,
    /// An empty list leaves them as they are.
    pub tags: Vec<(Untrusted, Untrusted)>,
    pub capabilities: Vec<String>,
    pub role: Option<Untrusted>,
    /// None leaves them as they are.
    pub notifications: Option<Vec<Untrusted>>,
    /// ARNs of alarms; none leaves the list as it is.
    pub alarms: Option<Vec<Untrusted>>,
    /// `quarterdeck …`, for whoever finds it.
    pub description: String,
}

/// A change set that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    pub stack: StackId,
    /// Its ARN.
    pub change_set: Untrusted,
    pub changes: Vec<Change>,
    /// Why it changes nothing, in AWS's words, where it does not; it has been deleted then.
    pub idle: Option<Untrusted>,
}

/// How long AWS takes at most to work out a change set of a large template, and some.
const PATIENCE: Duration = Duration::from_mins(15);

/// The first look comes soon, the others at their leisure.
const FIRST_LOOK: Duration = Duration::from_secs(1);
const NEXT_LOOK: Duration = Duration::from_secs(3);

/// What AWS calls a change set that changes nothing.
const IDLE: [&str; 2] = ["didn't contain changes", "No updates are to be performed"];

/// Whether a stack that consists of nothing but a change set is this call's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    None,
    Ours,
    Theirs,
}

pub(super) async fn make(client: &Client, draft: &Draft) -> Result<Drafted, Mishap> {
    let shell = match &draft.stack {
        Some(_) => Shell::None,
        None => match stacks::find(client, draft.name.exact()).await? {
            None => Shell::Ours,
            Some(_) => Shell::Theirs,
        },
    };
    let (stack, change_set) = create(client, draft).await?;
    match await_end(client, &stack, &change_set).await? {
        End::Made(changes) => Ok(Drafted {
            stack,
            change_set,
            changes,
            idle: None,
        }),
        End::Failed(reason) => {
            delete(client, &stack, &change_set).await?;
            if shell == Shell::Ours {
                delete_shell(client, &stack).await?;
            }
            if IDLE.iter().any(|words| reason.exact().contains(words)) {
                return Ok(Drafted {
                    stack,
                    change_set,
                    changes: Vec::new(),
                    idle: Some(reason),
                });
            }
            let what = format!(
                "AWS could not make a change set of {}: {}",
                draft.name.safe(),
                reason.safe()
            );
            Err(Mishap::Before(Failure::Worded(Problem::new(
                Kind::Invalid,
                what,
            ))))
        }
    }
}

/// Deletes a change set, and a stack that consists of nothing any more.
pub(super) async fn unmake(client: &Client, drafted: &Drafted) -> Result<(), Mishap> {
    delete(client, &drafted.stack, &drafted.change_set).await?;
    delete_shell(client, &drafted.stack).await
}

/// Asks for it. A lost reply is no loss: what was asked for has a name of its own.
async fn create(client: &Client, draft: &Draft) -> Result<(StackId, Untrusted), Mishap> {
    let failure = match request(client, draft).send().await {
        Ok(answer) => {
            let (Some(stack), Some(id)) = (answer.stack_id, answer.id) else {
                return Err(Mishap::Sending(Failure::senseless()));
            };
            return Ok((StackId::new(stack), Untrusted::new(id)));
        }
        Err(error) => Failure::from(error),
    };
    // The name is this plan's alone, so what has it already was asked for by this plan.
    if failure.fate() == Fate::NotDone && failure.code() != Some("AlreadyExistsException") {
        return Err(Mishap::Sending(failure));
    }
    let found = client
        .describe_change_set()
        .stack_name(of(draft))
        .change_set_name(&draft.change_set)
        .send()
        .await;
    match found.map(|answer| (answer.stack_id, answer.change_set_id)) {
        Ok((Some(stack), Some(id))) => Ok((StackId::new(stack), Untrusted::new(id))),
        Ok(_) | Err(_) => Err(Mishap::Sending(failure)),
    }
}

/// The stack as AWS wants it called.
fn of(draft: &Draft) -> &str {
    match &draft.stack {
        Some(stack) => stack.exact(),
        None => draft.name.exact(),
    }
}

fn request(client: &Client, draft: &Draft) -> CreateChangeSetFluentBuilder {
    let (text, url) = body(draft.template.as_ref());
    let exact = |text: &Untrusted| text.exact().to_owned();
    let topics = draft.notifications.as_ref();
    client
        .create_change_set()
        .stack_name(of(draft))
        .change_set_name(&draft.change_set)
        .client_token(&draft.change_set)
        .change_set_type(match draft.stack {
            Some(_) => types::ChangeSetType::Update,
            None => types::ChangeSetType::Create,
        })
        .set_use_previous_template(draft.template.is_none().then_some(true))
        .set_template_body(text)
        .set_template_url(url)
        .set_parameters(some(parameters(&draft.parameters)))
        .set_tags(some(tags(&draft.tags)))
        .set_capabilities(some(capabilities(&draft.capabilities)))
        .set_role_arn(draft.role.as_ref().map(exact))
        .set_notification_arns(topics.map(|topics| topics.iter().map(exact).collect()))
        .set_rollback_configuration(draft.alarms.as_deref().map(watch))
        .description(&draft.description)
}

fn watch(alarms: &[Untrusted]) -> types::RollbackConfiguration {
    let trigger = |arn: &Untrusted| {
        types::RollbackTrigger::builder()
            .arn(arn.exact())
            .r#type("AWS::CloudWatch::Alarm")
            .build()
    };
    types::RollbackConfiguration::builder()
        .set_rollback_triggers(Some(alarms.iter().map(trigger).collect()))
        .build()
}

enum End {
    Made(Vec<Change>),
    /// In AWS's words.
    Failed(Untrusted),
}

async fn await_end(
    client: &Client,
    stack: &StackId,
    change_set: &Untrusted,
) -> Result<End, Mishap> {
    let waiting = async {
        tokio::time::sleep(FIRST_LOOK).await;
        loop {
            let seen = change_sets::state(client, stack, change_set).await?;
            match seen.as_ref().map(|seen| seen.status.exact()) {
                Some("CREATE_COMPLETE") => {
                    let changes = change_sets::of(client, stack, change_set).await?;
                    return changes.map(End::Made).ok_or_else(|| gone(stack));
                }
                Some("FAILED") => {
                    let reason = seen.and_then(|seen| seen.reason);
                    return Ok(End::Failed(reason.unwrap_or_else(|| "no reason".into())));
                }
                Some(_) => tokio::time::sleep(NEXT_LOOK).await,
                None => return Err(gone(stack)),
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_late| {
            let minutes = PATIENCE.as_secs() / 60;
            let what = format!(
                "AWS has not worked out the change set of {} in {minutes} minutes.",
                crate::domain::untrusted::sanitise(stack.name())
            );
            Err(Mishap::Before(Failure::Worded(Problem::new(
                Kind::Server,
                what,
            ))))
        })
}

fn gone(stack: &StackId) -> Mishap {
    let stack = crate::domain::untrusted::sanitise(stack.name()).into_owned();
    Mishap::changed(format!(
        "Somebody has deleted the change set of {stack} while it was made."
    ))
}

async fn delete(client: &Client, stack: &StackId, change_set: &Untrusted) -> Result<(), Mishap> {
    let deleted = client
        .delete_change_set()
        .stack_name(stack.exact())
        .change_set_name(change_set.exact())
        .send()
        .await;
    match deleted.map_err(Failure::from) {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_missing() => Ok(()),
        Err(failure) => Err(Mishap::Sending(failure)),
    }
}

/// Deletes a stack that was never more than a change set, and has none any more.
async fn delete_shell(client: &Client, stack: &StackId) -> Result<(), Mishap> {
    let Some(found) = stacks::find(client, stack.exact()).await? else {
        return Ok(());
    };
    if found.status != StackStatus::ReviewInProgress {
        return Ok(());
    }
    if !change_sets::remaining(client, stack).await?.is_empty() {
        return Ok(());
    }
    let deleted = client.delete_stack().stack_name(stack.exact()).send().await;
    deleted.map_err(Mishap::sending)?;
    Ok(())
}
