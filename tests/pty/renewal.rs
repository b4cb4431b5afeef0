//! Credentials of every ordinary kind work, end, and come back, with real AWS configuration files. (Scorecard 12.)

use crate::support::house::House;
use crate::support::operator::{
    CONFIG, CREDENTIALS, PROD, RENEWABLE, STAGING, TOKEN_FILE, operator, sign_in,
};
use crate::support::screen::Screen;
use crate::support::terminal::Seen;
use chrono::{DateTime, TimeDelta, Utc};
use quarterdeck::sandbox::{Fault, FaultKind, Place};
use std::time::Duration;

const LOGIN: &str = "aws sso login --profile prod-sso";

/// Who we are, in the header.
const WE: &str = "1234-5678-9012";

/// What the table of the Fleet says of a region of an account. The map and the panel beside it name regions too, but
/// not before an account.
fn row(seen: &Seen, region: &str, account: &str) -> Option<String> {
    let rows = seen.rows();
    let mut rows = rows.iter().filter_map(|row| row.split_once(region));
    rows.find_map(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix(account)?;
        Some(rest.to_owned())
    })
}

/// A region that has data says how many stacks are well; one whose data is old says why besides.
fn is_live(seen: &Seen, region: &str, account: &str) -> bool {
    row(seen, region, account)
        .is_some_and(|row| row.contains(" ✓ ") && !row.contains("no credentials"))
}

fn prod_is_live(seen: &Seen) -> bool {
    is_live(seen, "us-east-1", "prod") && is_live(seen, "eu-west-1", "prod") && seen.contains(WE)
}

/// The rows of an account that has no credentials say so.
fn prod_lacks_credentials(seen: &Seen) -> bool {
    ["us-east-1", "eu-west-1"]
        .iter()
        .all(|region| row(seen, region, "prod").is_some_and(|row| row.contains("no credentials")))
}

fn staging_is_live(seen: &Seen) -> bool {
    is_live(seen, "ap-southeast-1", "staging") && seen.contains("2109-8765-4321")
}

/// The first page after everything was asked once.
fn everything(screen: &Screen) {
    screen.wait_until("data of both accounts", |seen| {
        prod_is_live(seen) && staging_is_live(seen)
    });
}

/// From here on AWS takes only credentials that the sandbox issues from here on.
fn revoke(house: &House) {
    let now = house.sandbox.clock().now();
    for service in ["cloudformation", "sts"] {
        house.sandbox.inject(Fault::new(
            Place::account(PROD).service(service),
            FaultKind::Expired {
                issued_before: Some(now + TimeDelta::seconds(1)),
            },
        ));
    }
    // Tokens carry whole seconds.
    house.sandbox.clock().advance(Duration::from_secs(2));
}

fn now(house: &House) -> DateTime<Utc> {
    house.sandbox.clock().now()
}

/// Nothing but questions has left the house, whatever was repeated.
fn assert_only_questions(house: &House) {
    let requests = house.sandbox.requests();
    let others: Vec<_> = requests
        .iter()
        .map(|request| request.operation.as_str())
        .filter(|name| {
            !["Get", "List", "Describe", "Assume", "CreateToken"]
                .iter()
                .any(|verb| name.starts_with(verb))
        })
        .collect();
    assert_eq!(others, Vec::<&str>::new());
}

#[test]
fn a_signed_in_operator_sees_the_fleet_and_who_they_are() {
    let house = House::today("calm");
    let program = house.operator("prod-sso");
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let mut screen = program.open();
    everything(&screen);
    assert_eq!(house.asked("GetRoleCredentials").len(), 1);
    let by_role = house.asked("DescribeStacks");
    let by_role = by_role.iter().filter(|request| request.account == PROD);
    for request in by_role {
        let mut headers = request.headers.iter();
        assert!(
            headers
                .any(|(name, value)| name == "x-amz-security-token" && value.contains("ReadOnly")),
            "the role of the profile signs: {request:?}"
        );
    }
    screen.keys("q");
    let _ = screen.exit().assert_restored().assert_code(0);
}

#[test]
fn whoever_is_not_signed_in_is_told_how_and_is_in_as_soon_as_they_did() {
    for ended in [None, Some(TimeDelta::hours(-1))] {
        let house = House::today("calm");
        let program = house.operator("prod-sso");
        if let Some(ended) = ended {
            sign_in(program.home(), now(&house), ended, "");
        }
        let screen = program.open();
        screen.soon("the banner", |seen| seen.contains(LOGIN));
        screen.wait_until("rows that say what is missing", prod_lacks_credentials);
        screen.wait_until("the other account", staging_is_live);
        assert_eq!(house.asked("GetRoleCredentials").len(), 0);

        sign_in(screen.home(), now(&house), TimeDelta::hours(8), "");
        screen.soon("the recovery", |seen| {
            prod_is_live(seen) && !seen.contains(LOGIN)
        });
        assert_eq!(house.asked("GetRoleCredentials").len(), 1);
        assert_only_questions(&house);
    }
}

#[test]
fn a_session_that_ends_midway_keeps_its_data_and_comes_back_with_the_next_login() {
    let house = House::today("calm");
    let program = house.operator("prod-sso");
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let mut screen = program.open();
    everything(&screen);

    std::fs::remove_file(screen.home().path().join(TOKEN_FILE)).unwrap();
    revoke(&house);
    screen.keys("ctrl-r");
    screen.soon("the banner", |seen| {
        seen.contains(LOGIN) && prod_lacks_credentials(seen)
    });
    let seen = screen.seen();
    let old = row(&seen, "eu-west-1", "prod");
    assert!(old.is_some_and(|row| row.contains(" ✓ ")), "{seen}");
    let before = house.asked("GetRoleCredentials").len();

    sign_in(screen.home(), now(&house), TimeDelta::hours(8), "");
    screen.soon("the recovery", |seen| {
        prod_is_live(seen) && !seen.contains(LOGIN) && !prod_lacks_credentials(seen)
    });
    assert_eq!(house.asked("GetRoleCredentials").len(), before + 1);
    assert_only_questions(&house);
}

#[test]
fn role_credentials_that_end_early_are_fetched_once_more_and_nobody_is_bothered() {
    let house = House::today("calm");
    let program = house.operator("prod-sso");
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let mut screen = program.open();
    everything(&screen);

    let asked = house.asked("DescribeStacks").len();
    revoke(&house);
    screen.keys("ctrl-r");
    screen.soon("answers to new credentials", |_| {
        let asked = &house.asked("DescribeStacks")[asked..];
        let is_answered = |region: &&str| {
            let mut asked = asked.iter();
            asked.any(|request| request.region == **region && request.status == Some(200))
        };
        ["us-east-1", "eu-west-1"].iter().all(is_answered)
    });
    screen.soon("live regions", prod_is_live);
    assert_eq!(house.asked("GetRoleCredentials").len(), 2);
    let output = String::from_utf8_lossy(&screen.output()).into_owned();
    assert!(!output.contains("aws sso login"), "nobody had to be told");
}

#[test]
fn a_region_that_refuses_while_sts_does_not_comes_back_as_fast() {
    let house = House::today("calm");
    let refused = house.sandbox.inject(Fault::new(
        Place {
            region: "eu-west-1".to_owned(),
            ..Place::account(PROD).service("cloudformation")
        },
        FaultKind::Expired {
            issued_before: None,
        },
    ));
    let program = house.operator("prod-sso");
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let screen = program.open();
    screen.soon("the banner", |seen| seen.contains(LOGIN));
    screen.wait_until("the other account", staging_is_live);
    let asked = house.asked("DescribeStacks").len();
    house.sandbox.heal(refused);
    sign_in(screen.home(), now(&house), TimeDelta::hours(9), "");
    screen.soon("the recovery", |seen| {
        prod_is_live(seen) && !seen.contains(LOGIN)
    });
    assert!(asked <= 8, "{asked} questions before the login");
    assert!(house.asked("GetRoleCredentials").len() <= 4);
}

#[test]
fn a_credential_process_that_fails_is_run_again_when_the_operator_asks() {
    let house = House::today("calm");
    let program = house.operator("prod-process");
    let home = program.home();
    let script = home.write(
        "bin/credentials",
        "cd \"$(dirname \"$0\")\" || exit 1\n\
         echo run >> runs\n\
         if [ ! -e unlocked ]; then echo 'the vault is locked: hunter2' >&2; exit 1; fi\n\
         echo '{\"Version\": 1, \"AccessKeyId\": \"123456789012\", \"SecretAccessKey\": \"process-secret\"}'\n",
    );
    home.write(
        ".aws/config",
        &format!(
            "[profile prod-process]\ncredential_process = sh \"{}\"\n",
            script.display()
        ),
    );
    let mut screen = program.open();
    screen.soon("the banner", |seen| {
        seen.contains("Run the credential_proc") && prod_lacks_credentials(seen)
    });
    screen.wait_until("the other account", staging_is_live);
    let output = String::from_utf8_lossy(&screen.output()).into_owned();
    assert!(
        !output.contains("hunter2"),
        "what it complains about may be secret"
    );
    let runs = |screen: &Screen| {
        let runs = std::fs::read_to_string(screen.home().path().join("bin/runs"));
        runs.map_or(0, |runs| runs.lines().count())
    };
    let before = runs(&screen);
    assert!(before <= 2, "{before} processes for three questions");

    screen.home().write("bin/unlocked", "");
    screen.keys("ctrl-r");
    screen.soon("the recovery", |seen| {
        prod_is_live(seen) && !seen.contains("credential_proc")
    });
    assert_eq!(runs(&screen), before + 1);
}

#[test]
fn a_role_is_assumed_from_its_source_and_shown_as_itself() {
    let house = House::today("calm");
    let program = house.operator("prod-role");
    let role = format!(
        "{CONFIG}\n[profile prod-role]\nrole_arn = arn:aws:iam::{PROD}:role/Operator\n\
         source_profile = staging-keys\nregion = eu-west-1\n"
    );
    program.home().write(".aws/config", &role);
    let screen = program.open();
    everything(&screen);
    let assumed = house.asked("AssumeRole");
    assert_eq!(assumed.len(), 1);
    assert_eq!(assumed[0].account, STAGING, "the source signs");
}

#[test]
fn a_role_on_top_of_a_login_names_the_login_it_needs() {
    let house = House::today("calm");
    let program = house.operator("prod-role");
    let role = format!(
        "{CONFIG}\n[profile prod-role]\nrole_arn = arn:aws:iam::{PROD}:role/Operator\n\
         source_profile = prod-sso\nregion = eu-west-1\n"
    );
    program.home().write(".aws/config", &role);
    let screen = program.open();
    screen.soon("the banner", |seen| seen.contains(LOGIN));
    sign_in(screen.home(), now(&house), TimeDelta::hours(8), "");
    screen.soon("the recovery", prod_is_live);
    assert_eq!(house.asked("AssumeRole").len(), 1);
}

#[test]
fn keys_that_aws_does_not_know_are_replaced_in_their_file() {
    let house = House::today("calm");
    let program = house.operator("prod-keys");
    let keys = |key: &str| {
        format!(
            "{CREDENTIALS}\n[prod-keys]\naws_access_key_id = {key}\naws_secret_access_key = prod-secret\n"
        )
    };
    program
        .home()
        .write(".aws/credentials", &keys("AKIAROTATEDLONGAGO00"));
    let screen = program.open();
    screen.soon("the banner", |seen| {
        seen.contains("Put new keys into profile prod-keys") && prod_lacks_credentials(seen)
    });
    screen.wait_until("the other account", staging_is_live);
    screen.home().write(".aws/credentials", &keys(PROD));
    screen.soon("the recovery", |seen| {
        prod_is_live(seen) && !seen.contains("Put new keys")
    });
}

#[test]
fn keys_of_the_environment_work_without_any_file() {
    let house = House::today("calm");
    let program = house
        .operator("unused")
        .env("AWS_ACCESS_KEY_ID", PROD)
        .env("AWS_SECRET_ACCESS_KEY", "environment-secret");
    let no_account = "version = { tag = \"version\" }\n";
    program
        .home()
        .write(".config/quarterdeck/fleet.toml", no_account);
    let screen = program.args(["-r", "us-east-1", "-r", "eu-west-1"]).open();
    screen.wait_until("data of the environment's account", |seen| {
        seen.contains("● live") && seen.contains(WE)
    });
}

#[test]
fn a_profile_may_bring_its_own_endpoints() {
    let house = House::today("calm");
    let endpoint = house.sandbox.endpoint();
    let program = operator("prod-sso");
    let config = CONFIG.replace(
        "region = eu-west-1\n\n",
        "region = eu-west-1\nservices = sandbox\n\n",
    );
    let services = ["cloudformation", "sts", "sso", "sso_oidc"]
        .map(|service| format!("{service} =\n  endpoint_url = {endpoint}\n"))
        .concat();
    let keys = format!("[profile staging-keys]\nendpoint_url = {endpoint}\n");
    let config = format!("{config}\n[services sandbox]\n{services}\n{keys}");
    program.home().write(".aws/config", &config);
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let screen = program.open();
    everything(&screen);
}

#[test]
fn a_token_that_can_be_renewed_is_renewed_once() {
    let house = House::today("calm");
    let program = house.operator("prod-sso");
    let ended = TimeDelta::minutes(-5);
    sign_in(program.home(), now(&house), ended, RENEWABLE);
    let screen = program.open();
    everything(&screen);
    assert_eq!(house.asked("CreateToken").len(), 1);
    let output = String::from_utf8_lossy(&screen.output()).into_owned();
    assert!(!output.contains("aws sso login"), "nobody had to be told");
}

#[test]
fn a_role_that_was_not_granted_is_told_as_that() {
    let house = House::today("calm");
    let program = house.operator("prod-sso");
    let other = CONFIG.replace("ReadOnly", "Administrator");
    program.home().write(".aws/config", &other);
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let screen = program.open();
    screen.soon("the banner", |seen| seen.contains("`sso_role_name`"));
    screen.home().write(".aws/config", CONFIG);
    screen.soon("the recovery", prod_is_live);
}

#[test]
fn a_portal_that_fails_is_not_taken_for_an_end() {
    let house = House::today("calm");
    let down = house.sandbox.inject(Fault::new(
        Place::account(PROD).service("awsssoportal"),
        FaultKind::ServerError { status: 503 },
    ));
    let program = house.operator("prod-sso");
    sign_in(program.home(), now(&house), TimeDelta::hours(8), "");
    let mut screen = program.open();
    screen.wait_until("rows that say why", |seen| seen.contains("AWS error"));
    assert!(
        !screen.seen().contains(LOGIN),
        "a login would change nothing"
    );
    house.sandbox.heal(down);
    screen.keys("ctrl-r");
    screen.soon("the recovery", prod_is_live);
}

#[test]
fn an_endpoint_that_is_set_to_nothing_is_a_sentence_and_no_crash() {
    let program = operator("prod-sso").env("AWS_ENDPOINT_URL", "");
    let mut screen = program.open();
    screen.wait_for_text("refused");
    screen.keys("!");
    screen.wait_for_text("Unset AWS_ENDPOINT_URL and start again.");
}
