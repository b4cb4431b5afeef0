//! Live Tail over polling, against a sandbox that knows what it holds.

mod sharing;
mod skew;

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use chrono::TimeDelta;
use quarterdeck::domain::log::Millis;
use quarterdeck::domain::{Kind, LogSource, Problem, Untrusted};
use quarterdeck::engine::log::{Manner, News, SourceState, TailId, TailSpec};
use quarterdeck::engine::message::{Request, Update};
use quarterdeck::sandbox::{Fault, FaultKind, LogLine, Place, Scenario};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

const TAIL: TailId = TailId(1);
const REGION: &str = "eu-west-1";
const OTHER: &str = "us-east-1";

/// A reader of one region's log groups, and what it was told.
struct Reader {
    world: World,
    spec: TailSpec,
    /// Source, time and message of every event, and when it was told by the sandbox's clock.
    told: Vec<(usize, Millis, String, Millis)>,
    state: BTreeMap<usize, SourceState>,
    /// Why there was no session, whenever that was said.
    silences: Vec<Problem>,
    was_sampled: bool,
    reached: BTreeMap<usize, Millis>,
    ended: usize,
    repeated: u64,
    /// Events that had been readable before a moment that was said to be reached.
    late: usize,
}

impl Reader {
    /// Tails these groups; nobody writes but the test.
    async fn new(sources: &[(&str, &str)]) -> Self {
        Self::polling_every(TimeDelta::seconds(2), sources).await
    }

    async fn polling_every(interval: TimeDelta, sources: &[(&str, &str)]) -> Self {
        let text = format!(
            r#"seed = 7
            [logs]
            rate = 0.0
            quotas = true
            [[account]]
            id = "{PROD_ID}"
            name = "{PROD}"
            access_key = "{PROD_ID}"
            colour = "red"
            guard = "typed"
            regions = ["{REGION}", "{OTHER}"]
            "#
        );
        let scenario = Scenario::parse(&text).unwrap();
        let world = World::new(&scenario, vec![account(PROD, PROD_ID, &[REGION, OTHER])]);
        let source = |(region, group): &(&str, &str)| LogSource {
            scope: scope(PROD, region),
            group: Untrusted::from(*group),
        };
        let spec = TailSpec {
            id: TAIL,
            sources: sources.iter().map(source).collect(),
            pattern: None,
            from: world.clock.now() - TimeDelta::seconds(60),
            until: None,
            manner: Manner::Live,
            interval,
        };
        world.engine.submit(Request::Tail(spec.clone())).await;
        Self {
            world,
            spec,
            told: Vec::new(),
            state: BTreeMap::new(),
            silences: Vec::new(),
            was_sampled: false,
            reached: BTreeMap::new(),
            ended: 0,
            repeated: 0,
            late: 0,
        }
    }

    fn now(&self) -> Millis {
        self.world.clock.now().timestamp_millis()
    }

    /// Puts a line for each time, readable 300 ms after it. Every third says the same as the one before it.
    fn put(&self, (region, group): (&str, &str), times: impl IntoIterator<Item = Millis>) {
        let line = |(number, timestamp): (usize, Millis)| LogLine {
            timestamp,
            ingestion: timestamp + 300,
            message: format!("line {}", number - number % 3 / 2),
        };
        let lines: Vec<_> = times.into_iter().enumerate().map(line).collect();
        let gateway = &self.world.gateway;
        gateway.put_log_events((PROD_ID, region), group, "stream", &lines);
    }

    fn break_line(&self, operation: &str, kind: FaultKind) -> quarterdeck::sandbox::FaultId {
        let place = Place::region(REGION).service("logs").operation(operation);
        self.world.gateway.inject(Fault::new(place, kind))
    }

    async fn run(&mut self, span: Duration) {
        self.run_by(span, Duration::from_millis(50)).await;
    }

    /// Lets time pass, both ours and the sandbox's, in such steps.
    async fn run_by(&mut self, span: Duration, step: Duration) {
        let end = Instant::now() + span;
        while Instant::now() < end {
            self.world.clock.advance(step);
            let until = Instant::now() + step;
            while let Some(update) = self.world.next(until).await {
                self.take(update);
            }
        }
    }

    fn take(&mut self, update: Update) {
        let now = self.now();
        match update {
            Update::Log(TAIL, News::Page(page)) => {
                self.repeated += page.repeated;
                let event = |event: quarterdeck::domain::LogEvent<'_>| {
                    (page.source, event.time, event.exact().to_owned(), now)
                };
                self.told.extend(page.events.iter().map(event));
                let reached = self.reached.entry(page.source).or_default();
                let is_late = |event: &quarterdeck::domain::LogEvent<'_>| event.ingested < *reached;
                self.late += page.events.iter().filter(is_late).count();
                *reached = page.reached.max(*reached);
            }
            Update::Log(TAIL, News::State(source, state)) => {
                let reached = self.reached.entry(source).or_default();
                *reached = state.reached.unwrap_or_default().max(*reached);
                self.was_sampled |= state.live.is_some_and(|live| live.is_sampled);
                self.silences.extend(state.not_live.clone());
                self.state.insert(source, *state);
            }
            Update::Log(TAIL, News::Ended(_, _)) => self.ended += 1,
            Update::Log(_, News::Hole(_, hole)) => panic!("{hole:?}"),
            _ => {}
        }
    }

    /// Fails unless everything that can be read was told, and told once.
    fn assert_complete(&self) {
        for (index, source) in self.spec.sources.iter().enumerate() {
            let region = source.scope.region().unwrap().as_str();
            let place = (PROD_ID, region);
            let (group, window) = (source.group.exact(), 0..self.now());
            let truth = self.world.gateway.log_truth(place, group, window);
            let readable = truth.iter().filter(|event| event.ingestion < self.now());
            let mut expected: Vec<_> = readable
                .map(|event| (event.timestamp, event.message.to_string()))
                .collect();
            let of_source = self.told.iter().filter(|(of, ..)| *of == index);
            let mut told: Vec<_> = of_source
                .map(|(_, time, message, _)| (*time, message.clone()))
                .collect();
            expected.sort();
            told.sort();
            let missing = expected
                .iter()
                .filter(|event| !told.contains(event))
                .count();
            assert!(
                told == expected,
                "of {} events of {source}, {missing} are missing and {} were told",
                expected.len(),
                told.len()
            );
        }
    }

    /// How often an operation was asked for.
    fn asked(&self, operation: &str) -> usize {
        let requests = self.world.gateway.requests();
        let asked = requests.iter().filter(|asked| asked.operation == operation);
        asked.count()
    }

    fn is_live(&self, source: usize) -> bool {
        self.state
            .get(&source)
            .is_some_and(|state| state.live.is_some())
    }
}

/// So many times, this far apart.
fn every(step: Millis, from: Millis, count: i64) -> impl Iterator<Item = Millis> {
    (0..count).map(move |number| from + number * step)
}

#[tokio::test(start_paused = true)]
async fn what_is_written_is_told_within_a_second_or_two_and_polls_are_few() {
    let sources = [(REGION, "/a"), (REGION, "/b"), (OTHER, "/a")];
    let mut reader = Reader::new(&sources).await;
    let start = reader.now();
    for source in sources {
        reader.put(source, every(200, start - 20_000, 400));
    }
    reader.run(Duration::from_secs(70)).await;
    reader.assert_complete();

    let mut waits: Vec<_> = reader
        .told
        .iter()
        .filter(|(_, time, ..)| *time > start + 3_000)
        .map(|(_, time, _, told)| told - (time + 300))
        .collect();
    waits.sort_unstable();
    let (half, most) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    assert!(half <= 600 && most <= 1_100, "{half} ms, {most} ms at most");
    let polls = reader.asked("FilterLogEvents");
    assert!(polls <= 3 * 12, "{polls} polls of three sources in 70 s");
    assert_eq!(reader.asked("StartLiveTail"), 2, "one session for a region");
    assert_eq!(reader.asked("DescribeLogGroups"), 0);
    let live = reader.state[&0].live.unwrap();
    assert_eq!((live.sharing, live.is_sampled), (2, false));
    let behind = reader.now() - reader.reached[&0];
    assert!(behind <= 2_100, "a merge waits for {behind} ms");
    assert_eq!(reader.late, 0);
    let dollars = live.dollars(reader.world.clock.now());
    assert!((0.004..0.007).contains(&dollars), "{dollars}");
}

#[tokio::test(start_paused = true)]
async fn what_a_sample_leaves_out_is_polled_and_the_sampling_is_shown() {
    let slowly = TimeDelta::seconds(5);
    let mut reader = Reader::polling_every(slowly, &[(REGION, "/flood")]).await;
    let start = reader.now();
    reader.put((REGION, "/flood"), every(1, start + 5_000, 10_000));
    reader.put((REGION, "/flood"), every(500, start + 16_000, 60));
    reader.run(Duration::from_secs(60)).await;
    reader.assert_complete();
    assert!(reader.was_sampled);
    assert!(!reader.state[&0].live.unwrap().is_sampled, "it is over");
    assert_eq!(reader.late, 0);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_replaced_before_its_three_hours_end_and_nothing_is_missed() {
    let mut reader = Reader::new(&[(REGION, "/slow")]).await;
    let start = reader.now();
    reader.put((REGION, "/slow"), every(5_000, start, 2_300));
    let step = Duration::from_secs(1);
    reader
        .run_by(Duration::from_secs(3 * 3_600 + 400), step)
        .await;
    reader.assert_complete();
    let requests = reader.world.gateway.requests();
    let opened: Vec<_> = requests
        .iter()
        .filter(|request| request.operation == "StartLiveTail")
        .map(|request| request.at.timestamp_millis() - start)
        .collect();
    assert_eq!(opened.len(), 2, "{opened:?}");
    assert!(opened[1] < 3 * 3_600_000, "{opened:?}");
    assert_eq!(reader.silences, [], "nothing went wrong");
    assert_eq!(reader.late, 0);
    let live = reader.state[&0].live.unwrap();
    let open = live.open(reader.world.clock.now());
    assert!(open > TimeDelta::seconds(3 * 3_600 + 380), "{open}");
}

#[tokio::test(start_paused = true)]
async fn sessions_that_break_off_or_cannot_be_opened_leave_polls_as_they_were() {
    for kind in [
        FaultKind::Severed { after: 4 },
        FaultKind::Reset,
        FaultKind::Dark,
        FaultKind::ServerError { status: 500 },
    ] {
        let mut reader = Reader::new(&[(REGION, "/a")]).await;
        let start = reader.now();
        reader.put((REGION, "/a"), every(250, start, 780));
        reader.run(Duration::from_secs(20)).await;
        assert!(reader.is_live(0));
        let fault = reader.break_line("StartLiveTail", kind.clone());
        reader.run(Duration::from_secs(60)).await;
        assert!(!reader.silences.is_empty(), "{kind:?}");
        let late = reader.now() - reader.told[reader.told.len() - 1].1;
        assert!(late <= 3_500, "{kind:?}: the last event is {late} ms old");
        reader.world.gateway.heal(fault);
        reader.run(Duration::from_secs(120)).await;
        reader.assert_complete();
        assert!(reader.is_live(0), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_not_open_a_session_is_told_so_polls_and_listens_once_that_is_allowed() {
    let mut reader = Reader::new(&[(REGION, "/a")]).await;
    let denied = reader.break_line("StartLiveTail", FaultKind::AccessDenied);
    let start = reader.now();
    reader.put((REGION, "/a"), every(250, start, 780));
    reader.run(Duration::from_secs(60)).await;
    assert_eq!(reader.silences.last().unwrap().kind, Kind::Denied);
    assert!(!reader.is_live(0));
    let late = reader.now() - reader.told[reader.told.len() - 1].1;
    assert!(late <= 3_500, "the last event is {late} ms old");
    reader.world.gateway.heal(denied);
    reader.run(Duration::from_secs(600)).await;
    reader.assert_complete();
    assert!(reader.is_live(0));
}

#[tokio::test(start_paused = true)]
async fn half_a_character_ends_a_session_and_its_line_is_polled() {
    let mut reader = Reader::new(&[(REGION, "/a")]).await;
    let start = reader.now();
    let said = FaultKind::SURROGATE;
    let line = LogLine {
        timestamp: start + 10_000,
        ingestion: start + 10_300,
        message: format!("half {said}"),
    };
    let gateway = &reader.world.gateway;
    gateway.put_log_events((PROD_ID, REGION), "/a", "stream", &[line]);
    gateway.inject(Fault::new(
        Place::region(REGION).service("logs"),
        FaultKind::lone_surrogates(),
    ));
    reader.put((REGION, "/a"), every(500, start, 100));
    reader.run(Duration::from_secs(60)).await;
    let half = reader
        .told
        .iter()
        .find(|(_, _, message, _)| message.starts_with("half"));
    assert_eq!(half.unwrap().2, "half \u{fffd}");
    assert_eq!(reader.told.len(), 101);
    assert_eq!(reader.silences.last().unwrap().kind, Kind::Garbled);
    assert!(reader.is_live(0));
}

#[tokio::test(start_paused = true)]
async fn going_back_to_polling_closes_the_session_and_going_live_again_repeats_nothing() {
    let mut reader = Reader::new(&[(REGION, "/a")]).await;
    let start = reader.now();
    reader.put((REGION, "/a"), every(300, start, 400));
    for (manner, is_live) in [
        (Manner::Polling, false),
        (Manner::Live, true),
        (Manner::Polling, false),
        (Manner::Live, true),
    ] {
        reader.run(Duration::from_secs(15)).await;
        assert_eq!(reader.is_live(0), !is_live);
        let spec = TailSpec {
            manner,
            ..reader.spec.clone()
        };
        reader.world.engine.submit(Request::Tail(spec)).await;
    }
    reader.run(Duration::from_secs(75)).await;
    reader.assert_complete();
    assert_eq!(reader.asked("StartLiveTail"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_live_tail_that_is_told_to_finish_reads_to_the_end_and_says_so() {
    let mut reader = Reader::new(&[(REGION, "/a"), (OTHER, "/b")]).await;
    let start = reader.now();
    reader.put((REGION, "/a"), every(100, start, 600));
    reader.put((OTHER, "/b"), every(100, start, 600));
    reader.run(Duration::from_secs(30)).await;
    let finish = Request::Finish(TAIL, reader.world.clock.now());
    reader.world.engine.submit(finish).await;
    reader.run(Duration::from_secs(5)).await;
    assert_eq!(reader.ended, 2);
    let (told, until) = (reader.told.len(), start + 29_500);
    for source in 0..2 {
        let before =
            |(of, time, ..): &&(usize, Millis, String, Millis)| *of == source && *time < until;
        assert_eq!(reader.told.iter().filter(before).count(), 295);
    }
    reader.run(Duration::from_secs(10)).await;
    assert_eq!(reader.told.len(), told, "nothing after the end");
}
