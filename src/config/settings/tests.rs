//! Precedence, one thing at a time, in a home of its own.

use super::*;
use crate::command::{Command, Context};
use crate::config::Key;
use crate::config::keymap::{Resolution, around};

/// A home with files, and the environment of a shell in it.
struct Home {
    directory: tempfile::TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Home {
    fn with(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let variables = vec![
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
        ];
        Self {
            directory,
            variables,
        }
    }

    fn and(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value));
        self
    }

    fn load(&self, flags: &Flags) -> Result<Settings, String> {
        let environment = Environment::of(self.variables.iter().copied())
            .with_home(self.directory.path())
            .with_directory(self.directory.path());
        load(World::Real, flags, &environment).map_err(|mistake| mistake.to_string())
    }

    fn settings(&self) -> Settings {
        self.load(&Flags::default()).unwrap()
    }
}

const FLEET: &str = ".config/quarterdeck/fleet.toml";

fn said(settings: &Settings) -> Vec<String> {
    settings.warnings.iter().map(ToString::to_string).collect()
}

fn run(settings: &Settings, context: Context, letter: char) -> Resolution {
    settings
        .keymap
        .resolve(around(context), &[Key::char(letter)])
}

#[test]
fn an_empty_home_has_sound_defaults() {
    let settings = Home::with(&[]).settings();
    assert_eq!(said(&settings), Vec::<String>::new());
    assert_eq!(settings.theme.name(), "default");
    let themes: Vec<_> = settings.themes.iter().map(Theme::name).collect();
    assert_eq!(themes, ["default", "light", "high-contrast", "ansi16"]);
    assert_eq!(
        (settings.glyphs, settings.mouse, settings.clipboard),
        (Glyphs::Unicode, true, true)
    );
    assert_eq!(settings.fleet.accounts.len(), 1);
    assert_eq!(
        run(&settings, Context::List, 'j'),
        Resolution::Run(Command::Down)
    );
}

#[test]
fn a_theme_is_chosen_by_flag_then_variable_then_file_then_terminal() {
    let file = &[(FLEET, "[screen]\ntheme = \"light\"\n")];
    let flag = Flags {
        theme: Some("high-contrast".to_owned()),
        ..Flags::default()
    };
    let none = Flags::default();
    for (home, flags, name) in [
        (
            Home::with(file).and("QUARTERDECK_THEME", "ansi16"),
            &flag,
            "high-contrast",
        ),
        (
            Home::with(file).and("QUARTERDECK_THEME", "ansi16"),
            &none,
            "ansi16",
        ),
        (Home::with(file), &none, "light"),
        (Home::with(&[]), &none, "default"),
        (
            Home::with(&[]).and("TERM", "xterm").and("COLORTERM", ""),
            &none,
            "ansi16",
        ),
        (Home::with(file).and("NO_COLOR", "1"), &none, "plain"),
        (Home::with(file).and("NO_COLOR", ""), &none, "light"),
        (Home::with(file).and("TERM", "dumb"), &none, "plain"),
    ] {
        assert_eq!(
            home.load(flags).unwrap().theme.name(),
            name,
            "{:?}",
            home.variables
        );
    }
    let always = Flags {
        color: When::Always,
        ..Flags::default()
    };
    assert_eq!(
        Home::with(file)
            .and("NO_COLOR", "1")
            .load(&always)
            .unwrap()
            .theme
            .name(),
        "light"
    );
    let never = Flags {
        color: When::Never,
        ..Flags::default()
    };
    assert_eq!(Home::with(file).load(&never).unwrap().theme, Theme::plain());
}

#[test]
fn a_wrong_name_is_a_mistake_on_the_command_line_and_a_warning_elsewhere() {
    let home = Home::with(&[(FLEET, "[screen]\ntheme = \"lihgt\"\nkeymap = \"vmi\"\n")])
        .and("QUARTERDECK_THEME", "defualt")
        .and("QUARTERDECK_KEYMAP", "arows");
    let settings = home.settings();
    assert_eq!(settings.theme.name(), "default");
    assert_eq!(
        said(&settings),
        [
            "QUARTERDECK_THEME: There is no theme `defualt`; did you mean `default`?",
            "~/.config/quarterdeck/fleet.toml:2: There is no theme `lihgt`; did you mean `light`?",
            "QUARTERDECK_KEYMAP: There is no keymap `arows`; did you mean `arrows`?",
            "~/.config/quarterdeck/fleet.toml:3: There is no keymap `vmi`; did you mean `vim`?",
        ]
    );
    for (flags, mistake) in [
        (
            Flags {
                theme: Some("lihgt".to_owned()),
                color: When::Never,
                ..Flags::default()
            },
            "There is no theme `lihgt`; did you mean `light`?",
        ),
        (
            Flags {
                keymap: Some("vmi".to_owned()),
                ..Flags::default()
            },
            "There is no keymap `vmi`; did you mean `vim`?",
        ),
    ] {
        assert_eq!(home.load(&flags).unwrap_err(), mistake);
    }
}

#[test]
fn keys_are_layered_from_the_default_over_the_chosen_to_ones_own() {
    let home = Home::with(&[
        (FLEET, "[screen]\nkeymap = \"mine\"\n"),
        (
            ".config/quarterdeck/keymaps/mine.toml",
            "[list]\nj = \"up\"\nx = \"sort\"\n",
        ),
        (
            ".config/quarterdeck/keymap.toml",
            "[list]\nx = \"open\"\nk = \"nonsense\"\n",
        ),
    ]);
    let settings = home.settings();
    assert_eq!(
        said(&settings),
        ["~/.config/quarterdeck/keymap.toml:3: There is no command `nonsense`."]
    );
    for (letter, command) in [
        ('j', Command::Up),
        ('x', Command::Open),
        ('k', Command::Up),
        ('l', Command::Right),
    ] {
        assert_eq!(
            run(&settings, Context::List, letter),
            Resolution::Run(command),
            "{letter}"
        );
    }
}

#[test]
fn ones_own_themes_can_be_chosen_and_are_offered() {
    let home = Home::with(&[
        (FLEET, "[screen]\ntheme = \"sea\"\n"),
        (
            ".config/quarterdeck/themes/sea.toml",
            "inherits = \"default\"\nok = \"sea-green\"\n",
        ),
        (".config/quarterdeck/themes/torn.toml", "ok = 1\n"),
    ]);
    let settings = home.settings();
    assert_eq!(settings.theme.name(), "sea");
    assert_eq!(settings.themes.len(), 6);
    let [warning] = &said(&settings)[..] else {
        panic!("only the chosen theme is complained about");
    };
    assert!(
        warning.ends_with("sea.toml:2: There is no colour `sea-green`."),
        "{warning}"
    );
}

#[test]
fn glyphs_are_chosen_by_flag_then_file_then_locale() {
    let ascii = &[(FLEET, "[screen]\nglyphs = \"ascii\"\n")];
    let unicode = &[(FLEET, "[screen]\nglyphs = \"unicode\"\n")];
    for (home, flag, glyphs) in [
        (Home::with(ascii), Some(Glyphs::Unicode), Glyphs::Unicode),
        (Home::with(ascii), None, Glyphs::Ascii),
        (Home::with(unicode).and("LANG", "C"), None, Glyphs::Unicode),
        (Home::with(&[]).and("LANG", "C"), None, Glyphs::Ascii),
    ] {
        let flags = Flags {
            glyphs: flag,
            ..Flags::default()
        };
        assert_eq!(home.load(&flags).unwrap().glyphs, glyphs);
    }
}

#[test]
fn a_fleet_file_that_was_asked_for_has_to_be_there() {
    let home = Home::with(&[("other.toml", "[[account]]\nname = \"other\"\n")]);
    let asked = |name: &str| Flags {
        config: Some(home.directory.path().join(name)),
        ..Flags::default()
    };
    let settings = home.load(&asked("other.toml")).unwrap();
    assert_eq!(settings.fleet.accounts[0].name.as_str(), "other");
    assert_eq!(
        home.load(&asked("missing.toml")).unwrap_err(),
        "The fleet file ~/missing.toml was asked for. There is no such file."
    );
    let by_variable = Home::with(&[("other.toml", "[[account]]\nname = \"other\"\n")])
        .and("QUARTERDECK_CONFIG", "~/other.toml");
    assert_eq!(
        by_variable.settings().fleet.accounts[0].name.as_str(),
        "other"
    );
}

#[test]
fn the_sandboxes_fleet_keeps_the_operators_screen() {
    let home = Home::with(&[(".config/quarterdeck/keymap.toml", "[list]\nx = \"sort\"\n")]);
    let environment =
        Environment::of(home.variables.iter().copied()).with_home(home.directory.path());
    let text = "[[account]]\nname = \"prod\"\naccess_key = \"KEY\"\n";
    let settings = load_fleet_text(
        text,
        "demo",
        World::Sandbox,
        &Flags::default(),
        &environment,
    )
    .unwrap();
    assert_eq!(said(&settings), Vec::<String>::new());
    assert_eq!(
        run(&settings, Context::List, 'x'),
        Resolution::Run(Command::Sort)
    );

    let flags = Flags {
        profiles: vec!["staging".to_owned()],
        ..Flags::default()
    };
    let mistake = load_fleet_text(text, "demo", World::Sandbox, &flags, &environment).unwrap_err();
    assert_eq!(
        mistake.to_string(),
        "There is no account or profile `staging`, only `prod`."
    );
}
