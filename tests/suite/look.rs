//! The two grids of a drawn buffer.

use crate::support::look::look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

fn role_of(style: Style) -> char {
    match style.fg {
        Some(Color::Indexed(1)) => 'e',
        _ => '.',
    }
}

#[test]
fn blanks_wide_characters_and_roles_are_all_seen() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
    buffer.set_string(1, 0, "✗ 鯨 ok", Style::new());
    buffer.set_string(1, 0, "✗", Style::new().fg(Color::Indexed(1)));
    insta::assert_snapshot!(look(&buffer, role_of), @r#"
    " ✗ 鯨 ok"
    "        "

    ".e......"
    "........"
    "#);
}
