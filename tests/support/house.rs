//! The binary in front of a sandbox that the test holds: its clock, its faults and its log.

use super::cli::Cli;
use super::program::Program;
use quarterdeck::sandbox::{Clock, Options, Sandbox, Scenario};
use tokio::runtime::Runtime;

/// The moment at which the clocks of tests and screenshots stand.
pub(crate) const NOW: &str = "2026-11-20T14:32:07Z";

/// A sandbox, and the means to open a screen on it.
pub(crate) struct House {
    pub(crate) sandbox: Sandbox,
    /// The sandbox's tasks live here.
    _runtime: Runtime,
}

impl House {
    /// A scenario at [`NOW`], where the sandbox's clock stands until the test moves it.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        Self::at(Clock::manual(NOW.parse().expect("NOW is a time")), scenario)
    }

    /// A scenario in real time, for what the machine's clock decides: whether credentials still last.
    pub(crate) fn today(scenario: &str) -> Self {
        let scenario = Scenario::named(scenario).expect("the scenario exists");
        Self::at(Clock::real(), &scenario)
    }

    /// A scenario, by this clock.
    pub(crate) fn at(clock: Clock, scenario: &Scenario) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let options = Options {
            scenario: scenario.clone(),
            clock,
            port: 0,
        };
        let sandbox = runtime
            .block_on(Sandbox::start(options))
            .expect("loopback has a free port");
        Self {
            sandbox,
            _runtime: runtime,
        }
    }

    pub(crate) fn named(scenario: &str) -> Self {
        Self::of(&Scenario::named(scenario).expect("the scenario exists"))
    }

    /// The binary, told where the sandbox is; its own clock stands at [`NOW`].
    pub(crate) fn program(&self) -> Program {
        let program = Program::quarterdeck();
        program
            .home()
            .write(".config/quarterdeck/fleet.toml", self.sandbox.fleet());
        let address = self.sandbox.address().to_string();
        program.args(["--sandbox-at", &address, "--now", NOW])
    }

    /// A shell in a terminal, in which `$Q` is the binary on this sandbox.
    pub(crate) fn shell(&self, line: &str) -> Program {
        let program = Program::named("/bin/sh");
        program
            .home()
            .write(".config/quarterdeck/fleet.toml", self.sandbox.fleet());
        program.env("Q", &self.command()).args(["-c", line])
    }

    fn command(&self) -> String {
        format!(
            "quarterdeck --sandbox-at {} --now {NOW}",
            self.sandbox.address()
        )
    }

    /// A shell in which `$Q` is the binary on this sandbox.
    pub(crate) fn cli(&self) -> Cli {
        let cli = Cli::new();
        cli.home()
            .write(".config/quarterdeck/fleet.toml", self.sandbox.fleet());
        cli.env("Q", &self.command())
    }
}
