//! One alarm in full: what it watches, what it belongs to, its members, its history.
//!
//! A list of [`Line`]s that point into the store, worked out when the data changes. The selection follows the thing
//! on the line, so a transition stays selected while newer ones arrive above it.

use super::row::{member, members};
use crate::app::cursor::{Cursor, Step};
use crate::app::detail::Size;
use crate::domain::untrusted::sanitise;
use crate::domain::{
    Alarm, AlarmKind, AlarmTransition, Grain, Last, MetricId, Scope, Slot, StackId, Store, Subject,
    Timestamp, Topic, Untrusted,
};
use chrono::TimeDelta;

/// What a line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Description,
    Watches,
    Condition,
    Actions,
    Function,
    Stack,
    /// By position among the members of a composite alarm.
    Member(usize),
    /// By position in the history, newest first.
    Transition(usize),
}

/// What is on a line, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Fixed(Line),
    Member(Untrusted),
    Transition(Timestamp),
}

/// The detail's state.
#[derive(Clone, Debug)]
pub struct AlarmDetail {
    pub scope: Scope,
    pub name: Untrusted,
    pub size: Size,
    lines: Vec<Line>,
    keys: Vec<Key>,
    cursor: Cursor<usize>,
    selected: Option<Key>,
}

/// The shortest window that a chart of an alarm's metric shows, in minutes.
const CHARTED: u32 = 180;

/// The question whose answer is drawn beside an alarm: its metric in the alarm's own steps, or its threshold would
/// stand beside numbers that it is not compared with.
pub fn chart_topic(metric: &MetricId) -> Topic {
    let period = charted(metric);
    let slots = (CHARTED * 60 / period).clamp(24, CHARTED);
    Topic::Metrics(
        Subject::Metric(metric.clone()),
        Grain::of(period, slots, Last::Whole),
    )
}

/// The steps of that chart.
pub fn chart_period(metric: &MetricId) -> TimeDelta {
    TimeDelta::seconds(i64::from(charted(metric)))
}

/// CloudWatch keeps nothing finer than minutes for long.
fn charted(metric: &MetricId) -> u32 {
    metric.period.max(1).next_multiple_of(60)
}

impl AlarmDetail {
    pub fn new(scope: Scope, name: Untrusted) -> Self {
        Self {
            scope,
            name,
            size: Size::default(),
            lines: Vec::new(),
            keys: Vec::new(),
            cursor: Cursor::default(),
            selected: None,
        }
    }

    /// The alarm as it was read last; `None` when it is gone.
    pub fn alarm<'s>(&self, store: &'s Store) -> Option<&'s Alarm> {
        let alarms = store.alarms(&self.scope)?.value()?;
        alarms.iter().find(|alarm| alarm.name == self.name)
    }

    pub fn history_topic(&self) -> Topic {
        Topic::AlarmHistory(self.name.clone())
    }

    pub fn owner_topic(&self) -> Topic {
        Topic::Owner(self.name.clone())
    }

    pub fn history<'s>(&self, store: &'s Store) -> &'s [AlarmTransition] {
        let slot = store.alarm_history(&self.scope, &self.history_topic());
        slot.and_then(Slot::value).unwrap_or_default()
    }

    /// The stack that made the alarm, once that is known.
    pub fn stack<'s>(&self, store: &'s Store) -> Option<&'s StackId> {
        let slot = store.owner(&self.scope, &self.owner_topic())?;
        slot.value()?.as_ref()
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn cursor(&self) -> &Cursor<usize> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<usize> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<&Line> {
        self.lines.get(self.cursor.index())
    }

    /// Works the lines out anew.
    pub fn settle(&mut self, store: &Store) {
        self.lines = self
            .alarm(store)
            .map(|alarm| self.lines_of(store, alarm))
            .unwrap_or_default();
        self.keys = self
            .lines
            .iter()
            .map(|line| self.key(store, line))
            .collect();
        let again = self.selected.as_ref();
        let again = again.and_then(|key| self.keys.iter().position(|it| it == key));
        match again {
            Some(index) => self.select(index),
            None => self.cursor.settle(self.lines.len(), |index| index),
        }
    }

    fn lines_of(&self, store: &Store, alarm: &Alarm) -> Vec<Line> {
        let mut lines = Vec::new();
        lines.extend(alarm.description.is_some().then_some(Line::Description));
        lines.push(Line::Watches);
        if let AlarmKind::Metric(_) = alarm.kind {
            lines.push(Line::Condition);
        }
        lines.push(Line::Actions);
        lines.extend(alarm.function().is_some().then_some(Line::Function));
        lines.push(Line::Stack);
        let members = members(alarm).len();
        lines.extend((0..members).map(Line::Member));
        lines.extend((0..self.history(store).len()).map(Line::Transition));
        lines
    }

    fn key(&self, store: &Store, line: &Line) -> Key {
        let found = match line {
            Line::Member(index) => self.alarm(store).and_then(|alarm| {
                let (name, _) = member(store, &self.scope, (alarm, *index))?;
                Some(Key::Member(name.clone()))
            }),
            Line::Transition(index) => {
                let transition = self.history(store).get(*index);
                transition.map(|transition| Key::Transition(transition.at))
            }
            Line::Description
            | Line::Watches
            | Line::Condition
            | Line::Actions
            | Line::Function
            | Line::Stack => None,
        };
        found.unwrap_or_else(|| Key::Fixed(line.clone()))
    }

    pub fn step(&mut self, step: Step) {
        self.cursor.step(step, self.lines.len(), |index| index);
        self.selected = self.keys.get(self.cursor.index()).cloned();
    }

    pub fn select(&mut self, index: usize) {
        self.cursor.select(index, self.lines.len(), |index| index);
        self.selected = self.keys.get(self.cursor.index()).cloned();
    }

    /// The selected line in full, with what is known of the alarm around it.
    pub fn selected_text(&self, store: &Store) -> Option<String> {
        let alarm = self.alarm(store)?;
        let mut parts: Vec<String> = Vec::new();
        if let Some(Line::Transition(index)) = self.selected() {
            let transition = self.history(store).get(*index)?;
            parts.push(transition.at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
            let from = transition.from.as_ref();
            let from = from.map_or_else(|| "?".into(), |state| state.word());
            parts.push(format!("{from} → {}", transition.to.word()));
            parts.extend(safe(transition.reason.as_ref()));
        } else {
            parts.push(format!("{} is {}.", alarm.name.safe(), alarm.state.word()));
            parts.extend(safe(alarm.reason.as_ref()));
            parts.extend(safe(alarm.description.as_ref()));
            parts.push(alarm.watches().into_owned());
            if let AlarmKind::Metric(watch) = &alarm.kind {
                let missing = watch.missing.safe();
                parts.push(format!("A missing point counts as {missing}."));
                parts.push(format!("Namespace {}.", watch.metric.namespace.safe()));
            }
            parts.push(alarm.arn.safe().into_owned());
            if let Some(stack) = self.stack(store) {
                parts.push(sanitise(stack.exact()).into_owned());
            }
        }
        // The sanitiser's sign for a line break, which is where drawing breaks the text.
        Some(parts.join("⏎"))
    }
}

fn safe(text: Option<&Untrusted>) -> Option<String> {
    text.map(|text| text.safe().into_owned())
}
