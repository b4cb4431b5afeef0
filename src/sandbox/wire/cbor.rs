//! Smithy RPC v2 with CBOR: the operation in the path, times as tag 1.
//!
//! The codec is the SDK's own crate; this file only walks a [`Value`] through it.

use aws_smithy_cbor::data::Type;
use aws_smithy_cbor::decode::DeserializeError;
use aws_smithy_cbor::{Decoder, Encoder};
use bytes::Bytes;
use chrono::DateTime;

use super::{Protocol, Question, Unreadable};
use crate::sandbox::value::{Map, Value};

pub(super) fn read(path: &str, body: &Bytes) -> Result<Question, Unreadable> {
    let operation = path
        .strip_prefix("/service/")
        .and_then(|rest| rest.split_once("/operation/"))
        .map(|(_, operation)| operation.to_owned())
        .ok_or(Unreadable::Unclaimed)?;
    let input = read_body(body).map_err(|error| Unreadable::Malformed {
        protocol: Protocol::Cbor,
        why: error.to_string(),
    })?;
    Ok(Question {
        protocol: Protocol::Cbor,
        version: String::new(),
        operation,
        input,
    })
}

pub(super) fn read_body(body: &[u8]) -> Result<Map, DeserializeError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match read_value(&mut Decoder::new(body))? {
        Value::Map(map) => Ok(map),
        _ => Err(DeserializeError::custom("expected a map", 0)),
    }
}

fn read_value(decoder: &mut Decoder<'_>) -> Result<Value, DeserializeError> {
    Ok(match decoder.datatype()? {
        Type::Bool => Value::Bool(decoder.boolean()?),
        Type::Null | Type::Undefined => {
            decoder.null()?;
            Value::Null
        }
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => Value::Integer(decoder.long()?),
        Type::F16 | Type::F32 | Type::F64 => Value::Float(decoder.double()?),
        Type::String | Type::StringIndef => Value::Text(decoder.string()?),
        Type::Bytes | Type::BytesIndef => Value::Blob(Bytes::from(decoder.blob()?.into_inner())),
        Type::Tag => {
            let time = decoder.timestamp()?;
            DateTime::from_timestamp(time.secs(), time.subsec_nanos())
                .map_or(Value::Null, Value::Time)
        }
        Type::Array | Type::ArrayIndef => Value::List(read_list(decoder)?),
        Type::Map | Type::MapIndef => Value::Map(read_map(decoder)?),
        other => {
            return Err(DeserializeError::custom(
                format!("unexpected {other:?}"),
                decoder.position(),
            ));
        }
    })
}

fn read_list(decoder: &mut Decoder<'_>) -> Result<Vec<Value>, DeserializeError> {
    let mut items = Vec::new();
    if let Some(count) = decoder.list()? {
        for _ in 0..count {
            items.push(read_value(decoder)?);
        }
        return Ok(items);
    }
    while decoder.datatype()? != Type::Break {
        items.push(read_value(decoder)?);
    }
    decoder.skip()?;
    Ok(items)
}

fn read_map(decoder: &mut Decoder<'_>) -> Result<Map, DeserializeError> {
    let mut map = Map::new();
    if let Some(count) = decoder.map()? {
        for _ in 0..count {
            let key = decoder.string()?;
            map.set(key, read_value(decoder)?);
        }
        return Ok(map);
    }
    while decoder.datatype()? != Type::Break {
        let key = decoder.string()?;
        map.set(key, read_value(decoder)?);
    }
    decoder.skip()?;
    Ok(map)
}

/// An operation without a result has no body.
pub(super) fn write(output: &Map) -> Vec<u8> {
    if output.iter().len() == 0 {
        return Vec::new();
    }
    let mut encoder = Encoder::new(Vec::new());
    write_map(&mut encoder, output);
    encoder.into_writer()
}

fn write_map(encoder: &mut Encoder, map: &Map) {
    encoder.map(
        map.iter()
            .filter(|(_, value)| **value != Value::Null)
            .count(),
    );
    for (key, value) in map.iter() {
        if *value != Value::Null {
            encoder.str(key);
            write_value(encoder, value);
        }
    }
}

fn write_value(encoder: &mut Encoder, value: &Value) {
    match value {
        Value::Null => {
            encoder.null();
        }
        Value::Bool(flag) => {
            encoder.boolean(*flag);
        }
        Value::Integer(number) => {
            encoder.long(*number);
        }
        Value::Float(number) => {
            encoder.double(*number);
        }
        Value::Text(text) => {
            encoder.str(text);
        }
        Value::Time(time) => {
            encoder.timestamp(&aws_smithy_types::DateTime::from_secs_and_nanos(
                time.timestamp(),
                time.timestamp_subsec_nanos(),
            ));
        }
        Value::Blob(bytes) => {
            encoder.blob_bytes(bytes);
        }
        Value::List(items) => {
            encoder.array(items.len());
            for item in items {
                write_value(encoder, item);
            }
        }
        Value::Map(map) => write_map(encoder, map),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_survives_the_round_trip() {
        let map = Map::new()
            .with("Text", "café \u{1b}[0m")
            .with("Yes", true)
            .with("Small", -3_i64)
            .with("Large", i64::from(u32::MAX) * 7)
            .with("Rate", 0.25)
            .with(
                "At",
                DateTime::from_timestamp_millis(1_760_000_000_250).unwrap(),
            )
            .with(
                "Bytes",
                Value::Blob(Bytes::from_static(&[0, 159, 146, 150])),
            )
            .with("List", vec!["a", "b"])
            .with("Deep", Map::new().with("Empty", Value::List(Vec::new())));
        assert_eq!(read_body(&write(&map)).unwrap(), map);
    }

    #[test]
    fn a_list_without_a_length_is_read_to_its_break() {
        // {"a": [_ 1, 2]} and an indefinite map around it.
        let bytes = [0xbf, 0x61, b'a', 0x9f, 0x01, 0x02, 0xff, 0xff];
        let map = read_body(&bytes).unwrap();
        assert_eq!(map.list("a"), [Value::Integer(1), Value::Integer(2)]);
    }

    #[test]
    fn cut_bytes_are_an_error_and_not_a_panic() {
        let bytes = write(&Map::new().with("Name", "value"));
        for end in 1..bytes.len() {
            assert!(read_body(&bytes[..end]).is_err());
        }
    }
}
