//! What flags, files and surroundings make of each other.

use super::*;

const PROFILES: &str = "\
[default]
region = eu-central-1
[profile prod-sso]
sso_session = corp
region = eu-west-1
[profile dev-a]
[profile dev-b]
[profile careful]
mfa_serial = arn:aws:iam::111122223333:mfa/ann
role_arn = arn:aws:iam::111122223333:role/ops
[profile gov]
region = us-gov-east-1
";

fn profiles() -> Profiles {
    Profiles::read(PROFILES, "")
}

fn read(text: &str) -> FleetFile {
    FleetFile::read(text, "fleet.toml", World::Real, &profiles())
}

fn assembled(text: &str, flags: &Flags, variables: &[(&str, &str)]) -> Result<Assembly, String> {
    let environment = Environment::of(variables.iter().copied());
    assemble(&read(text), World::Real, flags, &environment, &profiles())
        .map_err(|mistake| mistake.to_string())
}

fn flags(profiles: &[&str], regions: &[&str]) -> Flags {
    let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    Flags {
        profiles: owned(profiles),
        regions: owned(regions),
        ..Flags::default()
    }
}

fn listed(names: &[&str]) -> RegionChoice {
    RegionChoice::Listed(names.iter().map(|name| Region::new(*name)).collect())
}

fn enabled(globs: &[&str]) -> RegionChoice {
    RegionChoice::Enabled {
        matching: globs.iter().map(ToString::to_string).collect(),
    }
}

fn names(assembly: &Assembly) -> Vec<&str> {
    let accounts = assembly.fleet.accounts.iter();
    accounts.map(|account| account.name.as_str()).collect()
}

#[test]
fn the_sandboxes_fleet_has_keys_and_nothing_around_it_counts() {
    let text = "[[account]]\nname = \"prod\"\naccess_key = \"SANDBOX\"\n";
    let none = Profiles::default();
    let file = FleetFile::read(text, "sandbox", World::Sandbox, &none);
    let environment = Environment::of([("AWS_PROFILE", "prod-sso")]);
    let assembly = assemble(
        &file,
        World::Sandbox,
        &Flags::default(),
        &environment,
        &none,
    )
    .unwrap();
    let credentials = &assembly.fleet.accounts[0].credentials;
    assert_eq!(
        *credentials,
        Credentials::Sandbox {
            access_key: "SANDBOX".to_owned()
        }
    );

    let empty = FleetFile::read("", "sandbox", World::Sandbox, &none);
    let mistake = assemble(
        &empty,
        World::Sandbox,
        &Flags::default(),
        &environment,
        &none,
    )
    .unwrap_err();
    assert_eq!(
        mistake.to_string(),
        "No account of sandbox can be used. It declares none."
    );
}

#[test]
fn without_a_file_the_environment_makes_one_careful_account() {
    for (variables, name, home, credentials) in [
        (&[][..], "default", "eu-central-1", Credentials::Environment),
        (
            &[("AWS_PROFILE", "prod-sso")],
            "prod-sso",
            "eu-west-1",
            Credentials::Profile("prod-sso".to_owned()),
        ),
        (
            &[("AWS_PROFILE", "prod-sso"), ("AWS_REGION", "us-west-2")],
            "prod-sso",
            "us-west-2",
            Credentials::Profile("prod-sso".to_owned()),
        ),
        (
            &[("AWS_PROFILE", "prod-sso"), ("AWS_ACCESS_KEY_ID", "AKIA")],
            "environment",
            "eu-west-1",
            Credentials::Environment,
        ),
        (
            &[("AWS_ACCESS_KEY_ID", "AKIA")],
            "environment",
            "eu-central-1",
            Credentials::Environment,
        ),
        (
            &[("AWS_DEFAULT_REGION", "ap-south-1")],
            "default",
            "ap-south-1",
            Credentials::Environment,
        ),
        (
            &[("AWS_REGION", "nowhere")],
            "default",
            "eu-central-1",
            Credentials::Environment,
        ),
    ] {
        let assembly = assembled("", &Flags::default(), variables).unwrap();
        let [account] = &assembly.fleet.accounts[..] else {
            panic!("{variables:?} make one account");
        };
        assert_eq!(
            (account.name.as_str(), account.home.as_str()),
            (name, home),
            "{variables:?}"
        );
        assert_eq!(
            (&account.credentials, account.access),
            (&credentials, Access::OnceArmed)
        );
        assert_eq!(account.regions, enabled(&[]));
        assert_eq!((assembly.notes, assembly.warnings), (vec![], vec![]));
    }
}

#[test]
fn a_chosen_profile_is_itself_whatever_keys_the_environment_has() {
    let keys = &[("AWS_PROFILE", "prod-sso"), ("AWS_ACCESS_KEY_ID", "AKIA")];
    let assembly = assembled("", &flags(&["prod-sso"], &[]), keys).unwrap();
    assert_eq!(names(&assembly), ["prod-sso"]);
    let credentials = &assembly.fleet.accounts[0].credentials;
    assert_eq!(*credentials, Credentials::Profile("prod-sso".to_owned()));
}

#[test]
fn an_environment_that_leads_nowhere_is_told_so() {
    let assembly = assembled("", &Flags::default(), &[("AWS_PROFILE", "prod-sos")]).unwrap();
    let said = assembly.warnings[0].to_string();
    assert_eq!(
        said,
        "AWS_PROFILE: There is no profile `prod-sos`; did you mean `prod-sso`?"
    );

    let no_default = Profiles::read("[profile a]\n[profile b]\n", "");
    let environment = Environment::of([]);
    let file = FleetFile::default();
    let assembly = assemble(
        &file,
        World::Real,
        &Flags::default(),
        &environment,
        &no_default,
    )
    .unwrap();
    assert_eq!(
        assembly.notes[0].to_string(),
        "No account was chosen, and there is no default profile. Start with `-p` and one of a, b."
    );
}

const TWO: &str = "\
[[account]]
name = \"prod\"
profile = \"prod-sso\"
regions = [\"eu-west-1\", \"us-east-1\"]
[[account]]
name = \"prod-old\"
";

#[test]
fn accounts_are_narrowed_or_made_by_name_in_the_order_of_the_flag() {
    for (given, expected) in [
        (&[][..], &["prod", "prod-old"][..]),
        (&["prod-old,prod"], &["prod-old", "prod"]),
        (&["prod", " prod ", "prod-old"], &["prod", "prod-old"]),
        (&["prod*"], &["prod", "prod-old"]),
        (&["dev-*"], &["dev-a", "dev-b"]),
        (&["dev-b", "prod"], &["dev-b", "prod"]),
        (&["default"], &["default"]),
    ] {
        let assembly = assembled(TWO, &flags(given, &[]), &[]).unwrap();
        assert_eq!(names(&assembly), expected, "{given:?}");
    }
}

#[test]
fn a_profile_made_into_an_account_is_careful_and_starts_in_its_partition() {
    let assembly = assembled(TWO, &flags(&["gov"], &[]), &[]).unwrap();
    let account = &assembly.fleet.accounts[0];
    assert_eq!(account.credentials, Credentials::Profile("gov".to_owned()));
    assert_eq!(
        (account.access, account.home.as_str()),
        (Access::OnceArmed, "us-gov-east-1")
    );
    assert_eq!(account.regions, enabled(&[]));
}

#[test]
fn a_name_that_was_just_typed_wrongly_is_a_mistake() {
    for (text, given, mistake) in [
        (
            TWO,
            flags(&["prdo"], &[]),
            "There is no account or profile `prdo`; did you mean `prod`?",
        ),
        (
            TWO,
            flags(&["dve-a"], &[]),
            "There is no account or profile `dve-a`; did you mean `dev-a`?",
        ),
        (
            "",
            flags(&["prod-sos"], &[]),
            "There is no account or profile `prod-sos`; did you mean `prod-sso`?",
        ),
        (
            TWO,
            flags(&[], &["eu-wset-1"]),
            "There is no region `eu-wset-1`; did you mean `eu-west-1`?",
        ),
        (TWO, flags(&[], &["EU-*"]), "There is no region `EU-*`."),
        (TWO, flags(&[""], &[]), "`-p` was given and names nothing."),
        (TWO, flags(&[], &[","]), "`-r` was given and names nothing."),
        (
            "oops\n[[account]]\nname = \"prod\"",
            Flags::default(),
            "No account of fleet.toml can be used. Line 1: This is not TOML: key with no value, expected `=`.",
        ),
        (
            "[[account]]\nname = 1",
            Flags::default(),
            "No account of fleet.toml can be used. Line 2: `name` has to be a text in quotes, not an integer.",
        ),
    ] {
        assert_eq!(assembled(text, &given, &[]).unwrap_err(), mistake);
    }
}

#[test]
fn regions_are_narrowed_or_made() {
    for (given, prod, old) in [
        (
            &["us-east-1"][..],
            listed(&["us-east-1"]),
            listed(&["us-east-1"]),
        ),
        (
            &["ap-south-1,eu-west-1"],
            listed(&["ap-south-1", "eu-west-1"]),
            listed(&["ap-south-1", "eu-west-1"]),
        ),
        (&["eu-*"], listed(&["eu-west-1"]), enabled(&["eu-*"])),
        (
            &["eu-*,ap-south-1"],
            listed(&["eu-west-1", "ap-south-1"]),
            enabled(&["eu-*", "ap-south-1"]),
        ),
        (
            &["ap-*,us-east-1"],
            enabled(&["ap-*", "us-east-1"]),
            enabled(&["ap-*", "us-east-1"]),
        ),
        (&["ap-*"], enabled(&["ap-*"]), enabled(&["ap-*"])),
        (&["*"], enabled(&[]), enabled(&[])),
    ] {
        let assembly = assembled(TWO, &flags(&[], given), &[]).unwrap();
        let [first, second] = &assembly.fleet.accounts[..] else {
            panic!("`-r` changes no account");
        };
        assert_eq!(
            (&first.regions, &second.regions),
            (&prod, &old),
            "{given:?}"
        );
    }
}

#[test]
fn read_only_closes_what_the_file_opens() {
    let text = "[[account]]\nname = \"prod\"\nread_only = false\n";
    for (read_only, access) in [(false, Access::Operate), (true, Access::ReadOnly)] {
        let given = Flags {
            read_only,
            ..Flags::default()
        };
        let assembly = assembled(text, &given, &[]).unwrap();
        assert_eq!(assembly.fleet.accounts[0].access, access);
    }
}

#[test]
fn a_profile_that_wants_mfa_is_warned_of_only_when_it_is_used() {
    let text = "[[account]]\nname = \"a\"\nprofile = \"careful\"\n[[account]]\nname = \"b\"\n";
    for (given, count) in [
        (flags(&[], &[]), 1),
        (flags(&["b"], &[]), 0),
        (flags(&["careful"], &[]), 1),
    ] {
        let assembly = assembled(text, &given, &[]).unwrap();
        assert_eq!(assembly.warnings.len(), count, "{given:?}");
    }
}

#[test]
fn a_projects_regions_count_only_where_nobody_chose() {
    let project = tempfile::tempdir().unwrap();
    let cdk =
        r#"{"context":{"deployment_regions":{"regional":["eu-west-1"],"global":"us-east-2"}}}"#;
    std::fs::write(project.path().join("cdk.json"), cdk).unwrap();
    let environment = Environment::of([]).with_directory(project.path());
    for (text, given, regions, count) in [
        ("", flags(&[], &[]), listed(&["eu-west-1", "us-east-2"]), 1),
        (
            "[[account]]\nname = \"a\"",
            flags(&[], &[]),
            listed(&["eu-west-1", "us-east-2"]),
            1,
        ),
        (
            "[[account]]\nname = \"a\"\nregions = \"enabled\"",
            flags(&[], &[]),
            enabled(&[]),
            0,
        ),
        ("", flags(&[], &["*"]), enabled(&[]), 0),
    ] {
        let assembly =
            assemble(&read(text), World::Real, &given, &environment, &profiles()).unwrap();
        assert_eq!(assembly.fleet.accounts[0].regions, regions, "{text}");
        assert_eq!(assembly.notes.len(), count, "{text}");
    }
}
