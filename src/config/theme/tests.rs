//! What every theme has to hold: no faults in its file, legible text, statuses that differ.

use super::*;
use crate::config::assets::Shelf;

const STATUSES: [Role; 5] = [Role::Ok, Role::Moving, Role::Warn, Role::Error, Role::Stale];

fn shelf() -> Shelf {
    Shelf::themes(None).0
}

/// A shelf with files of the operator.
fn shelf_with(files: &[(&str, &str)]) -> Shelf {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(directory.path().join(format!("{name}.toml")), text).unwrap();
    }
    Shelf::themes(Some(directory.path())).0
}

fn named(name: &str, shelf: &Shelf) -> (Theme, Vec<String>) {
    let (theme, warnings) = Theme::named(name, shelf).unwrap();
    let said = warnings.iter().map(|warning| {
        let file = std::path::Path::new(&warning.file).file_name().unwrap();
        let short = Warning {
            file: file.to_str().unwrap().to_owned(),
            ..warning.clone()
        };
        short.to_string()
    });
    (theme, said.collect())
}

/// WCAG's contrast of two colours, from 1 to 21.
fn contrast(one: Colour, other: Colour) -> f64 {
    let luminance = |colour: Colour| {
        let (red, green, blue) = colour.components();
        let [red, green, blue] = [red, green, blue].map(|component| {
            let share = f64::from(component) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_embedded_theme_is_faultless() {
    let shelf = shelf();
    for name in shelf.names() {
        assert_eq!(named(name, &shelf).1, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_role_is_legible_on_its_background_and_on_the_selection() {
    let shelf = shelf();
    // `ansi16` is exempt: its colours are whatever the terminal's palette says, and so is their contrast.
    for (name, least) in [("default", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        let (theme, _) = named(name, &shelf);
        let background = theme.recipe.background.unwrap();
        let text = theme.recipe.look_up(Role::Text).fg.unwrap();
        let selection = theme.recipe.look_up(Role::Selection);
        for role in Role::ALL {
            let paint = theme.recipe.look_up(role);
            assert!(
                !paint.emphasis.contains(&Emphasis::Dim),
                "{name}: {role:?} is dim, and no test knows how much"
            );
            let ink = paint.fg.unwrap_or(text);
            let found = contrast(ink, paint.bg.unwrap_or(background));
            // A border is no text; 3 is what WCAG asks of graphics.
            let least = if role == Role::Border { 3.0 } else { least };
            assert!(
                found >= least,
                "{name}: {role:?} has a contrast of {found:.2}"
            );
            if paint.bg.is_none() && role != Role::Border {
                let found = contrast(selection.fg.unwrap_or(ink), selection.bg.unwrap());
                assert!(
                    found >= least.min(4.5),
                    "{name}: selected {role:?} has {found:.2}"
                );
            }
        }
    }
}

#[test]
fn statuses_differ_in_every_theme_at_every_depth() {
    let shelf = shelf();
    let mut themes = vec![Theme::plain(), Theme::probe()];
    for name in shelf.names() {
        for depth in [Depth::True, Depth::Indexed] {
            themes.push(named(name, &shelf).0.at(depth));
        }
    }
    themes.push(named(Theme::SIXTEEN, &shelf).0.at(Depth::Sixteen));
    for theme in themes {
        for (at, one) in STATUSES.into_iter().enumerate() {
            for other in STATUSES.into_iter().skip(at + 1) {
                assert_ne!(
                    theme.style(one),
                    theme.style(other),
                    "{}: {one:?}, {other:?}",
                    theme.name()
                );
            }
        }
    }
}

#[test]
fn embedded_themes_tell_six_regions_apart() {
    let shelf = shelf();
    for name in shelf.names() {
        let (theme, _) = named(name, &shelf);
        let styles: std::collections::HashSet<_> = Role::REGIONS
            .iter()
            .map(|role| theme.style(*role))
            .collect();
        assert_eq!(styles.len(), Role::REGIONS.len(), "{name}");
    }
}

#[test]
fn the_plain_theme_has_no_colours() {
    let theme = Theme::plain();
    for role in Role::ALL {
        let style = theme.style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
    }
    assert_eq!(theme.tint("red"), Style::new());
    assert_eq!(
        theme.style(Role::Selection).add_modifier,
        Modifier::REVERSED
    );
}

#[test]
fn the_probe_leads_from_a_cell_back_to_its_role() {
    let theme = Theme::probe();
    for role in Role::ALL {
        let style = theme.style(role);
        let colour = style.fg.or(style.bg).unwrap();
        assert_eq!(Theme::probed(colour), Some(role));
    }
    assert_eq!(Theme::probed(Color::Reset), None);
    assert_eq!(Theme::probed(Color::Indexed(255)), None);
}

#[test]
fn a_role_that_is_left_out_looks_like_its_fallback() {
    let shelf = shelf_with(&[("mine", "warn = \"yellow\"\nskew = { bold = true }\n")]);
    let (theme, warnings) = named("mine", &shelf);
    assert_eq!(warnings, Vec::<String>::new());
    for (role, style) in [
        (Role::Danger, Style::new().fg(Color::Yellow)),
        (Role::Skew, Style::new().add_modifier(Modifier::BOLD)),
        (Role::Muted, Style::new()),
    ] {
        assert_eq!(theme.style(role), style, "{role:?}");
    }
}

#[test]
fn a_palette_of_ones_own_recolours_what_is_inherited() {
    let shelf = shelf_with(&[
        (
            "base",
            "error = \"alarm\"\nok = \"calm\"\n[palette]\nalarm = \"red\"\ncalm = \"green\"\n",
        ),
        (
            "child",
            "inherits = \"base\"\nok = { fg = \"calm\", bold = true }\n[palette]\nalarm = \"#010203\"\n",
        ),
    ]);
    let (theme, warnings) = named("child", &shelf);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(
        theme.style(Role::Ok),
        Style::new().fg(Color::Green).add_modifier(Modifier::BOLD)
    );
    assert_eq!(theme.tint("alarm").fg, Some(Color::Rgb(1, 2, 3)));
}

#[test]
fn a_theme_that_inherits_its_own_name_means_the_compiled_in_one() {
    let shelf = shelf_with(&[("default", "inherits = \"default\"\nerror = \"#010203\"\n")]);
    let (theme, warnings) = named("default", &shelf);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Rgb(1, 2, 3)));
    assert!(theme.style(Role::Ok).fg.is_some());
}

#[test]
fn every_mistake_is_told_with_its_line_and_costs_only_itself() {
    for (text, warning) in [
        (
            "warn = \"yelow\"",
            "x.toml:2: There is no colour `yelow`; did you mean `yellow`?",
        ),
        (
            "\neror = \"red\"",
            "x.toml:3: There is no role `eror`; did you mean `error`?",
        ),
        (
            "warn = { fgg = \"red\" }",
            "x.toml:2: There is no property `fgg`; did you mean `fg`?",
        ),
        (
            "warn = { bold = 1 }",
            "x.toml:2: `bold` has to be `true` or `false`, not an integer.",
        ),
        (
            "warn = 7",
            "x.toml:2: `warn` has to be a colour, or a table like `{ fg = \"red\", bold = true }`, not an integer.",
        ),
        (
            "[palette]\nred = \"#ff\"",
            "x.toml:3: There is no colour `#ff`.",
        ),
        (
            "inherits = \"ligth\"",
            "x.toml:2: There is no theme `ligth`; did you mean `light`?",
        ),
        (
            "inherits = \"x\"",
            "x.toml:2: `x` inherits this theme in turn, so it is not inherited here.",
        ),
        (
            "inherits = \"y\"",
            "y.toml:1: `x` inherits this theme in turn, so it is not inherited here.",
        ),
    ] {
        let mine = format!("ok = \"green\"\n{text}\n");
        let shelf = shelf_with(&[("x", &mine), ("y", "inherits = \"x\"\n")]);
        let (theme, warnings) = named("x", &shelf);
        assert_eq!(warnings, [warning], "{text}");
        assert_eq!(theme.style(Role::Ok).fg, Some(Color::Green), "{text}");
    }
}
