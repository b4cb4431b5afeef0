//! The walls of the house, read from its source.
//!
//! `src/lib.rs` says which room may know which; here a build that forgot it fails. The scanner's own tests are
//! in `source.rs`; `a_wall_that_is_crossed_is_named` below proves that the test bites.

mod source;
mod tokens;
mod walls;

use source::Source;
use std::fs;
use std::path::{Path, PathBuf};
use walls::Room;

/// Lines after which a file has to be split by noun. The aim is 150, the habit below 400.
const CEILING: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, sorted, by its path from the repository's root.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder is part of the repository");
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.expect("a folder of the repository can be listed");
        let path = Path::new(folder).join(entry.file_name());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_below(
                path.to_str().expect("our file names are ASCII"),
            ));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(root().join(path)).expect("a source file can be read");
    Source::read(&path.to_string_lossy(), &text)
}

/// The sources of the house itself, without files that hold only tests.
fn house() -> impl Iterator<Item = Source> {
    let is_test = |path: &PathBuf| {
        path.components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
    };
    files_below("src")
        .into_iter()
        .filter(move |path| !is_test(path))
        .map(|path| read(&path))
}

fn assert_none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}\n  {}", wrong.join("\n  "));
}

#[test]
fn every_room_imports_only_from_below() {
    let wrong: Vec<_> = house()
        .flat_map(|source| match Room::of(&source.name) {
            Some(room) => room.breaches(&source),
            None => vec![format!(
                "{}: no room of this name; give it a line in walls.rs.",
                source.name
            )],
        })
        .collect();
    assert_none(
        &wrong,
        "Imports go down only; see the floors in src/lib.rs.",
    );
}

#[test]
fn what_belongs_to_one_room_is_named_in_no_other() {
    for (theirs, ours, why) in [
        (
            "aws_sdk_",
            "src/aws/",
            "SDK shapes go in there, domain nouns come out.",
        ),
        (
            "anyhow",
            "src/main.rs",
            "errors are typed where somebody matches on them, and people read a Problem.",
        ),
    ] {
        let outside = house().filter(|source| !source.name.starts_with(ours));
        let wrong: Vec<_> = outside
            .flat_map(|source| {
                let named = source
                    .paths
                    .iter()
                    .filter(|path| path.segments.len() > 1 && path.segments[0].starts_with(theirs));
                named
                    .map(|path| format!("{}:{}: `{path}`", source.name, path.line))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_none(&wrong, &format!("Only {ours} names {theirs}: {why}"));
    }
}

#[test]
fn drawing_cannot_change_the_app() {
    let views = house().filter(|source| source.name.starts_with("src/ui/"));
    let wrong: Vec<_> = views
        .filter_map(|source| {
            Some(format!(
                "{}:{}",
                source.name,
                source.borrows_mutably("App")?
            ))
        })
        .collect();
    assert_none(
        &wrong,
        "Drawing is reading: src/ui takes &App, never &mut App.",
    );
}

/// The files that Cargo is told of: where the module lists begin.
fn crate_roots() -> Vec<PathBuf> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    let paths = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = "));
    let targets = paths.map(|path| PathBuf::from(path.trim_matches('"')));
    targets
        .chain(["src/lib.rs".into(), "src/main.rs".into()])
        .collect()
}

#[test]
fn every_file_is_in_a_module_list() {
    let roots = crate_roots();
    let listed = |file: &Path| {
        let module = if file.ends_with("mod.rs") {
            file.parent()?
        } else {
            file
        };
        let (folder, name) = (module.parent()?, module.file_stem()?.to_str()?);
        let beside = roots
            .iter()
            .filter(|root| root.parent() == Some(folder))
            .cloned();
        let mut lists = beside.chain([folder.join("mod.rs"), folder.with_extension("rs")]);
        Some(lists.any(|list| {
            root().join(&list).is_file() && read(&list).modules.iter().any(|listed| listed == name)
        }))
    };
    let files = files_below("src").into_iter().chain(files_below("tests"));
    let wrong: Vec<_> = files
        .filter(|file| !roots.contains(file) && listed(file) != Some(true))
        .map(|file| file.display().to_string())
        .collect();
    assert_none(
        &wrong,
        "A file that no `mod` line names is not compiled, and its tests never run.",
    );
}

#[test]
fn no_file_outgrows_its_noun() {
    let files = files_below("src").into_iter().chain(files_below("tests"));
    let wrong: Vec<_> = files
        .map(|path| read(&path))
        .filter(|source| source.lines > CEILING)
        .map(|source| format!("{}: {} lines", source.name, source.lines))
        .collect();
    assert_none(
        &wrong,
        &format!("More than {CEILING} lines: split by noun, and move tests to <file>/tests.rs."),
    );
}

#[test]
fn a_wall_that_is_crossed_is_named() {
    for (file, text, breach) in [
        (
            "src/domain/stack.rs",
            "use crate::config::Settings;",
            Some("`domain` may import only []."),
        ),
        (
            "src/domain/stack.rs",
            "fn f() { std::fs::read(\"x\"); }",
            Some("must never name `std::fs`"),
        ),
        (
            "src/domain/time.rs",
            "use chrono::{DateTime, Utc}; fn f() { chrono::Utc::now(); }",
            Some("must never name `chrono::Utc::now`"),
        ),
        (
            "src/app/stacks.rs",
            "use super::super::ui::Look;",
            Some("`app` may import only"),
        ),
        (
            "src/app/stacks.rs",
            "use crate::engine::{message::Update, Engine};",
            Some("`crate::engine::Engine`"),
        ),
        (
            "src/app/stacks.rs",
            "use crate::engine::message::Update;",
            None,
        ),
        (
            "src/app/mod.rs",
            "use aws_sdk_sts::Client;",
            Some("must never name `aws_*`"),
        ),
        ("src/config/theme.rs", "use ratatui::style::Color;", None),
        (
            "src/config/theme.rs",
            "use ratatui::{style::Color, widgets::Block};",
            Some("`ratatui::widgets::Block`"),
        ),
        (
            "src/sandbox/wire/cbor.rs",
            "use aws_smithy_cbor::Encoder; use crate::sandbox::value::Value;",
            None,
        ),
        (
            "src/sandbox/mod.rs",
            "use crate::domain::Region;",
            Some("`sandbox` may import only []."),
        ),
        (
            "src/main.rs",
            "use quarterdeck::ui::table::Table;",
            Some("`main` may import only"),
        ),
        (
            "src/ui/table.rs",
            "#[cfg(test)] mod tests { use crate::engine::Engine; }",
            None,
        ),
    ] {
        let room = Room::of(file).expect("the case names a room");
        let breaches = room.breaches(&Source::read(file, text)).join("\n");
        match breach {
            Some(breach) => assert!(
                breaches.contains(breach),
                "{file}: {text}\nfound: {breaches}"
            ),
            None => assert_eq!(breaches, "", "{file}: {text}"),
        }
    }
}
