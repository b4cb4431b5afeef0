//! Rows, columns, filters and the way round.

use super::*;
use crate::app::testing::{scope, stack, store};

fn names(stacks: &Stacks) -> Vec<String> {
    stacks
        .rows()
        .iter()
        .map(|row| row.name.safe().into_owned())
        .collect()
}

fn settled(store: &Store, change: impl FnOnce(&mut Stacks)) -> Stacks {
    let mut stacks = Stacks::default();
    change(&mut stacks);
    let scopes = vec![
        scope("prod", "us-east-1"),
        scope("prod", "eu-west-1"),
        scope("prod", "ap-south-1"),
    ];
    stacks.settle(store, scopes, &VersionRule::Tag("version".into()));
    stacks
}

fn world() -> Store {
    store([
        (
            "prod",
            "us-east-1",
            vec![
                stack("orders", "UPDATE_COMPLETE", "v7"),
                stack("api", "UPDATE_COMPLETE", "v418"),
            ],
        ),
        (
            "prod",
            "eu-west-1",
            vec![
                stack("orders", "UPDATE_IN_PROGRESS", "v7"),
                stack("api", "UPDATE_ROLLBACK_FAILED", "v419"),
            ],
        ),
        (
            "prod",
            "ap-south-1",
            vec![
                stack("api", "UPDATE_COMPLETE", "v418"),
                stack("web", "CREATE_COMPLETE", "v1"),
            ],
        ),
    ])
}

#[test]
fn a_name_is_a_row_and_a_region_a_column() {
    let world = world();
    let stacks = settled(&world, |_| {});
    assert_eq!(
        names(&stacks),
        ["api", "orders", "web"],
        "trouble first, then moving, then well"
    );
    let standing: Vec<Vec<bool>> = stacks
        .rows()
        .iter()
        .map(|row| row.cells.iter().map(Option::is_some).collect())
        .collect();
    assert_eq!(
        standing,
        [
            [true, true, true],
            [true, true, false],
            [false, false, true]
        ]
    );
}

#[test]
fn the_region_that_differs_from_the_majority_is_marked() {
    let world = world();
    let stacks = settled(&world, |_| {});
    let skews: Vec<Skew> = stacks.rows()[0]
        .cells
        .iter()
        .flatten()
        .map(|cell| cell.skew)
        .collect();
    assert_eq!(skews, [Skew::None, Skew::Differs, Skew::None]);
}

#[test]
fn a_filter_sees_names_regions_statuses_and_versions() {
    let world = world();
    for (filter, kept) in [
        ("rollback", vec!["api"]),
        ("ap-south", vec!["api", "web"]),
        ("!api", vec!["orders", "web"]),
        ("~^o", vec!["orders"]),
        ("v419", vec!["api"]),
        ("nothing-of-this", vec![]),
    ] {
        let stacks = settled(&world, |stacks| stacks.filter = Filter::parse(filter));
        assert_eq!(
            (names(&stacks), stacks.total()),
            (kept.into_iter().map(String::from).collect(), 3),
            "{filter}"
        );
    }
}

#[test]
fn the_flat_list_has_a_row_for_every_stack() {
    let world = world();
    let stacks = settled(&world, |stacks| stacks.layout = Layout::List);
    assert_eq!(stacks.len(), 6);
    let first = stacks
        .selected()
        .map(|cell| stacks.stack(&world, cell.place).unwrap().status.to_string());
    assert_eq!(first.as_deref(), Some("UPDATE_ROLLBACK_FAILED"));
}

#[test]
fn next_trouble_goes_round() {
    let world = world();
    let mut stacks = settled(&world, |_| {});
    assert!(stacks.next_trouble(&world));
    assert_eq!((stacks.cursor().index(), stacks.column().index()), (0, 1));
    assert!(stacks.next_trouble(&world));
    assert_eq!(
        (stacks.cursor().index(), stacks.column().index()),
        (0, 1),
        "it is the only one"
    );
}
