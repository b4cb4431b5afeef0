//! Which accounts and regions to look at, from the fleet file, the flags and the surroundings.
//!
//! The file declares accounts; without one, the environment's own credentials make an account. `-p` and `-r`
//! narrow that or make more of it; a project's `cdk.json` names regions where nobody else did. Whatever happens,
//! an account is read-only unless its declaration says otherwise.

mod account;
mod deploy;
pub mod file;
mod hook;
mod rules;
mod selection;

pub use deploy::{Waves, blank, seconds};

use super::gco::Project;
use super::{Environment, Flags, Mistake, Note, Profiles, Warning, regions};
use crate::domain::{
    Access, Account, AccountName, Credentials, Fleet, Guard, Region, RegionChoice,
};
use deploy::Ground;
use file::FleetFile;

/// Whose accounts a fleet file speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    Real,
    /// The sandbox's: accounts have keys that open nothing else, and nothing around the process counts.
    Sandbox,
}

/// An account, and whether somebody chose its regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub account: Account,
    pub regions: Regions,
}

/// Whether a declaration speaks of regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regions {
    Said,
    Unsaid,
}

/// A fleet, and what is worth saying about how it came to be.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct Assembly {
    pub(super) fleet: Fleet,
    pub(super) notes: Vec<Note>,
    pub(super) warnings: Vec<Warning>,
}

/// Puts a fleet together.
pub(super) fn assemble(
    file: &FleetFile,
    world: World,
    flags: &Flags,
    environment: &Environment,
    profiles: &Profiles,
) -> Result<Assembly, Mistake> {
    let mut assembly = Assembly::default();
    let declared = match (file.accounts.is_empty(), world) {
        (false, _) => file.accounts.clone(),
        (true, World::Real) if file.left_out == 0 => {
            let declared = around(environment, profiles);
            if flags.profiles.is_empty() {
                assembly.introduce(&declared, environment, profiles);
            }
            vec![declared]
        }
        (true, World::Real | World::Sandbox) => return Err(no_account(file)),
    };
    let mut chosen = selection::accounts(&flags.profiles, declared, profiles)?;
    selection::regions(&flags.regions, &mut chosen)?;
    let nobody_chose = |chosen: &[Declared]| {
        let mut chosen = chosen.iter();
        chosen.all(|declared| declared.regions == Regions::Unsaid)
    };
    if world == World::Real
        && nobody_chose(&chosen)
        && let Some(project) = Project::around(environment)
    {
        for declared in &mut chosen {
            declared.account.regions = RegionChoice::Listed(project.regions.clone());
        }
        assembly.notes.push(project.note(environment));
    }
    for declared in &chosen {
        let profile = declared.account.credentials.profile();
        let obstacle = profile.and_then(|profile| profiles.obstacle(profile));
        assembly.warnings.extend(obstacle);
    }
    assembly.fleet = Fleet {
        accounts: chosen
            .into_iter()
            .map(|declared| declared.account)
            .collect(),
        version: file.version.clone(),
        lambda: file.lambda.clone(),
        spending: file.spending,
        deployments: Vec::new(),
        hooks: file.hooks.clone(),
        unstoppable: file.unstoppable.clone(),
    };
    if flags.read_only {
        for account in &mut assembly.fleet.accounts {
            account.access = Access::ReadOnly;
        }
    }
    assembly.settle_deployments(file, flags);
    Ok(assembly)
}

impl Assembly {
    /// What is deployed where, now that it is known which accounts and regions there are.
    fn settle_deployments(&mut self, file: &FleetFile, flags: &Flags) {
        for declared in &file.deployments {
            let ground = Ground {
                file: &file.file,
                folder: file.folder.as_deref(),
                accounts: &self.fleet.accounts,
                flags,
                alias: &self.fleet.lambda.alias,
            };
            match deploy::settle(declared, &ground) {
                Ok(settled) => self.fleet.deployments.extend(settled),
                Err(warning) => self.warnings.push(warning),
            }
        }
    }

    /// What to say of an account that nobody declared.
    fn introduce(&mut self, declared: &Declared, environment: &Environment, profiles: &Profiles) {
        let names: Vec<&str> = profiles.names().collect();
        if let Some(profile) = declared.account.credentials.profile() {
            if profiles.get(profile).is_none() {
                let what = super::mistake::unknown("profile", profile, profiles.names());
                self.warnings.push(Warning::about("AWS_PROFILE", what));
            }
        } else if environment.variable("AWS_ACCESS_KEY_ID").is_none()
            && !names.is_empty()
            && !names.contains(&"default")
        {
            self.notes.push(Note::new(
                "No account was chosen, and there is no default profile.",
                format!("Start with `-p` and one of {}.", names.join(", ")),
            ));
        }
    }
}

impl Declared {
    /// An account that is nothing but a profile.
    fn of_profile(profile: &str, profiles: &Profiles) -> Self {
        let region = profiles
            .get(profile)
            .and_then(|profile| profile.region.as_deref());
        let home = plausible(region).unwrap_or_else(|| regions::home_of(None));
        Self::undeclared(profile, home, Credentials::Profile(profile.to_owned()))
    }

    /// An account that no file describes, as careful as can be.
    fn undeclared(name: &str, home: Region, credentials: Credentials) -> Self {
        let account = Account {
            name: AccountName::new(crate::domain::untrusted::sanitise(name)),
            colour: None,
            guard: Guard::default(),
            access: Access::default(),
            regions: everything(),
            home,
            credentials,
        };
        Self {
            account,
            regions: Regions::Unsaid,
        }
    }
}

/// Nothing to show, and why.
fn no_account(file: &FleetFile) -> Mistake {
    if file.file.is_empty() {
        return Mistake::new("The sandbox's accounts have to be declared in a fleet file.");
    }
    let reason = match file.warnings.first() {
        Some(warning) => warning.in_file(),
        None => "It declares none.".to_owned(),
    };
    Mistake::new(format!("No account of {} can be used. {reason}", file.file))
}

/// The account that the environment's own credentials lead to.
fn around(environment: &Environment, profiles: &Profiles) -> Declared {
    let profile = environment.variable("AWS_PROFILE");
    let settings = profile.unwrap_or("default");
    // Keys in the environment go before its profile, as with every AWS tool. They may be another account's than the
    // profile's, so they do not go by its name, but its region counts.
    let (name, credentials) = match (environment.variable("AWS_ACCESS_KEY_ID"), profile) {
        (Some(_), _) => ("environment", Credentials::Environment),
        (None, Some(profile)) => (profile, Credentials::Profile(profile.to_owned())),
        (None, None) => ("default", Credentials::Environment),
    };
    let home = ["AWS_REGION", "AWS_DEFAULT_REGION"]
        .into_iter()
        .find_map(|variable| plausible(environment.variable(variable)))
        .or_else(|| plausible(profiles.get(settings)?.region.as_deref()))
        .unwrap_or_else(|| regions::home_of(None));
    Declared::undeclared(name, home, credentials)
}

fn plausible(region: Option<&str>) -> Option<Region> {
    region
        .filter(|name| regions::is_plausible(name))
        .map(Region::new)
}

/// All regions that an account has enabled.
fn everything() -> RegionChoice {
    RegionChoice::Enabled {
        matching: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
