//! What lies above the view. A stack: the top one gets the keys, Esc takes it away.

use super::accelerator::Brief;
use super::choice::{Choice, Choosable};
use super::cursor::{Cursor, Step};
use super::filter::Filter;
use super::input::Input;
use super::lambda::invoke::{Payload, Plan};
use super::logs::{Confirm, GroupPicker, Prompt};
use super::operations::{Asked, Menu, Review};
use super::picker::{Item, Picker};
use super::viewport::Window;
use crate::command::Command;

/// One layer.
#[derive(Clone, Debug)]
pub enum Overlay {
    Palette(Picker<Command>),
    Scope(ScopePicker),
    /// The filter being typed, and the one to go back to.
    Filter {
        input: Input,
        before: Filter,
    },
    /// The log groups to follow.
    Groups(GroupPicker),
    /// Something about the logs that is being typed.
    Prompt(Prompt),
    /// What a function is to be called with.
    Payload(Payload),
    /// What will be sent, before it is.
    Plan(Box<Plan>),
    /// What would be done, before it is.
    Review(Box<Review>),
    /// A few things to do, of which one is meant.
    Menu(Menu),
    /// Something about an operation that is being typed.
    Asked(Box<Asked>),
    /// A question that is answered with yes or no.
    Confirm(Confirm),
    /// How every source of the logs stands.
    Sources(Scroll),
    /// Every key that works where help was called.
    Help(Scroll),
    /// Everything that fails now.
    Problems(Scroll),
    /// Something that was worked out of what is known.
    Brief(Brief),
    /// One text in full.
    Text {
        title: String,
        text: String,
        scroll: Scroll,
    },
}

/// A text that is longer than its box: which of its lines stands at the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    top: usize,
    window: Window,
}

/// The picker behind `@`: what is chosen changes only when it is accepted.
#[derive(Clone, Debug)]
pub struct ScopePicker {
    pub picker: Picker<Choosable>,
    pub choice: Choice,
}

impl Scroll {
    pub fn top(self) -> usize {
        self.top
    }

    /// Takes note of what was visible, out of how many lines.
    pub fn drawn(&mut self, window: Window) {
        self.window = window;
        self.top = window.first;
    }

    pub fn step(&mut self, step: Step) {
        let page = self.window.size.max(1);
        self.top = match step {
            Step::Back => self.top.saturating_sub(1),
            Step::Forth => self.top + 1,
            Step::PageBack => self.top.saturating_sub(page),
            Step::PageForth => self.top + page,
            Step::First => 0,
            // Drawing knows the length and brings it back into range.
            Step::Last => usize::MAX / 2,
        };
    }

    /// The line to start with when `len` lines meet `size` rows.
    pub fn first(self, len: usize, size: usize) -> usize {
        self.top.min(len.saturating_sub(size))
    }
}

impl ScopePicker {
    pub fn new(choosable: Vec<Choosable>, choice: Choice) -> Self {
        let items = choosable.into_iter().map(|value| match &value {
            Choosable::Account(name) => Item {
                label: name.to_string(),
                note: "account".into(),
                value,
            },
            Choosable::Region(region) => Item {
                label: region.to_string(),
                note: "region".into(),
                value,
            },
        });
        Self {
            picker: Picker::new(items.collect()),
            choice,
        }
    }

    pub fn toggle(&mut self) {
        if let Some(thing) = self.picker.selected() {
            self.choice.toggle(&thing.clone());
        }
    }

    /// Chooses everything that typing has left, or drops it when all of it is chosen.
    pub fn toggle_all(&mut self) {
        let visible: Vec<Choosable> = self
            .picker
            .hits()
            .map(|(item, _)| item.value.clone())
            .collect();
        let every = visible.iter().all(|thing| self.choice.has(thing));
        for thing in &visible {
            if self.choice.has(thing) == every {
                self.choice.toggle(thing);
            }
        }
    }
}

impl Overlay {
    /// Moves the selection or the text.
    pub fn step(&mut self, step: Step) {
        match self {
            Self::Palette(picker) => picker.step(step),
            Self::Scope(scope) => scope.picker.step(step),
            Self::Groups(groups) => groups.picker.step(step),
            Self::Menu(menu) => menu.picker.step(step),
            Self::Review(review) => review.step(step),
            Self::Help(scroll)
            | Self::Problems(scroll)
            | Self::Sources(scroll)
            | Self::Brief(Brief { scroll, .. })
            | Self::Text { scroll, .. } => {
                scroll.step(step);
            }
            Self::Filter { .. }
            | Self::Prompt(_)
            | Self::Payload(_)
            | Self::Plan(_)
            | Self::Asked(_)
            | Self::Confirm(_) => {}
        }
    }

    /// Chooses or drops the selected row, or all of them.
    pub fn toggle(&mut self, command: Command) {
        match (self, command) {
            (Self::Scope(scope), Command::Toggle) => scope.toggle(),
            (Self::Scope(scope), _) => scope.toggle_all(),
            (Self::Groups(groups), Command::Toggle) => groups.toggle(),
            (Self::Groups(groups), _) => groups.toggle_all(),
            _ => {}
        }
    }

    pub fn select(&mut self, row: usize) {
        match self {
            Self::Palette(picker) => picker.select(row),
            Self::Scope(scope) => scope.picker.select(row),
            Self::Groups(groups) => groups.picker.select(row),
            Self::Menu(menu) => menu.picker.select(row),
            Self::Help(_)
            | Self::Problems(_)
            | Self::Sources(_)
            | Self::Brief(_)
            | Self::Text { .. }
            | Self::Filter { .. }
            | Self::Prompt(_)
            | Self::Payload(_)
            | Self::Plan(_)
            | Self::Review(_)
            | Self::Asked(_)
            | Self::Confirm(_) => {}
        }
    }

    pub fn drawn(&mut self, window: Window) {
        match self {
            Self::Palette(picker) => picker.cursor_mut().drawn(window),
            Self::Scope(scope) => scope.picker.cursor_mut().drawn(window),
            Self::Groups(groups) => groups.picker.cursor_mut().drawn(window),
            Self::Menu(menu) => menu.picker.cursor_mut().drawn(window),
            Self::Review(review) => review.scroll.drawn(window),
            Self::Help(scroll)
            | Self::Problems(scroll)
            | Self::Sources(scroll)
            | Self::Brief(Brief { scroll, .. })
            | Self::Text { scroll, .. } => {
                scroll.drawn(window);
            }
            Self::Filter { .. }
            | Self::Prompt(_)
            | Self::Payload(_)
            | Self::Plan(_)
            | Self::Asked(_)
            | Self::Confirm(_) => {}
        }
    }

    /// The cursor of a picker, for drawing.
    pub fn cursor(&self) -> Option<&Cursor<usize>> {
        match self {
            Self::Palette(picker) => Some(picker.cursor()),
            Self::Scope(scope) => Some(scope.picker.cursor()),
            Self::Groups(groups) => Some(groups.picker.cursor()),
            Self::Menu(menu) => Some(menu.picker.cursor()),
            Self::Help(_)
            | Self::Problems(_)
            | Self::Sources(_)
            | Self::Brief(_)
            | Self::Text { .. }
            | Self::Filter { .. }
            | Self::Prompt(_)
            | Self::Payload(_)
            | Self::Plan(_)
            | Self::Review(_)
            | Self::Asked(_)
            | Self::Confirm(_) => None,
        }
    }
}
