//! The harness itself, on programs that every system has.

use crate::support::screen::{Program, Signal};

fn shell(script: &str) -> Program {
    Program::named("sh").args(["-c", script])
}

#[test]
fn text_and_exit_code_arrive() {
    let screen = shell("echo hello from $HOME; exit 3").open();
    let home = screen.home().path().display().to_string();
    let ended = screen.exit().assert_code(3).assert_restored();
    assert!(
        ended.seen.contains(&format!("hello from {home}")),
        "{}",
        ended.seen
    );
}

#[test]
fn nothing_of_this_machine_leaks_in() {
    let ended = shell("env | sort")
        .size(200, 40)
        .open()
        .exit()
        .assert_code(0);
    let rows = ended.seen.rows();
    let variables = rows.iter().filter_map(|row| Some(row.split_once('=')?.0));
    let foreign: Vec<_> = variables
        .filter(|name| !["_", "PWD", "OLDPWD", "SHLVL", "__CF_USER_TEXT_ENCODING"].contains(name))
        .filter(|name| {
            !crate::support::home::Home::new()
                .environment()
                .iter()
                .any(|(known, _)| known == name)
        })
        .collect();
    assert_eq!(foreign, Vec::<&str>::new());
}

#[test]
fn keys_are_read_one_by_one() {
    let script = "stty raw -echo; echo ready; for i in 1 2 3; do dd bs=16 count=1 2>/dev/null | od -An -tx1; done; stty sane";
    let mut screen = shell(script).open();
    screen.wait_for_text("ready");
    screen.keys("esc j up");
    screen.wait_for_text("1b 5b 41");
    let ended = screen.exit().assert_code(0);
    let bytes: Vec<_> = ended
        .seen
        .rows()
        .iter()
        .map(|row| row.trim().to_owned())
        .filter(|row| !row.is_empty())
        .collect();
    assert_eq!(bytes, ["ready", "1b", "6a", "1b 5b 41"]);
}

#[test]
fn queries_are_answered_at_once() {
    for (query, answer) in [
        (r"\033[6n", "1b 5b 31 3b 31 52"),
        (r"\033[c", "1b 5b 3f 36 32 3b 32 32 63"),
        (r"\033[5n", "1b 5b 30 6e"),
        (r"\033[?u", "1b 5b 3f 30 75"),
        (r"\033[?2026$p", "1b 5b 3f 32 30 32 36 3b 32 24 79"),
        (r"\033]11;?\033\\", "1b 5d 31 31 3b 72 67 62"),
        (r"\033[>q", "1b 50 3e 7c"),
    ] {
        let ended = shell(&format!("stty raw -echo; printf '{query}'; dd bs=64 count=1 2>/dev/null | od -An -tx1; stty sane")).open().exit();
        assert!(ended.seen.contains(answer), "{query}\n{}", ended.seen);
    }
}

#[test]
fn the_program_sees_a_new_size() {
    let mut screen =
        shell("trap 'stty size; exit' WINCH; echo ready; while :; do read -r line; done")
            .size(80, 24)
            .open();
    screen.wait_for_text("ready");
    screen.resize(101, 33);
    screen.wait_for_text("33 101");
    assert_eq!(
        (screen.seen().size().columns, screen.seen().size().rows),
        (101, 33)
    );
}

#[test]
fn one_cell_does_not_frighten_the_emulator() {
    let mut screen = shell("echo ready; read -r line; stty size; read -r line")
        .size(80, 24)
        .open();
    screen.wait_for_text("ready");
    screen.resize(1, 1);
    screen.resize(500, 200);
    screen.keys("enter");
    screen.wait_for_text("200 500");
}

#[test]
fn a_signal_ends_the_program() {
    let screen = shell("echo ready; while :; do read -r line; done").open();
    screen.wait_for_text("ready");
    screen.signal(Signal::TERM);
    assert_eq!(screen.exit().code(), None);
}

#[test]
fn a_trap_sees_the_signal() {
    let screen = shell("trap 'exit 7' TERM; echo ready; while :; do read -r line; done").open();
    screen.wait_for_text("ready");
    screen.signal(Signal::TERM);
    let _ = screen.exit().assert_code(7).assert_restored();
}

#[test]
fn a_dropped_line_is_heard() {
    let mut screen = shell(
        "trap 'echo heard > \"$HOME/hup\"; exit 0' HUP; echo ready; while read -r line; do :; done",
    )
    .open();
    screen.wait_for_text("ready");
    screen.hang_up();
    let ended = screen.exit().assert_code(0);
    let heard = std::fs::read_to_string(ended.home.path().join("hup"));
    assert_eq!(heard.ok().as_deref(), Some("heard\n"));
}

#[test]
fn what_is_left_on_is_named() {
    for (script, left) in [
        (r"printf '\033[?1049h'", "the alternate screen"),
        (r"printf '\033[?25l'", "a hidden cursor"),
        (r"printf '\033[?1002h\033[?1006h'", "mouse reports"),
        (r"printf '\033[?2004h'", "bracketed paste"),
        (r"printf '\033[?1004h'", "private mode 1004"),
        (r"printf '\033[>1u'", "the kitty keyboard protocol"),
        (r"printf '\033[31m'", "a colour or style"),
    ] {
        let ended = shell(script).open().exit();
        assert_eq!(ended.seen.leftovers(), [left], "{script}");
    }
    let tidy = r"printf '\033[?1049h\033[?25l\033[?1002h\033[?1004h\033[>1u\033[31m\033[0m\033[<u\033[?1004l\033[?1002l\033[?25h\033[?1049l'";
    let _ = shell(tidy).open().exit().assert_restored();
}

#[test]
#[should_panic(expected = "the line's modes differ from before")]
fn a_line_left_raw_is_noticed() {
    let _ = shell("stty raw -echo").open().exit().assert_restored();
}

#[test]
#[should_panic(expected = "waited for `never` on the screen; it ended first")]
fn an_early_end_is_said() {
    shell("echo something else").open().wait_for_text("never");
}

#[test]
#[should_panic(expected = "last bytes: something \\x1b[1melse")]
fn a_failure_shows_the_last_bytes() {
    shell(r"printf 'something \033[1melse'")
        .open()
        .wait_for_text("never");
}

#[test]
fn a_half_drawn_frame_is_not_looked_at() {
    let script =
        r"printf '\033[?2026hhalf'; read -r line; printf '\033[2K\rwhole\033[?2026l'; read -r line";
    let mut screen = shell(script).open();
    screen.keys("enter");
    let seen = screen.wait_until("a row of letters", |seen| {
        !seen.rows()[0].is_empty() || !seen.rows()[1].is_empty()
    });
    assert!(seen.contains("whole"), "{seen}");
}

#[test]
fn a_shell_can_stop_and_go_on() {
    let mut screen = Program::named("sh").args(["-i"]).env("PS1", "$ ").open();
    screen.wait_for_text("$");
    screen.type_text("cat\r");
    screen.wait_for_text("$ cat");
    screen.type_text("once\r");
    screen.wait_until("the echo of cat", |seen| {
        seen.text().matches("once").count() == 2
    });
    screen.keys("ctrl-z");
    screen.wait_for_text("Stopped");
    screen.type_text("fg\r");
    screen.type_text("twice\r");
    screen.wait_until("the echo of cat", |seen| {
        seen.text().matches("twice").count() == 2
    });
    screen.keys("ctrl-d");
    screen.type_text("exit\r");
    let _ = screen.exit().assert_restored();
}
