//! What the keys do in the Accelerator view, and the ways that lead into it.

use super::row::{Fold, Key, Spot};
use super::{Brief, Chain, Link};
use crate::app::cursor::Step;
use crate::app::detail::Size;
use crate::app::fleet::Map;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::{App, View};
use crate::command::Command;
use crate::domain::log::Selector;
use crate::domain::{Scope, Topic, Untrusted};

/// Why a command that is about what is selected cannot do anything now.
pub(in crate::app) fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    let spot = app.accelerator().selected().map(|row| row.spot);
    let is_open = app.open_chain().is_some();
    match command {
        Command::CopyName | Command::CopyArn => match spot {
            Some(Spot::Account | Spot::Apart) | None => Err("No accelerator is selected."),
            Some(
                Spot::Accelerator(_) | Spot::Listener(..) | Spot::Group(..) | Spot::Endpoint(..),
            ) => Ok(()),
        },
        Command::WhatIf => match spot {
            Some(Spot::Group(..) | Spot::Endpoint(..)) => Ok(()),
            Some(Spot::Account | Spot::Apart | Spot::Accelerator(_) | Spot::Listener(..))
            | None => Err("Select the group of a region first."),
        },
        Command::ConsoleLink => Err("No address of the console is known for accelerators."),
        Command::StackLogs if !is_open => Err("Open an endpoint first: its logs are at its end."),
        Command::Zoom if !is_open => Err("No endpoint is open."),
        _ => Ok(()),
    }
}

impl App {
    /// Whether the keys go to the accelerators: their view is open, and no stack above it.
    pub fn is_at_accelerators(&self) -> bool {
        self.view == View::Accelerator && self.detail.is_none()
    }

    /// Whether the map of the world has the screen.
    pub fn is_map_open(&self) -> bool {
        self.view == View::Fleet && self.fleet_view.map() == Map::Whole
    }

    /// The open endpoint, where that is what has the keys.
    pub fn open_chain(&self) -> Option<&Chain> {
        self.is_at_accelerators()
            .then(|| self.accelerator.chain())
            .flatten()
    }

    /// The same, to be moved in.
    pub(in crate::app) fn chain_with_keys(&mut self) -> Option<&mut Chain> {
        if self.is_at_accelerators() {
            self.accelerator.chain_mut()
        } else {
            None
        }
    }

    pub(in crate::app) fn settle_accelerators(&mut self) {
        if self.view != View::Accelerator {
            return;
        }
        let home = self
            .accelerator
            .chain()
            .map(|it| it.home(&self.fleet, &self.store));
        if let (Some(home), Some(chain)) = (home, self.accelerator.chain_mut()) {
            chain.place(home);
        }
        self.accelerator.settle(&self.store);
        if let Some(Overlay::Brief(brief)) = self.overlays.last_mut() {
            brief.settle(&self.store, self.accelerator.accounts(), self.now);
        }
    }

    /// Where the traffic of the selected group would go.
    pub(in crate::app) fn ask_what_if(&mut self) {
        let key = self
            .accelerator
            .selected()
            .map(|row| (row.spot, row.key.clone()));
        let (Some(account), Some(arn)) = (
            key.as_ref().and_then(|(_, key)| key.account()).cloned(),
            key.as_ref().and_then(|(_, key)| key.arn()).cloned(),
        ) else {
            return;
        };
        self.overlays
            .push(Overlay::Brief(Brief::what_if(account, arn)));
        self.settle_accelerators();
    }

    /// What does not fit together, over all accounts.
    pub(in crate::app) fn list_findings(&mut self) {
        self.overlays.push(Overlay::Brief(Brief::findings()));
        self.settle_accelerators();
    }

    /// Takes note of what an answer said of the accelerators.
    pub(in crate::app) fn note_accelerators(&mut self, topic: &Topic) {
        if matches!(topic, Topic::Accelerators | Topic::Listeners(..)) {
            self.accelerator.note(&self.store, self.now);
        }
    }

    /// Whose accelerators are looked at follows the choice of accounts.
    pub(in crate::app) fn choose_accelerators(&mut self) {
        let chosen = self.fleet.accounts.iter().map(|account| &account.name);
        let chosen = chosen.filter(|name| {
            let account = crate::app::choice::Choosable::Account((*name).clone());
            self.choice.has(&account)
        });
        let accounts = chosen.cloned().collect();
        self.accelerator.look_at(accounts);
    }

    pub(in crate::app) fn step_accelerators(&mut self, step: Step) {
        match self.accelerator.chain_mut() {
            Some(chain) => chain.step(step),
            None => self.accelerator.step(step),
        }
    }

    /// Left closes a row or goes to what it hangs on, right opens it or goes to what hangs on it.
    pub(in crate::app) fn step_in_tree(&mut self, step: Step) {
        if self.accelerator.chain().is_some() {
            return;
        }
        let fold = self.accelerator.selected().map(|row| row.fold);
        match (step, fold) {
            (Step::Forth | Step::PageForth | Step::Last, Some(Fold::Closed)) => {
                self.accelerator.turn(&self.store, Fold::Open);
            }
            (Step::Forth | Step::PageForth | Step::Last, Some(Fold::Open)) => {
                self.accelerator.step(Step::Forth);
            }
            (Step::Back | Step::PageBack | Step::First, Some(Fold::Open)) => {
                self.accelerator.turn(&self.store, Fold::Closed);
            }
            (Step::Back | Step::PageBack | Step::First, Some(Fold::Closed | Fold::Leaf)) => {
                self.accelerator.go_up();
            }
            (Step::Forth | Step::PageForth | Step::Last, Some(Fold::Leaf)) | (_, None) => {}
        }
    }

    /// Enter: opens or closes a row, from an endpoint to why it is so, from a link of that to what it leads to.
    pub(in crate::app) fn open_in_accelerators(&mut self) {
        if self.accelerator.chain().is_some() {
            self.open_link();
            return;
        }
        let Some(row) = self.accelerator.selected() else {
            return;
        };
        match (row.spot, row.fold) {
            (Spot::Endpoint(..), _) => self.open_endpoint(),
            (Spot::Account, _) => self.tell_control_plane(),
            (_, Fold::Open) => self.accelerator.turn(&self.store, Fold::Closed),
            (_, Fold::Closed) => self.accelerator.turn(&self.store, Fold::Open),
            (Spot::Group(..), Fold::Leaf) => self.notices.answer(
                self.now,
                Severity::Info,
                "Nobody ever registered an endpoint in this group.",
            ),
            (_, Fold::Leaf) => {}
        }
    }

    fn open_endpoint(&mut self) {
        let Some(row) = self.accelerator.selected() else {
            return;
        };
        let accelerator = row
            .found(&self.store)
            .map(|found| found.accelerator.arn.clone());
        if let (Key::Endpoint(account, group, id), Some(accelerator)) =
            (row.key.clone(), accelerator)
        {
            self.accelerator.chain = Some(Chain::new(account, accelerator, group, id));
            self.settle_accelerators();
        }
    }

    fn open_link(&mut self) {
        let Some(chain) = self.accelerator.chain() else {
            return;
        };
        let link = chain.selected().cloned();
        match link {
            Some(Link::Stack) => self.open_balancers_stack(),
            Some(Link::FunctionLog(name)) => {
                self.follow(Selector::Function(name.exact().to_owned()));
            }
            Some(Link::StackLog) => self.follow_endpoint(),
            Some(
                Link::Verdict
                | Link::Judge
                | Link::Attachment
                | Link::Balancer
                | Link::Targets(_)
                | Link::Target(..),
            ) => {
                let text = chain.selected_text(&self.fleet, &self.store);
                let title = "Endpoint".to_owned();
                let scroll = Scroll::default();
                self.overlays.extend(text.map(|text| Overlay::Text {
                    title,
                    text,
                    scroll,
                }));
            }
            None => {}
        }
    }

    /// From an endpoint to the stack that made it.
    fn open_balancers_stack(&mut self) {
        let Some(chain) = self.accelerator.chain() else {
            return;
        };
        let home = chain.known_home().cloned();
        match (home, chain.stack(&self.store).cloned()) {
            (Some(scope), Some(id)) => self.open_stack(scope, id),
            (home, _) => {
                let topic = chain.owner_topic();
                let slot = home.and_then(|home: Scope| self.store.owner(&home, &topic));
                let words = match slot.map(|slot| (slot.value(), slot.failing())) {
                    Some((_, Some(failing))) => failing.problem.to_string(),
                    Some((Some(_), None)) => "No stack made this endpoint.".to_owned(),
                    Some((None, None)) | None => {
                        "Still asking CloudFormation which stack made this endpoint.".to_owned()
                    }
                };
                self.notices.answer(self.now, Severity::Info, words);
            }
        }
    }

    /// From the open endpoint to the logs of what answers: the function's, else its stack's.
    pub(in crate::app) fn follow_endpoint(&mut self) {
        let Some(chain) = self.accelerator.chain() else {
            return;
        };
        let function = chain
            .function()
            .map(|name| Selector::Function(name.exact().to_owned()));
        let stack = || Some(Selector::Stack(chain.stack(&self.store)?.name().to_owned()));
        match function.or_else(stack) {
            Some(selector) => self.follow(selector),
            None => self.notices.answer(
                self.now,
                Severity::Info,
                "What answers behind this endpoint is not known.",
            ),
        }
    }

    fn follow(&mut self, selector: Selector) {
        self.show(View::Logs);
        self.logs.choose([selector].into());
        self.settle();
    }

    /// How the control plane of the selected account stands, in full.
    fn tell_control_plane(&mut self) {
        let row = self.accelerator.selected();
        let slot = row.and_then(|row| self.store.accelerators(&row.account));
        let words = match slot.map(|slot| (slot.value(), slot.failing())) {
            Some((_, Some(failing))) => failing.problem.to_string(),
            Some((Some(_), None)) => {
                "globalaccelerator:ListAccelerators answered that there is none.".to_owned()
            }
            Some((None, None)) | None => "Still asking Global Accelerator.".to_owned(),
        };
        self.notices.answer(self.now, Severity::Info, words);
    }

    /// Goes back from the open endpoint to the tree; tells whether one was open.
    pub(in crate::app) fn leave_chain(&mut self) -> bool {
        let was_open = self.view == View::Accelerator && self.accelerator.chain.take().is_some();
        if was_open {
            self.settle_accelerators();
        }
        was_open
    }

    pub(in crate::app) fn zoom_chain(&mut self) {
        if let Some(chain) = self.accelerator.chain_mut() {
            chain.size = match chain.size {
                Size::Half => Size::Whole,
                Size::Whole => Size::Half,
            };
        }
    }

    /// Shows the accelerators, at the gravest group of a region.
    pub(in crate::app) fn show_accelerators_at(&mut self, scope: &Scope) {
        self.accelerator.chain = None;
        self.accelerator.filter = crate::app::filter::Filter::default();
        self.show(View::Accelerator);
        let Some(region) = scope.region() else { return };
        if !self.accelerator.go_to(&self.store, &scope.account, region) {
            let words = format!("No endpoint group stands in {region}.");
            self.notices.answer(self.now, Severity::Info, words);
        }
    }

    /// What a copying command copies of what is selected.
    pub(in crate::app) fn accelerator_text(&self, command: Command) -> Option<String> {
        let row = self.accelerator.selected()?;
        let found = row.found(&self.store)?;
        let name: Untrusted = match (found.endpoint, found.group, found.listener) {
            (Some(endpoint), _, _) if command == Command::CopyArn => endpoint.id.clone(),
            (Some(endpoint), _, _) => endpoint.name(),
            (None, Some(group), _) if command == Command::CopyArn => {
                Untrusted::new(group.arn.exact())
            }
            (None, Some(group), _) => group.region.clone(),
            (None, None, Some(listener)) if command == Command::CopyArn => {
                Untrusted::new(listener.arn.exact())
            }
            (None, None, Some(listener)) => Untrusted::new(listener.words()),
            (None, None, None) if command == Command::CopyArn => {
                Untrusted::new(found.accelerator.arn.exact())
            }
            (None, None, None) => found.accelerator.name.clone(),
        };
        Some(name.safe().into_owned())
    }
}
