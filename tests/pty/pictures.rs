//! The picture of a screen: one grid, shapes for lines, and the same bytes every time.

use crate::support::svg::svg;
use crate::support::terminal::{Seen, Size, Terminal};

fn seen(columns: u16, rows: u16, text: &str) -> Seen {
    let mut terminal = Terminal::new(Size::new(columns, rows));
    let replies = terminal.feed(text.as_bytes());
    assert_eq!(replies, b"");
    terminal.seen()
}

#[test]
fn every_letter_has_a_place_and_every_colour_a_name() {
    let seen = seen(
        8,
        2,
        "\x1b[31mred\x1b[0m <&\r\n\x1b[1;48;5;21mok\x1b[0m \x1b[7m鯨\x1b[0m",
    );
    insta::assert_snapshot!(svg(&seen, "a \"small\" screen"), @r##"
    <svg xmlns="http://www.w3.org/2000/svg" width="100" height="64" viewBox="0 0 100 64" role="img" aria-label="a &quot;small&quot; screen">
    <title>a &quot;small&quot; screen</title>
    <rect width="100%" height="100%" rx="8" fill="#14161a"/>
    <g transform="translate(14 14)" font-family="ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="15" xml:space="preserve">
    <text x="0" y="14" textLength="27" fill="#e06c75">red</text>
    <text x="36" y="14" textLength="18" fill="#d0d0d0">&lt;&amp;</text>
    <rect x="0" y="18" width="18" height="18" fill="#0000ff"/>
    <rect x="27" y="18" width="18" height="18" fill="#d0d0d0"/>
    <text x="0" y="32" textLength="18" fill="#d0d0d0" font-weight="bold">ok</text>
    <text x="27" y="32" fill="#14161a">鯨</text>
    </g>
    </svg>
    "##);
}

#[test]
fn lines_blocks_and_braille_are_shapes() {
    let all: String = ('\u{2500}'..='\u{259f}')
        .chain('\u{2800}'..='\u{28ff}')
        .collect();
    let picture = svg(&seen(500, 2, &all), "shapes");
    assert!(!picture.contains("<text"), "{picture}");
    insta::assert_snapshot!(svg(&seen(4, 2, "╭─┬╮\r\n▄⠓█│"), "shapes"), @r##"
    <svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64" role="img" aria-label="shapes">
    <title>shapes</title>
    <rect width="100%" height="100%" rx="8" fill="#14161a"/>
    <g transform="translate(14 14)" font-family="ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="15" xml:space="preserve">
    <path d="M9 9q-4.5 0 -4.5 9M9 9h9M22.5 9h4.5M22.5 9v9M22.5 9h-4.5M27 9q4.5 0 4.5 9" fill="none" stroke="#d0d0d0" stroke-width="1.2" stroke-linecap="round"/>
    <path d="M31.5 18v18" fill="none" stroke="#d0d0d0" stroke-width="1.2" stroke-linecap="round"/>
    <path d="M11.25 20.25h0M11.25 24.75h0M15.75 24.75h0" fill="none" stroke="#d0d0d0" stroke-width="2.2" stroke-linecap="round"/>
    <g fill="#d0d0d0" shape-rendering="crispEdges"><rect x="0" y="27" width="9" height="9"/><rect x="18" y="18" width="9" height="18"/></g>
    </g>
    </svg>
    "##);
}

#[test]
fn the_same_screen_gives_the_same_bytes() {
    let drawn = "\x1b[32m✓\x1b[0m checkout-api \x1b[2m3m\x1b[0m ▁▂▃";
    assert_eq!(
        svg(&seen(40, 3, drawn), "once"),
        svg(&seen(40, 3, drawn), "once")
    );
}
