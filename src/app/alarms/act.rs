//! What the keys do in the Alarms view.

use super::row::member;
use super::{AlarmDetail, Line, Shown};
use crate::app::detail::Size;
use crate::app::filter::Filter;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::{App, View, link};
use crate::command::Command;
use crate::domain::{Alarm, Scope, Untrusted};

/// What Enter on a line leads to.
enum Way {
    Function(Untrusted),
    Stack,
    Alarm(Untrusted),
    /// To the line itself, in full.
    Text,
}

impl App {
    /// The alarm that a key would act on, and where it stands.
    pub fn selected_alarm(&self) -> Option<(&Scope, &Alarm)> {
        self.is_at_alarms()
            .then(|| self.alarms.selected(&self.store))
            .flatten()
    }

    /// Whether the keys go to the alarms: their view is open, and no stack above it.
    pub fn is_at_alarms(&self) -> bool {
        self.view == View::Alarms && self.detail.is_none()
    }

    /// The open alarm, where that is what has the keys.
    pub fn open_alarm(&self) -> Option<&AlarmDetail> {
        self.is_at_alarms().then(|| self.alarms.detail()).flatten()
    }

    /// The same, to be stepped through.
    pub(in crate::app) fn alarm_with_keys(&mut self) -> Option<&mut AlarmDetail> {
        if self.is_at_alarms() {
            self.alarms.detail_mut()
        } else {
            None
        }
    }

    /// Shows the alarms of one region.
    pub(in crate::app) fn show_alarms_at(&mut self, scope: &Scope) {
        self.alarms.open.clear();
        self.alarms.only = Some(scope.clone());
        self.alarms.filter = Filter::default();
        self.alarms.shown = Shown::All;
        self.show(View::Alarms);
        self.alarms.select(0);
    }

    /// Enter: from a row to its alarm, from a line of that to what it leads to.
    pub(in crate::app) fn open_in_alarms(&mut self) {
        let Some(detail) = self.alarms.detail() else {
            match self.alarms.selected(&self.store) {
                Some((scope, alarm)) => {
                    let (scope, name) = (scope.clone(), alarm.name.clone());
                    self.open_alarm_at(scope, name);
                }
                None => self.tell_failure(),
            }
            return;
        };
        let scope = detail.scope.clone();
        match self.way(detail) {
            Way::Function(name) => self.open_function(&scope, name),
            Way::Alarm(name) => self.open_alarm_at(scope, name),
            Way::Stack => self.open_owner(),
            Way::Text => self.open_alarm_text(),
        }
    }

    fn way(&self, detail: &AlarmDetail) -> Way {
        let alarm = detail.alarm(&self.store);
        match (detail.selected(), alarm) {
            (Some(Line::Function), Some(alarm)) => alarm
                .function()
                .map_or(Way::Text, |name| Way::Function(name.clone())),
            (Some(Line::Stack), _) => Way::Stack,
            (Some(Line::Member(index)), Some(alarm)) => {
                let member = member(&self.store, &detail.scope, (alarm, *index));
                let member = member.and_then(|(_, alarm)| alarm);
                member.map_or(Way::Text, |alarm| Way::Alarm(alarm.name.clone()))
            }
            (
                Some(
                    Line::Description
                    | Line::Watches
                    | Line::Condition
                    | Line::Actions
                    | Line::Function
                    | Line::Member(_)
                    | Line::Transition(_),
                )
                | None,
                _,
            ) => Way::Text,
        }
    }

    fn open_alarm_at(&mut self, scope: Scope, name: Untrusted) {
        let mut detail = AlarmDetail::new(scope, name);
        detail.size = self.alarms.detail().map(|it| it.size).unwrap_or_default();
        detail.settle(&self.store);
        self.alarms.open.push(detail);
    }

    /// From an alarm to the stack that made it.
    fn open_owner(&mut self) {
        let Some(detail) = self.alarms.detail() else {
            return;
        };
        let scope = detail.scope.clone();
        if let Some(id) = detail.stack(&self.store).cloned() {
            self.open_stack(scope, id);
            return;
        }
        let slot = self.store.owner(&scope, &detail.owner_topic());
        let words = match slot.map(|slot| (slot.value(), slot.failing())) {
            Some((_, Some(failing))) => failing.problem.to_string(),
            Some((Some(_), None)) => "No stack made this alarm.".to_owned(),
            Some((None, None)) | None => {
                "Still asking CloudFormation which stack made this alarm.".to_owned()
            }
        };
        self.notices.answer(self.now, Severity::Info, words);
    }

    fn open_alarm_text(&mut self) {
        let Some(detail) = self.alarms.detail() else {
            return;
        };
        let Some(text) = detail.selected_text(&self.store) else {
            return;
        };
        self.overlays.push(Overlay::Text {
            title: detail.name.safe().into_owned(),
            text,
            scroll: Scroll::default(),
        });
    }

    /// Why the selected region has no alarms to open.
    fn tell_failure(&mut self) {
        let row = self.alarms.rows().get(self.alarms.cursor().index());
        let slot = row.and_then(|row| self.store.alarms(&self.alarms.scopes()[row.scope()]));
        let words = slot.and_then(|slot| slot.failing()).map_or_else(
            || "No alarm is selected.".to_owned(),
            |failing| failing.problem.to_string(),
        );
        self.notices.answer(self.now, Severity::Info, words);
    }

    /// Goes back from the open alarm to the one that led to it, or to the list; tells whether one was open.
    pub(in crate::app) fn leave_alarm(&mut self) -> bool {
        let was_open = self.view == View::Alarms && self.alarms.open.pop().is_some();
        if was_open {
            self.settle();
        }
        was_open
    }

    pub(in crate::app) fn toggle_trouble(&mut self) {
        self.alarms.shown = match self.alarms.shown {
            Shown::All => Shown::Trouble,
            Shown::Trouble => Shown::All,
        };
        self.settle();
        let words = match self.alarms.shown {
            Shown::All => "Every alarm is shown.",
            Shown::Trouble => "Only alarms that are not in order are shown.",
        };
        self.notices.answer(self.now, Severity::Info, words);
    }

    pub(in crate::app) fn zoom_alarm(&mut self) {
        if let Some(detail) = self.alarms.detail_mut() {
            detail.size = match detail.size {
                Size::Half => Size::Whole,
                Size::Whole => Size::Half,
            };
        }
    }

    /// What a copying command copies of the selected alarm.
    pub(in crate::app) fn alarm_text(&self, command: Command) -> Option<String> {
        let (scope, alarm) = self.selected_alarm()?;
        Some(match command {
            Command::CopyName => alarm.name.safe().into_owned(),
            Command::CopyArn => alarm.arn.safe().into_owned(),
            _ => link::alarm(scope.region()?, &alarm.arn, &alarm.name),
        })
    }
}
