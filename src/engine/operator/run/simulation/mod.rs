//! Runs on a small AWS, in a time that leaps, with a crash wherever one may happen: the scorecard's checks 18 to 20.
//!
//! A life is a process: it begins a run or takes it up, and ends by itself or at a given point. What a test asserts is
//! what AWS was asked to do over all lives, and what the journal tells in the end.

mod crashes;
mod lines;
mod plans;
mod proof;
mod rivals;
mod steering;
mod toy;

use super::{Halt, Ledger, Runner};
use crate::aws::Miscarriage;
use crate::domain::operation::{
    Call, Gate, Member, OperationId, Outcome, Plan, Record, Run, Sight, Stamped, Step,
};
use crate::domain::{AccountName, Clock, Identity, Problem, Scope, Timestamp};
use crate::engine::audit::Audit;
use crate::engine::journal::Journals;
use crate::engine::message::{Tidings, Update};
use crate::engine::operator::gate::Glance;
use crate::engine::operator::hands::{Ask, Hands};
use crate::engine::operator::hooks::Hooks;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use toy::Toy;

pub(super) const ACCOUNT: &str = "123456789012";

/// Where a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crash {
    Never,
    /// When this many records have been written in it.
    Record(usize),
    /// The same, with the last record torn.
    Torn(usize),
    /// Before or after this exchange with AWS.
    Exchange(usize),
}

/// How a life went.
#[derive(Clone, Debug, PartialEq)]
struct Life {
    /// None where it crashed.
    outcome: Option<Outcome>,
    records: usize,
    exchanges: usize,
}

type Meddling = Box<dyn Fn(&mut Toy) + Send + Sync>;

/// A machine with its disk, and the AWS that it looks at.
struct World {
    folder: tempfile::TempDir,
    journals: Journals,
    toy: Arc<Mutex<Toy>>,
    clock: Arc<Virtual>,
    /// What another operator does, and at which exchange.
    meddling: Option<(usize, Arc<Meddling>)>,
    /// What gates see, one after the other; all is well when there is none left.
    glances: Arc<Mutex<VecDeque<Glance>>>,
}

struct Virtual(Instant);

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        let begin = Timestamp::from_timestamp(1_795_000_000, 0).expect("a time");
        begin + chrono::TimeDelta::from_std(self.0.elapsed()).expect("a short time")
    }
}

impl World {
    fn new(toy: Toy) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        Self {
            journals: Journals::at(folder.path().join("operations"), "ann"),
            folder,
            toy: Arc::new(Mutex::new(toy)),
            clock: Arc::new(Virtual(Instant::now())),
            meddling: None,
            glances: Arc::default(),
        }
    }

    fn toy(&self) -> std::sync::MutexGuard<'_, Toy> {
        self.toy.lock().expect("nobody panics with it")
    }

    fn path(&self, id: &OperationId) -> PathBuf {
        self.folder
            .path()
            .join(format!("operations/{}.jsonl", id.as_str()))
    }

    /// A runner for a plan, as a process makes one that has just begun.
    async fn runner(&self, plan: &Plan, trap: &Arc<Trap>) -> (Arc<Runner>, mpsc::Receiver<Update>) {
        let (updates, inbox) = mpsc::channel(1);
        let (journal, run) = if self.path(&plan.id).exists() {
            let (journal, run, _) = self.journals.take_up(&plan.id).await.expect("it is ours");
            (journal, run)
        } else {
            let first = Stamped {
                number: 0,
                at: self.clock.now(),
                record: Record::Planned(Box::new(plan.clone())),
            };
            let journal = self.journals.begin(&plan.id, &first).await.expect("a disk");
            (journal, Run::of(plan.clone(), first.at))
        };
        let clock: Arc<dyn Clock> = self.clock.clone();
        let runner = Runner {
            hands: Box::new(ToyHands {
                toy: Arc::clone(&self.toy),
                trap: Arc::clone(trap),
                meddling: self.meddling.clone(),
                glances: Arc::clone(&self.glances),
            }),
            ledger: Ledger::new(
                self.journals.clone(),
                journal,
                run,
                (Arc::clone(&clock), updates),
            ),
            audit: Audit::at(self.folder.path().join("audit.jsonl"), "ann"),
            clock,
            hooks: Hooks::none(),
            stale: 0,
        };
        (Arc::new(runner), inbox)
    }

    /// One process, until it ends or crashes.
    async fn life(&self, plan: &Plan, crash: Crash) -> Life {
        self.steered(plan, crash, |_, _| None).await
    }

    /// The same, with somebody who says something whenever he likes.
    async fn steered(
        &self,
        plan: &Plan,
        crash: Crash,
        mut says: impl FnMut(&Run, &Tidings) -> Option<crate::domain::operation::Steered>,
    ) -> Life {
        if self.path(&plan.id).exists()
            && let Some((_, outcome)) = self.told(&plan.id).await.outcome
        {
            // Whoever takes it up is told that it is over.
            return Life {
                outcome: Some(outcome),
                records: 0,
                exchanges: 0,
            };
        }
        let trap = Arc::new(Trap::new(crash));
        let (runner, mut inbox) = self.runner(plan, &trap).await;
        let mut records = 0;
        let outcome = {
            let mut drive = std::pin::pin!(runner.drive());
            let mut speech = tokio::task::JoinSet::new();
            loop {
                tokio::select! {
                    biased;
                    () = trap.sprung.notified() => break None,
                    Some(Update::Operation(tidings)) = inbox.recv() => {
                        if let Tidings::Happened(..) = tidings {
                            records += 1;
                            if matches!(crash, Crash::Record(at) | Crash::Torn(at) if at == records) {
                                break None;
                            }
                        }
                        let said = says(&runner.ledger.run(), &tidings);
                        if let Some(steered) = said {
                            let (runner, by) = (Arc::clone(&runner), "ann".to_owned());
                            speech.spawn(async move {
                                let decision = crate::domain::operation::Decision { by, steered };
                                _ = runner.hear(decision).await;
                            });
                        }
                    }
                    ended = &mut drive => break Some(ended),
                }
            }
        };
        drop((runner, inbox));
        self.journals.settled().await;
        tokio::task::yield_now().await;
        if let Crash::Torn(at) = crash
            && outcome.is_none()
            && at > 0
        {
            self.tear(&plan.id);
        }
        let outcome = outcome.map(|ended| match ended {
            Ok(outcome) => outcome,
            Err(Halt(problem)) => panic!("{problem}"),
        });
        Life {
            outcome,
            records,
            exchanges: trap.exchanges.load(Ordering::Relaxed),
        }
    }

    /// Cuts off half of the last record.
    fn tear(&self, id: &OperationId) {
        let path = self.path(id);
        let bytes = std::fs::read(&path).expect("a journal");
        let body = &bytes[..bytes.len() - 1];
        let begin = body
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let half = begin + (body.len() - begin) / 2;
        std::fs::write(&path, &bytes[..half]).expect("a disk");
    }

    /// Lives on until one comes to the end.
    async fn to_the_end(&self, plan: &Plan, crashes: &[Crash]) -> Outcome {
        for crash in crashes {
            if let Some(outcome) = self.life(plan, *crash).await.outcome {
                return outcome;
            }
        }
        let life = self.life(plan, Crash::Never).await;
        life.outcome.expect("nothing crashes it")
    }

    /// What the journal tells.
    async fn told(&self, id: &OperationId) -> Run {
        let runs = self.journals.runs().await.expect("a disk");
        runs.into_iter()
            .find(|run| run.plan.id == *id)
            .expect("it was begun")
    }

    /// The records as they stand in the journal.
    fn records(&self, id: &OperationId) -> Vec<Stamped> {
        let text = std::fs::read_to_string(self.path(id)).expect("a journal");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a record"))
            .collect()
    }
}

/// Where a life ends, as the hands see it.
struct Trap {
    at: Option<usize>,
    exchanges: AtomicUsize,
    sprung: Notify,
}

impl Trap {
    fn new(crash: Crash) -> Self {
        let at = match crash {
            Crash::Exchange(at) => Some(at),
            Crash::Never | Crash::Record(_) | Crash::Torn(_) => None,
        };
        Self {
            at,
            exchanges: AtomicUsize::new(0),
            sprung: Notify::new(),
        }
    }

    /// A moment at which a process may end. The number of it.
    async fn moment(&self) -> usize {
        let number = self.exchanges.fetch_add(1, Ordering::Relaxed) + 1;
        if self.at == Some(number) {
            self.sprung.notify_one();
            std::future::pending::<()>().await;
        }
        number
    }
}

struct ToyHands {
    toy: Arc<Mutex<Toy>>,
    trap: Arc<Trap>,
    meddling: Option<(usize, Arc<Meddling>)>,
    glances: Arc<Mutex<VecDeque<Glance>>>,
}

impl ToyHands {
    fn meddle(&self, number: usize) {
        if let Some((at, meddling)) = &self.meddling
            && *at == number
        {
            meddling(&mut self.toy.lock().expect("nobody panics with it"));
        }
    }
}

impl Hands for ToyHands {
    fn look<'a>(&'a self, _: &'a Scope, call: &'a Call) -> Ask<'a, Result<Sight, Problem>> {
        Box::pin(async move {
            let number = self.trap.moment().await;
            self.meddle(number);
            Ok(self.toy.lock().expect("nobody panics with it").look(call))
        })
    }

    fn carry_out<'a>(
        &'a self,
        _: &'a Scope,
        call: &'a Call,
    ) -> Ask<'a, Result<Option<String>, Miscarriage>> {
        Box::pin(async move {
            let number = self.trap.moment().await;
            // Only CloudFormation takes a condition; before all else a look is as near as it gets.
            if call.stack().is_some() {
                self.meddle(number);
            }
            let answer = self
                .toy
                .lock()
                .expect("nobody panics with it")
                .carry_out(call);
            self.trap.moment().await;
            answer
        })
    }

    fn whoami<'a>(&'a self, _: &'a AccountName) -> Ask<'a, Result<Identity, Problem>> {
        Box::pin(async {
            Ok(Identity {
                account_id: ACCOUNT.into(),
                arn: "arn:aws:iam::123456789012:user/ann".into(),
                expires: None,
            })
        })
    }

    fn way_back<'a>(
        &'a self,
        id: &'a OperationId,
        member: &'a Member,
        (wave, seat, step): (usize, usize, usize),
    ) -> Ask<'a, Result<Vec<Step>, Problem>> {
        Box::pin(async move {
            let stack = member
                .calls()
                .find_map(Call::stack)
                .expect("it has one")
                .clone();
            let mut toy = self.toy.lock().expect("nobody panics with it");
            let there = toy.stacks.get_mut(stack.exact()).expect("it is there");
            there
                .change_sets
                .insert("back".to_owned(), (plans::OLD, "AVAILABLE"));
            Ok(vec![Step::Call(Call::ExecuteChangeSet {
                seen: toy::seen(there),
                stack,
                change_set: "back".into(),
                token: id.token(wave, seat, step),
                failing: crate::domain::operation::OnFailure::RollBack,
            })])
        })
    }

    fn probe<'a>(&'a self, _: &'a Run, _: usize, _: &'a Gate, _: Timestamp) -> Ask<'a, Glance> {
        Box::pin(async {
            let mut glances = self.glances.lock().expect("nobody panics with it");
            glances.pop_front().unwrap_or(Glance::Well)
        })
    }
}
