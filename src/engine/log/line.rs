//! The line to one source: asks for a page until it is answered, and says meanwhile why it is not.
//!
//! Permits, credentials, back-off and deadlines are dealt with here, so that a walk knows three troubles only.

use super::ear::Ear;
use super::{News, SourceState, TailId};
use crate::aws::{EventsPage, EventsQuestion};
use crate::domain::log::Millis;
use crate::domain::{Kind, LogSource, Problem, Reach};
use crate::engine::gate::Turn;
use crate::engine::governor::{Permit, Service, Urgency};
use crate::engine::message::{Cadence, Update};
use crate::engine::{Shop, pace};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The longest that one page may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// How long a range is asked for that does not answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same after the tail was told to end.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);
/// After the first failure: most are over at once.
const FIRST_RETRY: Duration = Duration::from_millis(250);
/// Attempts after which a token counts as part of the trouble.
const TRIES_WITH_A_TOKEN: u32 = 4;

/// What a tail does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// It reads what there is between two moments of the past, and ends.
    Range,
    /// It goes on until it is told to end.
    Following,
}

/// Asks one source.
pub(super) struct Line {
    pub(super) shop: Shop,
    pub(super) tail: TailId,
    pub(super) index: usize,
    pub(super) source: LogSource,
    pub(super) course: Course,
    pub(super) state: SourceState,
    pub(super) interval: Duration,
    /// As many as there are sources in this account and region, and one more.
    pub(super) crowd: Arc<()>,
    /// Asks at once.
    pub(super) nudge: Arc<Notify>,
    /// What Live Tail tells of the source.
    pub(super) ear: Arc<Ear>,
    /// Where to end.
    pub(super) finish: watch::Receiver<Option<Millis>>,
    failures: u32,
    attempts: u64,
    /// By so much our clock is ahead of CloudWatch's, if that is certain.
    ahead: Millis,
    /// Since when nothing but failures has come.
    troubled: Option<Instant>,
}

/// A page, and when it was asked for.
pub(super) struct Answer {
    pub(super) page: EventsPage,
    pub(super) asked: Millis,
    pub(super) at: Instant,
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The token is no good any more: the walk has to begin anew.
    Stale,
    /// What came made no sense.
    Garbled(Problem),
    /// The source will not be asked again.
    Final(Problem),
}

/// What a line is made of.
pub(super) struct Wire {
    pub(super) shop: Shop,
    pub(super) tail: TailId,
    pub(super) index: usize,
    pub(super) source: LogSource,
    pub(super) course: Course,
    pub(super) interval: Duration,
    pub(super) crowd: Arc<()>,
    pub(super) nudge: Arc<Notify>,
    pub(super) ear: Arc<Ear>,
    pub(super) finish: watch::Receiver<Option<Millis>>,
}

impl Line {
    /// Nothing is asked yet.
    pub(super) fn new(wire: Wire) -> Self {
        let Wire {
            shop,
            tail,
            index,
            source,
            course,
            interval,
            crowd,
            nudge,
            ear,
            finish,
        } = wire;
        Self {
            shop,
            tail,
            index,
            source,
            course,
            state: SourceState::default(),
            interval,
            crowd,
            nudge,
            ear,
            finish,
            failures: 0,
            attempts: 0,
            ahead: 0,
            troubled: None,
        }
    }

    /// The time by CloudWatch's clock. With a clock of ours that is minutes ahead, everything would seem to come late.
    pub(super) fn now(&self) -> Millis {
        self.shop.clock.now().timestamp_millis() - self.ahead
    }

    /// Tells the door. Nobody listens any more only when the house is being left.
    pub(super) async fn tell(&self, news: News) {
        let _ = self.shop.updates.send(Update::Log(self.tail, news)).await;
    }

    /// Tells how the source stands.
    pub(super) async fn report(&mut self) {
        self.state.share = self.rate() / self.crowd();
        self.ear.describe(&mut self.state);
        let state = Box::new(self.state.clone());
        self.tell(News::State(self.index, state)).await;
    }

    /// Asks until there is an answer, or a reason to do something else.
    pub(super) async fn page(&mut self, question: &EventsQuestion) -> Result<Answer, Trouble> {
        let mut finish = self.finish.clone();
        // The quota may make the last question of many sources wait, which is not their fault.
        let patience = PATIENCE_AT_THE_END.max(self.period() * 2);
        let too_late = async move {
            if finish.wait_for(Option::is_some).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(patience).await;
        };
        tokio::select! {
            biased;
            answer = self.answered(question) => answer,
            () = too_late => Err(Trouble::Final(
                self.state.failing.clone().unwrap_or_else(|| self.timed_out(patience)),
            )),
        }
    }

    /// Waits for the next poll after one that began at `began`, or until there is a reason to ask now.
    pub(super) async fn rest(&mut self, began: Instant) {
        let turn = self.shop.gates.look(&self.source.scope.account);
        self.pause(began + self.period(), turn.unwrap_or_default())
            .await;
    }

    /// The same for a failure of which the walk had to judge.
    pub(super) async fn bear_garbled(&mut self, problem: Problem) -> Result<(), Problem> {
        let turn = self.shop.gates.look(&self.source.scope.account);
        self.bear(problem, turn.unwrap_or_default()).await
    }

    /// Failures in a row.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    async fn answered(&mut self, question: &EventsQuestion) -> Result<Answer, Trouble> {
        let mut tries = 0;
        loop {
            let (permit, turn) = self.admitted().await;
            let (asked, at) = (self.shop.clock.now().timestamp_millis(), Instant::now());
            let problem = match self.ask(permit, question).await {
                Ok(page) => {
                    self.ahead = ahead(asked, at.elapsed(), page.at);
                    self.ear.set_ahead(self.ahead);
                    let asked = asked - self.ahead;
                    self.failures = 0;
                    self.troubled = None;
                    self.state.failing = None;
                    self.state.retry = None;
                    self.state.polled = Some(self.shop.clock.now());
                    return Ok(Answer { page, asked, at });
                }
                Err(problem) => problem,
            };
            tries += 1;
            self.troubled.get_or_insert(at);
            let account = &self.source.scope.account;
            match problem.kind {
                Kind::Expired => self.shop.gates.shut(account, turn, &problem),
                // The region is not enabled, or nobody knows the key any more: STS knows which.
                Kind::NotRecognized => self.shop.gates.doubt(account, turn),
                Kind::Garbled => return Err(Trouble::Garbled(problem)),
                Kind::Invalid if question.token.is_some() => return Err(Trouble::Stale),
                _ => {}
            }
            self.bear(problem, turn).await.map_err(Trouble::Final)?;
            if question.token.is_some() && tries >= TRIES_WITH_A_TOKEN {
                return Err(Trouble::Stale);
            }
        }
    }

    /// Waits until it may ask. As with pollers, credentials come before the permit.
    async fn admitted(&mut self) -> (Result<Permit, Problem>, Turn) {
        let account = self.source.scope.account.clone();
        let shop = self.shop.clone();
        loop {
            if let Err(problem) = shop.gates.look(&account) {
                self.state.failing = Some(problem.clone());
                // An account without credentials is asked again when it has new ones, not at a time.
                self.state.retry = None;
                self.report().await;
                let opened = shop.gates.passed(&account);
                match self.course {
                    Course::Following => opened.await,
                    Course::Range => {
                        // Patience runs out once, whatever uses it up.
                        let since = *self.troubled.get_or_insert_with(Instant::now);
                        if tokio::time::timeout_at(since + PATIENCE, opened)
                            .await
                            .is_err()
                        {
                            return (Err(problem), Turn::default());
                        }
                    }
                }
            }
            if let (Err(problem), Ok(turn)) =
                (shop.cloud.ready(&account).await, shop.gates.look(&account))
            {
                return (Err(problem), turn);
            }
            let permit = shop
                .governor
                .permit(Service::LogEvents, &self.source.scope, Urgency::Focused)
                .await;
            if let Ok(turn) = shop.gates.look(&account) {
                return (Ok(permit), turn);
            }
        }
    }

    async fn ask(
        &self,
        permit: Result<Permit, Problem>,
        question: &EventsQuestion,
    ) -> Result<EventsPage, Problem> {
        let permit = permit?;
        let asking = self.shop.cloud.log_events(&self.source.scope, question);
        let (result, requests) = tokio::time::timeout(DEADLINE, crate::aws::counted(asking))
            .await
            .unwrap_or_else(|_elapsed| (Err(self.timed_out(DEADLINE)), 1));
        permit.settle(result.as_ref().map(|_| ()), requests);
        result
    }

    /// Whether asking on would keep somebody waiting for nothing.
    fn is_final(&self, kind: Kind) -> bool {
        let is_ending = self.finish.borrow().is_some() || self.course == Course::Range;
        is_ending
            && match kind {
                Kind::Denied | Kind::Missing | Kind::Invalid | Kind::NotRecognized => true,
                // Whoever throttles answers, and will let us through.
                Kind::Throttled => false,
                Kind::Expired
                | Kind::ClockSkew
                | Kind::Capped
                | Kind::Unreachable(_)
                | Kind::Garbled
                | Kind::Server
                | Kind::Bug => self
                    .troubled
                    .is_some_and(|since| since.elapsed() >= PATIENCE),
            }
    }

    /// Says what is wrong and waits for the next attempt; gives up when asking on is useless.
    async fn bear(&mut self, problem: Problem, turn: Turn) -> Result<(), Problem> {
        if self.is_final(problem.kind) {
            return Err(problem);
        }
        self.failures += 1;
        self.attempts += 1;
        let cadence = Cadence::Focused(TimeDelta::from_std(self.period()).unwrap_or_default());
        let delay = pace::delay(cadence, Err(&problem), self.failures).unwrap_or(FIRST_RETRY);
        let is_blip = matches!(
            problem.kind,
            Kind::Unreachable(_) | Kind::Garbled | Kind::Server
        );
        let delay = match self.course {
            _ if is_blip && self.failures == 1 => delay.min(FIRST_RETRY),
            Course::Range => delay.min(PATIENCE / 4),
            Course::Following => delay,
        };
        let delay = pace::jittered(delay, &(&self.source, self.tail), self.attempts);
        self.state.retry = TimeDelta::from_std(delay)
            .ok()
            .filter(|_| problem.kind != Kind::Expired)
            .map(|delay| self.shop.clock.now() + delay);
        self.state.failing = Some(problem);
        self.report().await;
        self.pause(Instant::now() + delay, turn).await;
        Ok(())
    }

    /// Waits for a moment, a nudge, other credentials, or the order to end.
    async fn pause(&mut self, until: Instant, turn: Turn) {
        let account = &self.source.scope.account;
        let is_ending = self.finish.borrow_and_update().is_some();
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = self.nudge.notified() => {}
            () = self.shop.gates.moved(account, turn) => {}
            Ok(()) = self.finish.changed(), if !is_ending => {}
        }
    }

    /// Between two polls: the interval, or this source's share of what the region allows.
    fn period(&self) -> Duration {
        let share = Duration::try_from_secs_f64(self.crowd() / self.rate());
        let interval = self.ear.interval(self.interval);
        interval.max(share.unwrap_or(interval))
    }

    fn rate(&self) -> f64 {
        let scope = &self.source.scope;
        self.shop.governor.rate(Service::LogEvents, scope)
    }

    /// How many sources share the quota.
    fn crowd(&self) -> f64 {
        let sources = Arc::strong_count(&self.crowd).saturating_sub(1).max(1);
        f64::from(u32::try_from(sources).unwrap_or(u32::MAX))
    }

    fn timed_out(&self, after: Duration) -> Problem {
        let what = format!(
            "Reading the log group {} took longer than {} s.",
            self.source,
            after.as_secs()
        );
        Problem::new(Kind::Unreachable(Reach::TimedOut), what)
    }
}

/// By how much a clock that said `asked` is ahead of one that said `answered`, a second rounded down, `took` later.
/// Nought as long as they may agree; else the most that it can be, because who thinks it later than it is takes for read
/// what is still to come.
fn ahead(asked: Millis, took: Duration, answered: Option<Millis>) -> Millis {
    let Some(answered) = answered else { return 0 };
    let took = Millis::try_from(took.as_millis()).unwrap_or(Millis::MAX);
    let earliest = answered.saturating_sub(took);
    if (earliest..=answered + 1_000).contains(&asked) {
        0
    } else {
        asked - earliest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_difference_that_is_certain_moves_the_clock() {
        for (asked, took, answered, expected) in [
            (10_300, 200, Some(10_000), 0),
            (10_900, 200, Some(11_000), 0),
            (70_300, 200, Some(10_000), 60_500),
            (10_300, 200, Some(70_000), -59_500),
            (10_300, 200, None, 0),
        ] {
            let found = ahead(asked, Duration::from_millis(took), answered);
            assert_eq!(found, expected, "{asked} {answered:?}");
        }
    }
}
