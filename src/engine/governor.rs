//! How fast a service may be asked: one pair of account and region never takes another's turn.
//!
//! For every service × region × account there is a token bucket that halves its rate when AWS throttles and gets it
//! back over a minute without throttling (AIMD), and a breaker that lets single probes through while nothing answers.
//! Where AWS publishes a rate the bucket starts with half of it; where it does not (CloudFormation), with a guess that
//! observation corrects. Who waits for the same bucket is served in the order of coming.

mod allowance;

pub(super) use allowance::Service;

use crate::domain::{Kind, Problem, Scope};
use allowance::Allowance;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The slowest that throttling makes us.
const RATE_AT_LEAST: f64 = 1.0 / 60.0;
/// How long it takes from nothing to the full rate again.
const RECOVERY_SECONDS: f64 = 60.0;
/// How long anyone sleeps before looking at the bucket again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Calls in flight over the whole fleet.
const IN_FLIGHT: usize = 64;
/// Failures in a row after which a pair counts as dark.
const FAILURES_UNTIL_DARK: u32 = 3;
/// Between two probes of a dark pair: at first, and at most.
const PROBE: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(60));

/// How much it matters that the call is made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Focused,
    /// Leaves half of the burst to those who are looked at.
    Background,
}

/// All the buckets and breakers.
#[derive(Debug)]
pub(super) struct Governor {
    pairs: Mutex<HashMap<(Service, Scope), Arc<Pair>>>,
    fleet: Arc<Semaphore>,
}

#[derive(Debug)]
struct Pair {
    state: Mutex<State>,
    in_flight: Arc<Semaphore>,
    /// Who waits for a token; only the first of each line looks at the bucket, so that nobody is overtaken for ever.
    focused: tokio::sync::Mutex<()>,
    background: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    allowance: Allowance,
    rate: f64,
    tokens: f64,
    counted: Instant,
    /// How often throttling has slowed the pair down: calls that were on their way then do not count again.
    slowed: u64,
    failures: u32,
    /// While dark: when the next probe may go.
    probe: Option<Instant>,
}

/// The right to make one call; given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    pair: Arc<Pair>,
    /// [`State::slowed`] when it was given.
    slowed: u64,
    _of_pair: OwnedSemaphorePermit,
    _of_fleet: OwnedSemaphorePermit,
}

impl Default for Governor {
    fn default() -> Self {
        Self {
            pairs: Mutex::default(),
            fleet: Arc::new(Semaphore::new(IN_FLIGHT)),
        }
    }
}

impl Governor {
    /// Waits for the right to call. Never waits for another pair, but for the fleet's ceiling of calls in flight.
    pub(super) async fn permit(&self, service: Service, scope: &Scope, urgency: Urgency) -> Permit {
        let pair = self.pair(service, scope);
        // The turn first, the places after it: who waits for a turn holds nothing that another could use, and looks
        // again often enough to see a rate that recovered or a dark pair that is bright again.
        let line = match urgency {
            Urgency::Focused => pair.focused.lock().await,
            Urgency::Background => pair.background.lock().await,
        };
        let slowed = loop {
            match pair.take(urgency) {
                Ok(slowed) => break slowed,
                Err(wait) => tokio::time::sleep(wait.min(LOOK_AGAIN)).await,
            }
        };
        drop(line);
        let of_pair = Arc::clone(&pair.in_flight)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let of_fleet = Arc::clone(&self.fleet)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Permit {
            pair,
            slowed,
            _of_pair: of_pair,
            _of_fleet: of_fleet,
        }
    }

    /// Calls per second that may be made at present.
    pub(super) fn rate(&self, service: Service, scope: &Scope) -> f64 {
        self.pair(service, scope).state().rate
    }

    fn pair(&self, service: Service, scope: &Scope) -> Arc<Pair> {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = pairs
            .entry((service, scope.clone()))
            .or_insert_with(|| Arc::new(Pair::new(Allowance::of(service, scope))));
        Arc::clone(pair)
    }
}

impl Permit {
    /// Tells how the call went, and how many requests it took.
    pub(super) fn settle(self, outcome: Result<(), &Problem>, requests: u32) {
        self.pair.learn(outcome, requests, self.slowed);
    }
}

impl Pair {
    fn new(allowance: Allowance) -> Self {
        let state = State {
            allowance,
            rate: allowance.rate,
            tokens: allowance.burst,
            counted: Instant::now(),
            slowed: 0,
            failures: 0,
            probe: None,
        };
        Self {
            state: Mutex::new(state),
            in_flight: Arc::new(Semaphore::new(allowance.in_flight)),
            focused: tokio::sync::Mutex::default(),
            background: tokio::sync::Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a token, or says how long to wait before trying again.
    fn take(&self, urgency: Urgency) -> Result<u64, Duration> {
        let mut state = self.state();
        let now = Instant::now();
        state.refill(now);
        if let Some(probe) = state.probe {
            if now < probe {
                return Err(probe - now);
            }
            // Half open: this one goes, the next waits for its outcome or for the next probe.
            state.probe = Some(now + probe_delay(state.failures));
            return Ok(state.slowed);
        }
        let floor = match urgency {
            Urgency::Focused => 0.0,
            Urgency::Background => state.allowance.burst / 2.0,
        };
        let missing = floor + 1.0 - state.tokens;
        if missing > 0.0 {
            return Err(Duration::from_secs_f64(missing / state.rate).max(Duration::from_millis(1)));
        }
        state.tokens -= 1.0;
        Ok(state.slowed)
    }

    fn learn(&self, outcome: Result<(), &Problem>, requests: u32, slowed: u64) {
        let mut state = self.state();
        let now = Instant::now();
        state.refill(now);
        // A long list takes several requests; the bucket may go into debt for them.
        state.tokens -= f64::from(requests.saturating_sub(1));
        match outcome.map_err(|problem| problem.kind) {
            Err(Kind::Throttled) => {
                if state.slowed == slowed {
                    state.slowed += 1;
                    state.rate = (state.rate / 2.0).max(RATE_AT_LEAST);
                }
                state.tokens = state.tokens.min(0.0);
                state.answered();
            }
            Err(Kind::Unreachable(_) | Kind::Server) => {
                state.failures += 1;
                if state.failures >= FAILURES_UNTIL_DARK {
                    state.probe = Some(now + probe_delay(state.failures));
                }
            }
            Ok(())
            | Err(
                Kind::Denied
                | Kind::Expired
                | Kind::NotRecognized
                | Kind::Missing
                | Kind::Invalid
                | Kind::ClockSkew
                | Kind::Capped
                | Kind::Garbled
                | Kind::Bug,
            ) => state.answered(),
        }
    }
}

impl State {
    fn refill(&mut self, now: Instant) {
        let seconds = (now - self.counted).as_secs_f64();
        self.counted = now;
        let Allowance { rate, burst, .. } = self.allowance;
        self.rate = (self.rate + rate * seconds / RECOVERY_SECONDS).min(rate);
        self.tokens = (self.tokens + self.rate * seconds).min(burst);
    }

    /// Something answered, whatever it said: the pair is not dark.
    fn answered(&mut self) {
        self.failures = 0;
        self.probe = None;
    }
}

/// 15, 30, then 60 seconds.
fn probe_delay(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(FAILURES_UNTIL_DARK).min(4);
    (PROBE.0 * (1 << doublings)).min(PROBE.1)
}

#[cfg(test)]
mod tests {
    use super::allowance::RATE;
    use super::*;
    use crate::domain::{AccountName, Reach, Region};

    fn here() -> Scope {
        Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
    }

    async fn call(governor: &Governor, outcome: Result<(), Kind>) -> Duration {
        let began = Instant::now();
        let permit = governor
            .permit(Service::CloudFormation, &here(), Urgency::Focused)
            .await;
        let waited = began.elapsed();
        let problem = outcome.map_err(|kind| Problem::new(kind, "It failed."));
        permit.settle(problem.as_ref().copied(), 1);
        waited
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let governor = Governor::default();
        let mut waits = Vec::new();
        for _ in 0..6 {
            waits.push(call(&governor, Ok(())).await.as_millis());
        }
        assert_eq!(waits[..4], [0, 0, 0, 0]);
        assert!(waits[4] >= 490 && waits[5] >= 490, "{waits:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_the_rate_and_a_quiet_minute_brings_it_back() {
        let governor = Governor::default();
        for _ in 0..3 {
            call(&governor, Err(Kind::Throttled)).await;
        }
        assert!(
            call(&governor, Ok(())).await > Duration::from_secs(1),
            "a quarter of the rate or less"
        );
        tokio::time::sleep(Duration::from_secs(60)).await;
        for _ in 0..4 {
            assert_eq!(call(&governor, Ok(())).await, Duration::ZERO);
        }
    }

    #[test]
    fn of_a_published_rate_half_is_taken() {
        let account = AccountName::new("prod");
        for (region, rate, burst) in [
            ("us-east-1", 12.5, 25.0),
            ("eu-central-1", 2.5, 5.0),
            ("eu-west-1", 5.0, 10.0),
        ] {
            let scope = Scope::regional(&account, &Region::new(region));
            let allowance = Allowance::of(Service::LogEvents, &scope);
            assert_eq!((allowance.rate, allowance.burst), (rate, burst), "{region}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_throttled_together_slow_down_once() {
        let governor = Governor::default();
        let mut permits = Vec::new();
        for _ in 0..4 {
            let permit = governor
                .permit(Service::CloudFormation, &here(), Urgency::Focused)
                .await;
            permits.push(permit);
        }
        let problem = Problem::new(Kind::Throttled, "It failed.");
        for permit in permits {
            permit.settle(Err(&problem), 1);
        }
        let rate = governor.rate(Service::CloudFormation, &here());
        assert!((rate - RATE / 2.0).abs() < 1e-9, "{rate}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_served_in_the_order_of_coming() {
        let governor = Arc::new(Governor::default());
        let served = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let (governor, served) = (Arc::clone(&governor), Arc::clone(&served));
            tasks.spawn(async move {
                let urgency = Urgency::Focused;
                let permit = governor.permit(Service::LogEvents, &here(), urgency).await;
                served.lock().unwrap().push(number);
                permit.settle(Ok(()), 1);
            });
            tokio::task::yield_now().await;
        }
        tasks.join_all().await;
        assert_eq!(*served.lock().unwrap(), (0..20).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn a_dark_pair_gets_single_probes() {
        let governor = Governor::default();
        let dark = Err(Kind::Unreachable(Reach::TimedOut));
        for _ in 0..3 {
            call(&governor, dark).await;
        }
        let waits = [
            call(&governor, dark).await,
            call(&governor, dark).await,
            call(&governor, dark).await,
        ];
        assert_eq!(waits.map(|wait| wait.as_secs()), [15, 30, 60]);
        assert_eq!(call(&governor, Ok(())).await.as_secs(), 60);
        assert_eq!(
            call(&governor, Ok(())).await.as_secs(),
            0,
            "one answer and it is bright again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn another_region_does_not_notice() {
        let governor = Governor::default();
        for _ in 0..5 {
            call(&governor, Err(Kind::Unreachable(Reach::TimedOut))).await;
        }
        let there = Scope::regional(&AccountName::new("prod"), &Region::new("us-east-1"));
        let began = Instant::now();
        let _permit = governor
            .permit(Service::CloudFormation, &there, Urgency::Focused)
            .await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
