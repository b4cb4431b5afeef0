//! Templates written in YAML, as the JSON that they stand for.
//!
//! `!Ref x` becomes `{"Ref": "x"}` and every other short form its `Fn::` name. Scalars are read as AWS reads them and
//! not as YAML 1.1 would: `yes`, `0123456789` and `2012-10-17` are words.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map as Object, Number, Value as Json, json};

/// Deeper and longer than any template is; aliases could make a small text grow without end.
const DEEPEST: usize = 100;
const MOST_NODES: usize = 200_000;

pub(super) fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    loop {
        match reader.next()? {
            Event::StreamEnd => return Ok(Json::Null),
            Event::Nothing
            | Event::StreamStart
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => {}
            first @ (Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::MappingStart(..)) => return reader.node(first, 0),
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, saphyr_parser::StrInput<'t>>,
    anchors: BTreeMap<usize, Json>,
    nodes: usize,
}

fn malformed(words: &str) -> String {
    format!("Template format error: YAML not well-formed. ({words})")
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<Event<'t>, String> {
        match self.events.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => {
                let at = error.marker();
                let (line, column) = (at.line(), at.col() + 1);
                Err(malformed(&format!("line {line}, column {column}")))
            }
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: Event<'t>, depth: usize) -> Result<Json, String> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return Err("Template format error: unsupported structure.".to_owned());
        }
        let (anchor, tag, plain) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let bare = style == ScalarStyle::Plain && tag.is_none();
                let value = if bare {
                    scalar(&text)
                } else {
                    Json::String(text.into_owned())
                };
                (anchor, tag, value)
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        Event::StreamEnd => return Err(malformed("unexpected end")),
                        inner => items.push(self.node(inner, depth + 1)?),
                    }
                }
                (anchor, tag, Json::Array(items))
            }
            Event::MappingStart(anchor, tag) => (anchor, tag, self.mapping(depth)?),
            Event::Alias(anchor) => {
                return self
                    .anchors
                    .get(&anchor)
                    .cloned()
                    .ok_or_else(|| malformed("unknown alias"));
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(malformed("unexpected end")),
        };
        let value = match tag {
            Some(tag) => written_out(&tag, plain),
            None => plain,
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn mapping(&mut self, depth: usize) -> Result<Json, String> {
        let mut members = Object::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Json::Object(members)),
                Event::StreamEnd => return Err(malformed("unexpected end")),
                Event::Scalar(key, ..) => key.into_owned(),
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Alias(_)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..) => return Err(malformed("a key is not a word")),
            };
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if members.insert(key.clone(), value).is_some() {
                return Err(malformed(&format!("duplicate key {key}")));
            }
        }
    }
}

fn scalar(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    // Only what is written the same way again is a number: account ids begin with zeros.
    let number = text.parse::<i64>().ok();
    number
        .filter(|number| number.to_string() == text)
        .map_or_else(
            || Json::String(text.to_owned()),
            |number| Json::Number(Number::from(number)),
        )
}

fn written_out(tag: &Tag, value: Json) -> Json {
    if tag.handle != "!" {
        return value;
    }
    match (tag.suffix.as_str(), value) {
        (short @ ("Ref" | "Condition"), value) => json!({ short: value }),
        ("GetAtt", Json::String(path)) => {
            let (logical, attribute) = path.split_once('.').unwrap_or((&path, ""));
            json!({ "Fn::GetAtt": [logical, attribute] })
        }
        (short, value) => json!({ format!("Fn::{short}"): value }),
    }
}
