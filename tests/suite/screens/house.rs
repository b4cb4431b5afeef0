//! Small worlds, fed to the app as the engine would, and its screen as two grids.

use crate::support::look::look;
use chrono::{TimeDelta, TimeZone, Utc};
use quarterdeck::app::{App, Event, Viewport};
use quarterdeck::config::{Glyphs, Keymap, Role, Shelf, Theme};
use quarterdeck::domain::store::Attempt;
use quarterdeck::domain::{
    Access, Account, AccountName, Credentials, DriftStatus, Fleet, Guard, Identity, Problem,
    Reading, Region, RegionChoice, Scope, Stack, StackId, StackStatus, Tag, Timestamp, Topic,
    Untrusted, VersionRule,
};
use quarterdeck::engine::message::Update;
use quarterdeck::ui::{self, Look};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Style;

/// An app, the time on its clock, and how it is looked at.
pub(super) struct House {
    pub(super) app: App,
    now: Timestamp,
    glyphs: Glyphs,
}

/// The moment at which every scene plays.
pub(super) fn noon() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 20, 14, 32, 7).unwrap()
}

pub(super) fn account(name: &str, regions: &[&str]) -> Account {
    let regions: Vec<Region> = regions.iter().map(|region| Region::new(*region)).collect();
    Account {
        name: AccountName::new(name),
        colour: None,
        guard: Guard::Confirm,
        access: Access::ReadOnly,
        home: regions[0].clone(),
        regions: RegionChoice::Listed(regions),
        credentials: Credentials::Environment,
    }
}

/// A stack that was last touched so many seconds before noon.
pub(super) fn stack(name: &str, status: &str, version: &str, touched: i64) -> Stack {
    let tag = Tag {
        key: "version".into(),
        value: Untrusted::new(version),
    };
    Stack {
        id: id(name),
        name: Untrusted::new(name),
        status: StackStatus::parse(status),
        reason: None,
        description: None,
        created: noon() - TimeDelta::days(400),
        updated: Some(noon() - TimeDelta::seconds(touched)),
        parent: None,
        tags: if version.is_empty() {
            Vec::new()
        } else {
            vec![tag]
        },
        parameters: Vec::new(),
        outputs: Vec::new(),
        drift: DriftStatus::NotChecked,
        protected: quarterdeck::domain::stack::Protection::Off,
        role: None,
    }
}

pub(super) fn id(name: &str) -> StackId {
    StackId::new(format!(
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/{name}/1f3a"
    ))
}

impl House {
    pub(super) fn new(accounts: &[Account]) -> Self {
        let fleet = Fleet {
            accounts: accounts.to_vec(),
            version: VersionRule::Tag("version".into()),
            ..Fleet::default()
        };
        let keymaps = Shelf::keymaps(None).0;
        let (keymap, warnings) =
            Keymap::layered([keymaps.find("default").expect("it is compiled in")]);
        assert!(warnings.is_empty(), "{warnings:?}");
        let mut app = App::new(fleet, keymap, noon());
        app.start();
        Self {
            app,
            now: noon(),
            glyphs: Glyphs::Unicode,
        }
    }

    pub(super) fn ascii(mut self) -> Self {
        self.glyphs = Glyphs::Ascii;
        self
    }

    /// Somebody answered, `ago` seconds before noon.
    pub(super) fn hear(
        &mut self,
        scope: &Scope,
        topic: Topic,
        ago: i64,
        result: Result<Reading, Problem>,
    ) -> &mut Self {
        let at = noon() - TimeDelta::seconds(ago);
        let retry = result
            .as_ref()
            .is_err()
            .then(|| noon() + TimeDelta::seconds(8));
        let took =
            TimeDelta::milliseconds(30 + i64::try_from(scope.to_string().len()).unwrap_or(0) * 4);
        self.app.update(Event::Engine(Update::Attempt(Attempt {
            topic,
            scope: scope.clone(),
            at,
            took,
            result,
            retry,
        })));
        self
    }

    /// The engine told something.
    pub(super) fn engine(&mut self, update: Update) -> &mut Self {
        self.app.update(Event::Engine(update));
        self
    }

    pub(super) fn stacks(
        &mut self,
        account: &str,
        region: &str,
        ago: i64,
        stacks: Vec<Stack>,
    ) -> &mut Self {
        self.hear(
            &scope(account, region),
            Topic::Stacks,
            ago,
            Ok(Reading::Stacks(stacks)),
        )
    }

    pub(super) fn who(
        &mut self,
        account: &str,
        digits: &str,
        ends_in: Option<TimeDelta>,
    ) -> &mut Self {
        let identity = Identity {
            account_id: digits.into(),
            arn: format!("arn:aws:sts::{digits}:assumed-role/Operator/me")
                .as_str()
                .into(),
            expires: ends_in.map(|left| noon() + left),
        };
        self.hear(
            &Scope::global(&AccountName::new(account)),
            Topic::Identity,
            5,
            Ok(Reading::Identity(identity)),
        )
    }

    /// Presses keys as a keymap file writes them, and draws after each, as the terminal does.
    pub(super) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.app
                .update(Event::Key(key.parse().expect("a key has this name")));
            self.draw(120, 36);
        }
        self
    }

    /// The same, for a house that was just made.
    pub(super) fn press_and_keep(mut self, keys: &str) -> Self {
        self.press(keys);
        self
    }

    pub(super) fn type_in(&mut self, text: &str) -> &mut Self {
        self.app.update(Event::Paste(text.to_owned()));
        self
    }

    pub(super) fn later(&mut self, seconds: i64) -> &mut Self {
        self.now += TimeDelta::seconds(seconds);
        self.app.update(Event::Tick(self.now));
        self
    }

    /// Draws as the loop does, twice: the first frame tells the app the geometry that the second one draws by.
    pub(super) fn draw(&mut self, width: u16, height: u16) -> (Terminal<TestBackend>, Viewport) {
        let look = Look::new(Theme::probe(), self.glyphs);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut viewport = Viewport::default();
        for _ in 0..2 {
            terminal
                .draw(|frame| viewport = ui::draw(&self.app, &look, frame))
                .unwrap();
            self.app.update(Event::Drawn(viewport.clone()));
        }
        (terminal, viewport)
    }

    /// Both grids.
    pub(super) fn look(&mut self, width: u16, height: u16) -> String {
        let (terminal, _) = self.draw(width, height);
        look(terminal.backend().buffer(), letter)
    }
}

/// Compares a scene with its files, one for each size.
///
/// The files lie in `tests/snapshots`; `INSTA_UPDATE=always` writes them anew.
pub(super) fn scene(name: &str, house: &mut House, sizes: &[(u16, u16)]) {
    for (width, height) in sizes {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let look = house.look(*width, *height);
        settings.bind(|| insta::assert_snapshot!(format!("{name}-{width}x{height}"), look));
    }
}

/// The sizes that every view has to hold at.
pub(super) const SIZES: [(u16, u16); 3] = [SMALL, MIDDLE, LARGE];
pub(super) const SMALL: (u16, u16) = (80, 24);
pub(super) const MIDDLE: (u16, u16) = (120, 36);
pub(super) const LARGE: (u16, u16) = (200, 60);

pub(super) fn scope(account: &str, region: &str) -> Scope {
    Scope::regional(&AccountName::new(account), &Region::new(region))
}

/// One letter for each role; in upper case where the selection lies over it.
fn letter(style: Style) -> char {
    let role = style.fg.and_then(Theme::probed).unwrap_or(Role::Text);
    let letter = match role {
        Role::Text => '.',
        Role::Muted => 'm',
        Role::Title | Role::Selection => 't',
        Role::Border => 'b',
        Role::BorderFocus => 'f',
        Role::Key => 'k',
        Role::Header => 'h',
        Role::Badge => 'g',
        Role::Ok => 'o',
        Role::Moving => 'v',
        Role::Warn => 'w',
        Role::Error => 'e',
        Role::Stale => 's',
        Role::Unknown => 'u',
        Role::Match => 'a',
        Role::Danger => 'd',
        Role::Skew => 'x',
        Role::Region1 => '1',
        Role::Region2 => '2',
        Role::Region3 => '3',
        Role::Region4 => '4',
        Role::Region5 => '5',
        Role::Region6 => '6',
    };
    let is_selected = style.bg.and_then(Theme::probed) == Some(Role::Selection);
    match letter {
        '.' if is_selected => ':',
        letter if is_selected => letter.to_ascii_uppercase(),
        letter => letter,
    }
}
