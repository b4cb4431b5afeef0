//! What the AWS configuration files say of profiles, as far as a hint needs it.
//!
//! Credentials are the SDK's business and are never read here: this room learns names and regions, so that a wrong
//! profile is named before the first call, and one that cannot work is named before it fails.

use super::{Environment, Warning};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Every profile of both files.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Profiles {
    /// The configuration file, as people write it.
    file: String,
    by_name: BTreeMap<String, Profile>,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Profile {
    pub region: Option<String>,
    /// A role that the profile assumes.
    pub role: Option<String>,
    /// The device whose code has to go with that.
    pub mfa_serial: Option<String>,
}

/// The two files differ in how they name a profile.
#[derive(Clone, Copy)]
enum Dialect {
    /// `[profile prod]`, except `[default]`.
    Config,
    /// `[prod]`.
    Credentials,
}

impl Profiles {
    /// Reads both files; one that is not there has no profiles.
    pub fn of(environment: &Environment) -> Self {
        let path = |variable: &str, usual: &str| -> PathBuf {
            environment.expand(environment.variable(variable).unwrap_or(usual))
        };
        let config = path("AWS_CONFIG_FILE", "~/.aws/config");
        let credentials = path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
        let text = |path| std::fs::read_to_string(path).unwrap_or_default();
        let mut profiles = Self::read(&text(&config), &text(&credentials));
        profiles.file = environment.shorten(&config);
        profiles
    }

    /// Reads the texts of both files.
    pub fn read(config: &str, credentials: &str) -> Self {
        let mut profiles = Self {
            file: "~/.aws/config".to_owned(),
            by_name: BTreeMap::new(),
        };
        profiles.take(config, Dialect::Config);
        profiles.take(credentials, Dialect::Credentials);
        profiles
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.by_name.get(name)
    }

    /// The warning about a profile that the SDK will not be able to use, if it is one.
    pub fn obstacle(&self, name: &str) -> Option<Warning> {
        let profile = self.get(name)?;
        // Without a role nobody asks for the code: other tools keep the device there for themselves.
        profile.role.as_ref().and(profile.mfa_serial.as_ref())?;
        let what =
            format!("The profile `{name}` wants an MFA code, and Quarterdeck cannot ask for one.");
        Some(Warning::about(&self.file, what).hint(
            "Let a `credential_process` bring the credentials, or sign in through a profile of IAM Identity Center.",
        ))
    }

    fn take(&mut self, text: &str, dialect: Dialect) {
        let mut current: Option<&mut Profile> = None;
        for line in text.lines() {
            // Indented lines continue a setting (`s3 =`), whose insides are nobody's business here.
            if line.starts_with([' ', '\t']) {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                let header = header.split(']').next().unwrap_or_default();
                current = profile_name(header, dialect)
                    .map(|name| self.by_name.entry(name.to_owned()).or_default());
            } else if let Some(profile) = &mut current
                && let Some((name, value)) = line.split_once('=')
            {
                profile.set(name.trim(), without_comment(value));
            }
        }
    }
}

impl Profile {
    fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        match name {
            "region" => self.region = Some(value.to_owned()),
            "role_arn" => self.role = Some(value.to_owned()),
            "mfa_serial" => self.mfa_serial = Some(value.to_owned()),
            _ => {}
        }
    }
}

fn profile_name(header: &str, dialect: Dialect) -> Option<&str> {
    let header = header.trim();
    match dialect {
        Dialect::Credentials => Some(header),
        Dialect::Config if header == "default" => Some(header),
        Dialect::Config => {
            let (kind, name) = header.split_once([' ', '\t'])?;
            (kind == "profile").then_some(name.trim().trim_matches(['"', '\'']))
        }
    }
}

/// A comment after a value needs a space before it; `#` alone may be part of the value.
fn without_comment(value: &str) -> &str {
    [" #", " ;", "\t#", "\t;"]
        .into_iter()
        .filter_map(|mark| value.split_once(mark).map(|(before, _)| before))
        .min_by_key(|before| before.len())
        .unwrap_or(value)
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "\
# accounts
[default]
region = eu-west-1

[profile prod]
sso_session = corp
region=us-east-1 # main
s3 =
  region = nowhere

[profile \"with space\"]
mfa_serial = arn:aws:iam::111122223333:mfa/ann
role_arn = arn:aws:iam::111122223333:role/ops
region =

[profile keeper]
mfa_serial = arn:aws:iam::111122223333:mfa/ann

[sso-session corp]
sso_start_url = https://example.com/start
region = ap-south-1

[stray]
region = sa-east-1
";

    #[test]
    fn profiles_of_both_files_are_known() {
        let profiles = Profiles::read(CONFIG, "[old]\naws_access_key_id = x\n[prod]\n");
        let names: Vec<_> = profiles.names().collect();
        assert_eq!(names, ["default", "keeper", "old", "prod", "with space"]);
        for (name, region) in [
            ("default", Some("eu-west-1")),
            ("prod", Some("us-east-1")),
            ("with space", None),
            ("old", None),
        ] {
            let profile = profiles.get(name).unwrap();
            assert_eq!(profile.region.as_deref(), region, "{name}");
        }
    }

    #[test]
    fn secrets_are_not_read() {
        let profiles = Profiles::read("", "[a]\naws_secret_access_key = hush\n");
        assert!(!format!("{profiles:?}").contains("hush"));
    }

    #[test]
    fn a_role_with_mfa_is_an_obstacle() {
        let profiles = Profiles::read(CONFIG, "");
        for name in ["prod", "keeper", "nobody"] {
            assert_eq!(profiles.obstacle(name), None, "{name}");
        }
        let warning = profiles.obstacle("with space").unwrap().to_string();
        assert!(
            warning.contains("MFA") && warning.contains("credential_process"),
            "{warning}"
        );
    }

    #[test]
    fn the_files_may_be_elsewhere() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), "[profile usual]\n").unwrap();
        std::fs::write(home.path().join("other"), "[profile other]\n").unwrap();
        for (variables, expected) in [
            (vec![], "usual"),
            (vec![("AWS_CONFIG_FILE", "~/other")], "other"),
        ] {
            let environment = Environment::of(variables).with_home(home.path());
            let profiles = Profiles::of(&environment);
            assert_eq!(profiles.names().collect::<Vec<_>>(), [expected]);
        }
    }
}
