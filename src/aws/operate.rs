//! What changes something, and what has to be known before it may: the half of [`Cloud`] that the operator holds.

use super::{Cloud, Warrant};
use crate::domain::operation::{Body, Call, Setting, Sight, Snapshot, Thing};
pub use crate::domain::operation::{Echo, Standing, TemplateNeeds, TemplateParameter};
use crate::domain::{
    AccountName, Change, EndpointGroup, Identity, Kind, Problem, Scope, Stack, StackId, Timestamp,
    Untrusted,
};

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

/// Why a call that changes something has no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miscarriage {
    /// It was not done.
    Refused(Problem),
    /// It was taken before, under the same token.
    AlreadyTaken,
    /// Nobody knows whether it was done: it has to be looked at.
    Unknown(Problem),
}

impl Cloud {
    /// Lets whoever asks for a [`Warrant`] have one until then, where the account is not read-only for good.
    pub fn arm(&self, account: &AccountName, until: Option<Timestamp>) {
        if let Ok(account) = self.account(account) {
            account.arms.set(until);
        }
    }

    /// Gives leave to change something in an account.
    pub fn warrant(&self, account: &AccountName, now: Timestamp) -> Result<Warrant, Problem> {
        let account = self.account(account)?;
        let plan = account.plan();
        account.arms.warrant(&plan.name, plan.access, now)
    }

    /// How the thing of a call stands.
    pub async fn look(&self, _scope: &Scope, _call: &Call) -> Result<Sight, Problem> {
        Err(unbuilt())
    }

    /// Sends a call, once. Brings the id of the request, where AWS told one.
    pub async fn carry_out(
        &self,
        _warrant: &Warrant,
        _scope: &Scope,
        _call: &Call,
    ) -> Result<Option<String>, Miscarriage> {
        Err(Miscarriage::Refused(unbuilt()))
    }

    /// Makes a change set and waits until AWS has worked it out. One that changes nothing is deleted at once, and with
    /// it a stack that was made for it.
    pub async fn draft(
        &self,
        _warrant: &Warrant,
        _scope: &Scope,
        _draft: &Draft,
    ) -> Result<Drafted, Problem> {
        Err(unbuilt())
    }

    /// Deletes a change set that is not wanted, and a stack that consists of nothing else.
    pub async fn undraft(
        &self,
        _warrant: &Warrant,
        _scope: &Scope,
        _drafted: &Drafted,
    ) -> Result<(), Problem> {
        Err(unbuilt())
    }

    /// A stack by its name or id; none where AWS says that there is none, which is not the same as no answer.
    pub async fn stack(&self, _scope: &Scope, _name: &str) -> Result<Option<Stack>, Problem> {
        Err(unbuilt())
    }

    /// Everything that it takes to deploy the stack again as it is.
    pub async fn snapshot(
        &self,
        _scope: &Scope,
        _stack: &Stack,
        _now: Timestamp,
    ) -> Result<Snapshot, Problem> {
        Err(unbuilt())
    }

    /// What a template needs, none: the template that the stack has. Says what is wrong with one that is not valid.
    pub async fn template_needs(
        &self,
        _scope: &Scope,
        _template: Result<&Body, &StackId>,
    ) -> Result<TemplateNeeds, Problem> {
        Err(unbuilt())
    }

    /// Puts a template into a bucket, and tells its address, its version included.
    pub async fn upload(
        &self,
        _warrant: &Warrant,
        _scope: &Scope,
        _object: (&str, &str),
        _text: &str,
    ) -> Result<String, Problem> {
        Err(unbuilt())
    }

    /// How things that can be stopped stand, one for each, in their order.
    pub async fn standings(
        &self,
        _scope: &Scope,
        _things: &[Thing],
    ) -> Result<Vec<Standing>, Problem> {
        Err(unbuilt())
    }

    /// An endpoint group as it is now; `scope` is the account's as a whole.
    pub async fn endpoint_group(
        &self,
        _scope: &Scope,
        _arn: &crate::domain::AcceleratorArn,
    ) -> Result<EndpointGroup, Problem> {
        Err(unbuilt())
    }

    /// Exports of the stack that other stacks use: the export, and who uses it.
    pub async fn exports_in_use(
        &self,
        _scope: &Scope,
        _stack: &Stack,
    ) -> Result<Vec<(Untrusted, Vec<Untrusted>)>, Problem> {
        Err(unbuilt())
    }

    /// Who the account's credentials are now, asked anew.
    pub async fn whoami(&self, _account: &AccountName) -> Result<Identity, Problem> {
        Err(unbuilt())
    }
}

fn unbuilt() -> Problem {
    Problem::new(Kind::Bug, "This is not built yet.")
}
