//! What lies above the view: pickers, texts, the filter being typed, and the keys that may come next.

mod asked;
mod brief;
mod confirm;
mod field;
mod filter;
mod groups;
mod help;
mod hints;
mod menu;
mod page;
mod palette;
mod payload;
mod plan;
mod problems;
mod prompt;
mod review;
mod scope;
mod sources;

use super::layout::Areas;
use super::sheet::Sheet;
use crate::app::overlay::Overlay;

/// Draws every layer, the top one last; the geometry that is reported is the top one's.
pub(super) fn overlays(sheet: &mut Sheet<'_>, areas: &Areas) {
    let app = sheet.app;
    for overlay in app.overlays() {
        match overlay {
            Overlay::Palette(picker) => palette::palette(sheet, areas.body, picker),
            Overlay::Scope(picker) => scope::scope(sheet, areas.body, picker),
            Overlay::Filter { input, .. } => filter::filter(sheet, areas.footer, input),
            Overlay::Groups(picker) => groups::groups(sheet, areas.body, picker),
            Overlay::Prompt(prompt) => prompt::prompt(sheet, areas.footer, prompt),
            Overlay::Payload(typed) => payload::payload(sheet, areas.footer, typed),
            Overlay::Plan(plan) => plan::plan(sheet, areas.body, plan),
            Overlay::Review(it) => review::review(sheet, areas.body, it),
            Overlay::Menu(it) => menu::menu(sheet, areas.body, it),
            Overlay::Asked(it) => asked::asked(sheet, areas.footer, it),
            Overlay::Confirm(question) => confirm::confirm(sheet, areas.body, question),
            Overlay::Sources(scroll) => sources::sources(sheet, areas.body, *scroll),
            Overlay::Brief(brief) => brief::brief(sheet, areas.body, brief),
            Overlay::Help(scroll) => help::help(sheet, areas.body, *scroll),
            Overlay::Problems(scroll) => problems::problems(sheet, areas.body, *scroll),
            Overlay::Text {
                title,
                text,
                scroll,
            } => page::text(sheet, areas.body, (title, text), *scroll),
        }
    }
    if !app.pending().is_empty() {
        hints::hints(sheet, areas.body);
    }
}
