//! A scenario: the world before anything has happened, and what is going to.
//!
//! A scenario is a TOML file; its words are in `plan.rs`. The file is also the language of tests, so a
//! mistake in it is answered with the line and a sentence. What stacks of one kind are made of is not
//! repeated in every file: it is in `blueprints.toml`, which all scenarios share.

mod accelerator;
mod balancer;
mod bucket;
mod check;
mod failing;
mod grid;
mod logs;
mod plan;
mod watch;
mod work;

use std::fmt;
use std::sync::Arc;

pub(super) use accelerator::{
    AcceleratorPlan, EndpointGroupPlan, EndpointPlan, ListenerPlan, ParameterPlan, PortsPlan,
    RoutingPlan,
};
pub(super) use balancer::{
    AddressPlan, BalancerKind, LoadBalancerPlan, OutageKind, OutagePlan, TargetGroupPlan,
};
pub(super) use logs::{LogGroupPlan, LogLinePlan, LogsPlan, VoicePlan};
pub(super) use plan::{
    AccountPlan, ActionPlan, Blueprint, ChangePlan, ChangeSetPlan, DriftPlan, EndingPlan,
    FaultKindPlan, FaultPlan, MovePlan, Pages, Plan, Reach, StackPlan, TroublePlan,
};
pub(super) use watch::{AlarmPlan, AlarmState, CompositePlan, PacePlan, ReleasePlan};
pub(super) use work::{InstancePlan, WorkPlan};

const EMBEDDED: [(&str, &str); 5] = [
    ("demo", include_str!("../scenarios/demo.toml")),
    ("calm", include_str!("../scenarios/calm.toml")),
    ("bad-day", include_str!("../scenarios/bad-day.toml")),
    ("hostile", include_str!("../scenarios/hostile.toml")),
    ("drill", include_str!("../scenarios/drill.toml")),
];

const BLUEPRINTS: &str = include_str!("../scenarios/blueprints.toml");

/// A world to be started. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scenario {
    plan: Arc<Plan>,
    fleet: Arc<str>,
}

impl Scenario {
    /// One of the embedded scenarios.
    pub fn named(name: &str) -> Result<Scenario, UnknownScenario> {
        let Some((_, text)) = EMBEDDED.iter().find(|(known, _)| *known == name) else {
            return Err(UnknownScenario::new(name));
        };
        Ok(Scenario::parse(text).expect("the embedded scenarios are parsed by a test"))
    }

    /// The names that [`Scenario::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// Reads a scenario file.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        let mut plan: Plan =
            toml::from_str(text).map_err(|error| ScenarioError::of(text, &error))?;
        let shared: plan::Blueprints =
            toml::from_str(BLUEPRINTS).map_err(|error| ScenarioError::of(BLUEPRINTS, &error))?;
        for (name, blueprint) in shared.blueprint {
            plan.blueprint.entry(name).or_insert(blueprint);
        }
        check::check(&plan).map_err(|message| ScenarioError {
            line: None,
            message,
        })?;
        Ok(Scenario::planned(plan))
    }

    /// A world for measuring: `regions` regions of one account with `stacks` stacks each.
    pub fn grid(regions: usize, stacks: usize) -> Scenario {
        Scenario::planned(grid::plan(regions, stacks))
    }

    /// A world for measuring accelerators: each has so many listeners, each of those so many endpoint groups, and
    /// each of those so many endpoints, of which every tenth fails its checks.
    pub fn accelerators(
        accelerators: usize,
        listeners: usize,
        groups: usize,
        endpoints: usize,
    ) -> Scenario {
        Scenario::planned(grid::accelerators([
            accelerators,
            listeners,
            groups,
            endpoints,
        ]))
    }

    fn planned(plan: Plan) -> Scenario {
        Scenario {
            fleet: fleet(&plan.account).into(),
            plan: Arc::new(plan),
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The fleet file that goes with this world.
    pub fn fleet(&self) -> &str {
        &self.fleet
    }
}

/// The accounts in the program's own fleet format. Only sandbox fleets carry access keys.
fn fleet(accounts: &[AccountPlan]) -> String {
    let mut out = String::from("version = { tag = \"version\" }\n");
    for account in accounts {
        out.push_str("\n[[account]]\n");
        let mut line = |key: &str, value: toml::Value| {
            out.push_str(key);
            out.push_str(" = ");
            out.push_str(&value.to_string());
            out.push('\n');
        };
        line("name", account.name.as_str().into());
        line("access_key", account.access_key.as_str().into());
        line("colour", account.colour.as_str().into());
        line("guard", account.guard.as_str().into());
        line("regions", account.regions.clone().into());
    }
    out
}

/// A name that is none of the embedded scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario {
    pub name: String,
    /// What was probably meant.
    pub nearest: Option<&'static str>,
    pub all: Vec<&'static str>,
}

impl UnknownScenario {
    fn new(name: &str) -> UnknownScenario {
        let nearest = Scenario::names()
            .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
            .filter(|(likeness, _)| *likeness >= 0.5)
            .max_by(|left, right| left.0.total_cmp(&right.0))
            .map(|(_, known)| known);
        UnknownScenario {
            name: name.to_owned(),
            nearest,
            all: Scenario::names().collect(),
        }
    }
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "There is no scenario called {:?}.", self.name)?;
        match self.nearest {
            Some(nearest) => write!(f, " Did you mean {nearest:?}?"),
            None => write!(f, " There are: {}.", self.all.join(", ")),
        }
    }
}

impl std::error::Error for UnknownScenario {}

/// What is wrong with a scenario file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    pub line: Option<usize>,
    pub message: String,
}

impl ScenarioError {
    fn of(text: &str, error: &toml::de::Error) -> ScenarioError {
        ScenarioError {
            line: error.span().and_then(|span| {
                let before = text.get(..span.start)?;
                Some(before.matches('\n').count() + 1)
            }),
            message: error.message().to_owned(),
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Line {line} of the scenario: {}", self.message),
            None => write!(f, "The scenario: {}", self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_scenario_is_read() {
        for (name, text) in EMBEDDED {
            if let Err(error) = Scenario::parse(text) {
                panic!("{name}: {error}");
            }
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_answered_with_what_was_meant() {
        let error = Scenario::named("bad-dya").unwrap_err();
        assert_eq!(error.nearest, Some("bad-day"));
        assert_eq!(
            error.to_string(),
            "There is no scenario called \"bad-dya\". Did you mean \"bad-day\"?"
        );
        assert_eq!(Scenario::named("zzz").unwrap_err().nearest, None);
    }

    #[test]
    fn a_mistake_is_answered_with_its_line() {
        let error = Scenario::parse("seed = 1\n[[account]]\nid = 5\n").unwrap_err();
        assert_eq!(error.line, Some(3), "{error}");
        let error = Scenario::parse("seed = 1\ncolor = \"red\"\n").unwrap_err();
        assert_eq!(error.line, Some(2), "{error}");
    }

    #[test]
    fn the_fleet_is_what_the_program_reads() {
        let scenario = Scenario::named("calm").unwrap();
        let fleet: toml::Table = toml::from_str(scenario.fleet()).unwrap();
        assert_eq!(fleet["version"]["tag"].as_str(), Some("version"));
        let accounts = fleet["account"].as_array().unwrap();
        assert_eq!(accounts[0]["name"].as_str(), Some("prod"));
        assert_eq!(accounts[0]["access_key"].as_str(), Some("123456789012"));
        assert_eq!(accounts[0]["regions"].as_array().unwrap().len(), 6);
    }
}
