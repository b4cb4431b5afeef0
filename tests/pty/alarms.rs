//! An alarm that goes off is heard by somebody who looks at another window.

use crate::support::house::House;
use quarterdeck::sandbox::Scenario;
use std::time::Duration;

#[test]
fn a_transition_rings_the_bell_notifies_and_runs_the_command() {
    let demo = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/sandbox/scenarios/demo.toml"
    );
    let demo = std::fs::read_to_string(demo).unwrap();
    // The bad version is not out yet.
    let before =
        "version = 19\ndescription = \"v419: price rules from the new service\"\nminutes_ago = 24";
    assert!(demo.contains(before), "the demo has its release");
    let demo = demo.replace(
        before,
        &before.replace("minutes_ago = 24", "minutes_ago = -5"),
    );
    let house = House::of(&Scenario::parse(&demo).unwrap());
    let program = house.program();
    let told = program.home().path().join("told");
    let rules = format!(
        "{}\n[alarms]\nbell = true\nnotify = true\ncommand = [\"sh\", \"-c\", \"cat >> {}\"]\n",
        house.sandbox.fleet(),
        told.display()
    );
    program
        .home()
        .write(".config/quarterdeck/fleet.toml", &rules);
    let mut screen = program.open();
    screen.keys("8");
    screen.wait_until("the alarms of every region", |seen| {
        seen.contains("Alarms ·") && !seen.contains("asking")
    });
    house.sandbox.clock().advance(Duration::from_secs(20 * 60));
    screen.keys("f5");
    screen.wait_for_text("into ALARM");
    let output = screen.output();
    let output = String::from_utf8_lossy(&output);
    assert!(output.contains("\x1b]9;quarterdeck: "), "a notification");
    assert!(output.contains("\x1b\\\x07"), "and the bell after it");
    screen.wait_until("what the command was told", |_| {
        std::fs::read_to_string(&told).is_ok_and(|lines| lines.contains("\"to\":\"ALARM\""))
    });
    screen.keys("q");
    let _ = screen.exit().assert_restored();
}
