//! Nothing that is secret reaches the screen, standard error or a file of ours. (Scorecard 21.)

use crate::support::cli::Cli;
use crate::support::home::Home;
use crate::support::house::House;
use crate::support::operator::{PROD, STAGING, sign_in_with};
use crate::support::program::Program;
use crate::support::screen::Screen;
use chrono::TimeDelta;
use quarterdeck::sandbox::{Clock, Scenario};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Whatever carries this word was told in confidence.
const CANARY: &str = "canary";

/// What the sandbox's portal and STS hand out: a secret key and a session token.
const ISSUED: [&str; 2] = ["sandbox/secret/of", "sandbox-session"];

/// The operator's own files, which have the canaries in them.
const GIVEN: [&str; 2] = [".aws", "bin"];

const CONFIG: &str = "\
[profile login]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = ReadOnly

[sso-session corp]
sso_start_url = https://corp.example.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile process]
credential_process = sh ~/bin/credentials canary-argument
";

const FLEET: &str = "\
version = { tag = \"version\" }

[[account]]
name = \"by-login\"
profile = \"login\"
regions = [\"eu-west-1\"]

[[account]]
name = \"by-process\"
profile = \"process\"
regions = [\"us-east-1\"]

[[account]]
name = \"by-keys\"
profile = \"keys\"
regions = [\"us-west-2\"]
";

/// What the process says, in turn: a complaint, nonsense, and credentials.
const SCRIPT: &str = "\
cd ~/bin || exit 1
if [ ! -e asked ]; then
  touch asked
  echo 'no: canary-complaint' >&2
  exit 1
fi
if [ ! -e unlocked ]; then
  echo '{\"Version\": 1, \"AccessKeyId\": \"x\", \"SecretAccessKey\": canary-nonsense'
  exit 0
fi
echo '{\"Version\": 1, \"AccessKeyId\": \"210987654321\", \"SecretAccessKey\": \"canary-process-secret\",'
echo ' \"SessionToken\": \"canary-process-token\"}'
";

/// A sandbox whose portal knows the canary, and whose stacks have parameters that nobody may see.
fn house() -> House {
    let calm = include_str!("../../src/sandbox/scenarios/calm.toml");
    let calm = calm.replace("sandbox-token", "canary-access-token");
    let scenario = Scenario::parse(&calm).expect("it is a scenario");
    House::at(Clock::real(), &scenario)
}

fn furnish(house: &House, home: &Home) {
    let keys = format!(
        "[keys]\naws_access_key_id = {PROD}\naws_secret_access_key = canary-secret-key\n\
         aws_session_token = canary-session-token\n"
    );
    home.write(".aws/config", CONFIG);
    home.write(".aws/credentials", &keys);
    home.write("bin/credentials", SCRIPT);
    home.write(".config/quarterdeck/fleet.toml", FLEET);
    let ends = house.sandbox.clock().now() + TimeDelta::hours(8);
    let renewable = ", \"refreshToken\": \"canary-refresh\", \"clientId\": \"client\", \
         \"clientSecret\": \"canary-client\", \"registrationExpiresAt\": \"2999-01-01T00:00:00Z\"";
    sign_in_with("canary-access-token", home, ends, renewable);
}

fn program(house: &House) -> Program {
    let program = Program::quarterdeck()
        .env("AWS_ENDPOINT_URL", &house.sandbox.endpoint())
        .env("QUARTERDECK_LOG", "trace")
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full");
    furnish(house, program.home());
    program
}

#[track_caller]
fn assert_free_of_secrets(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in [CANARY].iter().chain(&ISSUED) {
        let at = text.find(secret);
        assert_eq!(at, None, "{what} holds `{secret}…`");
    }
}

/// Every file below a folder, but not below the operator's own.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("it has a name").path());
    paths
        .filter(|path| !GIVEN.iter().any(|given| path.ends_with(given)))
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Nothing secret is in what we wrote, among it `expected`, and nobody else may read that or list where it is.
#[track_caller]
fn assert_files_are_clean(home: &Home, expected: &str) {
    let files = files(home.path());
    for path in &files {
        let name = path.display().to_string();
        assert_free_of_secrets(&name, &std::fs::read(path).expect("our own file"));
    }
    let mut ours = files
        .iter()
        .filter(|path| path.starts_with(home.path().join(".local")));
    for path in ours.clone() {
        for (path, most) in [
            (path.as_path(), 0o600),
            (path.parent().expect("a folder"), 0o700),
        ] {
            let metadata = std::fs::metadata(path).expect("our own file");
            let mode = metadata.permissions().mode() & 0o777;
            assert_eq!(mode & !most, 0, "{}: {mode:o}", path.display());
        }
    }
    let is_there = ours.any(|path| path.ends_with(expected));
    assert!(is_there, "{expected} is looked at: {files:?}");
}

/// The output may have a word in pieces, in whatever order its cells changed; the screen has it whole.
#[track_caller]
fn assert_screen_is_free_of_secrets(screen: &Screen) {
    let rows = screen.wait_until_still().rows();
    assert_free_of_secrets("the screen", rows.join("\n").as_bytes());
}

/// Goes everywhere a person can go, and waits there until everything is drawn.
fn visit_everything(screen: &mut Screen) {
    screen.keys("2");
    for page in ["?", "@", ":", "!"] {
        screen.keys(page);
        assert_screen_is_free_of_secrets(screen);
        screen.keys("esc");
    }
    screen.keys("/");
    screen.type_text("orders-db");
    screen.keys("enter enter");
    // Events, resources, outputs, parameters, template, change sets, drift.
    let mut seen = String::new();
    for _ in 0..7 {
        assert_screen_is_free_of_secrets(screen);
        seen.push_str(&screen.seen().text());
        screen.keys("y Y o tab");
    }
    assert!(
        seen.contains("****"),
        "a NoEcho parameter is four stars: {seen}"
    );
    screen.keys("esc esc esc 1");
    screen.wait_until_still();
}

#[test]
fn no_page_no_file_and_no_panic_tells_a_secret() {
    let house = house();
    let mut screen = program(&house).open();
    screen.wait_until("two accounts of three", |seen| {
        seen.contains("2/3 live") && seen.contains("no credentials")
    });
    screen.keys("!");
    screen.wait_for_text("exited with code");
    assert_screen_is_free_of_secrets(&screen);
    // The second time it answers nonsense.
    screen.keys("esc ctrl-r !");
    screen.wait_for_text("could not parse");
    assert_screen_is_free_of_secrets(&screen);
    screen.home().write("bin/unlocked", "");
    screen.keys("esc ctrl-r");
    screen.wait_for_text("● live");
    visit_everything(&mut screen);
    screen.keys("q");
    let ended = screen.exit().assert_restored().assert_code(0);
    assert_free_of_secrets("the terminal", &ended.output);
    assert_files_are_clean(&ended.home, "quarterdeck.log");
    let issued = house.asked("GetRoleCredentials");
    assert!(
        issued.iter().any(|request| request.status == Some(200)),
        "there was something to tell"
    );
    assert!(
        house
            .asked("DescribeStacks")
            .iter()
            .any(|request| request.account == STAGING && request.status == Some(200)),
        "the process delivered"
    );

    let mut screen = program(&house).args(["--panic", "key"]).open();
    screen.wait_for_text("by-login");
    screen.wait_for_text("2/3 live");
    screen.send(b"j");
    let ended = screen.exit().assert_restored();
    assert_ne!(ended.code(), Some(0));
    assert_free_of_secrets("the terminal after a panic", &ended.output);
    assert_files_are_clean(&ended.home, "panics.log");
}

#[test]
fn no_line_of_the_command_line_tells_a_secret() {
    let house = house();
    let cli = Cli::new()
        .env("AWS_ENDPOINT_URL", &house.sandbox.endpoint())
        .env("QUARTERDECK_LOG", "trace");
    furnish(&house, cli.home());
    for (run, expected) in [
        (1, "exited with code"),
        (2, "could not parse"),
        (3, "by-process"),
    ] {
        if run == 3 {
            cli.home().write("bin/unlocked", "");
        }
        let said = cli.run(["stacks", "-o", "json"]);
        let said = format!("{}{}", said.stdout, said.stderr);
        assert!(
            said.contains("by-login") && said.contains(expected),
            "{said}"
        );
        assert_free_of_secrets("the command line", said.as_bytes());
        assert_files_are_clean(cli.home(), "quarterdeck.log");
    }
    let delivered = house.asked("DescribeStacks");
    assert!(delivered.iter().any(|request| request.account == STAGING));
}
