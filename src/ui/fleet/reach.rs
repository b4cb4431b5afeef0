//! How clients reach a region: its healthy endpoints and its dial, old where the control plane does not answer.

use crate::app::App;
use crate::app::fleet::{Reach, Row};
use crate::config::Role;
use crate::domain::Unit;
use crate::ui::Look;
use crate::ui::accelerator::{mark_of_grade, of_account, percent};
use crate::ui::pen::Pen;
use ratatui::style::Style;

/// What is told of a region, and how far it can be believed.
pub(super) struct Reached<'a> {
    look: &'a Look,
    reach: Option<Reach>,
    is_old: bool,
    /// Whether its account has told anything at all.
    is_told: bool,
}

impl<'a> Reached<'a> {
    pub(super) fn of(app: &App, look: &'a Look, row: &Row) -> Self {
        let age = of_account(app, &row.scope.account);
        Self {
            look,
            reach: row.reach,
            is_old: age.is_failing || age.is_stale,
            is_told: age.known.is_some(),
        }
    }

    fn style(&self, role: Role) -> Style {
        let role = if self.is_old { Role::Stale } else { role };
        self.look.style(role)
    }

    /// `1/3 ◐`
    pub(super) fn endpoints(&self, mut pen: Pen<'_>) {
        let signs = self.look.signs();
        let Some(reach) = self.reach else {
            let sign = if self.is_told {
                signs.nothing
            } else {
                signs.unseen
            };
            pen.text(sign, self.look.style(Role::Muted));
            return;
        };
        let mark = mark_of_grade(reach.grade, signs);
        let counts = format!("{}/{} ", reach.healthy, reach.all);
        pen.text(&counts, self.style(Role::Text))
            .text(mark.sign, self.look.style(mark.role));
        if self.is_old {
            pen.text(signs.alarm, self.look.style(Role::Stale));
        }
    }

    /// `100 %`, or `50-100` where groups differ.
    pub(super) fn dial(&self, mut pen: Pen<'_>) {
        let Some(reach) = self.reach else { return };
        let role = if reach.dials.0 < 100.0 {
            Role::Warn
        } else {
            Role::Text
        };
        pen.right(&dial_words(&reach), self.style(role));
    }
}

pub(super) fn dial_words(reach: &Reach) -> String {
    let (low, high) = reach.dials;
    if high - low < 0.05 {
        return percent(low);
    }
    let short = |dial: f64| percent(dial).replace(" %", "");
    format!("{}-{}", short(low), short(high))
}

/// `120/s`
pub(super) fn flow_words(reach: &Reach) -> Option<String> {
    Some(format!("{}/s", Unit::Count.words(reach.flow?)))
}
