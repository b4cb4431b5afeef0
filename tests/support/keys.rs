//! The names of keys, as keymap files spell them, and the bytes a terminal sends for them.

/// The bytes of every key in `"j j enter ctrl-d g g"`.
pub(crate) fn bytes_of(keys: &str) -> Vec<Vec<u8>> {
    keys.split_whitespace().map(bytes).collect()
}

fn bytes(key: &str) -> Vec<u8> {
    if key.chars().count() == 1 {
        return key.into();
    }
    let named: &[u8] = match key {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "shift-tab" | "backtab" => b"\x1b[Z",
        "space" => b" ",
        "backspace" => b"\x7f",
        "delete" => b"\x1b[3~",
        "insert" => b"\x1b[2~",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pageup" => b"\x1b[5~",
        "pagedown" => b"\x1b[6~",
        "f1" => b"\x1bOP",
        "f2" => b"\x1bOQ",
        "f3" => b"\x1bOR",
        "f4" => b"\x1bOS",
        "f5" => b"\x1b[15~",
        "f6" => b"\x1b[17~",
        "f7" => b"\x1b[18~",
        "f8" => b"\x1b[19~",
        "f9" => b"\x1b[20~",
        "f10" => b"\x1b[21~",
        "f11" => b"\x1b[23~",
        "f12" => b"\x1b[24~",
        _ => return chord(key),
    };
    named.to_vec()
}

/// `ctrl-x` is the letter without its upper bits, `alt-x` is escape and the key.
fn chord(key: &str) -> Vec<u8> {
    if let Some(key) = key.strip_prefix("alt-") {
        return [b"\x1b".to_vec(), bytes(key)].concat();
    }
    match key.strip_prefix("ctrl-").map(str::as_bytes) {
        Some(b"space") => vec![0],
        Some([letter]) => vec![letter.to_ascii_uppercase() & 0x1f],
        _ => panic!("no key is called `{key}`"),
    }
}
