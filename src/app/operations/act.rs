//! What the commands do that change something: each makes a wish, or asks which one is meant.

use super::asked::Question;
use super::menu::Errand;
use super::{Standing, ask_for_runs, standing};
use crate::app::notice::Severity;
use crate::app::{App, Effect, View};
use crate::command::Command;
use crate::domain::operation::planning::reversal;
use crate::domain::operation::{
    Consent, Deployment, GroupWish, Operation, OperationId, Pace, StackWish, Steered, Verb,
};
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Scope, Stack, Untrusted};
use crate::engine::message::Onward;

/// How long a drain may be asked to last, in seconds.
const DRAINS: [(&str, Option<u32>); 4] = [
    ("until it is restored", None),
    ("for 15 minutes", Some(900)),
    ("for 1 hour", Some(3_600)),
    ("for 4 hours", Some(14_400)),
];

/// Why a command about operations cannot do anything now.
pub(in crate::app) fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    use Command as C;
    match command {
        C::Deploy => match app.selected_stack() {
            Some((_, stack)) => root(stack),
            None if app.fleet.deployments.is_empty() => {
                Err("Select a stack first; the fleet file says of none how it is deployed.")
            }
            None if is_at_fleet(app) => Ok(()),
            None => Err("Select a stack first."),
        },
        C::Rollback if app.selected_function_name().is_some() => app
            .selected_function()
            .map(|_| ())
            .ok_or("The function does not stand in this region."),
        C::Rollback if is_at_fleet(app) => app
            .fleet_view
            .selected()
            .map(|_| ())
            .ok_or("Select a region first."),
        C::Rollback | C::Stop | C::Start => match app.selected_stack() {
            Some((_, stack)) => root(stack),
            None => Err("Select a stack first."),
        },
        C::Dial | C::Drain | C::Restore => match app.aimed_groups()[..] {
            [] => Err("Select the group of a region first."),
            [..] => Ok(()),
        },
        C::Weigh => app
            .aimed_endpoint()
            .map(|_| ())
            .ok_or("Select an endpoint first."),
        C::Approve
        | C::Reject
        | C::CancelRun
        | C::SkipBake
        | C::ContinueRun
        | C::ReverseRun
        | C::AbandonRun => of_run(app, command),
        _ => Ok(()),
    }
}

/// Nested stacks are changed through the one that they belong to.
fn root(stack: &Stack) -> Result<(), &'static str> {
    match stack.parent {
        Some(_) => Err("This stack is nested: act on the one that it belongs to."),
        None => Ok(()),
    }
}

fn is_at_fleet(app: &App) -> bool {
    app.view() == View::Fleet && app.detail().is_none()
}

fn of_run(app: &App, command: Command) -> Result<(), &'static str> {
    use Command as C;
    if app.view() != View::Operations {
        return Err("This belongs to the Operations view.");
    }
    let operations = app.operations();
    let Some(run) = operations.selected().and_then(|id| operations.run(id)) else {
        return Err("No operation is selected.");
    };
    let standing = operations.standing(run);
    let is_left = standing == Standing::LeftBehind;
    let takes_up = matches!(command, C::ContinueRun | C::ReverseRun | C::AbandonRun);
    match command {
        _ if standing.is_over() => Err("This operation is over."),
        _ if takes_up && !is_left => Err("Somebody goes on with this operation."),
        _ if is_left && !takes_up => {
            Err("Nobody goes on with this operation: continue, reverse or abandon it.")
        }
        C::Approve | C::Reject if standing::approval(run).is_none() => {
            Err("This operation does not wait for approval.")
        }
        C::SkipBake if !standing::is_baking(run) => Err("This operation is not baking."),
        _ => Ok(()),
    }
}

impl App {
    /// Runs a command that is about an operation.
    pub(in crate::app) fn run_on_operations(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        match command {
            C::ViewOperations => {
                self.operations.close();
                self.show(View::Operations);
                return vec![ask_for_runs()];
            }
            C::Arm => return self.turn_arming(),
            C::Deploy => return self.deploy(),
            C::Rollback if self.selected_function().is_some() => return self.roll_function_back(),
            C::Rollback if is_at_fleet(self) => return self.roll_region_back(),
            C::Rollback => return self.on_stacks(Verb::Rollback),
            C::Stop => return self.on_stacks(Verb::Stop),
            C::Start => return self.on_stacks(Verb::Start),
            C::Dial | C::Drain | C::Restore => return self.on_groups(command),
            C::Weigh => {
                if let Some((group, endpoint, weight)) = self.aimed_endpoint() {
                    return self.ask_about(Question::Weight(group, endpoint, weight));
                }
            }
            _ => {
                if let Some(id) = self.aimed_run() {
                    return self.on_run(command, id);
                }
            }
        }
        Vec::new()
    }

    /// What the fleet file says of the selected stack or region, or a template of one's own.
    fn deploy(&mut self) -> Vec<Effect> {
        let aim = self.aimed_stack();
        let here = match (&aim, self.fleet_view.selected()) {
            (Some(aim), _) => Some(aim.here.scope.clone()),
            (None, row) => row.map(|row| row.scope.clone()),
        };
        let name = aim.as_ref().map(|aim| &aim.here.name);
        let fits = |deployment: &Deployment| match &here {
            Some(scope) => fits(deployment, name, scope),
            None => true,
        };
        let entries = self.fleet.deployments.iter();
        let (fitting, others): (Vec<_>, Vec<_>) = entries.partition(|(_, it)| fits(it));
        if let [(_, only)] = &fitting[..]
            && aim.is_some()
        {
            return self.plan_operation(Operation::Deploy(Box::new((*only).clone())));
        }
        let row = |(name, deployment): &(String, Deployment)| {
            let places = deployment.waves.iter().flatten().count();
            let waves = deployment.waves.len();
            let note = format!(
                "{} in {}, {}",
                sanitise(&deployment.stack),
                many(places, "region"),
                many(waves, "wave")
            );
            let operation = Operation::Deploy(Box::new(deployment.clone()));
            let name = sanitise(name).into_owned();
            (name, note, Errand::Plan(Box::new(operation)))
        };
        let mut rows: Vec<_> = fitting.into_iter().map(row).collect();
        if let Some(aim) = &aim {
            let region = region(&aim.here.scope);
            let ask = |stacks: Vec<StackWish>| Errand::Ask(Box::new(Question::Template(stacks)));
            rows.push((
                format!("a template file, in {region}"),
                "The same parameters, this template.".to_owned(),
                ask(vec![aim.here.clone()]),
            ));
            if aim.everywhere.len() > 1 {
                rows.push((
                    format!("a template file, in all {} regions", aim.everywhere.len()),
                    "One region after the other.".to_owned(),
                    ask(aim.everywhere.clone()),
                ));
            }
        } else {
            rows.extend(others.into_iter().map(row));
        }
        self.choose("Deploy", rows)
    }

    /// Here, or everywhere: asked where the stack stands in several regions.
    fn on_stacks(&mut self, verb: Verb) -> Vec<Effect> {
        let Some(aim) = self.aimed_stack() else {
            return Vec::new();
        };
        let wish = |stacks: Vec<StackWish>| match verb {
            Verb::Stop => Operation::Stop { stacks },
            Verb::Start => Operation::Start { stacks },
            _ => Operation::RollBackStack {
                stacks,
                skip: Vec::new(),
            },
        };
        if aim.everywhere.len() < 2 {
            return self.plan_operation(wish(vec![aim.here]));
        }
        let region = region(&aim.here.scope);
        let title = format!("{} {}", verb.imperative(), aim.here.name.safe());
        let all = aim.everywhere.len();
        let rows = vec![
            (
                region,
                "This region alone.".to_owned(),
                Errand::Plan(Box::new(wish(vec![aim.here]))),
            ),
            (
                format!("all {all} regions"),
                "Wherever the stack stands among those that are looked at.".to_owned(),
                Errand::Plan(Box::new(wish(aim.everywhere))),
            ),
        ];
        self.choose(title, rows)
    }

    /// The alias of the selected function: here or everywhere, at once or bit by bit.
    fn roll_function_back(&mut self) -> Vec<Effect> {
        let Some((function, scopes)) = self.aimed_function() else {
            return Vec::new();
        };
        let rows = self.ways_back(&function, &scopes);
        self.choose(format!("Roll back {}", function.safe()), rows)
    }

    fn ways_back(&self, function: &Untrusted, scopes: &[Scope]) -> Vec<(String, String, Errand)> {
        let alias = self.fleet.lambda.alias.clone();
        let wish = |scopes: &[Scope], pace| {
            let operation = Operation::RollBackAlias {
                function: function.clone(),
                alias: alias.clone(),
                scopes: scopes.to_vec(),
                version: None,
                pace,
            };
            Errand::Plan(Box::new(operation))
        };
        let Some((here, _)) = scopes.split_first() else {
            return Vec::new();
        };
        let (one, all) = (region(here), format!("all {} regions", scopes.len()));
        let at_once = format!("{} to the next lower version.", sanitise(&alias));
        let gradual = "1, 10, 50, 100 %, with a look at the errors between.".to_owned();
        let only = std::slice::from_ref(here);
        let mut rows = vec![
            (
                format!("{one}, at once"),
                at_once.clone(),
                wish(only, Pace::AtOnce),
            ),
            (
                format!("{one}, gradually"),
                gradual.clone(),
                wish(only, Pace::Gradual),
            ),
        ];
        if scopes.len() > 1 {
            rows.push((
                format!("{all}, at once"),
                at_once,
                wish(scopes, Pace::AtOnce),
            ));
            rows.push((
                format!("{all}, gradually"),
                gradual,
                wish(scopes, Pace::Gradual),
            ));
        }
        let question = Question::Version {
            function: function.clone(),
            alias: alias.clone(),
            scope: here.clone(),
        };
        rows.push((
            format!("{one}, to a version of your choice"),
            "Type its number.".to_owned(),
            Errand::Ask(Box::new(question)),
        ));
        rows
    }

    /// What of the selected region can be rolled back, the most troubled first.
    fn roll_region_back(&mut self) -> Vec<Effect> {
        let Some(scope) = self.fleet_view.selected().map(|row| row.scope.clone()) else {
            return Vec::new();
        };
        let alias = self.fleet.lambda.alias.clone();
        let functions = self.functions_in_trouble(&scope).into_iter();
        let mut rows: Vec<(String, String, Errand)> = functions
            .map(|function| {
                let label = function.safe().into_owned();
                let note = format!("Function: {} to the next lower version.", sanitise(&alias));
                let operation = Operation::RollBackAlias {
                    function,
                    alias: alias.clone(),
                    scopes: vec![scope.clone()],
                    version: None,
                    pace: Pace::AtOnce,
                };
                (label, note, Errand::Plan(Box::new(operation)))
            })
            .collect();
        let stacks = self.stacks_to_roll_back(&scope).into_iter();
        rows.extend(stacks.map(|stack| {
            let operation = Operation::RollBackStack {
                stacks: vec![self.aim(&scope, stack).here],
                skip: Vec::new(),
            };
            let note = format!(
                "Stack: {}, changed {} ago.",
                stack.status.as_str(),
                crate::domain::time::words(self.now - stack.touched())
            );
            (
                stack.name.safe().into_owned(),
                sanitise(&note).into_owned(),
                Errand::Plan(Box::new(operation)),
            )
        }));
        let region = region(&scope);
        if rows.is_empty() {
            let words = format!("Nothing that could be rolled back is known in {region}.");
            self.notices.answer(self.now, Severity::Info, words);
            return Vec::new();
        }
        self.choose(format!("Roll back in {region}"), rows)
    }

    fn on_groups(&mut self, command: Command) -> Vec<Effect> {
        let groups = self.aimed_groups();
        let errands = groups.iter().map(|(wish, name, group)| {
            let label = format!("{name} {}", wish.region.safe());
            let note = format!("dial {} %", group.dial);
            (label, note, errand(command, wish, group.dial))
        });
        let mut rows: Vec<_> = errands.collect();
        if rows.len() == 1
            && let Some((_, _, errand)) = rows.pop()
        {
            return self.take_errand(errand);
        }
        self.choose(command.spec().title, rows)
    }

    fn on_run(&mut self, command: Command, id: OperationId) -> Vec<Effect> {
        use Command as C;
        let Some(run) = self.operations.run(&id) else {
            return Vec::new();
        };
        let title = super::news::title(run);
        let sure = |words: &str, note: &str, errand| {
            let row = |label: &str, note: &str, errand| (label.to_owned(), note.to_owned(), errand);
            vec![
                row("leave it", "Nothing is done.", Errand::Nothing),
                row(words, note, errand),
            ]
        };
        let (words, rows) = match command {
            C::Approve => return self.ask_about(Question::Approve(id)),
            C::Reject => return self.ask_about(Question::Reject(id)),
            C::SkipBake => return self.ask_about(Question::SkipBake(id)),
            C::CancelRun => (
                "Cancel",
                sure(
                    "cancel it",
                    "Nothing new begins; updates of stacks are cancelled where they can be.",
                    Errand::Steer(id, Steered::Cancel),
                ),
            ),
            C::ContinueRun => (
                "Continue",
                sure(
                    "continue",
                    "Look at AWS first, then go on with what is not done. Nothing is done twice.",
                    Errand::TakeUp(id, Onward::Continue, String::new()),
                ),
            ),
            C::ReverseRun => match reversal(&self.fleet, &run.plan) {
                Consent::Typed(text) => return self.ask_about(Question::Reverse(id, text)),
                Consent::Key => (
                    "Reverse",
                    sure(
                        "reverse",
                        "Look at AWS first, then take back what is done.",
                        Errand::TakeUp(id, Onward::Reverse, String::new()),
                    ),
                ),
            },
            C::AbandonRun => (
                "Abandon",
                sure(
                    "abandon",
                    "Leave AWS as it is, and never go on with it.",
                    Errand::TakeUp(id, Onward::Abandon, String::new()),
                ),
            ),
            _ => return Vec::new(),
        };
        self.choose(format!("{words}: {title}"), rows)
    }
}

/// What a command does to a group.
fn errand(command: Command, group: &GroupWish, dial: f64) -> Errand {
    match command {
        Command::Dial => Errand::Ask(Box::new(Question::Dial(group.clone(), dial))),
        Command::Restore => Errand::Plan(Box::new(Operation::Restore {
            group: group.clone(),
        })),
        _ => {
            let rows = DRAINS.map(|(label, restore_after)| {
                let note = match restore_after {
                    None => "The dial stays at 0 %; u sets it back to what it is now.",
                    Some(_) => "Then the dial is set back by itself, as long as this runs.",
                };
                let operation = Operation::Drain {
                    group: group.clone(),
                    restore_after,
                };
                (
                    label.to_owned(),
                    note.to_owned(),
                    Errand::Plan(Box::new(operation)),
                )
            });
            Errand::Choose(format!("Drain {}", group.region.safe()), rows.into())
        }
    }
}

/// Whether an entry of the fleet file is about a stack in a place; about anything there, where no stack is meant.
fn fits(deployment: &Deployment, name: Option<&Untrusted>, scope: &Scope) -> bool {
    let is_here = deployment
        .waves
        .iter()
        .flatten()
        .any(|other| other == scope);
    let region = scope.region().map_or("", Region::as_str);
    let named = deployment.stack.replace("{region}", region);
    is_here && name.is_none_or(|name| name.exact() == named)
}

fn region(scope: &Scope) -> String {
    sanitise(scope.region().map_or("", Region::as_str)).into_owned()
}

fn many(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}
