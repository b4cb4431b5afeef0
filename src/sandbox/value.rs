//! The neutral shape: what a request or an answer says, before anybody asks how it is written.
//!
//! Services speak only in `Value`; the codecs in `wire/` turn it into bytes and back. Time and blob are
//! kinds of their own because each protocol writes them its own way. Maps keep the order in which
//! members were set: XML shows it.

use std::borrow::Cow;

use bytes::Bytes;
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Time(DateTime<Utc>),
    Blob(Bytes),
    List(Vec<Value>),
    Map(Map),
}

impl Value {
    /// The value as words. Query strings carry every scalar as text, so numbers and booleans have one too.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Bool(flag) => Some(Cow::Owned(flag.to_string())),
            Value::Integer(number) => Some(Cow::Owned(number.to_string())),
            Value::Float(number) => Some(Cow::Owned(number.to_string())),
            Value::Null | Value::Time(_) | Value::Blob(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            Value::Text(text) => text.parse().ok(),
            Value::Null
            | Value::Bool(_)
            | Value::Float(_)
            | Value::Time(_)
            | Value::Blob(_)
            | Value::List(_)
            | Value::Map(_) => None,
        }
    }

    pub(super) fn list(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Blob(_)
            | Value::Map(_) => &[],
        }
    }

    pub(super) fn map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Blob(_)
            | Value::List(_) => None,
        }
    }
}

/// Members of a structure, in the order they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map(Vec<(Cow<'static, str>, Value)>);

impl Map {
    pub(super) fn new() -> Map {
        Map::default()
    }

    #[must_use]
    pub(super) fn with(
        mut self,
        key: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Map {
        self.set(key, value);
        self
    }

    /// Sets the member only if there is something to say: AWS leaves absent members out.
    #[must_use]
    pub(super) fn with_some(
        self,
        key: impl Into<Cow<'static, str>>,
        value: Option<impl Into<Value>>,
    ) -> Map {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub(super) fn set(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value)
    }

    /// The member as words, if it is there and not empty.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get(key)?.text().filter(|text| !text.is_empty())
    }

    pub(super) fn integer(&self, key: &str) -> Option<i64> {
        self.get(key)?.integer()
    }

    /// Whether the member is there and says yes, in a boolean or in words.
    pub(super) fn says(&self, key: &str) -> bool {
        self.text(key)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    pub(super) fn list(&self, key: &str) -> &[Value] {
        self.get(key).map_or(&[], Value::list)
    }

    /// The words of a list of strings.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        self.list(key)
            .iter()
            .filter_map(|item| item.text().map(Cow::into_owned))
            .collect()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Float(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Value {
        Value::Text(text.into_owned())
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Value {
        Value::Time(time)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Value {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_keeps_the_order_and_leaves_out_what_is_not_there() {
        let map = Map::new()
            .with("Zeta", "z")
            .with_some("Nothing", None::<String>)
            .with("Alpha", 1_i64)
            .with("Zeta", "again");
        let keys: Vec<&str> = map.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["Zeta", "Alpha"]);
        assert_eq!(map.text("Zeta").as_deref(), Some("again"));
    }

    #[test]
    fn a_query_string_and_a_json_body_say_yes_alike() {
        assert!(Map::new().with("AllRegions", true).says("AllRegions"));
        assert!(Map::new().with("AllRegions", "True").says("AllRegions"));
        assert!(!Map::new().with("AllRegions", "false").says("AllRegions"));
        assert!(!Map::new().says("AllRegions"));
    }
}
