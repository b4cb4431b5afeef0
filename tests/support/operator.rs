//! An operator at home: AWS configuration files, a fleet file that names their profiles, and an endpoint of their own.
//!
//! Nothing here is hidden from operators: the program is started as they would start it behind a custom endpoint.

use super::home::Home;
use super::house::House;
use super::program::Program;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use quarterdeck::sandbox::LoggedRequest;

/// The account of most scenes, and the one beside it.
pub(crate) const PROD: &str = "123456789012";
pub(crate) const STAGING: &str = "210987654321";

/// The token that the sandbox's portal knows, see the scenario `calm`.
pub(crate) const TOKEN: &str = "sandbox-token";

/// What `aws sso login` keeps beside the token to renew it with.
pub(crate) const RENEWABLE: &str = ", \"refreshToken\": \"sandbox-refresh\", \"clientId\": \"client\", \
    \"clientSecret\": \"client-secret\", \"registrationExpiresAt\": \"2999-01-01T00:00:00Z\"";

/// What `[sso-session corp]` is called in the cache: the SHA-1 of its name.
pub(crate) const TOKEN_FILE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// A profile of IAM Identity Center and one with keys of its own.
pub(crate) const CONFIG: &str = "\
[profile prod-sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = ReadOnly
region = eu-west-1

[sso-session corp]
sso_start_url = https://corp.example.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
";

pub(crate) const CREDENTIALS: &str = "\
[staging-keys]
aws_access_key_id = 210987654321
aws_secret_access_key = staging-secret
";

/// Two accounts: the first signs in with a profile of the scene's choice, the second never has any trouble.
pub(crate) fn fleet(profile: &str) -> String {
    format!(
        "version = {{ tag = \"version\" }}\n\n\
         [[account]]\nname = \"prod\"\nprofile = \"{profile}\"\nregions = [\"us-east-1\", \"eu-west-1\"]\n\n\
         [[account]]\nname = \"staging\"\nprofile = \"staging-keys\"\nregions = [\"ap-southeast-1\"]\n"
    )
}

/// What `aws sso login` leaves behind: a token that is good for some time from `now`, or was.
pub(crate) fn sign_in(home: &Home, now: DateTime<Utc>, lasts: TimeDelta, more: &str) {
    sign_in_with(TOKEN, home, now + lasts, more);
}

/// The same with a token of the scene's choice.
pub(crate) fn sign_in_with(token: &str, home: &Home, ends: DateTime<Utc>, more: &str) {
    let expires = ends.to_rfc3339_opts(SecondsFormat::Secs, true);
    let file = format!(
        "{{\"startUrl\": \"https://corp.example.com/start\", \"region\": \"eu-west-1\", \
         \"accessToken\": \"{token}\", \"expiresAt\": \"{expires}\"{more}}}"
    );
    home.write(TOKEN_FILE, &file);
}

impl House {
    /// The binary in front of an operator whose AWS configuration leads to this sandbox.
    pub(crate) fn operator(&self, profile: &str) -> Program {
        operator(profile).env("AWS_ENDPOINT_URL", &self.sandbox.endpoint())
    }

    /// Every request for an operation so far.
    pub(crate) fn asked(&self, operation: &str) -> Vec<LoggedRequest> {
        let mut requests = self.sandbox.requests();
        requests.retain(|request| request.operation == operation);
        requests
    }
}

/// The binary in front of an operator whose AWS configuration leads to AWS.
pub(crate) fn operator(profile: &str) -> Program {
    let program = Program::quarterdeck();
    let home = program.home();
    home.write(".aws/config", CONFIG);
    home.write(".aws/credentials", CREDENTIALS);
    home.write(".config/quarterdeck/fleet.toml", &fleet(profile));
    program
}
