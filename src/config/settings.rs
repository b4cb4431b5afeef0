//! Everything the house needs to know before it opens, settled once.
//!
//! Precedence is flag, environment, file, default, for each thing on its own. A wrong flag is a [`Mistake`]; a
//! wrong variable or file is a [`Warning`] and the default.

use super::assets::{Asset, Origin};
use super::file;
use super::fleet::file::{FleetFile, Named};
use super::fleet::{self, World};
use super::{
    Alerts, Depth, Environment, Flags, Glyphs, Keymap, Mistake, Note, Paths, Profiles, Shelf,
    Terminal, Theme, Warning, When,
};
use crate::domain::Fleet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The whole configuration, as values.
#[derive(Clone, Debug)]
pub struct Settings {
    pub fleet: Fleet,
    pub theme: Theme,
    /// Every theme there is to change to, the chosen one among them, at the depth of this terminal.
    pub themes: Vec<Theme>,
    pub keymap: Keymap,
    pub glyphs: Glyphs,
    pub mouse: bool,
    pub clipboard: bool,
    /// How alarms are told outside of the screen.
    pub alerts: Alerts,
    /// With `NO_COLOR` and dumb terminals already taken into account; `Auto` is left to whoever knows whether
    /// the output is a terminal.
    pub color: When,
    /// Where what is done in AWS is written down; a sandbox's world is kept apart.
    pub audit: Option<PathBuf>,
    /// The directory of the operations' journals and of what was there before them, likewise.
    pub journals: Option<PathBuf>,
    /// The operator, as this machine knows him.
    pub operator: String,
    /// What is worth knowing and nobody's fault.
    pub notes: Vec<Note>,
    /// What was wrong in files and variables.
    pub warnings: Vec<Warning>,
}

/// Settles everything for the operator's own fleet, or for one that a test wrote for a sandbox.
pub fn load(world: World, flags: &Flags, environment: &Environment) -> Result<Settings, Mistake> {
    let mut warnings = Vec::new();
    let text = fleet_text(flags, environment, &mut warnings)?;
    let profiles = profiles(world, environment);
    let file = text.map_or_else(FleetFile::default, |(path, text)| {
        let mut file = FleetFile::read(&text, &environment.shorten(&path), world, &profiles);
        file.folder = path.parent().map(Path::to_owned);
        file
    });
    settle(&file, world, flags, environment, &profiles).map(|mut settings| {
        settings.warnings.splice(..0, warnings);
        settings
    })
}

/// Settles everything for a fleet file that is given as text; `file` is what warnings call it.
pub fn load_fleet_text(
    text: &str,
    file: &str,
    world: World,
    flags: &Flags,
    environment: &Environment,
) -> Result<Settings, Mistake> {
    let profiles = profiles(world, environment);
    let fleet = FleetFile::read(text, file, world, &profiles);
    settle(&fleet, world, flags, environment, &profiles)
}

/// The operator's profiles mean nothing to a sandbox.
fn profiles(world: World, environment: &Environment) -> Profiles {
    match world {
        World::Real => Profiles::of(environment),
        World::Sandbox => Profiles::default(),
    }
}

fn settle(
    file: &FleetFile,
    world: World,
    flags: &Flags,
    environment: &Environment,
    profiles: &Profiles,
) -> Result<Settings, Mistake> {
    let paths = Paths::of(environment);
    let terminal = Terminal::of(environment);
    let color = flags.color.within(environment);
    let assembly = fleet::assemble(file, world, flags, environment, profiles)?;
    let mut warnings = file.warnings.clone();
    warnings.extend(assembly.warnings);
    let (theme, themes) = {
        let (shelf, torn) = Shelf::themes(paths.themes().as_deref());
        warnings.extend(torn);
        let wish = Wish {
            flag: flags.theme.as_deref(),
            variable: ("QUARTERDECK_THEME", environment),
            file: (&file.file, file.screen.theme.as_ref()),
            default: match terminal.depth {
                Depth::Sixteen => Theme::SIXTEEN,
                Depth::Indexed | Depth::True => Theme::DEFAULT,
            },
        };
        themes(&shelf, &wish, color, terminal.depth, &mut warnings)?
    };
    let keymap = {
        let (shelf, torn) = Shelf::keymaps(paths.keymaps().as_deref());
        warnings.extend(torn);
        let wish = Wish {
            flag: flags.keymap.as_deref(),
            variable: ("QUARTERDECK_KEYMAP", environment),
            file: (&file.file, file.screen.keymap.as_ref()),
            default: Keymap::DEFAULT,
        };
        keymap(&shelf, &wish, &paths, environment, &mut warnings)?
    };
    Ok(Settings {
        fleet: assembly.fleet,
        theme,
        themes,
        keymap,
        glyphs: flags
            .glyphs
            .or(file.screen.glyphs)
            .unwrap_or(terminal.glyphs),
        mouse: file.screen.mouse.unwrap_or(true),
        clipboard: file.screen.clipboard.unwrap_or(true),
        alerts: file.alerts.clone(),
        color,
        audit: paths.audit(world),
        journals: paths.journals(world),
        operator: environment
            .variable("USER")
            .or(environment.variable("LOGNAME"))
            .unwrap_or("unknown")
            .to_owned(),
        notes: assembly.notes,
        warnings,
    })
}

/// Who asks for which file of a shelf, the strongest first.
struct Wish<'a> {
    flag: Option<&'a str>,
    variable: (&'static str, &'a Environment),
    file: (&'a str, Option<&'a Named>),
    default: &'static str,
}

impl Wish<'_> {
    /// The name that counts. A flag has to lead somewhere; what else does not is warned of and passed over.
    fn granted<'s>(
        &'s self,
        stock: &'s Shelf,
        warnings: &mut Vec<Warning>,
    ) -> Result<&'s str, Mistake> {
        if let Some(name) = self.flag {
            return stock.find(name).map(|_| name);
        }
        let (variable, environment) = self.variable;
        if let Some(name) = environment.variable(variable) {
            match stock.find(name) {
                Ok(_) => return Ok(name),
                Err(mistake) => warnings.push(Warning::about(variable, mistake.to_string())),
            }
        }
        if let (file, Some(Named { name, line })) = self.file {
            match stock.find(name) {
                Ok(_) => return Ok(name),
                Err(mistake) => warnings.push(Warning::about(file, mistake.to_string()).at(*line)),
            }
        }
        Ok(self.default)
    }
}

/// The chosen theme, and all that there are.
fn themes(
    shelf: &Shelf,
    wish: &Wish<'_>,
    color: When,
    depth: Depth,
    warnings: &mut Vec<Warning>,
) -> Result<(Theme, Vec<Theme>), Mistake> {
    let name = wish.granted(shelf, warnings)?;
    if color == When::Never {
        return Ok((Theme::plain(), vec![Theme::plain()]));
    }
    let (theme, faults) = Theme::named(name, shelf)?;
    warnings.extend(faults);
    // Faults of a theme that nobody chose are nobody's concern yet.
    let themes = shelf
        .names()
        .filter_map(|name| Theme::named(name, shelf).ok())
        .map(|(theme, _)| theme.at(depth))
        .collect();
    Ok((theme.at(depth), themes))
}

/// The default keys, those of the chosen keymap over them, and the operator's own over both.
fn keymap(
    shelf: &Shelf,
    wish: &Wish<'_>,
    paths: &Paths,
    environment: &Environment,
    warnings: &mut Vec<Warning>,
) -> Result<Keymap, Mistake> {
    let chosen = shelf.find(wish.granted(shelf, warnings)?)?;
    let own = paths
        .keymap()
        .and_then(|path| own_keymap(&path, environment, warnings));
    let base = shelf.embedded(Keymap::DEFAULT);
    let chosen = (Some(chosen) != base).then_some(chosen);
    let (keymap, faults) = Keymap::layered(base.into_iter().chain(chosen).chain(&own));
    warnings.extend(faults);
    Ok(keymap)
}

fn own_keymap(
    path: &Path,
    environment: &Environment,
    warnings: &mut Vec<Warning>,
) -> Option<Asset> {
    let file = environment.shorten(path);
    match file::read(path) {
        Ok(text) => Some(Asset {
            name: "own".into(),
            file: file.into(),
            text: text.into(),
            origin: Origin::Operator,
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            warnings.push(Warning::about(
                &file,
                format!("This cannot be read: {error}."),
            ));
            None
        }
    }
}

/// The fleet file and its text. One that was asked for has to be there.
fn fleet_text(
    flags: &Flags,
    environment: &Environment,
    warnings: &mut Vec<Warning>,
) -> Result<Option<(PathBuf, String)>, Mistake> {
    let asked = flags.config.clone().or_else(|| {
        let named = environment.variable("QUARTERDECK_CONFIG");
        named.map(|name| environment.expand(name))
    });
    let Some(path) = asked.clone().or_else(|| Paths::of(environment).fleet()) else {
        return Ok(None);
    };
    match file::read(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) => {
            let file = environment.shorten(&path);
            let reason = match error.kind() {
                ErrorKind::NotFound => "There is no such file.".to_owned(),
                _ => format!("It cannot be read: {error}."),
            };
            if asked.is_some() {
                return Err(Mistake::new(format!(
                    "The fleet file {file} was asked for. {reason}"
                )));
            }
            if error.kind() != ErrorKind::NotFound {
                warnings.push(Warning::about(&file, reason));
            }
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests;
