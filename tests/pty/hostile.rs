//! Names, tags, reasons and outputs that attack the terminal are shown and do nothing. (Scorecard 7.)

use crate::support::house::House;

/// Every escape sequence in the output, without its parameters: `CSI m`, `OSC 0`, `ESC 7`.
fn sequences(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            0x1b => {
                let kind = bytes.get(at + 1).copied().unwrap_or_default();
                match kind {
                    b'[' => {
                        let end = bytes[at + 2..]
                            .iter()
                            .position(|byte| (0x40..=0x7e).contains(byte))
                            .map_or(bytes.len(), |to| at + 2 + to);
                        found.push(format!(
                            "CSI {}",
                            char::from(bytes.get(end).copied().unwrap_or(b'?'))
                        ));
                        at = end;
                    }
                    b']' => {
                        let number: String = bytes[at + 2..]
                            .iter()
                            .take_while(|byte| byte.is_ascii_digit())
                            .map(|byte| char::from(*byte))
                            .collect();
                        found.push(format!("OSC {number}"));
                        let end = bytes[at..]
                            .iter()
                            .position(|byte| *byte == 0x07)
                            .map_or(bytes.len(), |to| at + to);
                        at = end;
                    }
                    other => {
                        found.push(format!("ESC {}", char::from(other)));
                        at += 1;
                    }
                }
            }
            control if control < 0x20 && !matches!(control, b'\r' | b'\n') => {
                found.push(format!("C0 {control:02x}"));
            }
            _ => {}
        }
        at += 1;
    }
    found.sort();
    found.dedup();
    found
}

fn session(scenario: &str) -> (Vec<String>, String) {
    let house = House::named(scenario);
    let mut screen = house.program().open();
    screen.wait_until("data of every region", |seen| {
        seen.contains("REGION") && !seen.contains(" … ")
    });
    screen.wait_until_still();
    screen.keys("2 enter");
    for _ in 0..7 {
        screen.wait_until_still();
        screen.keys("down enter");
        screen.wait_until_still();
        screen.keys("esc tab");
    }
    screen.keys("esc v");
    screen.wait_until_still();
    let seen = screen.seen();
    assert_eq!(seen.title(), "quarterdeck");
    (sequences(&screen.output()), seen.text())
}

#[test]
fn hostile_data_adds_no_control_sequence_to_the_output() {
    let (honest, _) = session("calm");
    let (hostile, text) = session("hostile");
    let added: Vec<_> = hostile
        .iter()
        .filter(|sequence| !honest.contains(sequence))
        .collect();
    assert_eq!(added, Vec::<&String>::new());
    assert!(!text.contains('\u{202e}'), "{text}");
}
