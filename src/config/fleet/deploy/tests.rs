//! Deployments that are right, where they go, and the ways of getting them wrong.

use super::super::{Assembly, FleetFile, World, assemble};
use super::*;
use crate::config::{Environment, Flags, Profiles};
use crate::domain::Scope;

const ACCOUNTS: &str = r#"
[lambda]
alias = "LIVE"
[[account]]
name = "prod"
profile = "prod"
regions = ["us-east-1", "us-west-2", "eu-west-1"]
[[account]]
name = "staging"
profile = "staging"
regions = ["us-east-1"]
"#;

fn profiles() -> Profiles {
    Profiles::read("[profile prod]\n[profile staging]\n", "")
}

fn assembled(text: &str, flags: &Flags) -> Assembly {
    let file = FleetFile::read(text, "fleet.toml", World::Real, &profiles());
    let mut assembly =
        assemble(&file, World::Real, flags, &Environment::of([]), &profiles()).unwrap();
    assembly.warnings.splice(..0, file.warnings);
    assembly
}

/// What a `[[deploy]]` of these lines comes to.
fn deployed(lines: &str) -> Assembly {
    assembled(
        &format!("{ACCOUNTS}[[deploy]]\n{lines}\n"),
        &Flags::default(),
    )
}

fn warnings(lines: &str) -> Vec<String> {
    let assembly = deployed(lines);
    let said = assembly.warnings.iter().map(ToString::to_string);
    said.collect()
}

fn only(assembly: &Assembly) -> &Deployment {
    let said: Vec<_> = assembly.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(said, Vec::<String>::new());
    &assembly.fleet.deployments[0].1
}

fn waves(assembly: &Assembly) -> Vec<Vec<String>> {
    let waves = only(assembly).waves.iter();
    let words = |wave: &Vec<Scope>| wave.iter().map(ToString::to_string).collect();
    waves.map(words).collect()
}

#[test]
fn a_whole_deployment_is_read() {
    let assembly = deployed(
        r#"
name = "api"
stack = "api-{region}"
template = "api.yaml"
accounts = ["prod"]
parameters = { Stage = "prod", Size = 3, Debug = false, Subnets = ["a", "b"] }
tags = { team = "web" }
role = "arn:aws:iam::1:role/deploy"
notifications = []
bucket = "templates-{region}"
policy = '{"Statement":[]}'
alarms = ["api-errors"]
waves = [["eu-*"], ["prod/us-*"]]
bake = "5m"
undo = "wave"
on_failure = "stay"
gates = [
    { http = "https://x.example/health", within = 20 },
    { errors = "api", percent = 0.5, during = "1m" },
    { approve = "Well?" },
    { wait = "1s" },
]
[deploy.region."eu-*".parameters]
Stage = "eu"
"#,
    );
    let deployment = only(&assembly);
    assert_eq!(assembly.fleet.deployments[0].0, "api");
    let given: Vec<(&str, &str, Option<&str>)> = deployment
        .parameters
        .iter()
        .map(|it| (it.key.as_str(), it.value.as_str(), it.region.as_deref()))
        .collect();
    for (key, value, region) in [
        ("Stage", "prod", None),
        ("Size", "3", None),
        ("Debug", "false", None),
        ("Subnets", "a,b", None),
    ] {
        assert!(given.contains(&(key, value, region)), "{given:?}");
    }
    assert_eq!(given.last(), Some(&("Stage", "eu", Some("eu-*"))));
    assert_eq!(
        waves(&assembly),
        [
            vec!["prod/eu-west-1"],
            vec!["prod/us-east-1", "prod/us-west-2"]
        ]
    );
    assert_eq!(deployment.stack, "api-{region}");
    assert_eq!(deployment.source, Source::File("api.yaml".into()));
    assert_eq!(deployment.notifications, Some(vec![]));
    assert_eq!(
        deployment.policy.body.as_deref(),
        Some(r#"{"Statement":[]}"#)
    );
    assert_eq!((deployment.bake, deployment.undo), (300, UndoPolicy::Wave));
    assert_eq!(deployment.failing, OnFailure::Stay);
    let gates = [
        Gate::Http {
            url: "https://x.example/health".into(),
            seconds: 20,
        },
        Gate::Errors {
            scope: Scope::global(&crate::domain::AccountName::new("prod")),
            function: "api".into(),
            alias: "LIVE".into(),
            percent: 0.5,
            seconds: 60,
        },
        Gate::Approve {
            words: "Well?".into(),
        },
        Gate::Wait { seconds: 1 },
    ];
    assert_eq!(deployment.gates, gates);
}

#[test]
fn without_a_word_about_places_it_goes_everywhere_carefully() {
    let assembly = deployed("stack = \"api\"\ncommand = [\"make\"]");
    assert_eq!(
        waves(&assembly),
        [
            vec!["prod/us-east-1"],
            vec!["prod/us-west-2", "prod/eu-west-1"],
            vec!["staging/us-east-1"]
        ]
    );
    assert_eq!(only(&assembly).bake, 600);
    let one = deployed("name = \"api\"\ntemplate = \"t\"\naccounts = \"staging\"");
    assert_eq!((waves(&one).len(), only(&one).bake), (1, 0));
}

#[test]
fn what_the_command_line_leaves_out_is_left_out_of_the_waves() {
    let text = format!(
        "{ACCOUNTS}[[deploy]]\nname = \"api\"\ntemplate = \"t\"\nwaves = [[\"us-east-1\"], [\"eu-west-1\"]]\n"
    );
    let flags = Flags {
        profiles: vec!["prod".into()],
        regions: vec!["eu-west-1".into()],
        ..Flags::default()
    };
    assert_eq!(waves(&assembled(&text, &flags)), [["prod/eu-west-1"]]);
    let flags = Flags {
        profiles: vec!["staging".into()],
        regions: vec!["eu-west-1".into()],
        ..Flags::default()
    };
    assert_eq!(waves(&assembled(&text, &flags)), [["staging/eu-west-1"]]);
}

#[test]
fn where_regions_are_asked_of_aws_a_deployment_names_its_own() {
    let account = "[[account]]\nname = \"prod\"\nprofile = \"prod\"\n[[deploy]]\nname = \"api\"\ntemplate = \"t\"\n";
    let assembly = assembled(account, &Flags::default());
    assert_eq!(assembly.fleet.deployments, []);
    assert_eq!(
        assembly.warnings[0].to_string(),
        "fleet.toml:4: The regions of prod are asked of AWS, so the deployment `api` has to name its own in `regions`; it is left out."
    );
    for line in [
        "regions = [\"us-east-1\", \"eu-west-1\"]\nwaves = \"1\"",
        "waves = [[\"us-east-1\"], [\"eu-west-1\"]]",
    ] {
        let assembly = assembled(&format!("{account}{line}"), &Flags::default());
        assert_eq!(
            waves(&assembly),
            [["prod/us-east-1"], ["prod/eu-west-1"]],
            "{line}"
        );
    }
}

#[test]
fn a_deployment_with_a_mistake_in_it_is_left_out() {
    const OUT: &str = "The deployment `api` is left out until that is right.";
    for (line, what) in [
        (
            "gtaes = []",
            "There is no option `gtaes`; did you mean `gates`?",
        ),
        (
            "command = [\"make\"]",
            "A deployment has one `template`, `command` or `cdk`, and this is a second.",
        ),
        (
            "bake = \"soon\"",
            "`soon` is no span of time: write `90s`, `15m` or `2h`.",
        ),
        (
            "bake = 1.5",
            "`bake` has to be seconds, or a span such as `\"5m\"`, not a float.",
        ),
        (
            "waves = \"1-x\"",
            "`1-x` are no waves: write `1-2-3`, `cautious` or `interactive`.",
        ),
        (
            "waves = [\"us-east-1\"]",
            "`waves` has to be a list of lists of regions, or a text such as `\"1-2-3\"`, not a string.",
        ),
        (
            "undo = \"faild\"",
            "There is no undo policy `faild`; did you mean `failed`?",
        ),
        (
            "on_failure = true",
            "`on_failure` has to be a text in quotes, not a boolean.",
        ),
        (
            "parameters = { A = { b = 1 } }",
            "`A` has to be a text, a number, `true` or `false`, or a list of them, not a table.",
        ),
        (
            "alarms = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\"]",
            "CloudFormation watches at most five `alarms` of a stack.",
        ),
        (
            "policy = '{'",
            "`policy` is not JSON: EOF while parsing an object at line 1 column 1.",
        ),
        (
            "gates = [{ htpt = \"x\" }]",
            "A gate is one of `http`, `endpoints`, `errors`, `command`, `approve`, `window`, `wait`.",
        ),
        (
            "gates = [{ http = \"ftp://x\" }]",
            "`ftp://x` is no address of HTTP.",
        ),
        (
            "gates = [{ approve = \"x\", within = 1 }]",
            "There is no option of this gate `within`.",
        ),
        (
            "gates = [{ errors = \"f\", percent = 200 }]",
            "`percent` has to be a number from 0 to 100.",
        ),
        (
            "gates = [{ window = \"nights\" }]",
            "`nights` is no window; write it as `Mon-Fri 08:00-16:00`, in UTC.",
        ),
        ("regions = []", "`regions` names none."),
        (
            "region = { \"eu-*\" = { paramters = {} } }",
            "There is no option of a region `paramters`; did you mean `parameters`?",
        ),
    ] {
        let said = warnings(&format!("name = \"api\"\ntemplate = \"t\"\n{line}"));
        assert_eq!(
            said,
            [
                format!("fleet.toml:15: {what}"),
                format!("fleet.toml:12: {OUT}")
            ],
            "{line}"
        );
    }
}

#[test]
fn what_it_is_and_where_it_comes_from_has_to_be_said() {
    assert_eq!(
        warnings("template = \"t\""),
        [
            "fleet.toml:12: A deployment needs a `name`, or a `stack` to be named after.",
            "fleet.toml:12: This deployment is left out until that is right."
        ]
    );
    assert_eq!(
        warnings("name = \"api\"")[0],
        "fleet.toml:12: A deployment needs a `template`, a `command` or a `cdk`."
    );
    assert_eq!(
        warnings("name = \"a\"\ntemplate = \"t\"\n[[deploy]]\nname = \"a\"\ntemplate = \"t\""),
        ["fleet.toml:15: There is already a deployment `a`, so this one is left out."]
    );
    assert_eq!(
        warnings("name = \"a\"\ntemplate = \"t\"\naccounts = [\"dev\"]"),
        ["fleet.toml:12: No account is called `dev`, so the deployment `a` is left out."]
    );
    assert_eq!(
        warnings("name = \"a\"\ntemplate = \"t\"\nwaves = [[\"eu-central-1\"]]"),
        [
            "fleet.toml:12: No account has the region `eu-central-1` that `waves` names, so the deployment `a` is left out."
        ]
    );
    let said = warnings("name = \"a\"\ntemplate = \"t\"\npolicy = \"nowhere.json\"");
    assert!(said[0].contains("The stack policy nowhere.json cannot be read"));
}

#[test]
fn hooks_say_when_and_whom_they_tell() {
    let text = format!(
        "unstoppable = [\"vpc-*\"]\n{ACCOUNTS}[[hook]]\nat = [\"failure\", \"end\"]\ncommand = [\"say\"]\n[[hook]]\nwebhook = \"https://x.example/1\"\n"
    );
    let assembly = assembled(&text, &Flags::default());
    assert_eq!(assembly.warnings, []);
    let hooks = assembly.fleet.hooks;
    assert_eq!(
        hooks[0].at,
        [
            crate::domain::Occasion::Failure,
            crate::domain::Occasion::End
        ]
    );
    assert_eq!(
        hooks[1].told,
        crate::domain::Told::Webhook("https://x.example/1".into())
    );
    assert_eq!(assembly.fleet.unstoppable, ["vpc-*"]);
    for (lines, warning) in [
        (
            "at = \"end\"",
            "fleet.toml:12: A hook needs a `command` or a `webhook`; this one is left out.",
        ),
        (
            "webhook = \"hooks.example/SECRET\"",
            "fleet.toml:13: `webhook` has to be an address of HTTP.",
        ),
        (
            "command = \"say\"",
            "fleet.toml:13: `command` has to be a list of texts, the program first, not a string.",
        ),
        (
            "at = \"ende\"\ncommand = [\"say\"]",
            "fleet.toml:13: There is no occasion `ende`; did you mean `end`?",
        ),
    ] {
        let assembly = assembled(&format!("{ACCOUNTS}[[hook]]\n{lines}\n"), &Flags::default());
        assert_eq!(assembly.warnings[0].to_string(), warning);
    }
}
