//! What each command does.

use super::choice::Choice;
use super::cursor::Step;
use super::detail::{Detail, Size, Tab};
use super::filter::Filter;
use super::input::Input;
use super::notice::{About, Severity};
use super::overlay::{Overlay, ScopePicker, Scroll};
use super::picker::{Item, Picker};
use super::stacks::{Direction, Layout, NestedStacks};
use super::{App, Clipboard, Effect, View, link};
use crate::command::{COMMANDS, Command, Context};
use crate::domain::{Scope, StackId};
use crate::engine::message::Request;

/// What a terminal takes over OSC 52, in bytes.
const COPIED_AT_MOST: usize = 100_000;

/// Whether a command can do anything now; otherwise why not, as a sentence for the palette and the notice line.
pub fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    use Command as C;
    let has_detail = app.detail().is_some();
    match command {
        C::CopyName if app.selected_name().is_none() => Err("No stack is selected."),
        C::CopyArn | C::ConsoleLink if app.selected_stack().is_none() => {
            Err("No stack is selected.")
        }
        C::Layout | C::Nested | C::NextTrouble if app.view() != View::Stacks => {
            Err("This belongs to the Stacks view.")
        }
        C::NextTab | C::PreviousTab | C::Zoom if !has_detail => Err("No stack is open."),
        C::Events
        | C::Resources
        | C::Outputs
        | C::Parameters
        | C::Template
        | C::ChangeSets
        | C::Drift
            if !has_detail && app.selected_stack().is_none() =>
        {
            Err("No stack is selected.")
        }
        _ => Ok(()),
    }
}

impl App {
    pub(super) fn run(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        if let Err(why) = enabled(self, command) {
            self.notices.answer(self.now, Severity::Info, why);
            return Vec::new();
        }
        match command {
            C::Palette => self.open_palette(),
            C::Help => self.read(Overlay::Help(Scroll::default())),
            C::Problems => self.read(Overlay::Problems(Scroll::default())),
            C::Scope => {
                let choosable = Choice::choosable(&self.fleet, &self.store);
                self.overlays.push(Overlay::Scope(ScopePicker::new(
                    choosable,
                    self.choice.clone(),
                )));
            }
            C::Filter => {
                let before = self.filter().clone();
                self.overlays.push(Overlay::Filter {
                    input: Input::with(before.text()),
                    before,
                });
            }
            C::ViewFleet => self.show(View::Fleet),
            C::ViewStacks => self.show(View::Stacks),
            C::NextView | C::PreviousView => {
                // With two views, forth and back lead to the same place; the tabs say so.
                let here = View::ALL
                    .iter()
                    .position(|view| *view == self.view)
                    .unwrap_or(0);
                let step = if command == C::NextView {
                    1
                } else {
                    View::ALL.len() - 1
                };
                self.show(View::ALL[(here + step) % View::ALL.len()]);
            }
            C::Refresh => {
                // Also the regions that did not know us: they may have been enabled meanwhile.
                self.store.forget_refusals();
                self.settle();
                self.notices
                    .answer(self.now, Severity::Info, "Asking every region again.");
                return vec![Effect::Ask(Request::Refresh(None))];
            }
            C::CopyName | C::CopyArn | C::ConsoleLink => {
                return self.copy(command).into_iter().collect();
            }
            C::NextTheme => return vec![Effect::NextTheme],
            C::Redraw => return vec![Effect::Redraw],
            C::Suspend => return vec![Effect::Suspend],
            // Reading something, `q` is done with it, as in the detail.
            C::Quit if !self.overlays.is_empty() => self.back(),
            C::Quit => return vec![Effect::Quit],
            C::Back => self.back(),
            C::Up => self.step(Step::Back),
            C::Down => self.step(Step::Forth),
            C::PageUp => self.step(Step::PageBack),
            C::PageDown => self.step(Step::PageForth),
            C::Top => self.step(Step::First),
            C::Bottom => self.step(Step::Last),
            C::Left => self.step_sideways(Step::Back),
            C::Right => self.step_sideways(Step::Forth),
            C::Open => self.open(),
            C::Sort | C::Reverse => self.sort(command),
            C::Layout | C::Nested | C::NextTrouble => self.arrange(command),
            C::NextTab => self.turn_to(|tab| tab.neighbour(Step::Forth)),
            C::PreviousTab => self.turn_to(|tab| tab.neighbour(Step::Back)),
            C::Events => self.turn_to(|_| Tab::Events),
            C::Resources => self.turn_to(|_| Tab::Resources),
            C::Outputs => self.turn_to(|_| Tab::Outputs),
            C::Parameters => self.turn_to(|_| Tab::Parameters),
            C::Template => self.turn_to(|_| Tab::Template),
            C::ChangeSets => self.turn_to(|_| Tab::ChangeSets),
            C::Drift => self.turn_to(|_| Tab::Drift),
            C::Zoom => {
                if let Some(detail) = &mut self.detail {
                    detail.size = match detail.size {
                        Size::Half => Size::Whole,
                        Size::Whole => Size::Half,
                    };
                }
            }
            C::Toggle | C::ToggleAll => {
                if let Some(Overlay::Scope(scope)) = self.overlays.last_mut() {
                    if command == C::Toggle {
                        scope.toggle();
                    } else {
                        scope.toggle_all();
                    }
                }
            }
            C::Accept => return self.accept(),
            C::Cancel => self.cancel(),
            C::Tail | C::Sandbox | C::Completions | C::Manual => {}
        }
        Vec::new()
    }

    /// The filter of whatever has the keys.
    pub fn filter(&self) -> &Filter {
        match (&self.detail, self.view) {
            (Some(detail), _) => &detail.filter,
            (None, View::Fleet) => &self.fleet_view.filter,
            (None, View::Stacks) => &self.stacks.filter,
        }
    }

    fn set_filter(&mut self, filter: Filter) {
        match (&mut self.detail, self.view) {
            (Some(detail), _) => detail.filter = filter,
            (None, View::Fleet) => self.fleet_view.filter = filter,
            (None, View::Stacks) => self.stacks.filter = filter,
        }
        self.settle();
    }

    pub(super) fn filter_as_typed(&mut self) {
        if let Some(Overlay::Filter { input, .. }) = self.overlays.last() {
            let filter = Filter::parse(input.text());
            self.set_filter(filter);
        }
    }

    pub(super) fn show(&mut self, view: View) {
        self.overlays.clear();
        self.detail = None;
        self.behind.clear();
        self.view = view;
        self.settle();
    }

    /// Opens something to read, in the place of what is being read.
    fn read(&mut self, overlay: Overlay) {
        self.overlays.clear();
        self.overlays.push(overlay);
    }

    fn back(&mut self) {
        if self.overlays.pop().is_some() {
        } else if !self.filter().text().is_empty() {
            self.set_filter(Filter::default());
        } else if self.detail.take().is_some() {
            self.detail = self.behind.pop();
            self.settle();
        } else if self.view == View::Stacks {
            self.show(View::Fleet);
        } else {
            self.notices.withdraw(&About::Start);
        }
    }

    fn accept(&mut self) -> Vec<Effect> {
        match self.overlays.pop() {
            Some(Overlay::Palette(picker)) => picker
                .selected()
                .map(|command| self.run(*command))
                .unwrap_or_default(),
            Some(Overlay::Scope(scope)) => {
                self.choice = scope.choice;
                self.settle();
                if self
                    .detail
                    .as_ref()
                    .is_some_and(|detail| !self.stacks.scopes().contains(&detail.scope))
                {
                    self.show(self.view);
                }
                Vec::new()
            }
            // The filter has been in force since it was typed.
            Some(
                Overlay::Filter { .. }
                | Overlay::Help(_)
                | Overlay::Problems(_)
                | Overlay::Text { .. },
            )
            | None => Vec::new(),
        }
    }

    fn cancel(&mut self) {
        if let Some(Overlay::Filter { before, .. }) = self.overlays.pop() {
            self.set_filter(before);
        }
    }

    fn open_palette(&mut self) {
        let contexts = [
            Context::Global,
            Context::List,
            Context::Fleet,
            Context::Stacks,
            Context::Detail,
        ];
        let fits = |context: Context| contexts.contains(&context) && context != Context::List;
        let items = COMMANDS
            .iter()
            .filter(|spec| fits(spec.context) && spec.command != Command::Palette);
        let items = items.map(|spec| Item {
            value: spec.command,
            label: spec.name.to_owned(),
            note: spec.help.to_owned(),
        });
        self.overlays
            .push(Overlay::Palette(Picker::new(items.collect())));
    }

    fn step(&mut self, step: Step) {
        if let Some(overlay) = self.overlays.last_mut() {
            overlay.step(step);
        } else if let Some(detail) = &mut self.detail {
            detail.step(step);
        } else {
            self.step_view(step);
        }
    }

    pub(super) fn step_view(&mut self, step: Step) {
        match self.view {
            View::Fleet => self.fleet_view.step(step),
            View::Stacks => self.stacks.step(step),
        }
    }

    /// Left and right: columns of the matrix, pages of the detail.
    fn step_sideways(&mut self, step: Step) {
        if !self.overlays.is_empty() {
        } else if self.detail.is_some() {
            self.turn_to(|tab| tab.neighbour(step));
        } else if self.view == View::Stacks {
            self.stacks.step_column(step);
        }
    }

    fn open(&mut self) {
        if !self.overlays.is_empty() {
            // A text is open; there is nothing further in it.
        } else if let Some(detail) = &self.detail {
            match detail.leads_to(&self.store) {
                Some(id) => self.open_stack(detail.scope.clone(), id),
                None => self.open_text(),
            }
        } else {
            match self.view {
                View::Stacks => match self.selected_stack() {
                    Some((scope, stack)) => self.open_stack(scope.clone(), stack.id.clone()),
                    None => self.notices.answer(
                        self.now,
                        Severity::Info,
                        "The stack does not stand in this region.",
                    ),
                },
                View::Fleet => self.open_region(),
            }
        }
    }

    fn open_stack(&mut self, scope: Scope, id: StackId) {
        let size = self
            .detail
            .as_ref()
            .map(|detail| detail.size)
            .unwrap_or_default();
        let mut detail = Detail::new(scope, id);
        detail.size = size;
        detail.settle(&self.store);
        self.behind.extend(self.detail.replace(detail));
    }

    /// From a region to its stacks, at the one that needs attention most.
    fn open_region(&mut self) {
        let Some(row) = self.fleet_view.selected() else {
            return;
        };
        let scope = row.scope.clone();
        let worst = row.worst.or(row.moving);
        let stacks = self
            .store
            .stacks(&scope)
            .and_then(crate::domain::Slot::value)
            .unwrap_or_default();
        let name = worst
            .and_then(|position| stacks.get(position))
            .map(|stack| stack.name.clone());
        self.show(View::Stacks);
        let Some(region) = scope.region() else { return };
        let name = name.or_else(|| self.stacks.selected_name().cloned());
        match name {
            Some(name) => self.stacks.go_to(&scope.account, &name, region),
            None => {
                if let Some(column) = self
                    .stacks
                    .columns()
                    .iter()
                    .position(|column| column == region)
                {
                    self.stacks.select_column(column);
                }
            }
        }
    }

    /// The selected line in full.
    fn open_text(&mut self) {
        let Some(detail) = &self.detail else { return };
        let Some(text) = detail.selected_text(&self.store) else {
            return;
        };
        let title = format!(
            "{} · {}",
            crate::domain::untrusted::sanitise(detail.id.name()),
            detail.tab().title()
        );
        self.overlays.push(Overlay::Text {
            title,
            text,
            scroll: Scroll::default(),
        });
    }

    pub(super) fn turn_to(&mut self, tab: impl FnOnce(Tab) -> Tab) {
        if self.detail.is_none() {
            self.open();
        }
        if let Some(detail) = &mut self.detail {
            detail.show(tab(detail.tab()));
            detail.settle(&self.store);
        }
    }

    fn sort(&mut self, command: Command) {
        let turned = |direction| match direction {
            Direction::Normal => Direction::Reversed,
            Direction::Reversed => Direction::Normal,
        };
        match (self.view, command) {
            (View::Fleet, Command::Sort) => self.fleet_view.order = self.fleet_view.order.next(),
            (View::Fleet, _) => self.fleet_view.direction = turned(self.fleet_view.direction),
            (View::Stacks, Command::Sort) => self.stacks.order = self.stacks.order.next(),
            (View::Stacks, _) => self.stacks.direction = turned(self.stacks.direction),
        }
        self.settle();
        let order = match self.view {
            View::Fleet => self.fleet_view.order.words(),
            View::Stacks => self.stacks.order.words(),
        };
        self.notices
            .answer(self.now, Severity::Info, format!("Sorted by {order}."));
    }

    fn arrange(&mut self, command: Command) {
        match command {
            Command::Layout => {
                let chosen = self.stacks.chosen();
                self.stacks.layout = match self.stacks.layout {
                    Layout::Matrix => Layout::List,
                    Layout::List => Layout::Matrix,
                };
                self.settle();
                if let Some((account, name, region)) = chosen {
                    self.stacks.go_to(&account, &name, &region);
                }
            }
            Command::Nested => {
                self.stacks.nested = match self.stacks.nested {
                    NestedStacks::Hidden => NestedStacks::Shown,
                    NestedStacks::Shown => NestedStacks::Hidden,
                };
                self.settle();
            }
            _ => {
                if !self.stacks.next_trouble(&self.store) {
                    self.notices
                        .answer(self.now, Severity::Info, "No stack needs attention.");
                }
            }
        }
    }

    fn copy(&mut self, command: Command) -> Option<Effect> {
        let text = match command {
            Command::CopyName => self.selected_name()?.safe().into_owned(),
            Command::CopyArn => self.selected_stack()?.1.id.to_string(),
            _ => {
                let (scope, stack) = self.selected_stack()?;
                link::console(scope.region()?, &stack.id)
            }
        };
        let (words, effect) = match self.clipboard {
            Clipboard::Off => (format!("The clipboard is switched off. {text}"), None),
            Clipboard::On if text.len() > COPIED_AT_MOST => {
                let words = "This is more than a terminal takes onto its clipboard.";
                (words.to_owned(), None)
            }
            Clipboard::On => (format!("Copied {text}"), Some(Effect::Copy(text))),
        };
        self.notices.answer(self.now, Severity::Info, words);
        effect
    }
}
