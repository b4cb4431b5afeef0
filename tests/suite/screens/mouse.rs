//! What is reported about the geometry is where things really are.

use super::demo;
use super::failed;
use super::house::House;
use quarterdeck::app::detail::Tab;
use quarterdeck::app::overlay::Overlay;
use quarterdeck::app::{Event, Mouse, Target, View};
use quarterdeck::command::Command;
use ratatui::buffer::Buffer;

/// The text in an area of the last frame.
fn words(buffer: &Buffer, area: quarterdeck::app::Area) -> String {
    (area.x..area.x + area.width)
        .map(|x| buffer[(x, area.y)].symbol())
        .collect()
}

/// Clicks in the middle of what is drawn for a target, and says what was written there.
fn click(house: &mut House, target: Target) -> String {
    let (terminal, viewport) = house.draw(120, 36);
    let spot = viewport.spots.iter().find(|(_, spot)| *spot == target);
    assert!(spot.is_some(), "{target:?} is not on screen");
    let (area, _) = spot.expect("it was looked for above");
    let at = (area.x + area.width / 2, area.y + area.height / 2);
    assert_eq!(viewport.hit(at), Some(target), "nothing else lies above it");
    house.app.update(Event::Mouse {
        at,
        deed: Mouse::Click,
    });
    words(terminal.backend().buffer(), *area)
}

#[test]
fn a_click_lands_on_what_is_under_it() {
    let mut house = demo::one_account();
    assert_eq!(
        click(&mut house, Target::View(View::Stacks)).trim(),
        "2 Stacks"
    );
    assert_eq!(house.app.view(), View::Stacks);

    let words = click(&mut house, Target::Cell { row: 0, column: 2 });
    assert!(words.contains("✗ v419!"), "{words}");
    assert_eq!(
        (
            house.app.stacks().cursor().index(),
            house.app.stacks().column().index()
        ),
        (0, 2)
    );

    assert_eq!(click(&mut house, Target::Command(Command::Open)), "↵ open");
    assert!(house.app.detail().is_some());

    assert_eq!(
        click(&mut house, Target::Tab(Tab::Parameters)).trim(),
        "Parameters"
    );
    assert_eq!(house.app.detail().unwrap().tab(), Tab::Parameters);

    let words = click(&mut house, Target::DetailRow(0));
    assert!(words.contains("version"), "{words}");

    house.press(":");
    let words = click(&mut house, Target::PickerRow(2));
    assert!(words.contains("filter"), "{words}");
    assert!(
        matches!(house.app.overlays(), [Overlay::Palette(picker)] if picker.selected() == Some(&Command::Filter))
    );
}

#[test]
fn a_row_that_scrolled_away_has_no_spot() {
    let mut house = demo::bad_day();
    house.press("2 G");
    let (_, viewport) = house.draw(80, 24);
    let rows: Vec<usize> = viewport
        .spots
        .iter()
        .filter_map(|(_, target)| {
            if let Target::Row(row) = target {
                Some(*row)
            } else {
                None
            }
        })
        .collect();
    let window = viewport.list;
    assert_eq!(
        rows,
        (window.first..window.first + window.size).collect::<Vec<_>>()
    );
    assert!(window.first > 0 && rows.contains(&house.app.stacks().cursor().index()));
}

#[test]
fn the_wheel_works_on_every_part_of_a_list() {
    let mut house = failed::opened();
    let (_, viewport) = house.draw(120, 36);
    for (area, target) in viewport
        .spots
        .iter()
        .filter(|(_, target)| matches!(target, Target::List | Target::Detail))
    {
        let corner = (area.x, area.y + area.height - 1);
        assert_eq!(viewport.hit(corner), Some(*target));
    }
    let hit = |target: Target| viewport.spots.iter().any(|(_, spot)| *spot == target);
    assert!(hit(Target::List) && hit(Target::Detail));
}

#[test]
fn a_list_that_is_covered_comes_back_where_it_was() {
    let mut house = demo::bad_day();
    house.press("2 G enter");
    let (_, before) = house.draw(120, 36);
    house.press("z z");
    let (_, after) = house.draw(120, 36);
    assert_eq!(before.list, after.list);
}
