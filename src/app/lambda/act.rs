//! What each command of the Lambda view does, and the ways that lead into it.

use super::detail::errors::log_group;
use super::detail::{FunctionDetail, FunctionPage, Lead};
use super::{Heard, Shown};
use crate::app::cursor::Step;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::stacks::Layout;
use crate::app::{App, View, link};
use crate::command::Command;
use crate::domain::log::Selector;
use crate::domain::{AccountName, Function, LogSource, Scope, Timestamp, Untrusted};
use chrono::TimeDelta;

/// How long before a failure its log is read from: what led to it stands there.
const BEFORE: TimeDelta = TimeDelta::minutes(2);
/// What the lines of failing calls are told by.
const FAILURES: &str = "level>=ERROR";

/// Why a command that is about the selected function cannot do anything now.
pub(in crate::app) fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    match command {
        Command::Layout => Ok(()),
        Command::CopyName | Command::StackLogs if app.selected_function_name().is_some() => Ok(()),
        Command::CopyArn | Command::ConsoleLink if app.selected_function().is_some() => Ok(()),
        _ if app.selected_function_name().is_none() => Err("No function is selected."),
        _ => Err("The function does not stand in this region."),
    }
}

impl App {
    /// Runs a command of the Lambda view, or of the function that is open.
    pub(in crate::app) fn run_on_lambda(&mut self, command: Command) {
        use Command as C;
        match command {
            C::Totals => self.toggle_totals(),
            C::Ping => self.plan_ping(),
            C::Invoke => self.ask_for_payload(),
            C::Window => self.widen_function(),
            C::NextTab => self.turn_function(|page| page.neighbour(Step::Forth)),
            C::PreviousTab => self.turn_function(|page| page.neighbour(Step::Back)),
            C::Charts => self.turn_function(|_| FunctionPage::Charts),
            C::Configuration => self.turn_function(|_| FunctionPage::Configuration),
            C::Versions => self.turn_function(|_| FunctionPage::Versions),
            C::EventSources => self.turn_function(|_| FunctionPage::Sources),
            C::LastErrors => self.turn_function(|_| FunctionPage::Errors),
            _ => {}
        }
    }

    /// What is copied of the selected function.
    pub(in crate::app) fn text_of_function(&self, command: Command) -> Option<String> {
        Some(match command {
            Command::CopyName => self.selected_function_name()?.1.safe().into_owned(),
            Command::CopyArn => self.selected_function()?.1.arn.safe().into_owned(),
            _ => {
                let (scope, function) = self.selected_function()?;
                link::function(scope.region()?, function)
            }
        })
    }

    /// Opens a function in a region, whatever is open now.
    pub(in crate::app) fn open_function(&mut self, scope: &Scope, name: Untrusted) {
        self.show(View::Lambda);
        let Some(region) = scope.region().cloned() else {
            return;
        };
        // What is asked for by name is shown, whatever a filter hides.
        self.lambda.filter = crate::app::filter::Filter::default();
        self.settle_lambda();
        if self.lambda.go_to((&scope.account, &name), &region) {
            self.lambda.compare(&self.store, self.now);
        }
        self.lambda.rest.take(&scope.account, &name);
        self.function = Some(FunctionDetail::new(scope, name));
        self.settle_lambda();
    }

    /// Shows the functions of a region, at the one that needs attention most.
    pub(in crate::app) fn show_lambda_at(&mut self, scope: &Scope) {
        self.show(View::Lambda);
        let Some(region) = scope.region() else { return };
        let name = self.lambda.worst_in(scope);
        let name = name.or_else(|| self.lambda.cursor.key().map(|(_, name, _)| name.clone()));
        let is_found = name.is_some_and(|name| self.lambda.go_to((&scope.account, &name), region));
        if !is_found {
            let mut columns = self.lambda.columns().iter();
            if let Some(column) = columns.position(|column| column == region) {
                self.lambda.select_column(column);
            }
        }
        self.lambda.compare(&self.store, self.now);
    }

    /// The function that a key would act on: its account and name, whether or not it stands in the region.
    pub fn selected_function_name(&self) -> Option<(&AccountName, &Untrusted)> {
        if self.view != View::Lambda || self.detail.is_some() {
            return None;
        }
        if let Some(function) = &self.function {
            return Some((&function.account, &function.name));
        }
        let row = self.lambda.selected_row()?;
        Some((&row.account, &row.name))
    }

    /// The function that a key would act on, where it stands.
    pub fn selected_function(&self) -> Option<(&Scope, &Function)> {
        if self.view != View::Lambda || self.detail.is_some() {
            return None;
        }
        if let Some(open) = &self.function {
            let scope = open.region()?;
            return Some((scope, open.function(&self.store, scope)?));
        }
        let place = self.lambda.selected()?.place;
        let scope = self.lambda.scopes().get(place.scope)?;
        Some((scope, self.lambda.function(&self.store, place)?))
    }

    /// From the view to the function under the cursor.
    pub(in crate::app) fn open_selected_function(&mut self) {
        match self.selected_function() {
            Some((scope, function)) => {
                let (scope, name) = (scope.clone(), function.name.clone());
                self.open_function(&scope, name);
            }
            None if self.lambda.is_empty() => {}
            None => self.notices.answer(
                self.now,
                Severity::Info,
                "The function does not stand in this region.",
            ),
        }
    }

    /// From a function to its log, in every region where it stands.
    pub(in crate::app) fn follow_function(&mut self) {
        let Some((_, name)) = self.selected_function_name() else {
            return;
        };
        let selector = Selector::Function(name.exact().to_owned());
        self.show(View::Logs);
        self.logs.choose([selector].into());
        self.settle();
    }

    /// Shows a page of the function that is open, or opens the selected one on it.
    pub(in crate::app) fn turn_function(
        &mut self,
        page: impl FnOnce(FunctionPage) -> FunctionPage,
    ) {
        if self.function.is_none() {
            self.open_selected_function();
        }
        if let Some(function) = &mut self.function {
            function.show(page(function.page()));
            self.settle_lambda();
        }
    }

    pub(in crate::app) fn widen_function(&mut self) {
        if let Some(function) = &mut self.function {
            function.widen();
            let words = format!("The last {}.", function.span().words());
            self.settle_lambda();
            self.notices.answer(self.now, Severity::Info, words);
        }
    }

    pub(in crate::app) fn step_function(&mut self, step: Step) {
        if let Some(function) = &mut self.function {
            function.step(step);
            // What happened is told of the region that is selected.
            self.settle_lambda();
        }
    }

    /// Left and right: the moment that is read, or the pages.
    pub(in crate::app) fn step_function_sideways(&mut self, step: Step) {
        let now = self.now;
        match &mut self.function {
            Some(function) if function.page() == FunctionPage::Charts => {
                function.step_moment(step, now);
            }
            Some(_) => self.turn_function(|page| page.neighbour(step)),
            None => {}
        }
    }

    /// Enter on a function: its stack, its failing lines, or the selected line in full.
    pub(in crate::app) fn open_from_function(&mut self) {
        let Some(function) = &self.function else {
            return;
        };
        match function.leads_to(&self.store) {
            Lead::Stack(scope, id) => {
                self.show(View::Stacks);
                if let Some(region) = scope.region() {
                    let name = Untrusted::new(id.name());
                    self.stacks.go_to(&scope.account, &name, region);
                }
                self.open_stack(scope, id);
            }
            Lead::Log { scope, at } => {
                let name = function.name.clone();
                // A moment that somebody chose is gone to; the last failure is where reading begins.
                let is_chosen = function.at().is_some() || function.page() == FunctionPage::Errors;
                self.follow_failures((scope, name), at, is_chosen.then_some(at).flatten());
            }
            Lead::Nowhere => {
                if let Some(text) = function.selected_text() {
                    let title = function.name.safe().into_owned();
                    self.overlays.push(Overlay::Text {
                        title,
                        text,
                        scroll: Scroll::default(),
                    });
                }
            }
        }
    }

    /// From a function to the lines of its calls that failed, in one region, from a little before a moment on.
    fn follow_failures(
        &mut self,
        (scope, name): (Scope, Untrusted),
        at: Option<Timestamp>,
        seek: Option<Timestamp>,
    ) {
        let group = log_group(&self.store, &scope, &name);
        let (from, filter) = match at {
            Some(at) => (at - BEFORE, FAILURES),
            // No failure is known: everything that it says, as of now.
            None => (self.now - BEFORE * 2, ""),
        };
        self.show(View::Logs);
        self.logs
            .follow_only(LogSource { scope, group }, (from, seek), filter);
        self.settle();
    }

    pub(in crate::app) fn toggle_totals(&mut self) {
        self.lambda.shown = match self.lambda.shown {
            Shown::Function => Shown::Account,
            Shown::Account => Shown::Function,
        };
        self.lambda.compare(&self.store, self.now);
    }

    /// Between the matrix of regions and the flat list; the selection stays.
    pub(in crate::app) fn turn_lambda(&mut self) {
        let chosen = self.lambda.chosen();
        self.lambda.layout = match self.lambda.layout {
            Layout::Matrix => Layout::List,
            Layout::List => Layout::Matrix,
        };
        self.settle_lambda();
        if let Some((account, name, region)) = chosen {
            self.lambda.go_to((&account, &name), &region);
        }
        self.lambda.compare(&self.store, self.now);
    }

    /// Time went on. What lies over the view, and every other view, says nothing of which of its rows are on screen.
    pub(in crate::app) fn rest_lambda(&mut self) {
        if self.view == View::Lambda && self.detail.is_none() && self.function.is_none() {
            self.lambda.tick(self.now, self.viewport.list);
        }
    }

    pub(in crate::app) fn settle_lambda(&mut self) {
        // Nobody else shows its rows, and they are many.
        if self.view == View::Lambda {
            self.lambda
                .settle(&self.store, self.stacks.scopes(), self.now);
            if let Some(function) = &mut self.function {
                function.settle(&self.store, self.stacks.scopes(), self.now);
            }
        }
    }

    /// Takes note of what an attempt brought about functions; tells whether nothing but this view shows it.
    pub(in crate::app) fn learn_lambda(&mut self, heard: &Heard<'_>) -> super::Relevance {
        let alias = &self.fleet.lambda.alias;
        self.lambda.learn(&self.store, heard, alias)
    }
}
