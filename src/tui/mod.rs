//! The terminal and the loop: events in, frames out.
//!
//! One task owns the screen. It waits for whatever comes first — a signal, a key, the engine, the clock — takes in
//! what else is waiting, and draws: at once after a key, otherwise at most thirty times a second. Nothing here waits
//! for the network.

mod herald;
mod keys;
mod outbox;
mod restore;
mod screen;
mod scribe;
mod signals;
mod trap;

pub use herald::Herald;
pub use outbox::Outbox;
pub use restore::{guard_panics, restore};
pub use screen::Abilities;
pub use scribe::Scribe;
pub use trap::Trap;

use crate::app::{App, Effect, Event};
use crate::config::theme::Theme;
use crate::domain::Clock;
use crate::engine::message::Update;
use crate::ui::{self, Look};
use screen::Screen;
use signals::{Signal, Signals};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(33);
/// How often ages on screen are brought up to date.
const TICK: Duration = Duration::from_secs(1);
/// What is taken in between two looks at the keyboard, so that a flood cannot starve it: so many, and no more once so
/// much time has passed. An update may be a page of ten thousand log lines.
const DRAIN_AT_MOST: usize = 512;
const DRAIN_FOR: Duration = Duration::from_millis(6);

/// How the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The operator left.
    Quit,
    /// A fault of ours, wherever it was; the terminal has been restored.
    Bug,
    /// A signal or a terminal that is gone; the number is the signal's.
    Killed(i32),
}

/// What the loop needs besides the app.
pub struct Stage {
    pub look: Look,
    /// The themes that `T` goes through.
    pub themes: Vec<Theme>,
    pub abilities: Abilities,
    pub clock: Arc<dyn Clock>,
    pub requests: Outbox,
    pub updates: mpsc::Receiver<Update>,
    /// Writes what is exported.
    pub scribe: Scribe,
    /// Gives alerts.
    pub herald: Herald,
    /// Cancelled by a panic anywhere.
    pub bug: CancellationToken,
    pub trap: Trap,
}

/// Runs the screen until the operator leaves or a signal ends it. The terminal is restored on every way out.
pub async fn run(mut app: App, mut stage: Stage) -> io::Result<Ending> {
    let mut signals = Signals::listen()?;
    let mut screen = Screen::enter(stage.abilities)?;
    let mut input = keys::read()?;
    let trap = stage.trap.clone();
    let _twice = trap::Twice(&trap);
    let mut elsewhere = tokio::task::JoinSet::new();
    trap.spring("enter");
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first frame comes before the first question: nothing on the network can delay it.
    let mut effects = draw(&mut app, &mut stage, &mut screen)?;
    effects.extend(app.start());
    trap.spring_elsewhere(&mut elsewhere);
    let mut drawn = Instant::now();
    let mut dirty = Dirty::No;
    let mut clicks = keys::Clicks::default();
    loop {
        for effect in std::mem::take(&mut effects) {
            match perform(effect, &mut stage, &mut screen)? {
                After::GoOn => {}
                After::Again => dirty = dirty.max(Dirty::Soon),
                After::Leave => return Ok(Ending::Quit),
            }
        }
        stage.requests.send();
        if dirty == Dirty::Now || dirty == Dirty::Soon && drawn.elapsed() >= FRAME {
            effects.extend(draw(&mut app, &mut stage, &mut screen)?);
            drawn = Instant::now();
            dirty = Dirty::No;
            continue;
        }
        tokio::select! {
            biased;
            () = stage.bug.cancelled() => return Ok(Ending::Bug),
            signal = signals.next() => match signal {
                Signal::End(number) => {
                    trap.spring("signal");
                    return Ok(Ending::Killed(number));
                }
                Signal::Continued => {
                    screen.resume()?;
                    dirty = Dirty::Now;
                }
                Signal::Suspend => {
                    effects.push(Effect::Suspend);
                    dirty = Dirty::Now;
                }
            },
            event = input.recv() => match event {
                Some(event) => {
                    if let Some(event) = keys::event(&event, &mut clicks) {
                        if matches!(event, Event::Resized) {
                            trap.spring("resize");
                            // They come in storms: the frame that is due anyway takes them all in.
                            screen.distrust();
                            dirty = dirty.max(Dirty::Soon);
                        } else {
                            trap.spring("key");
                            dirty = Dirty::Now;
                        }
                        effects.extend(app.update(event));
                    }
                }
                // The terminal is gone, or says nothing that can be read: the same as a hang-up.
                None => return Ok(Ending::Killed(signals::HANG_UP)),
            },
            update = stage.updates.recv() => {
                trap.spring("update");
                let mut next = update;
                let (began, mut taken) = (Instant::now(), 0);
                while let Some(update) = next {
                    effects.extend(app.update(Event::Engine(update)));
                    taken += 1;
                    let goes_on = taken < DRAIN_AT_MOST && began.elapsed() < DRAIN_FOR;
                    next = if goes_on { stage.updates.try_recv().ok() } else { None };
                }
                dirty = dirty.max(Dirty::Soon);
            }
            Some(written) = stage.scribe.written() => {
                effects.extend(app.update(Event::Written(written)));
                dirty = Dirty::Now;
            }
            Some(complaint) = stage.herald.complaint() => {
                effects.extend(app.update(Event::Alerted(complaint)));
                dirty = Dirty::Now;
            }
            _ = tick.tick() => {
                trap.spring("tick");
                effects.extend(app.update(Event::Tick(stage.clock.now())));
                dirty = dirty.max(Dirty::Soon);
            }
            () = tokio::time::sleep_until(drawn + FRAME), if dirty == Dirty::Soon => {}
        }
    }
}

/// Whether the screen differs from the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Dirty {
    No,
    /// When the next frame is due.
    Soon,
    /// Somebody pressed a key and waits.
    Now,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    GoOn,
    /// Another frame is due although nothing has happened.
    Again,
    Leave,
}

fn draw(app: &mut App, stage: &mut Stage, screen: &mut Screen) -> io::Result<Vec<Effect>> {
    let viewport = screen.draw(|frame| {
        stage.trap.spring("draw");
        stage.trap.spring("twice");
        ui::draw(app, &stage.look, frame)
    })?;
    Ok(app.update(Event::Drawn(viewport)))
}

fn perform(effect: Effect, stage: &mut Stage, screen: &mut Screen) -> io::Result<After> {
    match effect {
        Effect::Ask(request) => {
            stage.requests.put(request);
        }
        Effect::Copy(text) => screen.copy(&text)?,
        Effect::Write { name, lines, text } => stage.scribe.write(name, lines, text),
        Effect::Alert(alert) => screen.signal(&stage.herald.give(alert))?,
        Effect::NextTheme => stage.next_theme(),
        Effect::Again => return Ok(After::Again),
        Effect::Redraw => screen.distrust(),
        Effect::Suspend => {
            screen.leave()?;
            signals::stop_the_process_group();
            screen.resume()?;
        }
        Effect::Quit => return Ok(After::Leave),
    }
    Ok(After::GoOn)
}

impl Stage {
    fn next_theme(&mut self) {
        let here = self
            .themes
            .iter()
            .position(|theme| theme.name() == self.look.theme.name());
        let next = here.map_or(0, |here| (here + 1) % self.themes.len().max(1));
        if let Some(theme) = self.themes.get(next) {
            self.look.theme = theme.clone();
        }
    }
}
