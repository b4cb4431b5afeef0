//! How every [`Role`] looks.
//!
//! The only file of this room that knows the drawing library, and only its styles. A theme is finished when it
//! is made: nothing about it can fail, or be read from a file, while the screen is drawn.

mod file;
mod paint;

use super::colour::{Colour, Depth};
use super::{Mistake, Role, Shelf, Warning};
use file::Recipe;
use paint::{Emphasis, Paint};
use ratatui::style::{Color, Modifier, Style};

/// A style for every role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    name: String,
    recipe: Recipe,
    colours: Colours,
    styles: [Style; Role::ALL.len()],
}

/// Which colours a theme may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    /// None at all, not even "the terminal's own": `NO_COLOR` means no colour sequence.
    None,
    Of(Depth),
}

impl Theme {
    /// The name of the theme for terminals that know sixteen colours only.
    pub const SIXTEEN: &'static str = "ansi16";
    /// The name of the theme that nobody had to choose.
    pub const DEFAULT: &'static str = "default";

    /// Makes a theme of the shelf ready; warnings are about its files and never stop it.
    pub fn named(name: &str, shelf: &Shelf) -> Result<(Self, Vec<Warning>), Mistake> {
        let (recipe, warnings) = Recipe::gather(shelf.find(name)?, shelf);
        Ok((Self::of(name, recipe, Colours::Of(Depth::True)), warnings))
    }

    /// The same theme with the colours that a terminal of this depth can show.
    pub fn at(self, depth: Depth) -> Self {
        Self::of(&self.name, self.recipe, Colours::Of(depth))
    }

    /// No colours: bold, dim, underlined and reversed have to do.
    pub fn plain() -> Self {
        let mut recipe = Recipe::default();
        for (role, emphasis) in [
            (Role::Muted, &[Emphasis::Dim][..]),
            (Role::Title, &[Emphasis::Bold]),
            (Role::BorderFocus, &[Emphasis::Bold]),
            (Role::Selection, &[Emphasis::Reverse]),
            (Role::Key, &[Emphasis::Bold]),
            (Role::Header, &[Emphasis::Bold]),
            (Role::Badge, &[Emphasis::Reverse, Emphasis::Bold]),
            (Role::Moving, &[Emphasis::Italic]),
            (Role::Warn, &[Emphasis::Underline]),
            (Role::Error, &[Emphasis::Bold, Emphasis::Underline]),
            (Role::Stale, &[Emphasis::Dim, Emphasis::Italic]),
            (Role::Match, &[Emphasis::Underline]),
            (Role::Danger, &[Emphasis::Bold, Emphasis::Reverse]),
            (Role::Skew, &[Emphasis::Bold, Emphasis::Italic]),
        ] {
            recipe.paint(role, Paint::emphasised(emphasis));
        }
        for region in Role::REGIONS {
            recipe.paint(region, Paint::default());
        }
        Self::of("plain", recipe, Colours::None)
    }

    /// Every role in a colour of its own, so that a test can tell from a cell which role drew it.
    ///
    /// The selection is a background, because it is laid over what the row already shows.
    pub fn probe() -> Self {
        let mut recipe = Recipe::default();
        for (place, role) in (PROBE_BASE..).zip(Role::ALL) {
            let colour = Some(Colour::Indexed(place));
            let paint = match role {
                Role::Selection => Paint {
                    bg: colour,
                    ..Paint::default()
                },
                _ => Paint {
                    fg: colour,
                    ..Paint::default()
                },
            };
            recipe.paint(role, paint);
        }
        Self::of("probe", recipe, Colours::Of(Depth::True))
    }

    /// The role that a colour of [`Theme::probe`] stands for.
    pub fn probed(colour: Color) -> Option<Role> {
        match colour {
            Color::Indexed(place) => {
                let index = place.checked_sub(PROBE_BASE)?;
                Role::ALL.get(usize::from(index)).copied()
            }
            _ => None,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of the nth region; colours repeat after the sixth.
    pub fn region(&self, index: usize) -> Style {
        self.style(Role::region(index))
    }

    /// The style of the nth region for lines on a terminal, without the drawing library.
    pub fn line_style(&self, index: usize) -> anstyle::Style {
        let Colours::Of(depth) = self.colours else {
            return anstyle::Style::new();
        };
        let paint = self.recipe.look_up(Role::region(index));
        let colour = paint.fg.and_then(|colour| match colour.at(depth) {
            Colour::Default => None,
            Colour::Indexed(place) => {
                let colour = anstyle::Ansi256Color(place);
                Some(colour.into_ansi().map_or(colour.into(), Into::into))
            }
            Colour::Rgb(red, green, blue) => Some(anstyle::RgbColor(red, green, blue).into()),
        });
        anstyle::Style::new().fg_color(colour)
    }

    /// The style of a colour that the fleet file names, by way of the theme's palette: its `red` fits the rest.
    pub fn tint(&self, colour: &str) -> Style {
        let paint = Paint {
            fg: self.recipe.colour(colour),
            ..Paint::default()
        };
        style(&paint, self.colours)
    }

    fn of(name: &str, recipe: Recipe, colours: Colours) -> Self {
        let styles = Role::ALL.map(|role| style(recipe.look_up(role), colours));
        Self {
            name: name.to_owned(),
            recipe,
            colours,
            styles,
        }
    }
}

/// The first place of the palette that the probe uses; those before are names to the drawing library.
const PROBE_BASE: u8 = 16;

fn style(paint: &Paint, colours: Colours) -> Style {
    let mut style = Style::new().add_modifier(modifier(&paint.emphasis));
    if let Colours::Of(depth) = colours {
        style.fg = paint.fg.map(|colour| color(colour.at(depth)));
        style.bg = paint.bg.map(|colour| color(colour.at(depth)));
    }
    style
}

fn modifier(emphasis: &[Emphasis]) -> Modifier {
    emphasis
        .iter()
        .map(|emphasis| match emphasis {
            Emphasis::Bold => Modifier::BOLD,
            Emphasis::Dim => Modifier::DIM,
            Emphasis::Italic => Modifier::ITALIC,
            Emphasis::Underline => Modifier::UNDERLINED,
            Emphasis::Reverse => Modifier::REVERSED,
        })
        .collect()
}

/// The ANSI colours keep their short sequences, which every terminal and every theme of it knows.
fn color(colour: Colour) -> Color {
    const ANSI: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match colour {
        Colour::Default => Color::Reset,
        Colour::Indexed(place) => ANSI
            .get(usize::from(place))
            .copied()
            .unwrap_or(Color::Indexed(place)),
        Colour::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}

#[cfg(test)]
mod tests;
