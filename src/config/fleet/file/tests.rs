//! Fleet files that are right, and all the ways of getting them wrong.

use super::*;
use crate::config::options;
use crate::domain::{Account, AccountName, Credentials, Region, RegionChoice};

fn read(text: &str) -> FleetFile {
    let config = "[profile prod-sso]\n[profile dev-a]\n";
    FleetFile::read(text, "fleet.toml", World::Real, &Profiles::read(config, ""))
}

fn warnings(file: &FleetFile) -> Vec<String> {
    file.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_file_becomes_a_fleet() {
    let file = read(
        r#"
version = { tag = "release" }
[screen]
theme = "light"
glyphs = "ascii"
mouse = false
[[account]]
name = "prod"
profile = "prod-sso"
role = "arn:aws:iam::111122223333:role/path/ops"
external_id = "x-1"
colour = "red"
guard = "typed"
read_only = false
regions = ["eu-west-1", "us-east-1"]
home = "eu-west-1"
[[account]]
profile = "dev-a"
regions = "enabled"
"#,
    );
    assert_eq!(warnings(&file), Vec::<String>::new());
    assert_eq!(file.version, VersionRule::Tag("release".to_owned()));
    assert_eq!(
        file.screen
            .theme
            .as_ref()
            .map(|theme| (theme.name.as_str(), theme.line)),
        Some(("light", 4))
    );
    assert_eq!(file.screen.mouse, Some(false));
    let accounts: Vec<Account> = file
        .accounts
        .into_iter()
        .map(|declared| declared.account)
        .collect();
    let expected = [
        Account {
            name: AccountName::new("prod"),
            colour: Some("red".to_owned()),
            guard: Guard::Typed,
            access: Access::Operate,
            regions: RegionChoice::Listed(vec![Region::new("eu-west-1"), Region::new("us-east-1")]),
            home: Region::new("eu-west-1"),
            credentials: Credentials::Role {
                source: Box::new(Credentials::Profile("prod-sso".to_owned())),
                arn: "arn:aws:iam::111122223333:role/path/ops".to_owned(),
                external_id: Some("x-1".to_owned()),
            },
        },
        Account {
            name: AccountName::new("dev-a"),
            colour: None,
            guard: Guard::Typed,
            access: Access::OnceArmed,
            regions: RegionChoice::Enabled { matching: vec![] },
            home: Region::new("us-east-1"),
            credentials: Credentials::Profile("dev-a".to_owned()),
        },
    ];
    assert_eq!(accounts, expected);
}

#[test]
fn every_option_of_the_table_is_read_and_the_example_is_faultless() {
    let example = options::example();
    let switched_on: String = example
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with('[') || line.contains(" = ") && !line.contains(['`', '…']))
        .collect::<Vec<_>>()
        .join(
            "
",
        );
    let file = read(&switched_on);
    assert_eq!(warnings(&file), Vec::<String>::new(), "{switched_on}");
    assert_eq!(file.accounts.len(), 1);
    for option in options::OPTIONS {
        let line = format!("{} = 1.5\n", option.name);
        let header = option.section.header().unwrap_or_default();
        let said = warnings(&read(&format!("{header}\n{line}"))).join(" ");
        assert!(!said.contains("There is no option"), "{said}");
    }
}

#[test]
fn a_mistake_that_is_not_essential_costs_only_itself() {
    for (line, warning) in [
        (
            "regoins = [\"eu-west-1\"]",
            "fleet.toml:3: There is no option `regoins`; did you mean `regions`?",
        ),
        (
            "profile = \"prod-sos\"",
            "fleet.toml:3: There is no profile `prod-sos`; did you mean `prod-sso`?",
        ),
        (
            "colour = \"redd\"",
            "fleet.toml:3: There is no colour `redd`; did you mean `red`?",
        ),
        (
            "home = \"us-est-1\"",
            "fleet.toml:3: There is no region `us-est-1`; did you mean `us-east-1`?",
        ),
        (
            "regions = [\"eu-west-1\", \"eu-wset-2\"]",
            "fleet.toml:3: There is no region `eu-wset-2`; did you mean `eu-west-2`?",
        ),
        (
            "regions = []",
            "fleet.toml:3: `regions` names none, so it is as if it were not here.",
        ),
        (
            "guard = \"type\"",
            "fleet.toml:3: There is no guard `type`; did you mean `typed`?",
        ),
        (
            "guard = true",
            "fleet.toml:3: `guard` has to be a text in quotes, not a boolean.",
        ),
        (
            "read_only = \"no\"",
            "fleet.toml:3: `read_only` has to be `true` or `false`, not a string.",
        ),
        (
            "external_id = \"x\"",
            "fleet.toml:1: `external_id` means nothing without a `role`.",
        ),
        (
            "x = \"\\u001b[2J\"\n",
            "fleet.toml:3: There is no option `x`, only `name`, `profile`, `role`, `external_id`, `colour`, `guard`, `read_only`, `regions`, `home`, `access_key`.",
        ),
    ] {
        let file = read(&format!(
            "[[account]]\nname = \"prod\"\n{line}\n[[account]]\nname = \"other\"\n"
        ));
        assert_eq!(warnings(&file), [warning], "{line}");
        assert_eq!((file.accounts.len(), file.left_out), (2, 0), "{line}");
    }
}

#[test]
fn the_rules_of_alarms_lambda_and_metrics_are_read() {
    let file = read(
        r#"
[alarms]
bell = true
notify = true
command = ["notify-send", "an alarm"]
[lambda]
alias = "live"
ping = '{"ping": 1}'
[metrics]
cap = 2
"#,
    );
    assert_eq!(warnings(&file), Vec::<String>::new());
    assert!(file.alerts.bell && file.alerts.notify);
    assert_eq!(file.alerts.command, ["notify-send", "an alarm"]);
    assert_eq!(
        (file.lambda.alias.as_str(), file.lambda.ping.as_str()),
        ("live", r#"{"ping": 1}"#)
    );
    assert_eq!(file.spending.0.to_string(), "$2.00");
    assert_eq!(
        read("[metrics]\ncap = 0.25").spending.0.to_string(),
        "$0.25"
    );
}

#[test]
fn a_rule_that_cannot_be_used_is_warned_of_with_its_line_and_the_default_holds() {
    for (text, warning) in [
        (
            "[alarms]\nbell = \"yes\"",
            "fleet.toml:2: `bell` has to be `true` or `false`, not a string.",
        ),
        (
            "[alarms]\ncommand = \"notify-send\"",
            "fleet.toml:2: `command` has to be a list of texts, the program first, not a string.",
        ),
        (
            "[alarms]\ncommand = [\" \", \"x\"]",
            "fleet.toml:2: `command` names no program, so none is run.",
        ),
        (
            "[alarms]\ncommand = [\"x\", 1]",
            "fleet.toml:2: `command` has to be a text in quotes, not an integer.",
        ),
        (
            "[alarms]\nbel = true",
            "fleet.toml:2: There is no option `bel`; did you mean `bell`?",
        ),
        (
            "[lambda]\nalias = \"17\"",
            "fleet.toml:2: `17` cannot be an alias of a function; `ACTIVE` is used.",
        ),
        (
            "[lambda]\nping = \"{ping}\"",
            "fleet.toml:2: `ping` is not JSON: key must be a string at line 1 column 2. The default is sent.",
        ),
        (
            "[metrics]\ncap = -1",
            "fleet.toml:2: `cap` has to be dollars an hour, a number from 0 to 1000; $0.50 is used.",
        ),
        (
            "[metrics]\ncap = \"0.50\"",
            "fleet.toml:2: `cap` has to be dollars an hour, a number from 0 to 1000; $0.50 is used.",
        ),
        (
            "[metrics]\ncap = nan",
            "fleet.toml:2: `cap` has to be dollars an hour, a number from 0 to 1000; $0.50 is used.",
        ),
        (
            "alarms = 3",
            "fleet.toml:1: `alarms` has to be a table, not an integer.",
        ),
    ] {
        let file = read(text);
        assert_eq!(warnings(&file), [warning], "{text}");
        assert_eq!(file.alerts, Alerts::default(), "{text}");
        assert_eq!(file.lambda, LambdaRules::default(), "{text}");
        assert_eq!(file.spending, SpendingCap::default(), "{text}");
    }
}

#[test]
fn a_safeguard_that_cannot_be_read_is_the_strictest() {
    for line in ["guard = \"nnoe\"", "guard = 0", "guard = none"] {
        let file = read(&format!("[[account]]\nname = \"prod\"\n{line}\n"));
        assert_eq!(file.accounts[0].account.guard, Guard::Typed, "{line}");
    }
    for line in [
        "read_only = \"false\"",
        "read_only = fasle",
        "read_only = 0",
    ] {
        let file = read(&format!("[[account]]\nname = \"prod\"\n{line}\n"));
        assert_eq!(file.accounts[0].account.access, Access::ReadOnly, "{line}");
    }
    let file =
        read("[[account]]\nname = \"prod\"\nread_only = false\nguard = \"none\"\nhome = oops\n");
    let Account { access, guard, .. } = &file.accounts[0].account;
    assert_eq!((*access, *guard), (Access::ReadOnly, Guard::Typed));
    assert!(
        warnings(&file)
            .last()
            .unwrap()
            .contains("every account is read-only")
    );
}

#[test]
fn an_account_of_which_it_is_not_certain_who_signs_in_is_left_out() {
    for (lines, expected) in [
        (
            "colour = \"red\"",
            &[
                "fleet.toml:3: An account needs a `name`, or a `profile` to be named after; this one is left out.",
            ][..],
        ),
        (
            "name = \"prod\"\nprofile = 7",
            &[
                "fleet.toml:5: `profile` has to be a text in quotes, not an integer.",
                "fleet.toml:3: The account `prod` is left out.",
            ],
        ),
        (
            "name = \"prod\"\nprofile = \"\"",
            &[
                "fleet.toml:5: `profile` is empty.",
                "fleet.toml:3: The account `prod` is left out.",
            ],
        ),
        (
            "name = \"prod\"\nrole = \"ops\"",
            &[
                "fleet.toml:5: This is not the ARN of a role, which looks like `arn:aws:iam::111122223333:role/name`.",
                "fleet.toml:3: The account `prod` is left out.",
            ],
        ),
        (
            "name = \"prod\"\naccess_key = \"AKIA\"",
            &[
                "fleet.toml:5: Only the sandbox takes an `access_key` from its fleet file. Keep keys in the AWS credentials file, and name the `profile` here.",
                "fleet.toml:3: The account `prod` is left out.",
            ],
        ),
        (
            "name = \"prod\"\nregions = [\"europe\"]",
            &[
                "fleet.toml:5: There is no region `europe`.",
                "fleet.toml:5: No name in `regions` can be used.",
                "fleet.toml:3: The account `prod` is left out.",
            ],
        ),
        (
            "name = \"first\"",
            &["fleet.toml:3: There is already an account `first`, so this one is left out."],
        ),
    ] {
        let file = read(&format!(
            "[[account]]\nname = \"first\"\n[[account]]\n{lines}\n"
        ));
        assert_eq!(warnings(&file), expected, "{lines}");
        assert_eq!((file.accounts.len(), file.left_out), (1, 1), "{lines}");
    }
}

#[test]
fn the_top_of_the_file_and_the_screen_forgive_too() {
    for (text, warning) in [
        (
            "verison = \"template\"",
            "fleet.toml:1: There is no option `verison`; did you mean `version`?",
        ),
        (
            "version = \"tag\"",
            "fleet.toml:1: `version` cannot be `\"tag\"`; it has to be `\"template\"`, or a table like `{ tag = \"version\" }`.",
        ),
        (
            "version = { tga = \"v\" }",
            "fleet.toml:1: There is no source of a version `tga`; did you mean `tag`?",
        ),
        (
            "version = { tag = \"v\", output = \"w\" }",
            "fleet.toml:1: `version` follows one rule; this table has to have one entry.",
        ),
        (
            "version = 3",
            "fleet.toml:1: `version` has to be `\"template\"`, or a table like `{ tag = \"version\" }`, not an integer.",
        ),
        (
            "[screen]\nthmee = \"light\"",
            "fleet.toml:2: There is no option `thmee`; did you mean `theme`?",
        ),
        (
            "[screen]\nglyphs = \"asci\"",
            "fleet.toml:2: There is no set of glyphs `asci`; did you mean `ascii`?",
        ),
        (
            "[screen]\nmouse = 1",
            "fleet.toml:2: `mouse` has to be `true` or `false`, not an integer.",
        ),
        (
            "account = \"prod\"",
            "fleet.toml:1: `account` has to be written `[[account]]`, once for each, not a string.",
        ),
        (
            "[account]\nname = \"prod\"",
            "fleet.toml:1: `account` has to be written `[[account]]`, once for each, not a table.",
        ),
        (
            "screen = 1",
            "fleet.toml:1: `screen` has to be a table, not an integer.",
        ),
    ] {
        assert_eq!(warnings(&read(text)), [warning], "{text}");
    }
}
