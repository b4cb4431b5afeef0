//! Parse the command line, wire the parts, choose a door, map the ending to an exit code.

use quarterdeck::app::notice::Severity;
use quarterdeck::app::{App, Clipboard};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::cli::{self, Arguments, Door, Exit, Output, Print, Session, Styling};
use quarterdeck::config::settings::{self, Settings};
use quarterdeck::config::terminal::Kind;
use quarterdeck::config::{Environment, Mistake, Paths, Terminal, When, World, options, print};
use quarterdeck::domain::{Clock, Timestamp};
use quarterdeck::engine::audit::Audit;
use quarterdeck::engine::journal::Journals;
use quarterdeck::engine::{Books, Engine};
use quarterdeck::sandbox::{self, Options, Sandbox, Scenario};
use quarterdeck::tui::{self, Ending, Outbox, Stage};
use quarterdeck::ui::Look;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How a run ended, for the shell.
type Code = u8;

fn main() -> ExitCode {
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are not errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                Exit::Usage.code()
            } else {
                Exit::Done.code()
            });
        }
    };
    let bug = CancellationToken::new();
    let environment = Environment::capture();
    start_log(&environment);
    let report = Paths::of(&environment)
        .state
        .map(|state| state.join("panics.log"));
    tui::guard_panics(bug.clone(), report);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return complain(
                &format!("Quarterdeck could not start its workers: {error}."),
                Exit::Failed,
            );
        }
    };
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = bug.cancelled() => Ok(Exit::Bug.code()),
                ended = enter(arguments, environment, bug.clone()) => ended,
            }
        })
    }));
    // Whatever still runs has nothing to lose: every change in AWS was waited for before this.
    runtime.shutdown_background();
    // The hook has said what there is to say.
    let Ok(ended) = ended else {
        return ExitCode::from(Exit::Bug.code());
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => match error.downcast_ref::<Mistake>() {
            Some(mistake) => complain(&mistake.to_string(), Exit::Usage),
            None => complain(&format!("{error:#}"), Exit::Failed),
        },
    }
}

/// Keeps what is behind the sentences, when `QUARTERDECK_LOG` names a level: our own words only, never the SDK's, whose
/// traces hold requests.
fn start_log(environment: &Environment) {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::prelude::*;
    let level = environment
        .variable("QUARTERDECK_LOG")
        .and_then(|level| level.parse::<tracing::level_filters::LevelFilter>().ok());
    let (Some(level), Some(path)) = (level, Paths::of(environment).log()) else {
        return;
    };
    let folder = path.parent().map(|folder| {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
    });
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(&path);
    match (folder, file) {
        (Some(Ok(())), Ok(file)) => {
            let lines = tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(std::sync::Mutex::new(file));
            tracing_subscriber::registry()
                .with(lines.with_filter(Targets::new().with_target("quarterdeck", level)))
                .init();
        }
        (_, file) => {
            let why = file
                .err()
                .map_or_else(String::new, |error| format!(": {error}"));
            let _ = writeln!(
                io::stderr(),
                "The log {} cannot be written{why}.",
                path.display()
            );
        }
    }
}

fn complain(sentence: &str, exit: Exit) -> ExitCode {
    // Nobody can be told that stderr is closed.
    let _ = writeln!(io::stderr(), "{sentence}");
    ExitCode::from(exit.code())
}

/// Goes through the door that was asked for.
async fn enter(
    arguments: Arguments,
    environment: Environment,
    bug: CancellationToken,
) -> anyhow::Result<Code> {
    match &arguments.door {
        Door::Completions(shell) => {
            // Its generator panics when a write fails, and a vector takes everything.
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut cli::command_line(), "quarterdeck", &mut text);
            Ok(cli::print(&text)?.code())
        }
        Door::Manual => Ok(cli::print(&cli::manual()?)?.code()),
        Door::Print(what) => vocabulary(*what, &arguments, &environment),
        Door::Sandbox { port, scenario } => {
            let scenario = named(scenario)?;
            let until = async { _ = tokio::signal::ctrl_c().await };
            sandbox::serve(scenario, *port, &mut io::stdout(), until).await?;
            Ok(Exit::Done.code())
        }
        Door::Demo(scenario) => {
            let scenario = named(scenario)?;
            require_terminal(&environment)?;
            let clock = sandbox::Clock::real();
            let sandbox = Sandbox::start(Options {
                scenario,
                clock: clock.clone(),
                port: 0,
            })
            .await?;
            let settings = settings::load_fleet_text(
                sandbox.fleet(),
                "the demo's fleet",
                World::Sandbox,
                &arguments.flags,
                &environment,
            )?;
            let link = Link {
                endpoint: Some(sandbox.endpoint()),
                http: None,
            };
            // The screen's whole state is in the future; it has no place on the stack.
            let clock = Arc::new(SandboxClock(clock));
            let code = Box::pin(screen(settings, link, clock, arguments, bug)).await;
            sandbox.stop().await;
            code
        }
        Door::Screen => {
            require_terminal(&environment)?;
            let settings = settings(&arguments, &environment)?;
            let (link, clock) = outside(&arguments);
            Box::pin(screen(settings, link, clock, arguments, bug)).await
        }
        Door::Verb(verb) => {
            let settings = settings(&arguments, &environment)?;
            let (link, clock) = outside(&arguments);
            let output = Output {
                styling: styling(&settings),
                is_terminal: io::stdout().is_terminal(),
                regions: std::array::from_fn(|index| settings.theme.line_style(index)),
            };
            for line in remarks(&settings) {
                let _ = writeln!(io::stderr(), "{line}");
            }
            let cloud = Arc::new(Cloud::new(&settings.fleet, link));
            let (engine, updates) =
                Engine::start(&settings.fleet, cloud, Arc::clone(&clock), books(&settings));
            let session = Session {
                fleet: settings.fleet,
                engine,
                updates,
                clock,
                output,
                journals: settings.journals,
            };
            Ok(cli::run(verb, session).await?.code())
        }
    }
}

/// Runs the screen from the first frame to the last.
async fn screen(
    settings: Settings,
    link: Link,
    clock: Arc<dyn Clock>,
    arguments: Arguments,
    bug: CancellationToken,
) -> anyhow::Result<Code> {
    let cloud = Arc::new(Cloud::new(&settings.fleet, link));
    let (engine, updates) =
        Engine::start(&settings.fleet, cloud, Arc::clone(&clock), books(&settings));
    let mut app = App::new(settings.fleet.clone(), settings.keymap.clone(), clock.now());
    settings
        .warnings
        .iter()
        .for_each(|warning| app.warn(Severity::Warning, warning.to_string()));
    settings
        .notes
        .iter()
        .for_each(|note| app.warn(Severity::Info, note.to_string()));
    if !settings.clipboard {
        app.let_copy(Clipboard::Off);
    }
    app.set_zone(|at| at.with_timezone(&chrono::Local).naive_local());
    let stage = Stage {
        look: Look::new(settings.theme.clone(), settings.glyphs),
        themes: settings.themes,
        abilities: tui::Abilities {
            mouse: settings.mouse,
            clipboard: settings.clipboard,
        },
        clock,
        requests: Outbox::new(engine.requests()),
        updates,
        scribe: tui::Scribe::default(),
        herald: tui::Herald::new(settings.alerts),
        bug,
        trap: tui::Trap::at(arguments.panic),
    };
    let ending = tui::run(app, stage).await;
    engine.stop().await;
    Ok(match ending? {
        Ending::Quit => Exit::Done.code(),
        Ending::Bug => Exit::Bug.code(),
        Ending::Killed(signal) => 128 + u8::try_from(signal).unwrap_or(0),
    })
}

/// The operator's configuration; a test's sandbox has a fleet file with the sandbox's own keys in it.
fn settings(arguments: &Arguments, environment: &Environment) -> Result<Settings, Mistake> {
    let world = if arguments.sandbox_at.is_some() {
        World::Sandbox
    } else {
        World::Real
    };
    settings::load(world, &arguments.flags, environment)
}

/// Where whatever is done is written down.
fn books(settings: &Settings) -> Books {
    let who = &settings.operator;
    let (audit, journals) = (settings.audit.clone(), settings.journals.clone());
    Books {
        audit: audit.map_or_else(Audit::nowhere, |file| Audit::at(file, who)),
        journals: journals.map_or_else(Journals::nowhere, |folder| Journals::at(folder, who)),
    }
}

/// Whether words on standard output may be coloured.
fn styling(settings: &Settings) -> Styling {
    let coloured = match settings.color {
        When::Always => true,
        When::Never => false,
        When::Auto => io::stdout().is_terminal(),
    };
    if coloured {
        Styling::Coloured
    } else {
        Styling::Plain
    }
}

/// What the files had to say, worst first.
fn remarks(settings: &Settings) -> impl Iterator<Item = String> {
    settings
        .warnings
        .iter()
        .map(ToString::to_string)
        .chain(settings.notes.iter().map(ToString::to_string))
}

/// AWS and the wall clock, unless a test says otherwise.
fn outside(arguments: &Arguments) -> (Link, Arc<dyn Clock>) {
    let link = Link {
        endpoint: arguments
            .sandbox_at
            .map(|address| format!("http://{address}")),
        http: None,
    };
    match arguments.now {
        Some(now) => (link, Arc::new(StandingClock(now))),
        None => (link, Arc::new(WallClock)),
    }
}

fn named(scenario: &str) -> Result<Scenario, Mistake> {
    Scenario::named(scenario).map_err(|unknown| Mistake::new(unknown.to_string()))
}

/// The screen needs somebody in front of it.
fn require_terminal(environment: &Environment) -> Result<(), Mistake> {
    let is_dumb = Terminal::of(environment).kind == Kind::Dumb;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() || is_dumb {
        return Err(Mistake::new(
            "The screen needs a terminal on standard input and output; `quarterdeck stacks` and `quarterdeck events` work without one.",
        ));
    }
    Ok(())
}

fn vocabulary(
    what: Print,
    arguments: &Arguments,
    environment: &Environment,
) -> anyhow::Result<Code> {
    let text = match what {
        Print::Commands => print::commands(),
        Print::Keymap => print::keymap(&settings(arguments, environment)?.keymap),
        Print::Roles => print::roles(),
        Print::Config => options::example(),
    };
    Ok(cli::print(text.as_bytes())?.code())
}

/// The machine's clock.
struct WallClock;

impl Clock for WallClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place where the house's clock reads the machine's"
    )]
    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }
}

/// The sandbox's clock, so that its data and our screen agree on "now".
struct SandboxClock(sandbox::Clock);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A clock that stands still, for screenshots.
struct StandingClock(Timestamp);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
