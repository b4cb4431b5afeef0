//! The lines of an alarm's detail: a label, what it says, and where it leads.

use super::word;
use crate::app::App;
use crate::app::alarms::{AlarmDetail, Line, Standing, member};
use crate::config::Role;
use crate::domain::alarm::Actions;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, AlarmKind, AlarmState, AlarmTransition, Slot, Timestamp};
use crate::ui::Look;
use crate::ui::pen::Pen;
use crate::ui::status::Mark;
use chrono::TimeDelta;

/// Columns of the labels.
pub(super) const LABEL: u16 = 11;

/// What a line is drawn from.
pub(super) struct Facts<'a> {
    pub(super) app: &'a App,
    pub(super) look: &'a Look,
    pub(super) detail: &'a AlarmDetail,
    pub(super) alarm: &'a Alarm,
}

impl Facts<'_> {
    /// Draws a line into a pen on its row.
    pub(super) fn line(&self, pen: &mut Pen<'_>, line: &Line) {
        pen.take(LABEL)
            .text(self.label(line), self.look.style(Role::Header));
        let (text, key) = (self.look.style(Role::Text), self.look.style(Role::Key));
        match line {
            Line::Description => {
                let words = self.alarm.description.as_ref().map(|it| it.safe());
                pen.text(&words.unwrap_or_default(), text);
            }
            Line::Watches => self.watches(pen),
            Line::Condition => self.condition(pen),
            Line::Actions => match self.alarm.actions {
                Actions::Enabled => _ = pen.text("enabled", text),
                Actions::Disabled => {
                    let words = "disabled: nobody is told when it changes";
                    pen.text(words, self.look.style(Role::Warn));
                }
            },
            Line::Function => {
                let name = self.alarm.function().map(|name| name.safe());
                pen.text(&name.unwrap_or_default(), text);
            }
            Line::Stack => self.stack(pen),
            Line::Member(index) => self.member(pen, *index),
            Line::Transition(index) => {
                let history = self.detail.history(self.app.store());
                if let Some(transition) = history.get(*index) {
                    self.transition(pen, transition);
                }
            }
        }
        if self.leads_somewhere(line) {
            pen.skip(1).text(self.look.signs().becomes, key);
        }
    }

    /// The first line of its kind has the label.
    fn label(&self, line: &Line) -> &'static str {
        match (line, &self.alarm.kind) {
            (Line::Watches, AlarmKind::Composite { .. }) => "rule",
            (Line::Watches, AlarmKind::Metric(_) | AlarmKind::Expression(_)) => "watches",
            (Line::Description, _) => "about",
            (Line::Condition, _) => "alarm at",
            (Line::Actions, _) => "actions",
            (Line::Function, _) => "function",
            (Line::Stack, _) => "stack",
            (Line::Member(0), _) => "members",
            (Line::Transition(0), _) => "history",
            (Line::Member(_) | Line::Transition(_), _) => "",
        }
    }

    /// Whether Enter goes from here to something else than the line itself in full.
    fn leads_somewhere(&self, line: &Line) -> bool {
        let store = self.app.store();
        match line {
            Line::Function => true,
            Line::Stack => self.detail.stack(store).is_some(),
            Line::Member(index) => {
                let member = member(store, &self.detail.scope, (self.alarm, *index));
                member.is_some_and(|(_, it)| it.is_some())
            }
            Line::Description
            | Line::Watches
            | Line::Condition
            | Line::Actions
            | Line::Transition(_) => false,
        }
    }

    fn watches(&self, pen: &mut Pen<'_>) {
        let text = self.look.style(Role::Text);
        match &self.alarm.kind {
            AlarmKind::Metric(watch) => {
                let muted = self.look.style(Role::Muted);
                pen.text(&watch.subject(), text)
                    .skip(1)
                    .text(&watch.metric.namespace.safe(), muted);
            }
            AlarmKind::Expression(_) | AlarmKind::Composite { .. } => {
                pen.text(&self.alarm.watches(), text);
            }
        }
    }

    fn condition(&self, pen: &mut Pen<'_>) {
        let AlarmKind::Metric(watch) = &self.alarm.kind else {
            return;
        };
        let missing = match watch.missing.exact() {
            "notBreaching" => "missing points count as good".into(),
            "breaching" => "missing points count as bad".into(),
            "ignore" => "missing points change nothing".into(),
            "missing" => "without points there is no data".into(),
            _ => watch.missing.safe(),
        };
        let muted = self.look.style(Role::Muted);
        pen.text(&watch.condition(), self.look.style(Role::Text))
            .text(&format!(" {} ", self.look.signs().dot), muted)
            .text(&missing, muted);
    }

    fn stack(&self, pen: &mut Pen<'_>) {
        let (store, detail) = (self.app.store(), self.detail);
        let slot = store.owner(&detail.scope, &detail.owner_topic());
        let muted = self.look.style(Role::Muted);
        if let Some(stack) = detail.stack(store) {
            pen.text(&sanitise(stack.name()), self.look.style(Role::Text));
            return;
        }
        match slot.map(|slot| (slot.value(), slot.failing())) {
            Some((_, Some(failing))) => {
                let words = format!("not known: {}", failing.problem.brief());
                pen.text(&words, self.look.style(Role::Error));
            }
            Some((Some(_), None)) => _ = pen.text("no stack made it", muted),
            Some((None, None)) | None => _ = pen.text("asking CloudFormation", muted),
        }
    }

    fn member(&self, pen: &mut Pen<'_>, index: usize) {
        let (store, scope) = (self.app.store(), &self.detail.scope);
        let Some((name, member)) = member(store, scope, (self.alarm, index)) else {
            return;
        };
        let (text, unknown) = (self.look.style(Role::Text), self.look.style(Role::Unknown));
        let Some(member) = member else {
            // It may be in another region or account, where a composite may look too.
            pen.text(self.look.signs().unknown, unknown)
                .skip(1)
                .text(&name.safe(), text)
                .skip(1)
                .text("not among the alarms of this region", unknown);
            return;
        };
        let standing = Standing::in_store(store, scope, member);
        let mark = Mark::of_standing(standing, self.look.signs());
        let style = self.look.style(mark.role);
        pen.text(mark.sign, style)
            .skip(1)
            .text(&name.safe(), text)
            .skip(1)
            .text(&word(member, standing), style);
        if let Some(since) = member.since {
            let age = format!(" for {}", short(self.app.now() - since));
            pen.text(&age, self.look.style(Role::Muted));
        }
    }

    /// `14:31:44  OK → ALARM  Threshold Crossed: …`
    fn transition(&self, pen: &mut Pen<'_>, transition: &AlarmTransition) {
        let signs = self.look.signs();
        let muted = self.look.style(Role::Muted);
        pen.text(&when(transition.at, self.app.now()), muted)
            .skip(2);
        if let Some(from) = &transition.from {
            pen.text(&short_state(from), self.look.style(role_of(from)))
                .text(&format!(" {} ", signs.becomes), muted);
        }
        let to = &transition.to;
        pen.text(&short_state(to), self.look.style(role_of(to)))
            .skip(2);
        if let Some(reason) = &transition.reason {
            pen.text(&reason.safe(), muted);
        }
    }
}

fn role_of(state: &AlarmState) -> Role {
    match state {
        AlarmState::Alarm => Role::Error,
        AlarmState::Ok => Role::Ok,
        AlarmState::InsufficientData | AlarmState::Other(_) => Role::Unknown,
    }
}

fn short_state(state: &AlarmState) -> std::borrow::Cow<'_, str> {
    match state {
        AlarmState::InsufficientData => "NO DATA".into(),
        AlarmState::Alarm | AlarmState::Ok | AlarmState::Other(_) => state.word(),
    }
}

/// The time of day, with the date where it was another day.
fn when(at: Timestamp, now: Timestamp) -> String {
    let form = if now - at < TimeDelta::hours(12) {
        "%H:%M:%S"
    } else {
        "%m-%d %H:%M"
    };
    at.format(form).to_string()
}

/// Why there is no history on screen; `None` where there is one.
pub(super) fn no_history(app: &App, detail: &AlarmDetail) -> Option<String> {
    let slot = app
        .store()
        .alarm_history(&detail.scope, &detail.history_topic());
    match slot.map(|slot| (slot.value(), slot.failing())) {
        Some((None, Some(failing))) => Some(format!("not known: {}", failing.problem.brief())),
        Some((Some([]), _)) => Some("no change in the last 90 days".to_owned()),
        Some((Some(_), _)) => None,
        Some((None, None)) | None => Some("asking CloudWatch".to_owned()),
    }
}

/// How old the list that the alarm is in is, where that matters.
pub(super) fn age(app: &App, detail: &AlarmDetail) -> Option<TimeDelta> {
    let slot = app.store().alarms(&detail.scope);
    slot.and_then(|slot: &Slot<[Alarm]>| slot.age(app.now()))
}
