//! What a chart looks like, in both sets of signs and at sizes that nobody asked for.

use super::*;
use crate::app::testing::{account, at, fleet, keymap};
use crate::app::{App, Viewport};
use crate::config::{Glyphs, Theme};
use crate::ui::look::Look;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// An hour from 14:00.
fn window() -> (Timestamp, Timestamp) {
    (at(0), at(3_600))
}

fn hour(value: impl Fn(i32) -> Option<f64>) -> Series {
    Series::of(MINUTE, at(0), (0..60).map(value))
}

fn chart<'a>(lines: &'a [Line<'a>]) -> Chart<'a> {
    Chart {
        window: window(),
        lines,
        unit: Unit::Count,
        cursor: None,
        markers: &[],
        fold: Fold::Mean,
        blank: "No data: Throttles has no points in eu-west-1 since 11:00.",
    }
}

fn line_of(series: &Series) -> Line<'_> {
    Line {
        series,
        style: Style::new(),
    }
}

/// The chart's rows on a screen of its size, without blanks at their ends.
fn rows(chart: &Chart<'_>, glyphs: Glyphs, (width, height): (u16, u16)) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let app = App::new(fleet([account("prod", ["eu-west-1"])]), keymap(), at(0));
    let look = Look::new(Theme::plain(), glyphs);
    let mut sheet = Sheet {
        app: &app,
        look: &look,
        buffer: &mut buffer,
        viewport: Viewport::default(),
    };
    chart.draw(&mut sheet, area);
    (0..height)
        .map(|y| {
            let row: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
            row.trim_end().to_owned()
        })
        .collect()
}

/// One line on eight rows: two of zero, a gap, and a rise.
fn example() -> Series {
    hour(|minute| match minute {
        0..20 => Some(0.0),
        20..35 => None,
        _ => Some(f64::from(minute)),
    })
}

#[test]
fn four_sizes_in_both_sets() {
    let series = example();
    let lines = [line_of(&series)];
    let markers = [
        Marker {
            at: at(600),
            what: Occasion::Deploy,
            label: "v419",
        },
        Marker {
            at: at(2_000),
            what: Occasion::Alarm,
            label: "checkout-errors",
        },
    ];
    let chart = Chart {
        unit: Unit::Milliseconds,
        markers: &markers,
        ..chart(&lines)
    };
    for (size, unicode, ascii) in [
        (
            (60, 9),
            &[
                "                 ▲ v419              ⚠ checkout-errors",
                "   100ms┤        ┊                   ┊",
                "        │        ┊                   ┊",
                "        │        ┊                   ┊              ⢀⣀⣀⣀⠤⠤⠤⠔",
                "    50ms┤        ┊                   ┊ ⣀⡠⠤⠤⠤⠤⠒⠒⠒⠊⠉⠉⠉⠁",
                "        │        ┊                   ┊",
                "     0ms┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀           ┊",
                "        ╰┬───────┬────────┬───────┬────────┬───────┬────────",
                "         14:00 14:10    14:20   14:30    14:40   14:50",
            ][..],
            &[
                "                 ^ v419              ! checkout-errors",
                "   100ms+        :                   :",
                "        |        :                   :",
                "        |        :                   :              ********",
                "    50ms+        :                   :**************",
                "        |        :                   :",
                "     0ms+*****************           :",
                "        ++-------+--------+-------+--------+-------+--------",
                "         14:00 14:10    14:20   14:30    14:40   14:50",
            ][..],
        ),
        (
            (40, 7),
            &[
                "              ▲ v419      ⚠ checkout-er…",
                "   100ms┤     ┊           ┊",
                "        │     ┊           ┊        ⢀⣀⣀⡠⠤",
                "        │     ┊           ┊⠤⠒⠒⠒⠊⠉⠉⠉⠁",
                "     0ms┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀      ┊",
                "        ╰┬──────────────┬───────────────",
                "         14:00        14:30",
            ][..],
            &[
                "              ^ v419      ! checkout-er~",
                "   100ms+     :           :",
                "        |     :           :        *****",
                "        |     :           :********",
                "     0ms+**********       :",
                "        ++--------------+---------------",
                "         14:00        14:30",
            ][..],
        ),
        (
            (24, 5),
            &[
                "           ▲     ⚠ chec…",
                "   100ms┤  ┊     ┊   ⢀⣀⣀",
                "     0ms┤⣀⣀⣀⣀⣀   ⠐⠉⠉⠉⠁",
                "        ╰┬──────────────",
                "         14:00",
            ][..],
            &[
                "           ^     ! chec~",
                "   100ms+  :     :    **",
                "     0ms+*****   *****",
                "        ++--------------",
                "         14:00",
            ][..],
        ),
        (
            (12, 3),
            &["  ┊   ┊   ⢀⣀", "⣀⣀⣀⣀  ⠐⠊⠉⠉⠁", "┬───────────"][..],
            &["  :   :   **", "****  :***", "+-----------"][..],
        ),
    ] {
        assert_eq!(rows(&chart, Glyphs::Unicode, size), unicode, "{size:?}");
        assert_eq!(rows(&chart, Glyphs::Ascii, size), ascii, "{size:?}");
    }
}

/// The cells of a row that have dots, or the letter of the first line.
fn inked(row: &str) -> Vec<usize> {
    let is_ink = |sign: char| ('\u{2801}'..='\u{28ff}').contains(&sign) || sign == '*';
    row.chars()
        .enumerate()
        .filter(|(_, sign)| is_ink(*sign))
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn a_gap_breaks_the_line_and_zero_does_not() {
    let series = hour(|minute| (!(20..40).contains(&minute)).then_some(0.0));
    let lines = [line_of(&series)];
    for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
        // Without labels a cell is a minute wide in 20 columns of three.
        let drawn = rows(&chart(&lines), glyphs, (20, 4));
        let expected: Vec<usize> = (0..7).chain(13..20).collect();
        assert_eq!(inked(&drawn[1]), expected, "{drawn:#?}");
        assert!(inked(&drawn[0]).is_empty());
    }
}

#[test]
fn a_value_between_gaps_is_seen() {
    let series = hour(|minute| (minute == 30).then_some(7.0));
    let lines = [line_of(&series)];
    for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
        for size in [(20, 3), (120, 20), (5, 1), (1, 1)] {
            let drawn = rows(&chart(&lines), glyphs, size).concat();
            assert_eq!(inked(&drawn).len(), 1, "{size:?} {drawn:?}");
        }
    }
}

#[test]
fn without_a_value_it_says_so() {
    let silent = hour(|_| None);
    let elsewhere = Series::of(MINUTE, at(-7_200), [Some(3.0)]);
    let lines = [line_of(&silent), line_of(&elsewhere)];
    let drawn = rows(&chart(&lines), Glyphs::Unicode, (40, 7));
    assert_eq!(
        drawn,
        [
            "",
            "            No data: Throttles has no",
            "            points in eu-west-1 since",
            "                     11:00.",
            "",
            "        ╰┬──────────────┬───────────────",
            "         14:00        14:30",
        ]
    );
    for window in [(at(60), at(60)), (at(60), at(0))] {
        let chart = Chart {
            window,
            ..chart(&lines)
        };
        let drawn = rows(&chart, Glyphs::Unicode, (80, 3));
        assert!(drawn.concat().contains("No data: Throttles"), "{drawn:#?}");
    }
    assert_eq!(rows(&chart(&[]), Glyphs::Ascii, (80, 1)).len(), 1);
}

#[test]
fn lines_that_meet_share_a_cell() {
    let (low, high) = (hour(|_| Some(0.0)), hour(|_| Some(1.0)));
    let lines = [line_of(&low), line_of(&high)];
    let drawn = rows(&chart(&lines), Glyphs::Unicode, (4, 1));
    assert_eq!(drawn, ["⣉⣉⣉⣉"]);
    let drawn = rows(&chart(&lines), Glyphs::Ascii, (4, 2));
    assert_eq!(drawn, ["oooo", "****"]);
}

#[test]
fn below_nought_there_is_a_line_at_nought() {
    let series = hour(|minute| (minute > 30).then_some(-1.0));
    let lines = [line_of(&series)];
    let drawn = rows(&chart(&lines), Glyphs::Unicode, (30, 5));
    assert!(drawn[0].starts_with("       0┤─────"), "{drawn:#?}");
    assert!(drawn[2].starts_with("      -1┤"), "{drawn:#?}");
}

#[test]
fn the_cursor_stands_where_its_value_is_drawn() {
    // 60 minutes in 20 columns of Braille: a dot is a minute and a half, so it stands for two.
    let series = hour(|minute| (minute == 31).then_some(7.0));
    let lines = [line_of(&series)];
    for second in [1_800, 1_860, 1_919] {
        let chart = Chart {
            cursor: Some(at(second)),
            ..chart(&lines)
        };
        let drawn = rows(&chart, Glyphs::Unicode, (20, 6));
        let cursor = drawn[3].chars().position(|sign| sign == '│');
        let value = drawn.iter().find_map(|row| inked(row).first().copied());
        assert!(cursor.is_some() && cursor == value, "{drawn:#?}");
    }
    for second in [-1, 3_600] {
        let chart = Chart {
            cursor: Some(at(second)),
            ..chart(&lines)
        };
        assert!(
            !rows(&chart, Glyphs::Unicode, (20, 6))
                .concat()
                .contains('│')
        );
    }
}

#[test]
fn a_sum_of_a_part_is_not_drawn_as_a_fall() {
    // One a minute: whatever a dot stands for, all of them stand equally high.
    let series = Series::of(MINUTE, at(-7_200), (0..240).map(|_| Some(1.0)));
    let lines = [line_of(&series)];
    for second in 0..5 {
        let chart = Chart {
            window: (at(second * 60), at(second * 60 + 3_600)),
            fold: Fold::Sum,
            ..chart(&lines)
        };
        let drawn = rows(&chart, Glyphs::Ascii, (20, 9));
        assert_eq!(
            drawn.iter().filter(|row| row.contains('*')).count(),
            1,
            "{drawn:#?}"
        );
    }
}

#[test]
fn the_ascii_set_draws_in_ascii() {
    let series = example();
    let lines = [line_of(&series)];
    let markers = [Occasion::Deploy, Occasion::Alarm, Occasion::Recovery].map(|what| Marker {
        at: at(900),
        what,
        label: "v2 → v3",
    });
    let chart = Chart {
        markers: &markers,
        cursor: Some(at(90)),
        ..chart(&lines)
    };
    let drawn = rows(&chart, Glyphs::Ascii, (72, 14)).concat();
    assert!(drawn.is_ascii(), "{drawn}");
}

proptest! {
    #[test]
    fn no_size_and_no_value_does_harm(
        size in (0u16..60, 0u16..20),
        values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..90),
        (from, length, moment) in (-4_000i64..4_000, -60i64..700_000, -4_000i64..9_000),
        fold in prop::sample::select(vec![Fold::Sum, Fold::Mean, Fold::Most]),
    ) {
        let series = Series::of(MINUTE, at(0), values);
        let lines = [line_of(&series), line_of(&series)];
        let markers = [0, moment, moment, 4_000]
            .map(|second| Marker { at: at(second), what: Occasion::Alarm, label: "東京" });
        let chart = Chart {
            window: (at(from), at(from + length)),
            unit: Unit::Percent,
            cursor: Some(at(moment)),
            markers: &markers,
            fold,
            ..chart(&lines)
        };
        for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
            prop_assert_eq!(rows(&chart, glyphs, size).len(), usize::from(size.1));
        }
    }
}
