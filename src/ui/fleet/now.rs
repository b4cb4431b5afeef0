//! What changed last, anywhere: stacks, and the alarms beside them.

use crate::app::App;
use crate::app::alarms::Standing;
use crate::app::fleet::{Change, What};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Alarm, Region, Slot, Stack, Timestamp};
use crate::ui::chrome::{account_width, count};
use crate::ui::sheet::{Focus, Sheet};
use crate::ui::status::Mark;
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;
use std::borrow::Cow;

/// The same thing that happened to the same stack or alarm in one region after the other.
struct Group<'a> {
    change: &'a Change,
    thing: Thing<'a>,
    regions: usize,
}

/// What changed.
#[derive(Clone, Copy)]
enum Thing<'a> {
    Stack(&'a Stack),
    Alarm(&'a Alarm, Standing),
}

/// ```text
/// 14:31:44 ⚠ eu-west-1  checkout-errors  ALARM
/// 14:31:20 ✗ eu-west-1  checkout-api     UPDATE_ROLLBACK_FAILED
/// 14:29:41 ↻ us-east-1  orders-db        UPDATE_IN_PROGRESS
/// 12:30:27 ✓ 4 regions  checkout-api     UPDATE_COMPLETE
/// ```
pub(super) fn now(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let inner = sheet.frame(area, Focus::Elsewhere);
    let (title, muted, ordinary) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
    );
    sheet.title(area).text(" Now ", title);
    let groups = groups(sheet, usize::from(inner.height));
    let names = text::widest(groups.iter().map(|group| group.thing.name()));
    let places = text::widest(groups.iter().map(Group::place));
    let account = account_width(app, 12);
    for (group, row) in groups.iter().zip(0..) {
        let mark = match group.thing {
            Thing::Stack(stack) => Mark::of_phase(stack.status.phase(), sheet.signs()),
            Thing::Alarm(_, standing) => Mark::of_standing(standing, sheet.signs()),
        };
        let style = sheet.style(mark.role);
        let mut pen = sheet.pen(inner, row);
        pen.skip(1)
            .take(9)
            .text(&when(group.change.at, app.now()), muted);
        pen.text(mark.sign, style).skip(1);
        if account > 0 {
            pen.take(account)
                .text(&sanitise(group.change.scope.account.as_str()), muted);
            pen.skip(1);
        }
        pen.take(places).text(&group.place(), muted);
        pen.skip(2);
        // The word keeps a place beside the name, or the shape alone has to do.
        let name = if pen.room() < 28 {
            pen.room()
        } else {
            names.min(pen.room() - 14)
        };
        pen.take(name).middle(&group.thing.name(), ordinary);
        pen.skip(2).middle(&group.thing.word(), style);
    }
    if groups.is_empty() {
        sheet
            .pen(inner, 0)
            .skip(1)
            .text("Nothing has changed yet.", muted);
    }
}

/// The latest changes, those of one thing in several regions as one.
fn groups<'a>(sheet: &Sheet<'a>, most: usize) -> Vec<Group<'a>> {
    let app = sheet.app;
    let mut groups: Vec<Group<'a>> = Vec::new();
    for change in app.fleet_view().changes() {
        let Some(thing) = thing(app, change) else {
            continue;
        };
        if let Some(last) = groups.last_mut()
            && last.is_alike(change, thing)
        {
            last.regions += 1;
        } else if groups.len() < most {
            groups.push(Group {
                change,
                thing,
                regions: 1,
            });
        } else {
            break;
        }
    }
    groups
}

fn thing<'a>(app: &'a App, change: &Change) -> Option<Thing<'a>> {
    let (store, scope) = (app.store(), &change.scope);
    match change.what {
        What::Stack(position) => {
            let stacks = store.stacks(scope).and_then(Slot::value)?;
            stacks.get(position).map(Thing::Stack)
        }
        What::Alarm(position) => {
            let alarm = store.alarms(scope).and_then(Slot::value)?.get(position)?;
            let standing = Standing::in_store(store, scope, alarm);
            Some(Thing::Alarm(alarm, standing))
        }
    }
}

impl<'a> Thing<'a> {
    fn name(self) -> Cow<'a, str> {
        match self {
            Self::Stack(stack) => stack.name.safe(),
            Self::Alarm(alarm, _) => alarm.name.safe(),
        }
    }

    fn word(self) -> Cow<'a, str> {
        match self {
            Self::Stack(stack) => stack.status.to_string().into(),
            Self::Alarm(alarm, standing) => crate::ui::alarms::word(alarm, standing),
        }
    }

    fn is_alike(self, other: Self) -> bool {
        match (self, other) {
            (Self::Stack(mine), Self::Stack(its)) => {
                mine.name == its.name && mine.status == its.status
            }
            (Self::Alarm(mine, standing), Self::Alarm(its, its_standing)) => {
                mine.name == its.name && standing == its_standing
            }
            (Self::Stack(_), Self::Alarm(..)) | (Self::Alarm(..), Self::Stack(_)) => false,
        }
    }
}

impl Group<'_> {
    fn is_alike(&self, change: &Change, thing: Thing<'_>) -> bool {
        self.thing.is_alike(thing) && self.change.scope.account == change.scope.account
    }

    fn place(&self) -> Cow<'_, str> {
        match self.regions {
            1 => sanitise(self.change.scope.region().map_or("", Region::as_str)),
            several => count(several, "region").into(),
        }
    }
}

/// The time of day today, else how long ago.
fn when(at: Timestamp, now: Timestamp) -> String {
    if now - at < TimeDelta::hours(12) {
        at.format("%H:%M:%S").to_string()
    } else {
        format!("{} ago", short(now - at))
    }
}
