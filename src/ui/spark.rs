//! A series in one row: a bar per column, so that many can be read one under the other.
//!
//! *No data never looks like zero*: zero is the lowest bar there is, a gap is blank, and a row without any value
//! has the sign for nothing and no bar.

use super::look::Signs;
use super::sheet::{Sheet, line};
use crate::config::Role;
use crate::domain::{Fold, Series, Timestamp};
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A series in one row.
#[derive(Clone, Copy)]
pub(super) struct Spark<'a> {
    pub(super) series: &'a Series,
    pub(super) window: (Timestamp, Timestamp),
    pub(super) fold: Fold,
    pub(super) style: Style,
}

impl Spark<'_> {
    /// The highest bar that it would draw in so many columns, for rows that share a scale.
    pub(super) fn most(&self, columns: u16) -> Option<f64> {
        self.bars(columns).most()
    }

    /// Draws into the first row of an area. The highest bar stands for `most`, or for its own highest.
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, area: Rect, most: Option<f64>) {
        let (signs, muted) = (sheet.signs(), sheet.style(Role::Muted));
        let row = line(area, 0).intersection(sheet.buffer.area);
        let columns = usize::from(row.width);
        let bars = self.bars(row.width);
        // Alignment may make one bar more than there is room for; the oldest goes.
        let extra = bars.points().len().saturating_sub(columns);
        let values = || bars.points().skip(extra).map(|(_, value)| value);
        let blank = values().all(|value| value.is_none());
        let most = most.or(bars.most()).unwrap_or_default();
        let count = values().len().max(1);
        let mut drawn = values().enumerate().peekable();
        for (x, column) in (row.x..row.right()).zip(0..) {
            let bar = column * count / columns.max(1);
            while drawn.next_if(|(at, _)| *at < bar).is_some() {}
            let value = drawn.peek().and_then(|(_, value)| *value);
            let (sign, style) = match value {
                None if blank && column == 0 => (signs.nothing, muted),
                None => (" ", self.style),
                Some(value) => (bar_of(value, most, signs), self.style),
            };
            if let Some(cell) = sheet.buffer.cell_mut((x, row.y)) {
                cell.set_symbol(sign).set_style(style);
            }
        }
    }

    fn bars(&self, columns: u16) -> Series {
        let (from, until) = self.window;
        self.series
            .coarse(usize::from(columns), from, until, self.fold)
    }
}

/// The bar for a value. Only nought and what is below it has the lowest: whatever else happened is seen to have
/// happened.
fn bar_of(value: f64, most: f64, signs: &Signs) -> &'static str {
    let [_, lowest, bars @ ..] = signs.bars;
    if value <= 0.0 {
        return lowest;
    }
    // From 1 to 8 in eighths of the highest; its floor is the lowest bar but one.
    let share = if most > 0.0 { value / most } else { 1.0 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of the seven bars above the lowest, cut to its range"
    )]
    let height = (share.clamp(0.0, 1.0) * 7.0).ceil() as usize;
    bars.get(height.saturating_sub(1))
        .copied()
        .unwrap_or(lowest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{account, at, fleet, keymap};
    use crate::app::{App, Viewport};
    use crate::config::{Glyphs, Theme};
    use crate::ui::look::Look;
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;

    fn row(series: &Series, glyphs: Glyphs, columns: u16, most: Option<f64>) -> String {
        let area = Rect::new(0, 0, columns, 1);
        let mut buffer = Buffer::empty(area);
        let app = App::new(fleet([account("prod", ["eu-west-1"])]), keymap(), at(0));
        let look = Look::new(Theme::plain(), glyphs);
        let mut sheet = Sheet {
            app: &app,
            look: &look,
            buffer: &mut buffer,
            viewport: Viewport::default(),
        };
        spark(series).draw(&mut sheet, area, most);
        (0..columns).map(|x| buffer[(x, 0)].symbol()).collect()
    }

    fn spark(series: &Series) -> Spark<'_> {
        let window = series
            .from()
            .zip(series.until())
            .unwrap_or((at(0), at(600)));
        Spark {
            series,
            window,
            fold: Fold::Most,
            style: Style::new(),
        }
    }

    fn minutes(values: &[f64]) -> Series {
        let values = values.iter().map(|value| Some(*value));
        Series::of(TimeDelta::minutes(1), at(0), values)
    }

    #[test]
    fn no_data_never_looks_like_zero() {
        let silent = f64::NAN;
        for (values, unicode, ascii) in [
            (&[0.0, 1.0, 700.0, silent, 0.0][..], "▁▂█ ▁", ".:@ ."),
            (&[0.0; 5], "▁▁▁▁▁", "....."),
            (&[silent; 5], "—    ", "-    "),
            (&[silent, silent, 3.0, silent, silent], "  █  ", "  @  "),
        ] {
            let series = minutes(values);
            assert_eq!(
                row(&series, Glyphs::Unicode, 5, None),
                unicode,
                "{values:?}"
            );
            assert_eq!(row(&series, Glyphs::Ascii, 5, None), ascii, "{values:?}");
        }
        assert_eq!(
            row(
                &Series::new(TimeDelta::minutes(1), 9),
                Glyphs::Unicode,
                3,
                None
            ),
            "—  "
        );
        assert_eq!(row(&minutes(&[1.0]), Glyphs::Unicode, 0, None), "");
    }

    #[test]
    fn a_few_values_are_stretched_and_many_are_folded() {
        let series = minutes(&[0.0, 7.0, 3.0]);
        assert_eq!(row(&series, Glyphs::Unicode, 9, None), "▁▁▁███▄▄▄");
        let series = minutes(&[0.0, 7.0, 3.0, 0.0]);
        assert_eq!(row(&series, Glyphs::Unicode, 2, None), "█▄");
    }

    #[test]
    fn rows_can_share_a_scale() {
        let (low, high) = (minutes(&[1.0, 2.0]), minutes(&[10.0, 14.0]));
        let most = [&low, &high]
            .into_iter()
            .filter_map(|series| spark(series).most(2))
            .reduce(f64::max);
        assert_eq!(most, Some(14.0));
        assert_eq!(row(&low, Glyphs::Unicode, 2, most), "▂▂");
        assert_eq!(row(&high, Glyphs::Unicode, 2, most), "▆█");
    }

    proptest! {
        #[test]
        fn the_newest_value_is_always_seen(values in prop::collection::vec(0.0f64..9.0, 1..90), columns in 1u16..60) {
            let mut series = minutes(&values);
            series.put(at(60 * i64::try_from(values.len()).unwrap()), 100.0);
            prop_assert!(row(&series, Glyphs::Unicode, columns, None).ends_with('█'));
        }
    }
}
