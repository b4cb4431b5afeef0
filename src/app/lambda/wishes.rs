//! What the Lambda view wants to be kept informed about, and how often.
//!
//! AWS charges for every metric that is asked for, so figures are wished for only while somebody looks: all of them
//! for one function, three of them and seldom for the rows on screen, and none for what the cursor only passes.

use super::detail::errors::log_group;
use super::detail::happening::alarms;
use super::detail::{FunctionDetail, FunctionPage};
use super::{LambdaView, Row, functions_of};
use crate::app::stacks::Layout;
use crate::app::{App, View};
use crate::domain::{AccountName, Grain, Scope, Subject, Topic, Untrusted};
use crate::engine::message::{Cadence, Wish};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// The lists of functions.
pub const FUNCTIONS: TimeDelta = TimeDelta::seconds(600);
/// What somebody looks at. CloudWatch has nothing newer than a minute.
pub const FIGURES: TimeDelta = TimeDelta::seconds(60);
/// Error rates of the rows on screen.
const ROWS: TimeDelta = TimeDelta::seconds(300);
/// Aliases of the rows on screen.
const ALIASES: TimeDelta = TimeDelta::seconds(600);

/// Rows whose figures are asked for at once. With 17 regions each costs $0.006 an hour.
const ROWS_AT_MOST: usize = 40;

/// What only this view shows: how often totals and alarms are read has one rule for every view, and it is not here.
pub(in crate::app) fn wishes(app: &App) -> Vec<Wish> {
    if app.view() != View::Lambda {
        return Vec::new();
    }
    let mut wishes = Wishes(Vec::new());
    for scope in app.stacks().scopes() {
        wishes.add(Topic::Functions, scope, Cadence::Background(FUNCTIONS));
    }
    if !app.is_watched() {
        return wishes.0;
    }
    match app.function() {
        Some(open) => wishes.of_detail(app, open),
        None => wishes.of_view(app),
    }
    wishes.0
}

/// The rows that were on screen when the cursor came to rest, each once.
fn on_screen(view: &LambdaView) -> impl Iterator<Item = &Row> {
    let window = view.rest.window();
    let shown = window.first..window.first + window.size;
    let indices: BTreeSet<usize> = match view.layout {
        Layout::Matrix => shown.collect(),
        Layout::List => {
            let entries = view.entries().iter().skip(window.first);
            entries.take(window.size).map(|entry| entry.row).collect()
        }
    };
    let rows = indices.into_iter().filter_map(|row| view.rows().get(row));
    rows.take(ROWS_AT_MOST)
}

/// Where a function of an account stands.
fn standing<'a>(
    app: &'a App,
    account: &'a AccountName,
    name: &'a Untrusted,
) -> impl Iterator<Item = &'a Scope> {
    let scopes = app.lambda().scopes().iter();
    scopes.filter(move |scope| {
        let functions = functions_of(app.store(), scope);
        scope.account == *account
            && functions
                .binary_search_by(|function| function.name.cmp(name))
                .is_ok()
    })
}

/// A list that grows.
struct Wishes(Vec<Wish>);

impl Wishes {
    fn add(&mut self, topic: Topic, scope: &Scope, cadence: Cadence) {
        self.0.push(Wish {
            topic,
            scope: scope.clone(),
            cadence,
        });
    }

    /// The selected function in full, and of the others what their rows tell.
    fn of_view(&mut self, app: &App) {
        let view = app.lambda();
        let selected = view.rest.on();
        if let Some((account, name)) = selected {
            for scope in standing(app, account, name) {
                let topic = Topic::Metrics(Subject::Function(name.clone()), Grain::MINUTE);
                self.add(topic, scope, Cadence::Focused(FIGURES));
                self.add(
                    Topic::Aliases(name.clone()),
                    scope,
                    Cadence::Focused(FIGURES),
                );
            }
        }
        for row in on_screen(view) {
            let is_selected = selected
                .is_some_and(|(account, name)| *account == row.account && *name == row.name);
            let scopes = row.cells.iter().flatten();
            for scope in scopes.filter_map(|cell| view.scopes().get(cell.place.scope)) {
                let aliases = Topic::Aliases(row.name.clone());
                self.add(aliases, scope, Cadence::Background(ALIASES));
                // What is asked of the selected function tells its errors too.
                if !is_selected {
                    let errors = Topic::Metrics(Subject::Errors(row.name.clone()), Grain::MINUTE);
                    self.add(errors, scope, Cadence::Background(ROWS));
                }
            }
        }
    }

    /// What the open page of a function shows.
    fn of_detail(&mut self, app: &App, open: &FunctionDetail) {
        let name = || open.name.clone();
        let focused = Cadence::Focused(FIGURES);
        for scope in open.regions() {
            let figures = Cadence::Focused(open.span().cadence());
            self.add(open.topic(), scope, figures);
            self.add(Topic::Aliases(name()), scope, focused);
            match open.page() {
                FunctionPage::Charts => {
                    self.add(Topic::Versions(name()), scope, Cadence::Background(ROWS));
                    self.add(Topic::Owner(name()), scope, Cadence::Background(FUNCTIONS));
                }
                FunctionPage::Configuration => {
                    self.add(Topic::Function(name()), scope, focused);
                    self.add(Topic::Concurrency(name()), scope, focused);
                    self.add(Topic::LambdaLimits, scope, Cadence::Background(FUNCTIONS));
                    self.add(Topic::Owner(name()), scope, Cadence::Background(FUNCTIONS));
                }
                FunctionPage::Versions => self.add(Topic::Versions(name()), scope, focused),
                FunctionPage::Sources => self.add(Topic::EventSources(name()), scope, focused),
                FunctionPage::Errors => {
                    let group = log_group(app.store(), scope, &open.name);
                    self.add(Topic::LastErrors(group), scope, focused);
                }
            }
        }
        if let (FunctionPage::Charts, Some(scope)) = (open.page(), open.region()) {
            for alarm in alarms(app.store(), scope, &open.name) {
                self.add(Topic::AlarmHistory(alarm.clone()), scope, focused);
            }
        }
    }
}
