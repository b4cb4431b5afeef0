//! `[ip, user, ..., status=4*, bytes>1000]`: lines whose fields are divided by spaces.

use super::Invalid;
use super::cursor::{Cursor, invalid};
use super::test::{self, Test};

#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// Before the dots, or all of them.
    head: Vec<Column>,
    /// After the dots, if there are any.
    tail: Option<Vec<Column>>,
}

/// One of the inner lists has to hold as a whole.
#[derive(Clone, Debug)]
struct Column(Vec<Vec<Test>>);

pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Columns, Invalid> {
    cursor.expect("[")?;
    let mut columns = Columns {
        head: Vec::new(),
        tail: None,
    };
    loop {
        if cursor.eat("...") {
            if columns.tail.replace(Vec::new()).is_some() {
                return Err(invalid());
            }
        } else {
            let column = column(cursor)?;
            columns
                .tail
                .as_mut()
                .unwrap_or(&mut columns.head)
                .push(column);
        }
        if cursor.eat("]") {
            break;
        }
        cursor.expect(",")?;
    }
    if cursor.at_end() {
        Ok(columns)
    } else {
        Err(invalid())
    }
}

/// `name`, `name=x`, `name=x || name=y && name!=z`, or an unnamed place.
fn column(cursor: &mut Cursor<'_>) -> Result<Column, Invalid> {
    let mut choices = vec![Vec::new()];
    loop {
        cursor.skip_space();
        let name = cursor.take_while(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
        let test = test::parse(cursor)?;
        if name.is_empty() && test.is_some() {
            return Err(invalid());
        }
        if let Some(choice) = choices.last_mut() {
            choice.extend(test);
        }
        if cursor.eat("||") {
            choices.push(Vec::new());
        } else if !cursor.eat("&&") {
            return Ok(Column(choices));
        }
    }
}

impl Columns {
    pub(super) fn match_in(&self, message: &str) -> bool {
        let fields = fields(message);
        let hold = |columns: &[Column], fields: &[&str]| {
            columns
                .iter()
                .zip(fields)
                .all(|(column, field)| column.holds(field))
        };
        match &self.tail {
            None => fields.len() == self.head.len() && hold(&self.head, &fields),
            Some(tail) => {
                fields.len() >= self.head.len() + tail.len()
                    && hold(&self.head, &fields)
                    && hold(tail, &fields[fields.len() - tail.len()..])
            }
        }
    }
}

impl Column {
    fn holds(&self, field: &str) -> bool {
        self.0
            .iter()
            .any(|choice| choice.iter().all(|test| test.holds_for_text(field)))
    }
}

/// The fields of a line; what stands in quotes or brackets is one, without them.
fn fields(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim();
    while !rest.is_empty() {
        let close = match rest.chars().next() {
            Some('"') => Some('"'),
            Some('[') => Some(']'),
            _ => None,
        };
        let inner = close.and_then(|close| rest.get(1..)?.split_once(close));
        let (field, after) = inner
            .or_else(|| rest.split_once(char::is_whitespace))
            .unwrap_or((rest, ""));
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
