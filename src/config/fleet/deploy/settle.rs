//! What becomes of a deployment when it is known which accounts and regions are chosen.

use super::{Declared, Origin, beside, values};
use crate::config::assembly::{CloudAssembly, Synthesised};
use crate::config::{Flags, Warning, file};
use crate::domain::operation::{Deployment, Gate, Source};
use crate::domain::scope::glob_matches;
use crate::domain::{Account, Region, RegionChoice, Scope};
use std::path::Path;

/// What a deployment is settled on.
pub(in crate::config::fleet) struct Ground<'g> {
    /// The fleet file as warnings name it, and the directory that its paths start from.
    pub(in crate::config::fleet) file: &'g str,
    pub(in crate::config::fleet) folder: Option<&'g Path>,
    /// Those that are chosen.
    pub(in crate::config::fleet) accounts: &'g [Account],
    pub(in crate::config::fleet) flags: &'g Flags,
    /// The alias that callers use.
    pub(in crate::config::fleet) alias: &'g str,
}

/// The deployments that come of one, by name; a warning when none can.
pub(in crate::config::fleet) fn settle(
    declared: &Declared,
    ground: &Ground<'_>,
) -> Result<Vec<(String, Deployment)>, Warning> {
    let warn = |sentence: String| Warning::about(ground.file, sentence).at(declared.line);
    let places = declared.places(ground).map_err(warn)?;
    let mut whole = declared.rest.clone();
    whole.policy.body = text(declared.policy.as_deref(), ground).map_err(warn)?;
    whole.policy.during = text(declared.during.as_deref(), ground).map_err(warn)?;
    whole.waves = declared.waves.of(&places);
    let default = declared.waves.bake(whole.waves.len());
    whole.bake = declared.bake.unwrap_or(default);
    whole.gates = gates(&declared.rest.gates, &places, ground.alias);
    whole.source = match &declared.origin {
        Origin::Nowhere => Source::Same,
        Origin::File(path) => Source::File(beside(ground.folder, path)),
        Origin::Command(line) => Source::Command(line.clone()),
        Origin::Assembly(path) => {
            let folder = beside(ground.folder, path);
            let assembly = CloudAssembly::read(&folder).map_err(|error| warn(error.to_string()))?;
            return Ok(assembled(declared, &whole, &assembly));
        }
    };
    Ok(vec![(declared.name.clone(), whole)])
}

/// A deployment for each stack of an assembly, each after those that it needs.
fn assembled(
    declared: &Declared,
    whole: &Deployment,
    assembly: &CloudAssembly,
) -> Vec<(String, Deployment)> {
    let named = |stack: &Synthesised| match declared.name.as_str() {
        "" => stack.id.clone(),
        name => format!("{name}/{}", stack.id),
    };
    let stacks = assembly.stacks.iter();
    stacks
        .map(|stack| {
            let mut deployment = stack.over(whole.clone());
            if let Some(region) = &stack.region {
                let is_its = |scope: &Scope| scope.region().is_some_and(|it| it == region);
                for wave in &mut deployment.waves {
                    wave.retain(is_its);
                }
                deployment.waves.retain(|wave| !wave.is_empty());
            }
            (named(stack), deployment)
        })
        .collect()
}

impl Declared {
    /// Every chosen place that it is meant for. The error is a sentence.
    fn places(&self, ground: &Ground<'_>) -> Result<Vec<Scope>, String> {
        let name = &self.name;
        let is_meant = |account: &&Account| {
            let name = account.name.as_str();
            self.accounts.is_empty() || self.accounts.iter().any(|glob| glob_matches(glob, name))
        };
        let accounts: Vec<&Account> = ground.accounts.iter().filter(is_meant).collect();
        let mut places = Vec::new();
        for account in &accounts {
            let regions = self.regions_of(account)?;
            let of_account = |region: Region| Scope::regional(&account.name, &region);
            places.extend(regions.into_iter().map(of_account));
        }
        // What the command line leaves out is no mistake of the file.
        let is_narrowed = !ground.flags.regions.is_empty() || !ground.flags.profiles.is_empty();
        if is_narrowed {
            return Ok(places);
        }
        if accounts.is_empty() {
            let globs = self.accounts.join("`, `");
            return Err(format!(
                "No account is called `{globs}`, so the deployment `{name}` is left out."
            ));
        }
        if let Some(stranger) = self.waves.strangers(ground.accounts, &places).first() {
            return Err(format!(
                "No account has the region `{stranger}` that `waves` names, so the deployment `{name}` is left out."
            ));
        }
        Ok(places)
    }

    /// The regions of an account that it is meant for, in their order.
    fn regions_of(&self, account: &Account) -> Result<Vec<Region>, String> {
        match &account.regions {
            RegionChoice::Listed(listed) => {
                let listed = listed.iter();
                Ok(listed
                    .filter(|region| region.is_among(&self.regions))
                    .cloned()
                    .collect())
            }
            RegionChoice::Enabled { matching } => {
                let in_waves = self.waves.regions();
                let named: Vec<&str> = if self.regions.is_empty() {
                    in_waves
                } else {
                    self.regions.iter().map(String::as_str).collect()
                };
                if named.is_empty() || named.iter().any(|name| name.contains(['*', '?'])) {
                    return Err(format!(
                        "The regions of {} are asked of AWS, so the deployment `{}` has to name its own in `regions`; it is left out.",
                        account.name, self.name
                    ));
                }
                let mut regions: Vec<Region> = Vec::new();
                for region in named.into_iter().map(Region::new) {
                    if region.is_among(matching) && !regions.contains(&region) {
                        regions.push(region);
                    }
                }
                Ok(regions)
            }
        }
    }
}

/// What a policy says, from the file where one is named.
fn text(policy: Option<&str>, ground: &Ground<'_>) -> Result<Option<String>, String> {
    let Some(policy) = policy else {
        return Ok(None);
    };
    if values::is_json(policy) {
        return Ok(Some(policy.to_owned()));
    }
    let path = beside(ground.folder, policy);
    let text = file::read(&path)
        .map_err(|error| format!("The stack policy {policy} cannot be read: {error}."))?;
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(format!("The stack policy {policy} is not JSON: {error}.")),
    }
}

/// Gates on a function's errors are for each account; the account as a whole stands for the regions of a wave.
fn gates(gates: &[Gate], places: &[Scope], alias: &str) -> Vec<Gate> {
    let mut settled = Vec::new();
    for gate in gates {
        let Gate::Errors {
            function,
            alias: own,
            percent,
            seconds,
            ..
        } = gate
        else {
            settled.push(gate.clone());
            continue;
        };
        let alias = if own.is_empty() { alias } else { own };
        let accounts = places.chunk_by(|a, b| a.account == b.account);
        settled.extend(accounts.filter_map(|places| {
            Some(Gate::Errors {
                scope: Scope::global(&places.first()?.account),
                function: function.clone(),
                alias: alias.to_owned(),
                percent: *percent,
                seconds: *seconds,
            })
        }));
    }
    settled
}
