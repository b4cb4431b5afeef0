//! awsJson 1.0 and 1.1: the operation in `X-Amz-Target`, times as epoch seconds, blobs in base64.

use bytes::Bytes;

use super::{Protocol, Question, Unreadable};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};

pub(super) fn read(target: &str, kind: Option<&str>, body: &Bytes) -> Result<Question, Unreadable> {
    let (_, operation) = target.rsplit_once('.').ok_or(Unreadable::Unclaimed)?;
    let version = match kind {
        Some(kind) if kind.starts_with("application/x-amz-json-1.0") => "1.0",
        _ => "1.1",
    };
    Ok(Question {
        protocol: Protocol::Json,
        version: version.to_owned(),
        operation: operation.to_owned(),
        input: read_body(body, Protocol::Json)?,
    })
}

/// An empty body stands for an empty structure.
pub(super) fn read_body(body: &Bytes, protocol: Protocol) -> Result<Map, Unreadable> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body).map(from_json) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Err(Unreadable::Malformed {
            protocol,
            why: "The body is not a JSON object.".to_owned(),
        }),
        Err(error) => Err(Unreadable::Malformed {
            protocol,
            why: error.to_string(),
        }),
    }
}

pub(super) fn content_type(version: &str) -> &'static str {
    if version == "1.0" {
        "application/x-amz-json-1.0"
    } else {
        "application/x-amz-json-1.1"
    }
}

/// Straight into bytes: a page of logs has sixty thousand members.
pub(super) fn write(output: &Map) -> Vec<u8> {
    let mut out = Vec::new();
    write_map(output, &mut out);
    out
}

/// The body of an error; CBOR writes the same members.
pub(super) fn failure(failure: &Failure) -> Map {
    let named = Map::new()
        .with("__type", format!("com.amazonaws#{}", failure.code))
        .with("message", failure.message.clone());
    let members = failure.members.iter();
    members.fold(named, |body, (name, value)| {
        body.with(name.to_owned(), value.clone())
    })
}

fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            Value::Integer,
        ),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => items.into_iter().map(from_json).collect(),
        serde_json::Value::Object(members) => {
            let mut map = Map::new();
            for (key, value) in members {
                map.set(key, from_json(value));
            }
            Value::Map(map)
        }
    }
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(flag) => write_scalar(flag, out),
        Value::Integer(number) => write_scalar(number, out),
        // What JSON has no number for, AWS spells: "NaN", "Infinity", "-Infinity".
        Value::Float(number) if !number.is_finite() => write_scalar(spelled(*number), out),
        Value::Float(number) => write_scalar(number, out),
        Value::Text(text) => write_scalar(text.as_str(), out),
        Value::Time(time) => match (time.timestamp(), time.timestamp_subsec_millis()) {
            (seconds, 0) => write_scalar(&seconds, out),
            (seconds, millis) => {
                #[allow(
                    clippy::cast_precision_loss,
                    reason = "epoch seconds fit into 53 bits for ages"
                )]
                let exact = seconds as f64 + f64::from(millis) / 1_000.0;
                write_scalar(&exact, out);
            }
        },
        Value::Blob(bytes) => write_scalar(base64(bytes).as_str(), out),
        Value::List(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Map(map) => write_map(map, out),
    }
}

fn write_map(map: &Map, out: &mut Vec<u8>) {
    out.push(b'{');
    let members = map.iter().filter(|(_, value)| **value != Value::Null);
    for (place, (key, value)) in members.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_scalar(key, out);
        out.push(b':');
        write_value(value, out);
    }
    out.push(b'}');
}

fn write_scalar<T: serde::Serialize + ?Sized>(scalar: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, scalar).expect("memory takes every byte, and scalars have no keys");
}

fn spelled(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

pub(in crate::sandbox) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .enumerate()
            .fold(0_usize, |group, (place, byte)| {
                group | usize::from(*byte) << (16 - 8 * place)
            });
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(ALPHABET[(group >> (18 - 6 * place)) & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn times_are_epoch_seconds_and_blobs_are_base64() {
        let output = Map::new()
            .with(
                "At",
                DateTime::from_timestamp_millis(1_760_000_000_500).unwrap(),
            )
            .with("Whole", DateTime::from_timestamp(1_760_000_000, 0).unwrap())
            .with("Bytes", Value::Blob(Bytes::from_static(b"hello!!")))
            .with("Odd", f64::NAN)
            .with("Absent", Value::Null);
        assert_eq!(
            String::from_utf8(write(&output)).unwrap(),
            r#"{"At":1760000000.5,"Whole":1760000000,"Bytes":"aGVsbG8hIQ==","Odd":"NaN"}"#
        );
    }

    #[test]
    fn a_body_survives_the_round_trip() {
        let body = br#"{"Names":["a","b"],"Max":3,"Deep":{"On":true,"Rate":0.5}}"#;
        let map = read_body(&Bytes::from_static(body), Protocol::Json).unwrap();
        assert_eq!(write(&map), body);
    }

    #[test]
    fn base64_pads_every_remainder() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
