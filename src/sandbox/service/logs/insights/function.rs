//! The functions of one row.

use super::datum::{Datum, exact, whole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Coalesce,
    Concat,
    DateCeil,
    /// `bin` too: with `@timestamp` put before its span.
    DateFloor,
    Floor,
    FromMillis,
    Greatest,
    If,
    IsBlank,
    IsEmpty,
    IsPresent,
    Least,
    Replace,
    StrContains,
    StrLen,
    Substr,
    ToLower,
    ToMillis,
    ToUpper,
    Trim,
}

/// Name, function, and how many arguments it takes.
const FUNCTIONS: [(&str, Function, usize, usize); 22] = [
    ("abs", Function::Abs, 1, 1),
    ("ceil", Function::Ceil, 1, 1),
    ("coalesce", Function::Coalesce, 1, 99),
    ("concat", Function::Concat, 1, 99),
    ("dateceil", Function::DateCeil, 2, 2),
    ("datefloor", Function::DateFloor, 2, 2),
    ("floor", Function::Floor, 1, 1),
    ("frommillis", Function::FromMillis, 1, 1),
    ("greatest", Function::Greatest, 1, 99),
    ("if", Function::If, 3, 3),
    ("isblank", Function::IsBlank, 1, 1),
    ("isempty", Function::IsEmpty, 1, 1),
    ("ispresent", Function::IsPresent, 1, 1),
    ("least", Function::Least, 1, 99),
    ("replace", Function::Replace, 3, 3),
    ("strcontains", Function::StrContains, 2, 2),
    ("strlen", Function::StrLen, 1, 1),
    ("substr", Function::Substr, 2, 3),
    ("tolower", Function::ToLower, 1, 1),
    ("tomillis", Function::ToMillis, 1, 1),
    ("toupper", Function::ToUpper, 1, 1),
    ("trim", Function::Trim, 1, 1),
];

impl Function {
    /// The function of this name, if it takes so many arguments.
    pub(super) fn named(name: &str, arguments: usize) -> Option<Function> {
        let name = name.to_lowercase();
        FUNCTIONS
            .iter()
            .find(|(known, _, least, most)| *known == name && (*least..=*most).contains(&arguments))
            .map(|(_, function, _, _)| *function)
    }

    pub(super) fn of(self, values: &[Datum]) -> Datum {
        let value = |place: usize| values.get(place).unwrap_or(&Datum::Missing);
        let text = |place: usize| value(place).text();
        let number = |place: usize| value(place).number();
        let worded = |text: Option<String>| text.map_or(Datum::Missing, Datum::Text);
        let counted = |number: Option<f64>| number.map_or(Datum::Missing, Datum::Number);
        match self {
            Function::Abs => counted(number(0).map(f64::abs)),
            Function::Ceil => counted(number(0).map(f64::ceil)),
            Function::Floor => counted(number(0).map(f64::floor)),
            Function::Coalesce => {
                let mut present = values.iter().filter(|value| !value.is_missing());
                present.next().cloned().unwrap_or(Datum::Missing)
            }
            Function::Concat => Datum::Text(values.iter().filter_map(Datum::text).collect()),
            Function::DateFloor => rounded(value(0), value(1), f64::floor),
            Function::DateCeil => rounded(value(0), value(1), f64::ceil),
            Function::FromMillis => {
                number(0).map_or(Datum::Missing, |millis| Datum::Time(whole(millis)))
            }
            Function::ToMillis => counted(number(0)),
            Function::Greatest => counted(values.iter().filter_map(Datum::number).reduce(f64::max)),
            Function::Least => counted(values.iter().filter_map(Datum::number).reduce(f64::min)),
            Function::If => value(if value(0).holds() { 1 } else { 2 }).clone(),
            Function::IsPresent => Datum::Flag(!value(0).is_missing()),
            Function::IsEmpty => Datum::Flag(text(0).is_none_or(|text| text.is_empty())),
            Function::IsBlank => Datum::Flag(text(0).is_none_or(|text| text.trim().is_empty())),
            Function::Replace => worded(text(0).map(|within| {
                within.replace(&text(1).unwrap_or_default(), &text(2).unwrap_or_default())
            })),
            Function::StrContains => {
                let found = text(0).zip(text(1));
                Datum::Flag(found.is_some_and(|(within, what)| within.contains(&what)))
            }
            Function::StrLen => counted(
                text(0).map(|text| exact(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))),
            ),
            Function::Substr => {
                let place = |at: usize| {
                    number(at).map(|number| usize::try_from(whole(number)).unwrap_or(0))
                };
                let (from, length) = (place(1).unwrap_or(0), place(2).unwrap_or(usize::MAX));
                worded(text(0).map(|text| text.chars().skip(from).take(length).collect()))
            }
            Function::ToLower => worded(text(0).map(|text| text.to_lowercase())),
            Function::ToUpper => worded(text(0).map(|text| text.to_uppercase())),
            Function::Trim => worded(text(0).map(|text| text.trim().to_owned())),
        }
    }
}

/// A time on the grid of a span.
fn rounded(time: &Datum, span: &Datum, round: impl Fn(f64) -> f64) -> Datum {
    match (time.number(), span.number()) {
        (Some(time), Some(span)) if span > 0.0 => Datum::Time(whole(round(time / span) * span)),
        _ => Datum::Missing,
    }
}
