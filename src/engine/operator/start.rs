//! From a plan, or a journal, to a run that goes on: everything that has to hold before the first call.

use super::desk::Made;
use super::hands::CloudHands;
use super::run::{Halt, Ledger, Runner};
use super::{Onward, Operator, accounts};
use crate::aws::Warrant;
use crate::domain::operation::planning::reversal;
use crate::domain::operation::{Decision, OperationId, Outcome, Record, Run, Stamped, Steered};
use crate::domain::{AccountName, Kind, Problem};
use crate::engine::journal::{Held, Journal, Tail, Target};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks into the mailbox.
const MAIL: Duration = Duration::from_secs(2);

/// Leave to change something, for each account of a run.
type Warrants = BTreeMap<AccountName, Warrant>;

impl Operator {
    /// Runs a plan that was agreed to. What does not hold is said, and nothing is sent.
    pub(super) async fn run(&self, made: Made) {
        let id = made.plan.id.clone();
        let now = self.shop.clock.now();
        if now >= made.plan.expires() {
            self.discard(&made);
            let what = format!("{id} has expired: what it was made of may not hold any more.");
            let problem = Problem::new(Kind::Denied, what).hint("Plan it again.");
            return self.refuse(id, problem).await;
        }
        let run = Run::of(made.plan.clone(), now);
        let warrants = match self.warrants(&run) {
            Ok(warrants) => warrants,
            Err(problem) => {
                // Arming mends it, and the plan is as good as before.
                self.desk.put_back(made);
                return self.refuse(id, problem).await;
            }
        };
        match self.begin(run, warrants).await {
            Ok((runner, held)) => self.go_on(runner, held).await,
            Err(problem) => {
                self.discard(&made);
                self.refuse(id, problem).await;
            }
        }
    }

    async fn begin(&self, run: Run, warrants: Warrants) -> Result<(Arc<Runner>, Held), Problem> {
        let journals = &self.shop.books.journals;
        let id = run.plan.id.clone();
        self.identified(&run).await?;
        let held = journals.hold(Target::of(&run), &id).await?;
        let planned = Stamped {
            number: 0,
            at: run.began,
            record: Record::Planned(Box::new(run.plan.clone())),
        };
        let journal = journals.begin(&id, &planned).await?;
        let runner = self.runner(journal, run, warrants, 0);
        runner.ledger.tell(planned).await;
        self.hooks.start(&runner.ledger.run());
        Ok((runner, held))
    }

    /// Takes up a run that nobody runs.
    pub(super) async fn take_up(&self, id: OperationId, onward: Onward, text: &str) {
        match self.taken_up(&id, onward, text).await {
            Ok(Some((runner, held))) => self.go_on(runner, held).await,
            Ok(None) => {}
            Err(problem) => self.refuse(id, problem).await,
        }
    }

    async fn taken_up(
        &self,
        id: &OperationId,
        onward: Onward,
        text: &str,
    ) -> Result<Option<(Arc<Runner>, Held)>, Problem> {
        let journals = &self.shop.books.journals;
        // Before it is ours: nobody can say anything to it until then.
        let stale = journals.mail(id).await.map_or(0, |mail| mail.len());
        let (journal, run, tail) = journals.take_up(id).await?;
        if run.is_over() {
            let what = format!("{id} is over; there is nothing to take up.");
            return Err(Problem::new(Kind::Invalid, what));
        }
        self.agreed(&run, onward, text)?;
        let (warrants, held) = match onward {
            // Nothing is sent, so nothing is needed.
            Onward::Abandon => (BTreeMap::new(), None),
            Onward::Continue | Onward::Reverse => {
                let warrants = self.warrants(&run)?;
                self.identified(&run).await?;
                (warrants, Some(journals.hold(Target::of(&run), id).await?))
            }
        };
        let runner = self.runner(journal, run, warrants, stale);
        let by = journals.who().to_owned();
        let record = async |record| {
            let recorded = runner.ledger.record(record).await;
            recorded.map_err(|Halt(problem)| problem)
        };
        let who = match tail {
            Tail::Whole => by.clone(),
            Tail::Torn => format!("{by} (the last record was torn and is cut off)"),
        };
        record(Record::Resumed { by: who }).await?;
        match (onward, held) {
            (Onward::Continue, Some(held)) => Ok(Some((runner, held))),
            (Onward::Reverse, Some(held)) => {
                let steered = Steered::Reverse;
                record(Record::Decided(Decision { by, steered })).await?;
                Ok(Some((runner, held)))
            }
            (Onward::Abandon, _) | (_, None) => {
                record(Record::Finished(Outcome::Abandoned)).await?;
                Ok(None)
            }
        }
    }

    /// Makes sure that what is to become of a run was agreed to: that it is undone was not when it began.
    fn agreed(&self, run: &Run, onward: Onward, text: &str) -> Result<(), Problem> {
        let is_agreed = match onward {
            Onward::Continue | Onward::Abandon => text.is_empty(),
            Onward::Reverse => reversal(&self.fleet, &run.plan).is_given(text),
        };
        if is_agreed {
            return Ok(());
        }
        let what = format!(
            "What was typed does not agree to that of {}, so nothing was sent.",
            run.plan.id
        );
        Err(Problem::new(Kind::Denied, what).hint("Type what it asks for."))
    }

    /// Drives a run to its end, hearing what is said to it meanwhile.
    async fn go_on(&self, runner: Arc<Runner>, held: Held) {
        let id = runner.ledger.id();
        self.desk.begin(&id, &runner);
        let ended = tokio::select! {
            ended = runner.drive() => ended,
            Err(halt) = self.hear(&runner) => Err(halt),
        };
        self.desk.end(&id);
        drop(held);
        match ended {
            Ok(outcome) => self.hooks.end(&runner.ledger.run(), &outcome),
            Err(Halt(problem)) => self.refuse(id, problem).await,
        }
    }

    /// Reads the mailbox for as long as the run goes on.
    async fn hear(&self, runner: &Runner) -> Result<(), Halt> {
        let id = runner.ledger.id();
        let mut read = runner.stale;
        loop {
            tokio::time::sleep(MAIL).await;
            let mail = match self.shop.books.journals.mail(&id).await {
                Ok(mail) => mail,
                Err(problem) => {
                    tracing::warn!(%problem, "a mailbox cannot be read");
                    continue;
                }
            };
            for decision in mail.into_iter().skip(read) {
                read += 1;
                if let Err(why) = runner.hear(decision).await? {
                    tracing::warn!(why, "a word to a run came at the wrong time");
                }
            }
        }
    }

    fn runner(&self, journal: Journal, run: Run, warrants: Warrants, stale: usize) -> Arc<Runner> {
        let shop = &self.shop;
        let told = (Arc::clone(&shop.clock), shop.updates.clone());
        Arc::new(Runner {
            hands: Box::new(CloudHands {
                shop: shop.clone(),
                fleet: Arc::clone(&self.fleet),
                warrants,
            }),
            ledger: Ledger::new(shop.books.journals.clone(), journal, run, told),
            audit: shop.books.audit.clone(),
            clock: Arc::clone(&shop.clock),
            hooks: self.hooks.clone(),
            stale,
        })
    }

    /// Leave for every account in which something is to be done.
    fn warrants(&self, run: &Run) -> Result<Warrants, Problem> {
        let now = self.shop.clock.now();
        let warrant = |account: AccountName| {
            let warrant = self.shop.cloud.warrant(&account, now)?;
            Ok((account, warrant))
        };
        accounts(run).into_iter().map(warrant).collect()
    }

    /// Makes sure that we are who the plan was made for.
    async fn identified(&self, run: &Run) -> Result<(), Problem> {
        for account in accounts(run) {
            let who = self.shop.cloud.whoami(&account).await?;
            let mut members = run.plan.members();
            let stranger =
                members.find(|it| it.scope.account == account && it.account != who.account_id);
            if let Some(member) = stranger {
                let what = format!(
                    "The credentials of {account} are those of account {} now, and {} was planned for {}, so nothing was sent.",
                    who.account_id.safe(),
                    run.plan.id,
                    member.account.safe()
                );
                return Err(Problem::new(Kind::Denied, what).hint("Log in again, and plan again."));
            }
        }
        Ok(())
    }
}
