//! A function of an account, across its regions: a row of the matrix.

use super::facts::{Facts, Pointing};
use crate::app::stacks::Skew;
use crate::domain::outlier::{ERROR_RATE, outliers};
use crate::domain::version::majority;
use crate::domain::{
    AccountName, Activity, AlarmState, Function, Region, Scope, Slot, Store, Timestamp, Untrusted,
    Vitals,
};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// Where a function stands in the store: valid until the next settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into [`LambdaView::scopes`](super::LambdaView::scopes).
    pub scope: usize,
    /// Index into the scope's functions.
    pub function: usize,
}

/// A function of an account, across its regions.
#[derive(Clone, Debug)]
pub struct Row {
    pub account: AccountName,
    pub name: Untrusted,
    /// One for each of [`LambdaView::columns`](super::LambdaView::columns); `None` where the function does not stand.
    pub cells: Vec<Option<Cell>>,
    pub(super) worst: Health,
    /// Where the worst of it stands.
    pub(super) worst_column: usize,
    pub(super) modified: Option<Timestamp>,
    /// The highest of its error rates.
    pub(super) rate: Option<f64>,
}

/// A function in a column.
#[derive(Clone, Debug)]
pub struct Cell {
    pub place: Place,
    pub alias: Pointing,
    pub alias_skew: Skew,
    /// Whether most regions have other code.
    pub code_skew: Skew,
    /// `None` where nobody has told yet, or lately.
    pub vitals: Option<Vitals>,
    /// Whether it fails far more often than its peers do.
    pub is_outlier: bool,
    /// How many of its alarms are in alarm here.
    pub alarms: usize,
    pub health: Health,
    /// Nobody can tell its figures.
    pub is_refused: bool,
}

/// How a function does in a region, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// One of its alarms is in alarm.
    Alarm,
    /// It fails more often than elsewhere, or too often anyway.
    Errors,
    /// Lambda says that it, or its last update, failed.
    Broken,
    /// It runs another version, or has other code, than most regions.
    Skewed,
    /// Nobody has told, or lately.
    Unknown,
    /// Nobody calls it.
    Quiet,
    Well,
}

impl Health {
    pub fn is_trouble(self) -> bool {
        self < Self::Unknown
    }

    /// What figures say alone.
    pub(super) fn by_figures(vitals: Option<Vitals>) -> Self {
        match vitals.map(|vitals| vitals.activity) {
            None | Some(Activity::Unknown) => Self::Unknown,
            Some(Activity::TurnedAway) => Self::Errors,
            Some(Activity::Unused) => Self::Quiet,
            Some(Activity::Called) => Self::Well,
        }
    }

    /// For sorting: everything that is not known to be in trouble is alike.
    pub(super) fn trouble(self) -> Self {
        self.min(Self::Unknown)
    }
}

/// What rows are made of.
pub(super) struct Ground<'a> {
    pub(super) store: &'a Store,
    pub(super) facts: &'a Facts,
    pub(super) scopes: &'a [Scope],
    pub(super) columns: &'a [Region],
    pub(super) now: Timestamp,
}

impl<'a> Ground<'a> {
    pub(super) fn functions(&self, scope: &Scope) -> &'a [Function] {
        let known = self.store.functions(scope).and_then(Slot::value);
        known.unwrap_or_default()
    }

    /// How many alarms of each function are in alarm in a region.
    pub(super) fn alarms(&self, scope: &Scope) -> HashMap<&'a Untrusted, usize> {
        let known = self.store.alarms(scope).and_then(Slot::value);
        let mut alarms = HashMap::new();
        for alarm in known.unwrap_or_default() {
            if let (AlarmState::Alarm, Some(function)) = (&alarm.state, alarm.function()) {
                *alarms.entry(function).or_default() += 1;
            }
        }
        alarms
    }

    /// The rows of these scopes, sorted by account and name.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut rows: BTreeMap<(usize, &Untrusted), Row> = BTreeMap::new();
        let mut accounts: Vec<&AccountName> = Vec::new();
        for (index, scope) in self.scopes.iter().enumerate() {
            let mut columns = self.columns.iter();
            let Some(column) = columns.position(|region| Some(region) == scope.region()) else {
                continue;
            };
            // Scopes come account by account, in the fleet's order, which the rows keep.
            if accounts.last() != Some(&&scope.account) {
                accounts.push(&scope.account);
            }
            let (alarms, facts) = (self.alarms(scope), self.facts.of(scope));
            for (function, it) in self.functions(scope).iter().enumerate() {
                let row = rows.entry((accounts.len(), &it.name));
                let row = row.or_insert_with(|| Row::new(scope, it, self.columns.len()));
                row.modified = row.modified.max(it.modified);
                let fact = facts.and_then(|facts| facts.get(&it.name));
                row.cells[column] = Some(Cell {
                    place: Place {
                        scope: index,
                        function,
                    },
                    alias: fact.map(|fact| fact.alias.clone()).unwrap_or_default(),
                    alias_skew: Skew::None,
                    code_skew: Skew::None,
                    vitals: fact.and_then(|fact| fact.vitals(self.now)),
                    is_outlier: false,
                    alarms: alarms.get(&it.name).copied().unwrap_or(0),
                    health: match fact {
                        Some(fact) if fact.is_broken => Health::Broken,
                        Some(_) | None => Health::Unknown,
                    },
                    is_refused: fact.is_some_and(|fact| fact.is_refused),
                });
            }
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        for row in &mut rows {
            row.compare(self);
        }
        rows
    }
}

impl Row {
    fn new(scope: &Scope, function: &Function, columns: usize) -> Self {
        Self {
            account: scope.account.clone(),
            name: function.name.clone(),
            cells: vec![None; columns],
            worst: Health::Well,
            worst_column: 0,
            modified: None,
            rate: None,
        }
    }

    /// Sets every region against the others.
    fn compare(&mut self, ground: &Ground<'_>) {
        let code = |cell: &Cell| {
            let scope = ground.scopes.get(cell.place.scope)?;
            let function = ground.functions(scope).get(cell.place.function)?;
            Some(function.code.exact())
        };
        let cells = || self.cells.iter().flatten();
        let usual_alias = majority(cells().filter_map(|cell| cell.alias.version()));
        let usual_alias = usual_alias.map(str::to_owned);
        let told = cells().filter(|cell| cell.alias != Pointing::Unread);
        let (with, without): (Vec<&Cell>, Vec<&Cell>) =
            told.partition(|cell| cell.alias != Pointing::Absent);
        let lacks = if with.len() > without.len() {
            Skew::Differs
        } else {
            Skew::None
        };
        let usual_code = majority(cells().filter_map(code)).map(str::to_owned);
        let rate = |cell: &Option<Cell>| cell.as_ref()?.vitals?.rate;
        let rates: Vec<Option<f64>> = self.cells.iter().map(rate).collect();
        self.rate = rates.iter().copied().flatten().reduce(f64::max);
        let mut first = true;
        let judged = outliers(&rates, ERROR_RATE).into_iter();
        for (column, (cell, is_outlier)) in self.cells.iter_mut().zip(judged).enumerate() {
            let Some(cell) = cell else { continue };
            let differs = |usual: &Option<String>, own: Option<&str>| {
                let differs = usual.is_some() && own.is_some() && usual.as_deref() != own;
                if differs { Skew::Differs } else { Skew::None }
            };
            cell.alias_skew = match &cell.alias {
                Pointing::Unread => Skew::None,
                Pointing::Absent => lacks,
                Pointing::At(version) => differs(&usual_alias, Some(version)),
            };
            cell.code_skew = differs(&usual_code, code(cell));
            cell.is_outlier = is_outlier && cell.vitals.is_some_and(|it| it.fails_repeatedly());
            cell.health = cell.judge();
            if first || cell.health < self.worst {
                (self.worst, self.worst_column) = (cell.health, column);
                first = false;
            }
        }
    }

    /// Everything a filter may look for, the name first so that `~^name` works.
    pub(super) fn line(&self, ground: &Ground<'_>) -> String {
        let mut line = format!("{} {}", self.name.safe(), self.account);
        for (cell, region) in self.cells.iter().zip(ground.columns) {
            let Some(cell) = cell else { continue };
            let alias = cell.alias.version().unwrap_or_default();
            let word = match cell.health {
                Health::Alarm => "alarm",
                Health::Errors => "errors",
                Health::Broken => "failed",
                Health::Skewed => "skew",
                Health::Unknown | Health::Quiet | Health::Well => "",
            };
            let _ = write!(line, " {region} {alias} {word}");
            let scope = ground.scopes.get(cell.place.scope);
            let functions = scope.map(|scope| ground.functions(scope));
            let function = functions.and_then(|it| it.get(cell.place.function));
            if let Some(runtime) = function.and_then(|function| function.runtime.as_ref()) {
                let _ = write!(line, " {}", runtime.safe());
            }
        }
        line
    }
}

impl Cell {
    fn judge(&self) -> Health {
        let is_failing = self.vitals.is_some_and(|vitals| vitals.is_failing());
        let is_skewed = [self.alias_skew, self.code_skew].contains(&Skew::Differs);
        match self.vitals {
            _ if self.alarms > 0 => Health::Alarm,
            _ if self.is_outlier || is_failing => Health::Errors,
            _ if self.health == Health::Broken => Health::Broken,
            _ if is_skewed => Health::Skewed,
            vitals => Health::by_figures(vitals),
        }
    }
}
