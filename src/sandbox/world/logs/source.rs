//! Lines without end: what a group would have logged, worked out for the window that is asked about.
//!
//! Time is cut into slots. A slot's dice (seeded by the group and the slot's number) decide how much work
//! falls into it, when, in which stream and how it ends; each piece of work then writes its lines. So one
//! minute of last year costs as much as one minute of today, and nothing is kept.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::event::LogEvent;
use super::group::Stream;
use super::reading::Streams;
use super::voice::{Fate, Unit, Voice};
use crate::sandbox::world::ailment::Ailment;
use crate::sandbox::world::health::Spell;
use crate::sandbox::world::lambda::Lambda;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::traffic::{LOAD, whole};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
const MILLION: i64 = 1_000_000;
/// The longest that one piece of work goes on writing, in milliseconds.
const LONGEST: i64 = 34_000;
/// The latest that an event arrives after it happened, in milliseconds.
pub(super) const LATEST: i64 = 120_000;
/// What is not late is there by then.
const PROMPT: i64 = 3_000;
/// Lines that one piece of work writes, on average, and bytes of a line.
const LINES: i64 = 6;
const LINE_BYTES: i64 = 150;
/// How far back streams are listed.
const STREAMS_LISTED: i64 = 14 * 24 * HOUR;
/// AWS writes down the time of a stream's last event only now and then.
const LAST_EVENT_EVERY: i64 = 20 * MINUTE;
/// Where the made-up lines of a group come from. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) seed: u64,
    pub(super) voice: Voice,
    /// Millionths of a piece of work per minute.
    pub(super) rate: i64,
    /// Millionths of the work that fails on an ordinary day.
    pub(super) errors: i64,
    /// Millionths of the lines that arrive up to two minutes late.
    pub(super) late: i64,
    pub(super) illness: Option<Illness>,
    pub(super) life: Range<i64>,
}

/// What makes a group's lines speak of trouble.
#[derive(Debug)]
pub(super) enum Illness {
    /// A failure that nobody has repaired.
    Of(Ailment),
    /// Whatever ails the function, which clients can change.
    Function(Arc<Lambda>),
    /// It fails its load balancer's checks now and then, and some of its other work as well.
    Spells(Vec<Spell>),
}

impl Illness {
    /// Millionths of the work that fails at a time, if it is more than on an ordinary day.
    fn share(&self, at: i64) -> Option<i64> {
        let share = match self {
            Illness::Of(ailment) => (ailment.since <= at).then_some(ailment.share),
            Illness::Function(lambda) => lambda.failing(at),
            Illness::Spells(spells) => spells.iter().any(|spell| spell.holds(at)).then_some(0.5),
        };
        share.map(|share| whole(share * 1_000_000.0))
    }
}

impl Source {
    pub(super) fn began(&self) -> i64 {
        self.life.start
    }

    /// How many milliseconds hold about so many events.
    pub(super) fn span_of(&self, events: usize) -> i64 {
        let events = i64::try_from(events).unwrap_or(i64::MAX / MILLION / MINUTE);
        (events * MINUTE / LINES * MILLION / self.rate).max(1_000)
    }

    pub(super) fn bytes(&self, from: i64, to: i64) -> i64 {
        let from = from.max(self.life.start);
        let minutes = (to.min(self.life.end) - from).max(0) / MINUTE;
        minutes * (self.rate * LINES / 1_000) / 1_000 * LINE_BYTES
    }

    /// The lines of the window, in no order.
    pub(super) fn lines(&self, window: &Range<i64>, streams: &Streams) -> Vec<LogEvent> {
        let window = window.start.max(self.life.start)..window.end.min(self.life.end);
        let mut events = Vec::new();
        if window.is_empty() {
            return events;
        }
        let mut names: BTreeMap<(i64, i64), Option<Arc<str>>> = BTreeMap::new();
        let mut said: Vec<(i64, String)> = Vec::new();
        let slot = self.slot();
        let slots = (window.start - LONGEST).div_euclid(slot)..=(window.end - 1).div_euclid(slot);
        for unit in slots.flat_map(|number| self.units(number)) {
            if unit.at >= window.end || unit.at + unit.takes < window.start {
                continue;
            }
            let turn = self.turn(unit.lane, unit.at);
            let stream = names.entry((unit.lane, turn)).or_insert_with(|| {
                let name = self.stream_name(unit.lane, turn);
                streams.include(&name).then(|| name.into())
            });
            let Some(stream) = stream else { continue };
            self.voice.speak(&unit, &mut said);
            let delay = 100 + i64::try_from((unit.seed >> 7) % 2_900).unwrap_or(0);
            for (place, (timestamp, message)) in (0_u64..).zip(said.drain(..)) {
                if !window.contains(&timestamp) {
                    continue;
                }
                let key = ((unit.seed >> 1) & !0xfff) | place.min(0xfff);
                events.push(LogEvent {
                    timestamp,
                    ingestion: timestamp + self.lateness(key).unwrap_or(delay),
                    key,
                    stream: Arc::clone(stream),
                    message: message.into(),
                });
            }
        }
        events
    }

    /// How much later than it happened a line arrives, if it is one of the late.
    fn lateness(&self, key: u64) -> Option<i64> {
        let mut dice = Dice::numbered(key, 0);
        (dice.between(0, MILLION) < self.late).then(|| dice.between(PROMPT, LATEST + 1))
    }

    /// Milliseconds; about four pieces of work fall into one.
    fn slot(&self) -> i64 {
        (4 * MINUTE * MILLION / self.rate).clamp(1_000, HOUR)
    }

    /// The work that begins in a slot, in order.
    fn units(&self, slot: i64) -> Vec<Unit> {
        let mut dice = Dice::numbered(self.seed, slot);
        let (length, start) = (self.slot(), slot * self.slot());
        let hour = usize::try_from(start.div_euclid(HOUR).rem_euclid(24)).unwrap_or(0);
        let twice_the_mean = self.rate * length / MINUTE * LOAD[hour] / 50;
        let count = (dice.between(0, twice_the_mean + 1) + dice.between(0, MILLION)) / MILLION;
        let mut units: Vec<Unit> = (0..count)
            .map(|_| {
                let at = start + dice.between(0, length);
                let lane = dice.between(0, self.lanes());
                let seed = dice.roll();
                let fate = self.fate(at, &mut dice);
                Unit {
                    at,
                    takes: self.voice.takes(fate, seed),
                    lane,
                    seed,
                    fate,
                    first: false,
                }
            })
            .collect();
        units.sort_by_key(|unit| unit.at);
        let mut turns: BTreeMap<i64, i64> = BTreeMap::new();
        for unit in &mut units {
            let before = turns.insert(unit.lane, self.turn(unit.lane, unit.at));
            let before = before.unwrap_or_else(|| self.turn(unit.lane, start - 1));
            unit.first = before != self.turn(unit.lane, unit.at);
        }
        units
    }

    fn fate(&self, at: i64, dice: &mut Dice) -> Fate {
        let ill = self.illness.as_ref().and_then(|illness| illness.share(at));
        let share = ill.unwrap_or(self.errors);
        let (fails, how) = (dice.between(0, MILLION), dice.between(0, 100));
        if fails >= share {
            return if how < 4 { Fate::Slow } else { Fate::Fine };
        }
        match how {
            0..55 => Fate::Failed,
            55..75 => Fate::TimedOut,
            75..88 => Fate::Throttled,
            _ => Fate::Exhausted,
        }
    }

    fn lanes(&self) -> i64 {
        (self.rate / MILLION / 20 + 1).clamp(1, self.voice.most_streams_at_once())
    }

    /// Streams take turns: which turn of a lane it is at a time.
    fn turn(&self, lane: i64, at: i64) -> i64 {
        (at + self.shift(lane)).div_euclid(self.voice.stream_lifetime())
    }

    fn turn_begins(&self, lane: i64, turn: i64) -> i64 {
        turn * self.voice.stream_lifetime() - self.shift(lane)
    }

    fn shift(&self, lane: i64) -> i64 {
        let lifetime = self.voice.stream_lifetime();
        let own = i64::try_from(self.seed % 86_400_000).unwrap_or(0) % lifetime;
        own + lane * lifetime / self.lanes()
    }

    fn stream_name(&self, lane: i64, turn: i64) -> String {
        let mut dice = Dice::numbered(self.seed ^ 0x5eed_0f57, turn * 64 + lane);
        self.voice
            .stream_name(self.turn_begins(lane, turn), &mut dice)
    }

    /// Every (lane, turn) that touches the window.
    fn turns(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let from = from.max(self.life.start).max(to - STREAMS_LISTED);
        let to = to.min(self.life.end);
        (0..self.lanes()).flat_map(move |lane| {
            (self.turn(lane, from)..=self.turn(lane, to)).map(move |turn| (lane, turn))
        })
    }

    /// The streams that were written to since `from`, and have anything to read `now`.
    pub(super) fn streams<'s>(
        &'s self,
        from: i64,
        now: i64,
        wanted: &'s Streams,
    ) -> impl Iterator<Item = Stream> + 's {
        self.turns(from, now).filter_map(move |(lane, turn)| {
            let name = self.stream_name(lane, turn);
            if !wanted.include(&name) {
                return None;
            }
            let first = self.first_in(lane, turn, now)?;
            let noted = now - now.rem_euclid(LAST_EVENT_EVERY);
            let last = self.last_in(lane, turn, noted).unwrap_or(first);
            let last = last.min(noted).max(first);
            Some(Stream {
                name: name.into(),
                created: first,
                first_event: Some(first),
                last_event: Some(last),
                last_ingestion: Some(last + 800),
            })
        })
    }

    /// The first event of a stream, if it has arrived.
    fn first_in(&self, lane: i64, turn: i64, now: i64) -> Option<i64> {
        let (begins, ends) = self.reach(lane, turn, now - PROMPT)?;
        let slots = begins.div_euclid(self.slot())..=ends.div_euclid(self.slot());
        slots
            .flat_map(|slot| self.units(slot))
            .find(|unit| unit.lane == lane && (begins..=ends).contains(&unit.at))
            .map(|unit| unit.at)
    }

    fn last_in(&self, lane: i64, turn: i64, until: i64) -> Option<i64> {
        let (begins, ends) = self.reach(lane, turn, until)?;
        let slots = (begins.div_euclid(self.slot())..=ends.div_euclid(self.slot())).rev();
        slots
            .flat_map(|slot| self.units(slot).into_iter().rev())
            .find(|unit| unit.lane == lane && (begins..=ends).contains(&unit.at))
            .map(|unit| unit.at + unit.takes)
    }

    fn reach(&self, lane: i64, turn: i64, until: i64) -> Option<(i64, i64)> {
        let begins = self.turn_begins(lane, turn).max(self.life.start);
        let ends = (self.turn_begins(lane, turn + 1) - 1)
            .min(self.life.end - 1)
            .min(until);
        (begins <= ends).then_some((begins, ends))
    }
}
