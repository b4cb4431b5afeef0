//! What changes something, and what has to be known before it may: the half of [`Cloud`] that the operator holds.
//!
//! A question is put like any other. A change is sent once, under a [`Warrant`], and never again by itself: what became
//! of one whose reply got lost is found out by looking.

mod alias;
mod databases;
mod draft;
mod exports;
mod groups;
mod instances;
mod limits;
mod look;
mod mishap;
mod send;
mod services;
mod snapshot;
mod standing;
mod template;
mod traffic;
mod update;
mod upload;
mod watch;

pub use draft::{Draft, Drafted};
pub use mishap::Miscarriage;
pub(super) use mishap::Mishap;

use super::problem::{Asking, Deed, Subject};
use super::session::Session;
use super::{Cloud, Warrant, answering, identity, stacks};
use crate::domain::operation::{Body, Call, Sight, Snapshot, Standing, TemplateNeeds, Thing};
use crate::domain::{
    AcceleratorArn, AccountName, EndpointGroup, Identity, Kind, Problem, Scope, Stack, StackId,
    Timestamp, Topic, Untrusted,
};
use std::pin::Pin;
use std::sync::Arc;

/// A change on its way, boxed for the reason that an answer is.
type Sending<'q, T> = Pin<Box<dyn Future<Output = Result<T, Mishap>> + Send + 'q>>;

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
    pub async fn look(&self, scope: &Scope, call: &Call) -> Result<Sight, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session| answering(look::at(session, place, call));
        let subject = Subject::Deed(Deed::Look(call));
        self.put(account, scope, subject, question).await
    }

    /// Sends a call, once. Brings the id of the request, where AWS told one.
    pub async fn carry_out(
        &self,
        warrant: &Warrant,
        scope: &Scope,
        call: &Call,
    ) -> Result<Option<String>, Miscarriage> {
        let subject = Subject::Deed(Deed::Call(call));
        self.under(warrant, scope, subject, |session, place| {
            Box::pin(send::send(session, place, call))
        })
        .await
    }

    /// Makes a change set and waits until AWS has worked it out. One that changes nothing is deleted at once, and with
    /// it a stack that was made for it.
    pub async fn draft(
        &self,
        warrant: &Warrant,
        scope: &Scope,
        draft: &Draft,
    ) -> Result<Drafted, Problem> {
        let subject = Subject::Deed(Deed::Draft(&draft.name));
        self.under(warrant, scope, subject, |session, place| {
            let client = session.cloudformation(place);
            Box::pin(async move { draft::make(&client, draft).await })
        })
        .await
        .map_err(Miscarriage::into_problem)
    }

    /// Deletes a change set that is not wanted, and a stack that consists of nothing else.
    pub async fn undraft(
        &self,
        warrant: &Warrant,
        scope: &Scope,
        drafted: &Drafted,
    ) -> Result<(), Problem> {
        let subject = Subject::Deed(Deed::Undraft(&drafted.stack));
        self.under(warrant, scope, subject, |session, place| {
            let client = session.cloudformation(place);
            Box::pin(async move { draft::unmake(&client, drafted).await })
        })
        .await
        .map_err(Miscarriage::into_problem)
    }

    /// A stack by its name or id; none where AWS says that there is none, which is not the same as no answer.
    pub async fn stack(&self, scope: &Scope, name: &str) -> Result<Option<Stack>, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session: Arc<Session>| {
            let client = session.cloudformation(place);
            answering(async move { stacks::find(&client, name).await })
        };
        let subject = Subject::Deed(Deed::Stack(name));
        self.put(account, scope, subject, question).await
    }

    /// Everything that it takes to deploy the stack again as it is.
    pub async fn snapshot(
        &self,
        scope: &Scope,
        stack: &Stack,
        now: Timestamp,
    ) -> Result<Snapshot, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session: Arc<Session>| {
            let client = session.cloudformation(place);
            answering(async move { snapshot::take(&client, scope, stack, now).await })
        };
        let subject = Subject::Deed(Deed::Snapshot(&stack.id));
        let taken = self.put(account, scope, subject, question).await?;
        taken.ok_or_else(|| {
            let what = format!("The stack {} does not exist any more.", stack.name.safe());
            Problem::new(Kind::Missing, what)
        })
    }

    /// What a template needs, or the template that the stack has. Says what is wrong with one that is not valid.
    pub async fn template_needs(
        &self,
        scope: &Scope,
        template: Result<&Body, &StackId>,
    ) -> Result<TemplateNeeds, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session: Arc<Session>| {
            let client = session.cloudformation(place);
            answering(async move { template::needs(&client, template).await })
        };
        let subject = Subject::Deed(Deed::Template);
        self.put(account, scope, subject, question).await
    }

    /// Puts a template into a bucket, and tells its address, its version included.
    pub async fn upload(
        &self,
        warrant: &Warrant,
        scope: &Scope,
        (bucket, key): (&str, &str),
        text: &str,
    ) -> Result<String, Problem> {
        let subject = Subject::Deed(Deed::Upload(bucket, key));
        self.under(warrant, scope, subject, |session, place| {
            Box::pin(async move { upload::put(&session, place, (bucket, key), text).await })
        })
        .await
        .map_err(Miscarriage::into_problem)
    }

    /// How things that can be stopped stand, one for each, in their order.
    pub async fn standings(
        &self,
        scope: &Scope,
        things: &[Thing],
    ) -> Result<Vec<Standing>, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session| answering(standing::all(session, place, things));
        let subject = Subject::Deed(Deed::Standings);
        self.put(account, scope, subject, question).await
    }

    /// An endpoint group as it is now; `scope` is the account's as a whole.
    pub async fn endpoint_group(
        &self,
        scope: &Scope,
        arn: &AcceleratorArn,
    ) -> Result<EndpointGroup, Problem> {
        let account = self.account(&scope.account)?;
        let question = |session: Arc<Session>| {
            answering(async move { traffic::read(&session.accelerator(), arn).await })
        };
        let subject = Subject::Deed(Deed::EndpointGroup(arn));
        self.put(account, scope, subject, question).await
    }

    /// Exports of the stack that other stacks use: the export, and who uses it.
    pub async fn exports_in_use(
        &self,
        scope: &Scope,
        stack: &Stack,
    ) -> Result<Vec<(Untrusted, Vec<Untrusted>)>, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session: Arc<Session>| {
            let client = session.cloudformation(place);
            answering(async move { exports::in_use(&client, stack).await })
        };
        let subject = Subject::Deed(Deed::Exports(&stack.id));
        self.put(account, scope, subject, question).await
    }

    /// Who the account's credentials are now, asked anew.
    pub async fn whoami(&self, account: &AccountName) -> Result<Identity, Problem> {
        let account = self.account(account)?;
        let scope = Scope::global(&account.plan().name);
        let home = &account.plan().home;
        let question =
            |session: Arc<Session>| answering(async move { identity::get(&session, home).await });
        let subject = Subject::Topic(&Topic::Identity);
        self.put(account, &scope, subject, question).await
    }

    /// Changes something, once: nothing is sent again here, whatever went wrong.
    pub(super) async fn under<'q, T>(
        &'q self,
        warrant: &Warrant,
        scope: &'q Scope,
        subject: Subject<'_>,
        change: impl FnOnce(Arc<Session>, &'q crate::domain::Region) -> Sending<'q, T>,
    ) -> Result<T, Miscarriage> {
        let account = self.account(&scope.account).map_err(Miscarriage::Refused)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let session = self.session(account).await;
        let session = session.map_err(Miscarriage::Refused)?;
        let loaded = session.wallet().credentials().await;
        let changed = match loaded {
            Ok(_) => {
                let change = change(Arc::clone(&session), place);
                warrant.cover(change).await
            }
            Err(problem) => Err(Mishap::Before(super::Failure::Worded(problem))),
        };
        let mishap = match changed {
            Ok(answer) => {
                session.works();
                return Ok(answer);
            }
            Err(mishap) => mishap,
        };
        let asking = Asking {
            subject,
            scope,
            renewal: session.wallet().renewal(),
        };
        let told = mishap.told(&asking);
        if let Miscarriage::Refused(problem) = &told
            && problem.kind == Kind::Expired
        {
            // As for a question; the next one to come is put with new credentials.
            account.forget_this(&session);
        }
        Err(told)
    }
}
