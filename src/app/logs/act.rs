//! What each command of the Logs view does.

use super::typed::{Found, Way, moment};
use super::{Ask, Confirm, GroupPicker, Logs, Page, Prompt, Wrapping, all_groups, export};
use crate::app::cursor::Step;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::app::{App, Effect, View};
use crate::command::Command;
use crate::domain::log::{Line, Selector, View as Rows};
use crate::domain::{Scope, Topic};
use crate::engine::message::LIVE_DOLLARS_PER_MINUTE;
use std::collections::BTreeSet;

/// Columns that one step sideways moves.
const SIDEWAYS: usize = 16;

/// Why a command of the Logs view cannot do anything now.
pub(in crate::app) fn enabled(app: &App, command: Command) -> Result<(), &'static str> {
    use Command as C;
    let logs = app.logs();
    match command {
        _ if app.view() != View::Logs => Err("This belongs to the Logs view."),
        C::LogGroups => Ok(()),
        C::Open if logs.page() == Page::Insights => Ok(()),
        C::Filter | C::Search | C::NextHit | C::PreviousHit | C::Mark | C::NextMark | C::Follow
            if logs.page() == Page::Insights =>
        {
            Err("This belongs to the lines: Esc leads back to them.")
        }
        _ if logs.tail().is_none() => Err("No log group is chosen."),
        C::NextHit | C::PreviousHit if logs.search_text().is_empty() => {
            Err("Nothing is searched for.")
        }
        C::Mark | C::CopyLine | C::Export if logs.view().is_empty() => Err("There is no line."),
        C::NextMark if logs.reader().marks() == 0 => Err("No line is marked."),
        _ => Ok(()),
    }
}

impl App {
    /// Runs a command of the Logs view.
    pub(in crate::app) fn run_on_logs(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        match command {
            C::LogGroups => self.open_groups(),
            C::Follow => self.logs.pause_or_follow(),
            C::Search => self.ask_for(Ask::Search),
            C::NextHit => self.find_hit(Way::Forth),
            C::PreviousHit => self.find_hit(Way::Back),
            C::Wrap => {
                self.logs.reader.wrapping = match self.logs.reader.wrapping {
                    Wrapping::Cut => Wrapping::Wrap,
                    Wrapping::Wrap => Wrapping::Cut,
                };
            }
            C::TimeFormat => {
                let times = self.logs.reader.times.next();
                self.logs.reader.times = times;
                self.say(format!("Times are shown {}.", times.words()));
            }
            C::Mark => self.logs.toggle_mark(),
            C::NextMark => self.logs.next_mark(),
            C::Patterns => self.logs.turn_to(Page::Patterns),
            C::GoToTime => self.ask_for(Ask::Time),
            C::Sources => self.overlays.push(Overlay::Sources(Scroll::default())),
            C::LiveTail => return self.toggle_live(),
            C::Insights => self.ask_for(Ask::Query),
            C::Export => self.ask_for(Ask::Export),
            C::CopyLine => {
                let text = self.logs.selected_text();
                return text
                    .and_then(|text| self.put_on_clipboard(text))
                    .into_iter()
                    .collect();
            }
            _ => {}
        }
        Vec::new()
    }

    fn say(&mut self, words: impl Into<String>) {
        self.notices.answer(self.now, Severity::Info, words);
    }

    fn open_groups(&mut self) {
        let chosen = self.logs.tail.iter().flat_map(super::Tail::sources);
        let chosen: BTreeSet<_> = chosen.map(|source| source.at.group.clone()).collect();
        let picker = GroupPicker::new(&self.store, self.stacks.scopes(), chosen);
        self.overlays.push(Overlay::Groups(picker));
    }

    /// Follows the groups that were picked.
    pub(in crate::app) fn take_groups(&mut self, mut picker: GroupPicker) {
        let chosen = picker.accept();
        if chosen.is_empty() {
            self.say("No log group is chosen.");
        }
        self.logs.choose(chosen);
        // The picker knows where they stand; nobody has to be asked again before the first line.
        self.logs
            .follow(picker.sources(self.stacks.scopes()), self.now);
        self.settle();
    }

    /// From a stack to everything that its resources write, in every region where it stands.
    pub(in crate::app) fn follow_stack(&mut self) {
        let Some(name) = self.selected_name() else {
            return;
        };
        let selector = Selector::Stack(name.exact().to_owned());
        self.show(View::Logs);
        self.logs.choose([selector].into());
        self.settle();
    }

    fn ask_for(&mut self, ask: Ask) {
        let text = match &ask {
            Ask::Search => self.logs.search_text().to_owned(),
            Ask::Time => String::new(),
            Ask::Query => self.logs.proposed_query(),
            Ask::Filter { before } => before.clone(),
            Ask::Export => export::name(self.now),
        };
        self.overlays.push(Overlay::Prompt(Prompt::new(ask, &text)));
    }

    pub(in crate::app) fn ask_for_filter(&mut self) {
        let before = self.logs.filter_text().to_owned();
        self.ask_for(Ask::Filter { before });
    }

    /// What is in force with every letter.
    pub(in crate::app) fn prompt_as_typed(&mut self) {
        let Some(Overlay::Prompt(prompt)) = self.overlays.last_mut() else {
            return;
        };
        let text = prompt.input.text();
        prompt.complaint = match prompt.ask {
            Ask::Search => self.logs.search_as_typed(text).err(),
            Ask::Filter { .. } => {
                self.logs.filter_as_typed(text);
                self.logs.filter_complaint.clone()
            }
            Ask::Time | Ask::Query | Ask::Export => None,
        };
    }

    /// Takes what was typed; what cannot be taken stays on the line, with a sentence.
    pub(in crate::app) fn take_prompt(&mut self, mut prompt: Prompt) -> Vec<Effect> {
        let text = prompt.input.text().to_owned();
        let taken = match prompt.ask {
            // Both have been in force since they were typed, unless they could not be read.
            Ask::Search | Ask::Filter { .. } => {
                let complaint = prompt.complaint.take();
                if complaint.is_none() && prompt.ask == Ask::Search {
                    self.logs.go_to_nearest();
                }
                complaint.map_or_else(|| Ok(Vec::new()), Err)
            }
            Ask::Time => moment(&text, self.now).map(|at| {
                self.logs.go_to_time(at);
                Vec::new()
            }),
            Ask::Query => self.query(&text).map(|()| Vec::new()),
            Ask::Export => export::export(&self.logs, &text).map(|effect| vec![effect]),
        };
        taken.unwrap_or_else(|complaint| {
            prompt.complaint = Some(complaint);
            self.overlays.push(Overlay::Prompt(prompt));
            Vec::new()
        })
    }

    pub(in crate::app) fn cancel_prompt(&mut self, prompt: &Prompt) {
        if let Some(before) = prompt.before() {
            if before.is_empty() {
                self.logs.clear_filter();
            } else {
                self.logs.filter_as_typed(before);
            }
        } else if prompt.ask == Ask::Search {
            self.logs.clear_search();
        }
    }

    fn find_hit(&mut self, way: Way) {
        match self.logs.next_hit(way) {
            Found::Here => {}
            Found::Around => self.say("Around the end."),
            Found::Searching => self.say("Still searching."),
            Found::Nothing => self.say("Nothing was found."),
        }
    }

    /// Live Tail costs, so it asks first; polling does not.
    fn toggle_live(&mut self) -> Vec<Effect> {
        let Some(tail) = &mut self.logs.tail else {
            return Vec::new();
        };
        if tail.is_live() {
            tail.poll();
            self.say("Live Tail ended; polling goes on.");
            return Vec::new();
        }
        let sessions = tail.sessions();
        #[expect(clippy::cast_precision_loss, reason = "nobody has so many sessions")]
        let price = LIVE_DOLLARS_PER_MINUTE * sessions as f64;
        let noun = if sessions == 1 { "session" } else { "sessions" };
        self.overlays.push(Overlay::Confirm(Confirm {
            title: "Live Tail",
            words: format!(
                "AWS sends new lines within a second or two, through {sessions} Live Tail {noun}. That costs about \
                 ${price:.2} a minute (${LIVE_DOLLARS_PER_MINUTE} for each session). Above 500 lines a second the service leaves lines \
                 out; polling fills no more than the gaps between sessions. It ends after ten minutes without a key, \
                 or with the same key."
            ),
        }));
        Vec::new()
    }

    /// The question was answered with yes.
    pub(in crate::app) fn confirmed(&mut self, _question: &Confirm) {
        if let Some(tail) = &mut self.logs.tail {
            tail.live();
        }
    }

    /// Left and right: the message moves under its columns.
    pub(in crate::app) fn step_message(&mut self, step: Step) {
        let sideways = &mut self.logs.reader.sideways;
        *sideways = match step {
            Step::Back => sideways.saturating_sub(SIDEWAYS),
            Step::Forth => *sideways + SIDEWAYS,
            Step::PageBack | Step::PageForth | Step::First | Step::Last => *sideways,
        };
    }

    /// Esc in the Logs view: what is open, then what is searched for, then the filter. It never leaves the view: who
    /// presses it once too often would lose their place.
    pub(in crate::app) fn leave_logs(&mut self) {
        let logs = &mut self.logs;
        if logs.page != Page::Lines {
            if logs.page == Page::Insights {
                logs.stop_query();
            }
            logs.page = Page::Lines;
        } else if logs.close_fold() {
        } else if !logs.search_text().is_empty() {
            logs.clear_search();
        } else if !logs.filter_text().is_empty() {
            logs.clear_filter();
        }
    }

    /// What has to be known for the Logs view.
    pub(in crate::app) fn log_questions(&self) -> Vec<(Topic, Scope)> {
        let scopes = self.stacks.scopes();
        let is_picking = self
            .overlays
            .iter()
            .any(|overlay| matches!(overlay, Overlay::Groups(_)));
        let mut questions = Vec::new();
        if is_picking {
            questions.extend(scopes.iter().map(|scope| (all_groups(), scope.clone())));
        }
        if self.view == View::Logs {
            questions.extend(self.logs.questions(&self.store, scopes));
        }
        questions
    }
}

impl Logs {
    fn pause_or_follow(&mut self) {
        if self.reader.is_following() {
            let view = Rows::new(&self.book, self.filter.sieve());
            self.reader.pause(&view);
        } else {
            self.reader.follow();
        }
    }

    pub(in crate::app) fn step(&mut self, step: Step) {
        self.wants_hit = false;
        match (self.page, &mut self.query) {
            (Page::Patterns, _) => return self.patterns.step(step),
            (Page::Insights, Some(query)) => return query.step(step),
            (Page::Lines | Page::Insights, _) => {}
        }
        let view = Rows::new(&self.book, self.filter.sieve());
        self.reader.step(step, &view);
    }

    /// Selects a row of the list, or what stands on a row of the screen.
    pub(in crate::app) fn select(&mut self, row: usize, spot: Option<super::Spot>) {
        self.wants_hit = false;
        match (self.page, &mut self.query) {
            (Page::Patterns, _) => return self.patterns.select(row),
            (Page::Insights, Some(query)) => return query.select(row),
            (Page::Lines | Page::Insights, _) => {}
        }
        if let Some(spot) = spot {
            let view = Rows::new(&self.book, self.filter.sieve());
            self.reader.select(spot, &view);
        }
    }

    fn selected(&self) -> Option<Line<'_>> {
        let spot = self.reader.cursor(&self.view())?;
        self.book.line(self.book.row_of(spot.line)?)
    }

    fn selected_text(&self) -> Option<String> {
        if let (Page::Insights, Some(query)) = (self.page, &self.query) {
            return query.selected_text().map(|text| text.replace('⏎', " "));
        }
        self.selected().map(|line| line.safe().into_owned())
    }

    fn toggle_mark(&mut self) {
        if let Some(line) = self.selected().map(|line| line.id) {
            self.reader.toggle_mark(line);
        }
    }

    fn next_mark(&mut self) {
        let here = self.selected().map(|line| line.id);
        let mark = here.and_then(|here| self.reader.next_mark(here));
        self.go_to(mark);
    }

    fn turn_to(&mut self, page: Page) {
        self.page = if self.page == page { Page::Lines } else { page };
        self.fold();
    }
}
