//! CBOR as CloudWatch speaks it, written and read as JSON: a time is `{"@": seconds}`.

use super::wire::{self, Answer, Asked};
use aws_smithy_cbor::data::Type;
use aws_smithy_cbor::{Decoder, Encoder};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value, json};

/// What `time` is in these tests.
pub(super) fn at(seconds: i64) -> Value {
    json!({ "@": seconds })
}

pub(super) fn answer(value: &Value) -> Answer {
    with(200, &[], value)
}

/// A refusal, with the code that the older protocol had for it beside the new one.
pub(super) fn refusal(code: &str) -> Answer {
    let query = format!("{code};Sender");
    let body =
        json!({"__type": format!("com.amazonaws.cloudwatch#{code}Exception"), "message": "no"});
    with(400, &[("x-amzn-query-error", &query)], &body)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
fn with(status: u16, more: &[(&'static str, &str)], value: &Value) -> Answer {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, value);
    let mut headers = vec![
        ("content-type", "application/cbor"),
        ("smithy-protocol", "rpc-v2-cbor"),
    ];
    headers.extend(more);
    let empty = wire::response(status, &headers, "");
    let mut full = HttpResponse::new(empty.status(), SdkBody::from(encoder.into_writer()));
    *full.headers_mut() = empty.headers().clone();
    Ok(full)
}

/// What a request asks for.
pub(super) fn question(asked: &Asked) -> Value {
    read(&mut Decoder::new(&asked.bytes))
}

fn write(encoder: &mut Encoder, value: &Value) {
    match value {
        Value::Null => _ = encoder.null(),
        Value::Bool(flag) => _ = encoder.boolean(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => _ = encoder.long(whole),
            None => _ = encoder.double(number.as_f64().unwrap()),
        },
        Value::String(text) => _ = encoder.str(text),
        Value::Array(items) => {
            encoder.array(items.len());
            for item in items {
                write(encoder, item);
            }
        }
        Value::Object(fields) => {
            if let Some(seconds) = fields.get("@").and_then(Value::as_i64) {
                encoder.timestamp(&DateTime::from_secs(seconds));
                return;
            }
            encoder.map(fields.len());
            for (key, value) in fields {
                encoder.str(key);
                write(encoder, value);
            }
        }
    }
}

fn read(decoder: &mut Decoder<'_>) -> Value {
    match decoder.datatype().unwrap() {
        Type::Bool => decoder.boolean().unwrap().into(),
        Type::F16 | Type::F32 | Type::F64 => decoder.double().unwrap().into(),
        Type::String | Type::StringIndef => decoder.string().unwrap().into(),
        Type::Tag => at(decoder.timestamp().unwrap().secs()),
        Type::Array | Type::ArrayIndef => {
            let mut items = Vec::new();
            let mut left = decoder.list().unwrap();
            while goes_on(decoder, &mut left) {
                items.push(read(decoder));
            }
            items.into()
        }
        Type::Map | Type::MapIndef => {
            let mut fields = Map::new();
            let mut left = decoder.map().unwrap();
            while goes_on(decoder, &mut left) {
                let key = decoder.string().unwrap();
                fields.insert(key, read(decoder));
            }
            fields.into()
        }
        _ => decoder.long().unwrap().into(),
    }
}

/// Whether another item follows; takes the end of what has no length.
fn goes_on(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> bool {
    match left {
        Some(0) => false,
        Some(left) => {
            *left -= 1;
            true
        }
        None if decoder.datatype().unwrap() == Type::Break => {
            decoder.skip().unwrap();
            false
        }
        None => true,
    }
}
