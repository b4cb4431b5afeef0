//! One run in full, as lines: its waves as a tree, what holds them up, and what has happened, the newest first.
//!
//! Worked out of the run alone, so that a run of last week reads like one that goes on. Texts are sanitised here.

use super::Operations;
use super::digest::{self, Naming, naming, place};
use super::standing::Standing;
use crate::domain::Timestamp;
use crate::domain::operation::{
    Ending, Gate, GateState, Member, MemberRun, MemberState, Outcome, Plan, Run, Steered, Step,
    StepState,
};
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use chrono::TimeDelta;

/// A line of the story.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// How far it stands to the right.
    pub depth: u8,
    pub mark: Mark,
    pub name: String,
    pub words: String,
    /// At the right end.
    pub note: String,
    /// Which part is done, from nought to one, where that is drawn.
    pub share: Option<f64>,
    /// When it happened, where that stands in the name's place.
    pub at: Option<Timestamp>,
}

/// How the thing on a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    Heading,
    Waiting,
    Going,
    Done,
    Failed,
    /// It is as it was before.
    Back,
    /// Somebody has to look.
    Wanted,
}

/// The whole story of a run.
pub fn story(operations: &Operations, run: &Run, now: Timestamp) -> Vec<Entry> {
    let teller = Teller {
        operations,
        run,
        now: run.outcome.as_ref().map_or(now, |(at, _)| *at),
        naming: naming(&run.plan),
        pace: if run.is_over() || operations.standing(run) == Standing::LeftBehind {
            Pace::Still
        } else {
            Pace::Going
        },
    };
    let mut entries = teller.head();
    entries.extend(teller.waves());
    entries.push(blank());
    entries.push(heading("Journal"));
    entries.extend(teller.journal());
    entries
}

struct Teller<'a> {
    operations: &'a Operations,
    run: &'a Run,
    now: Timestamp,
    naming: Naming,
    /// Whether somebody goes on with it.
    pace: Pace,
}

/// Whether anything happens at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Going,
    /// It is over, or nobody goes on with it.
    Still,
}

impl Teller<'_> {
    fn head(&self) -> Vec<Entry> {
        let run = self.run;
        let mut entries = Vec::new();
        let standing = self.operations.standing(run);
        let why = match &run.outcome {
            Some((_, Outcome::Failed(why) | Outcome::Rejected(why))) => Some(sanitise(why).into_owned()),
            None if standing == Standing::LeftBehind => Some(
                "Nobody goes on with it. What AWS had begun went on there: continue looks first, and repeats nothing."
                    .to_owned(),
            ),
            Some(_) | None => None,
        };
        if let Some((_, words)) = super::standing::approval(run) {
            let words = match words {
                "" => "It waits for somebody to approve what comes next.".to_owned(),
                words => format!("It waits for approval: {}", sanitise(words)),
            };
            entries.push(Entry {
                mark: Mark::Wanted,
                ..entry("", &words)
            });
        }
        if let Some(why) = why {
            let mark = match standing {
                Standing::LeftBehind => Mark::Wanted,
                _ => Mark::Failed,
            };
            entries.push(Entry {
                mark,
                ..entry("", &why)
            });
        }
        if !entries.is_empty() {
            entries.push(blank());
        }
        entries
    }

    fn waves(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let waves = self.run.plan.waves.iter().zip(&self.run.waves);
        for (index, (plan, wave)) in waves.enumerate() {
            let ended = wave.members.iter().all(|member| member.state.is_over());
            let gates_passed = wave
                .gates
                .iter()
                .all(|gate| matches!(gate, Some(GateState::Passed | GateState::Skipped(_))));
            let is_bad = wave.members.iter().any(|member| member.state.is_bad());
            let mark = match wave.began {
                None => Mark::Waiting,
                Some(_) if is_bad => Mark::Failed,
                Some(_) if ended && gates_passed => Mark::Done,
                Some(_) if self.run.is_over() => Mark::Waiting,
                Some(_) if self.pace == Pace::Still => Mark::Wanted,
                Some(_) => Mark::Going,
            };
            let last = wave.members.iter().filter_map(|member| member.ended).max();
            let note = wave.began.map_or_else(String::new, |began| {
                words(
                    if ended {
                        last.unwrap_or(self.now)
                    } else {
                        self.now
                    } - began,
                )
            });
            let title = format!("Wave {} of {}", index + 1, self.run.plan.waves.len());
            entries.push(Entry {
                mark,
                note,
                ..entry(&title, "")
            });
            for (number, (planned, member)) in plan.members.iter().zip(&wave.members).enumerate() {
                entries.extend(self.member((index, number), planned, member));
            }
            for (gate, state) in plan.gates.iter().zip(&wave.gates) {
                entries.push(self.gate(gate, state.as_ref()));
            }
        }
        entries
    }

    fn member(
        &self,
        (wave, number): (usize, usize),
        planned: &Member,
        member: &MemberRun,
    ) -> Vec<Entry> {
        let (done, all) = member.progress();
        let took = member
            .began
            .map(|began| member.ended.unwrap_or(self.now) - began);
        let usual = planned
            .usual
            .map(|seconds| TimeDelta::seconds(seconds.into()));
        let note = match (took, usual) {
            (Some(took), Some(usual)) => format!("{} of {}", words(took), words(usual)),
            (Some(took), None) => words(took),
            (None, Some(usual)) => format!("usually {}", words(usual)),
            (None, None) => String::new(),
        };
        let is_going = member.state == MemberState::Running && self.pace == Pace::Going;
        let share = is_going.then(|| share((done, all), took, usual));
        let id = &self.run.plan.id;
        let progress = self.operations.progress(id, wave, number);
        let progress = progress.filter(|_| is_going).map(str::to_owned);
        let progress = progress.unwrap_or_else(|| Self::present(planned, member));
        let (mark, says) = match &member.state {
            MemberState::Waiting => match &planned.idle {
                Some(why) => (Mark::Waiting, format!("nothing to do: {}", sanitise(why))),
                None => (Mark::Waiting, "waits".to_owned()),
            },
            MemberState::Running if self.run.is_over() => {
                (Mark::Waiting, "was left where it was".to_owned())
            }
            MemberState::Running if self.pace == Pace::Still => {
                (Mark::Wanted, format!("was at: {progress}"))
            }
            MemberState::Running => (Mark::Going, progress),
            MemberState::Succeeded => (Mark::Done, "done".to_owned()),
            MemberState::Unchanged => (Mark::Done, "nothing had to be changed".to_owned()),
            MemberState::Failed(why) => (Mark::Failed, sanitise(why).into_owned()),
            MemberState::RolledBack(why) => (Mark::Back, format!("taken back: {}", sanitise(why))),
            MemberState::Stuck(why) => (Mark::Wanted, format!("stuck: {}", sanitise(why))),
            MemberState::Cancelled => (Mark::Waiting, "not begun, or not gone on with".to_owned()),
        };
        let name = self.place(planned);
        let steps = format!("{done}/{all} ");
        let says = if is_going { steps + &says } else { says };
        let mut entries = vec![Entry {
            depth: 1,
            mark,
            note,
            share,
            ..entry(&name, &says)
        }];
        // The steps of what goes on or has failed are worth their lines.
        if is_going || member.state.is_bad() || mark == Mark::Wanted {
            let steps = planned.steps.iter().chain(&member.added).zip(&member.steps);
            let last = planned.steps.len();
            entries.extend(steps.enumerate().map(|(index, (what, state))| {
                let mut line = step(what, state, self.now);
                if index >= last {
                    line.words = format!("{} (to take it back)", line.words);
                }
                line
            }));
        }
        entries
    }

    fn place(&self, member: &Member) -> String {
        place(&member.scope, self.naming)
    }

    /// The step that a member is at, in words.
    fn present(planned: &Member, member: &MemberRun) -> String {
        let steps = planned.steps.iter().chain(&member.added).zip(&member.steps);
        let mut open = steps.filter(|(_, state)| !matches!(state, StepState::Ended(..)));
        open.next().map_or_else(String::new, |(step, _)| what(step))
    }

    fn gate(&self, gate: &Gate, state: Option<&GateState>) -> Entry {
        let mut line = Entry {
            depth: 1,
            ..entry("then", &digest::gate_words(gate))
        };
        match state {
            None => line.mark = Mark::Waiting,
            Some(GateState::Open { since, until }) => {
                line.mark = match gate {
                    Gate::Approve { .. } => Mark::Wanted,
                    _ => Mark::Going,
                };
                line.note = match until {
                    Some(until) => format!("{} left", words(*until - self.now)),
                    None => format!("for {}", words(self.now - *since)),
                };
                line.share = until.map(|until| {
                    let all = (until - *since).num_milliseconds();
                    ratio((self.now - *since).num_milliseconds(), all)
                });
            }
            Some(GateState::Passed) => line.mark = Mark::Done,
            Some(GateState::Failed(why)) => {
                line.mark = Mark::Failed;
                line.words = format!("{} — {}", line.words, sanitise(why));
            }
            Some(GateState::Skipped(why)) => {
                line.mark = Mark::Back;
                line.words = format!("{} — skipped: {}", line.words, sanitise(why));
            }
        }
        line
    }

    /// What has happened, the newest first.
    fn journal(&self) -> Vec<Entry> {
        let run = self.run;
        let mut told: Vec<(Timestamp, Mark, String)> =
            vec![(run.began, Mark::None, begun(&run.plan))];
        for (wave, planned) in run.waves.iter().zip(&run.plan.waves) {
            for (member, planned) in wave.members.iter().zip(&planned.members) {
                self.of_member(planned, member, &mut told);
            }
        }
        for (at, decision) in &run.decisions {
            let by = sanitise(&decision.by);
            let (says, comment) = match &decision.steered {
                Steered::Cancel => ("cancelled it", ""),
                Steered::Approve { comment } => ("approved", comment.as_str()),
                Steered::Reject { comment } => ("rejected it", comment.as_str()),
                Steered::SkipBake { reason } => ("went past the waiting", reason.as_str()),
                Steered::Reverse => ("has it undone", ""),
            };
            let words = match comment {
                "" => format!("{by} {says}."),
                comment => format!("{by} {says}: {}", sanitise(comment)),
            };
            told.push((*at, Mark::Wanted, words));
        }
        if let Some((at, outcome)) = &run.outcome {
            told.push((*at, of_outcome(outcome), outcome_words(outcome)));
        }
        // Stable: of one moment, what comes later in the plan stands above.
        told.sort_by_key(|(at, ..)| *at);
        let lines = told.into_iter().rev().map(|(at, mark, words)| Entry {
            depth: 0,
            mark,
            at: Some(at),
            ..entry("", &words)
        });
        lines.collect()
    }

    fn of_member(
        &self,
        planned: &Member,
        member: &MemberRun,
        told: &mut Vec<(Timestamp, Mark, String)>,
    ) {
        let here = self.place(planned);
        let steps = planned.steps.iter().chain(&member.added).zip(&member.steps);
        for (index, (step, state)) in steps.enumerate() {
            let request = member.requests.iter().rfind(|(of, _)| *of == index);
            let request = request.map_or_else(String::new, |(_, id)| {
                format!(" (request {})", sanitise(id))
            });
            let says = what(step);
            let (at, mark, words) = match state {
                StepState::Waiting => continue,
                StepState::Intended(at) => {
                    (*at, Mark::Going, format!("{here}: {says} is asked for."))
                }
                StepState::Accepted { at, .. } => (
                    *at,
                    Mark::Going,
                    format!("{here}: AWS has taken it to {says}.{request}"),
                ),
                StepState::Ended(at, ending) => {
                    let (mark, how) = match ending {
                        Ending::Done => (Mark::Done, "done.".to_owned()),
                        Ending::Already => (Mark::Done, "was so already.".to_owned()),
                        Ending::Failed(why) => (Mark::Failed, format!("failed: {}", sanitise(why))),
                        Ending::RolledBack(why) => (
                            Mark::Back,
                            format!("failed, and AWS took it back: {}", sanitise(why)),
                        ),
                        Ending::Skipped(why) => {
                            (Mark::Waiting, format!("not done: {}", sanitise(why)))
                        }
                    };
                    (*at, mark, format!("{here}: {says}: {how}{request}"))
                }
            };
            told.push((at, mark, words));
        }
    }
}

fn begun(plan: &Plan) -> String {
    format!("{} agreed to the plan, and it began.", sanitise(&plan.by))
}

fn of_outcome(outcome: &Outcome) -> Mark {
    match outcome {
        Outcome::Succeeded | Outcome::Unchanged => Mark::Done,
        Outcome::Failed(_) => Mark::Failed,
        Outcome::Cancelled | Outcome::Rejected(_) | Outcome::Abandoned => Mark::Back,
    }
}

fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Succeeded => "It succeeded.".to_owned(),
        Outcome::Unchanged => "There was nothing to change.".to_owned(),
        Outcome::Failed(why) => format!("It failed: {}", sanitise(why)),
        Outcome::Cancelled => "It was cancelled.".to_owned(),
        Outcome::Rejected(why) => format!("It was rejected: {}", sanitise(why)),
        Outcome::Abandoned => "It was abandoned: AWS was left as it was.".to_owned(),
    }
}

fn what(step: &Step) -> String {
    match step {
        Step::Call(call) => call.words(),
        Step::Gate(gate) => digest::gate_words(gate),
    }
}

fn step(step: &Step, state: &StepState, now: Timestamp) -> Entry {
    let (mark, note) = match state {
        StepState::Waiting => (Mark::Waiting, String::new()),
        StepState::Intended(at) | StepState::Accepted { at, .. } => (Mark::Going, words(now - *at)),
        StepState::Ended(_, ending) => {
            let mark = match ending {
                Ending::Done | Ending::Already => Mark::Done,
                Ending::Failed(_) => Mark::Failed,
                Ending::RolledBack(_) => Mark::Back,
                Ending::Skipped(_) => Mark::Waiting,
            };
            (mark, String::new())
        }
    };
    Entry {
        depth: 2,
        mark,
        note,
        ..entry("", &what(step))
    }
}

/// How much is done: by the steps that have ended, or by the time that it usually takes, whichever says more.
fn share((done, all): (usize, usize), took: Option<TimeDelta>, usual: Option<TimeDelta>) -> f64 {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let by_steps = ratio(count(done), count(all));
    let by_time = match (took, usual) {
        (Some(took), Some(usual)) => ratio(took.num_milliseconds(), usual.num_milliseconds()),
        (Some(_) | None, _) => 0.0,
    };
    // What is not over is not shown as whole.
    by_steps.max(by_time).min(0.95)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a share is drawn in twenty cells"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    if whole <= 0 {
        return 0.0;
    }
    (part as f64 / whole as f64).clamp(0.0, 1.0)
}

fn entry(name: &str, words: &str) -> Entry {
    Entry {
        depth: 0,
        mark: Mark::None,
        name: name.to_owned(),
        words: words.to_owned(),
        note: String::new(),
        share: None,
        at: None,
    }
}

fn heading(words: &str) -> Entry {
    Entry {
        mark: Mark::Heading,
        ..entry("", words)
    }
}

fn blank() -> Entry {
    entry("", "")
}
