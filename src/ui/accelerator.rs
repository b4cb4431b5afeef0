//! The Accelerator view: a tree of accelerators, listeners, groups and endpoints, and below it why one of them is ill.

mod age;
mod chain;
mod facts;
mod tree;

pub(super) use age::of_account;
pub(super) use chain::chain;
pub(super) use facts::{group_words, mark_of_grade, percent};

use super::chrome::filtered;
use super::sheet::{Focus, Sheet, line};
use super::text;
use crate::app::Target;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use ratatui::layout::Rect;

/// ```text
/// ╭ Accelerators · 7 · 16 endpoints ────────────────────────────────────────── prod 2s · staging 3s ╮
/// │   ACCELERATOR                 HEALTH           DIAL/SHARE   FLOWS/s   DETAIL                     │
/// │▸ ▾ ◐ shop                     DEPLOYED                        1 800   a1b2.awsglobalaccelerator… │
/// │    ▾ ◐ TCP 443                                                        affinity SOURCE_IP         │
/// │      ▾ ✗ eu-west-1            0 of 1 healthy        100 %       120   HTTPS :443 /health …       │
/// │          ✗ checkout-edge ALB  UNHEALTHY 2m     128 · 50 %             Health checks failed …     │
/// ╰──────────────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn accelerator(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let has_keys =
        app.detail().is_none() && app.open_chain().is_none() && app.overlays().is_empty();
    let focus = if has_keys {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    title(sheet, area);
    if inner.is_empty() {
        return;
    }
    tree::tree(sheet, area, inner);
    if app.accelerator().rows().is_empty() {
        let muted = sheet.style(Role::Muted);
        let words = if app.accelerator().accounts().is_empty() {
            "Every account is dropped from the scope."
        } else {
            "Nothing matches the filter."
        };
        sheet.pen(line(inner, 1), 0).skip(2).text(words, muted);
    }
}

fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look) = (sheet.app, sheet.look);
    let view = app.accelerator();
    let (title, muted) = (sheet.style(Role::Title), sheet.style(Role::Muted));
    let dot = look.signs().dot;
    let ages: Vec<(String, Role)> = view
        .accounts()
        .iter()
        .map(|account| {
            let name = sanitise(account.as_str());
            let age = of_account(app, account);
            let words = match (age.is_failing, age.known) {
                (false, Some(age)) => format!("{name} {}", short(age)),
                (false, None) => format!("{name} {}", look.signs().unseen),
                (true, Some(age)) => format!(
                    "{} {name} last known {} ago",
                    look.signs().alarm,
                    short(age)
                ),
                (true, None) => format!("{} {name} not known", look.signs().alarm),
            };
            (words, age.role())
        })
        .collect();
    let mut pen = sheet.title(area);
    // From the right end on, so the last account comes first.
    for (index, (words, role)) in ages.iter().enumerate().rev() {
        if pen.room() < text::width(words) + 24 {
            break;
        }
        let close = if index + 1 == ages.len() { " " } else { "" };
        let sep = if index == 0 {
            " ".to_owned()
        } else {
            format!(" {dot} ")
        };
        pen.right(close, muted)
            .right(words, look.style(*role))
            .right(&sep, muted);
    }
    let (all, kept) = view.counts();
    let count: usize = view
        .accounts()
        .iter()
        .filter_map(|account| Some(app.store().accelerators(account)?.value()?.len()))
        .sum();
    pen.text(" Accelerators ", title)
        .text(&format!("{dot} {count} {dot} {all} endpoints "), muted);
    if !view.filter.text().is_empty() {
        filtered(&mut pen, look, &view.filter);
        pen.text(&format!("({kept} of {all}) "), muted);
    }
}
