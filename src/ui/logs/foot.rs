//! The errors of the last minutes, on the frame's bottom edge, and which regions they come from.

use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Scope};
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// Bars at most: ten minutes.
const MOST: usize = 60;

/// ```text
/// ╰ ▁▁▂▁▁▃▇█▇▆ errors/10s · 311 in 4m · eu-west-1 92% · us-east-1 3% ────────╯
/// ```
pub(super) fn foot(sheet: &mut Sheet<'_>, framed: Rect) {
    let app = sheet.app;
    let (logs, now) = (app.logs(), app.now());
    let signs = sheet.signs();
    let (muted, error) = (sheet.style(Role::Muted), sheet.style(Role::Error));
    let bars = (usize::from(framed.width / 5) / 6 * 6).clamp(12, MOST);
    let rows: Vec<(&Scope, Vec<u32>)> = logs.errors().rows(now.timestamp_millis(), bars).collect();
    let mut errors = vec![0_u32; bars];
    for (sum, count) in rows.iter().flat_map(|(_, row)| row.iter().enumerate()) {
        if let Some(bar) = errors.get_mut(sum) {
            *bar = bar.saturating_add(*count);
        }
    }
    let all: u32 = errors.iter().sum();
    let edge = Rect {
        x: framed.x.saturating_add(2),
        y: framed.bottom().saturating_sub(1),
        width: framed.width.saturating_sub(4),
        height: u16::from(framed.height > 1),
    };
    let most = errors.iter().copied().max().unwrap_or(0).max(1);
    let names = logs.regions();
    let mut regions: Vec<(&Region, u32)> = Vec::new();
    for (scope, row) in &rows {
        let Some(region) = scope.region() else {
            continue;
        };
        let count = row.iter().sum::<u32>();
        match regions.iter_mut().find(|(known, _)| *known == region) {
            Some((_, sum)) => *sum += count,
            None => regions.push((region, count)),
        }
    }
    regions.retain(|(_, count)| *count > 0);
    regions.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let styles: Vec<_> = regions
        .iter()
        .map(|(region, _)| {
            let place = names
                .iter()
                .position(|name| name == *region)
                .unwrap_or(names.len());
            sheet.style(Role::REGIONS[place % Role::REGIONS.len()])
        })
        .collect();
    let mut pen = sheet.pen(edge, 0);
    pen.text(" ", muted);
    if all == 0 {
        pen.text("no error in the last ", muted)
            .text(&minutes(bars), muted)
            .text(" ", muted);
        return;
    }
    for count in &errors {
        pen.text(spark(*count, most, signs.bars), error);
    }
    pen.text(
        &format!(" errors/10s {} {all} in {} ", signs.dot, minutes(bars)),
        muted,
    );
    for ((region, count), style) in regions.iter().zip(styles) {
        let region = sanitise(region.as_str());
        let share = format!(" {}% ", (count * 200 / all).div_ceil(2));
        if pen.room() < text::width(&region) + text::width(&share) + 2 {
            break;
        }
        pen.text(signs.dot, muted)
            .text(" ", muted)
            .text(&region, style)
            .text(&share, muted);
    }
}

/// A bar for a count: nothing at nought, the least there is for anything above.
pub(super) fn spark(count: u32, most: u32, bars: &[&'static str; 9]) -> &'static str {
    let height = (u64::from(count) * 8).div_ceil(u64::from(most.max(1)));
    bars[usize::try_from(height).unwrap_or(8).min(8)]
}

fn minutes(bars: usize) -> String {
    crate::domain::time::short(chrono::TimeDelta::seconds(10) * i32::try_from(bars).unwrap_or(0))
}
