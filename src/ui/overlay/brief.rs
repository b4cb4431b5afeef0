//! What was worked out of what is known: where a group's traffic would go, and what does not fit together.

use super::page::{columns, lines, open};
use crate::app::accelerator::{About, Brief, Told, WhatIf};
use crate::config::Role;
use crate::domain::finding::Finding;
use crate::domain::untrusted::sanitise;
use crate::domain::{EndpointGroup, Gravity, Unit};
use crate::ui::accelerator::{group_words, mark_of_grade, percent};
use crate::ui::look::Signs;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A line in pieces of one style each.
type Line = Vec<(String, Style)>;

pub(super) fn brief(sheet: &mut Sheet<'_>, body: Rect, brief: &Brief) {
    let width = columns(body, 108);
    let room = width.saturating_sub(5);
    let (title, shown) = match &brief.about {
        About::WhatIf(what_if) => (
            what_if_title(sheet, what_if),
            what_if_lines(sheet, what_if, room),
        ),
        About::Findings(found) => (
            format!("Findings {} {}", sheet.signs().dot, found.len()),
            findings(sheet, found, room),
        ),
    };
    let places = open(sheet, body, (&title, width, shown.len()));
    lines(
        sheet,
        places,
        (brief.scroll, shown.len()),
        |mut pen, index| {
            for (words, style) in shown.get(index).into_iter().flatten() {
                pen.text(words, *style);
            }
        },
    );
}

fn what_if_title(sheet: &Sheet<'_>, what_if: &WhatIf) -> String {
    let region = what_if.told.as_ref();
    let region = region.map_or_else(|| "the group".into(), |told| told.gone.region.safe());
    let (dot, name) = (sheet.signs().dot, what_if.accelerator.safe());
    format!(
        "What if {region} went away? {dot} {name} {dot} {}",
        what_if.listener
    )
}

/// ```text
/// │ eu-west-1 carries 120/s now, 34 % of the listener, dial 100 %, 2 of 2 healthy.            │
/// │                                                                                           │
/// │   TO              TAKES   WOULD CARRY   OF ITS PEAK   HEADROOM   NOW                       │
/// │ ✓ us-east-1        60 %         410/s          82 %       90/s   dial 100 %, 3 of 3 healthy │
/// │                                                                                           │
/// │ ⚠ us-east-1 would carry 104 % of its peak of the last hour.                                │
/// │ This is worked out on paper: nothing is changed.                                          │
/// ```
fn what_if_lines(sheet: &Sheet<'_>, what_if: &WhatIf, room: u16) -> Vec<Line> {
    let (muted, ordinary) = (sheet.style(Role::Muted), sheet.style(Role::Text));
    let Some(told) = &what_if.told else {
        let words = "The group is not among those that were read last.";
        return vec![vec![(words.to_owned(), muted)]];
    };
    let mut shown = vec![vec![(carries(told), ordinary)], Vec::new()];
    shown.extend(table(sheet, told, room));
    shown.push(Vec::new());
    let signs = sheet.signs();
    for remark in &told.departure.remarks {
        shown.extend(said(
            sheet,
            (remark.gravity, &remark.words),
            (ordinary, room),
        ));
    }
    let close = format!(
        "{} Worked out on paper from what was read last: nothing is changed.",
        signs.dot
    );
    shown.extend(text::wrap(&close, room).map(|line| vec![(line.to_owned(), muted)]));
    shown
}

fn carries(told: &Told) -> String {
    let (departure, gone) = (&told.departure, &told.gone);
    let flow = rate(departure.flow);
    let share = departure.share.map_or_else(String::new, |share| {
        format!(", {} of its listener", percent(share))
    });
    format!(
        "{} carries {flow} now{share}; dial {}, {}.",
        departure.region.safe(),
        percent(gone.dial),
        group_words(gone)
    )
}

/// Flows a second; what is not known is said to be so.
fn rate(flow: Option<f64>) -> String {
    flow.map_or_else(
        || "?".to_owned(),
        |flow| format!("{}/s", Unit::Count.words(flow)),
    )
}

fn table(sheet: &Sheet<'_>, told: &Told, room: u16) -> Vec<Line> {
    let (header, muted, ordinary) = (
        sheet.style(Role::Header),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
    );
    let others = &told.departure.others;
    if others.is_empty() {
        let words = "No other group is left in this listener.";
        return vec![vec![(words.to_owned(), sheet.style(Role::Warn))]];
    }
    let name = usize::from(text::widest(others.iter().map(|it| it.region.safe())).clamp(6, 20));
    let mut shown = vec![vec![(
        format!(
            "  {:name$}  {:>6}  {:>11}  {:>11}  {:>9}  NOW",
            "TO", "TAKES", "WOULD CARRY", "OF ITS PEAK", "HEADROOM"
        ),
        header,
    )]];
    for (remaining, group) in others.iter().zip(&told.others) {
        let mark = mark_of_grade(
            crate::app::accelerator::Grade::of_group(group),
            sheet.signs(),
        );
        let style = if remaining.part > 0.0 {
            ordinary
        } else {
            muted
        };
        let of_peak = remaining.of_peak();
        let loud = match of_peak {
            Some(percent) if percent > 100.0 => sheet.style(Role::Warn),
            Some(_) | None => style,
        };
        let peak = of_peak.map_or_else(|| "?".to_owned(), whole);
        let region = remaining.region.safe();
        let takes = whole(remaining.part);
        let mut line = vec![
            (format!("{} ", mark.sign), sheet.style(mark.role)),
            (format!("{:name$}", text::beginning(&region, 20)), style),
            (format!("  {takes:>6}  {:>11}", rate(remaining.flow)), style),
            (format!("  {peak:>11}"), loud),
            (format!("  {:>9}", rate(remaining.headroom())), style),
        ];
        if room > 70 {
            line.push((format!("  {}", state(group)), muted));
        }
        shown.push(line);
    }
    shown
}

/// Hundredths to the nearest whole.
fn whole(value: f64) -> String {
    format!("{value:.0} %")
}

fn state(group: &EndpointGroup) -> String {
    format!("dial {}, {}", percent(group.dial), group_words(group))
}

fn findings(sheet: &Sheet<'_>, found: &[Finding], room: u16) -> Vec<Line> {
    let (ordinary, muted, key, title) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Key),
        sheet.style(Role::Title),
    );
    let signs = sheet.signs();
    let mut shown: Vec<Line> = Vec::new();
    for finding in found {
        if !shown.is_empty() {
            shown.push(Vec::new());
        }
        let (sign, role) = sign_of(finding.gravity, signs);
        let region = finding.region.as_ref();
        let region = region.map_or_else(String::new, |it| format!(" {} {}", signs.dot, it.safe()));
        shown.push(vec![
            (format!("{sign} "), sheet.style(role)),
            (finding.project.safe().into_owned(), title),
            (region, title),
            (format!("  {}", sanitise(finding.account.as_str())), muted),
        ]);
        let what = text::wrap(&finding.what, room).map(|line| (line, ordinary));
        let next = text::wrap(&finding.next, room).map(|line| (line, key));
        shown.extend(
            what.chain(next)
                .map(|(line, style)| vec![(format!("  {line}"), style)]),
        );
    }
    if shown.is_empty() {
        let well = "Nothing was found that does not fit.";
        shown.push(vec![(
            format!("{} {well}", signs.ok),
            sheet.style(Role::Ok),
        )]);
        let scope = "Only projects of the Global Capacity Orchestrator are looked at: those whose stacks \
                     <project>-global and <project>-<region> have been read.";
        let scope = text::wrap(scope, room).map(|line| vec![(format!("  {line}"), muted)]);
        shown.extend(scope);
    }
    shown
}

/// A remark with its sign, in as many lines as it takes.
fn said(
    sheet: &Sheet<'_>,
    (gravity, words): (Gravity, &str),
    (style, room): (Style, u16),
) -> Vec<Line> {
    let (sign, role) = sign_of(gravity, sheet.signs());
    let mut parts = text::wrap(words, room.saturating_sub(2));
    let first = parts.next().unwrap_or_default().to_owned();
    let mut shown = vec![vec![
        (format!("{sign} "), sheet.style(role)),
        (first, style),
    ]];
    shown.extend(parts.map(|part| vec![(format!("  {part}"), style)]));
    shown
}

fn sign_of(gravity: Gravity, signs: &Signs) -> (&'static str, Role) {
    match gravity {
        Gravity::Grave => (signs.failed, Role::Error),
        Gravity::Doubtful => (signs.alarm, Role::Warn),
        Gravity::Unknown => (signs.unknown, Role::Unknown),
        Gravity::Note => (signs.dot, Role::Muted),
    }
}
