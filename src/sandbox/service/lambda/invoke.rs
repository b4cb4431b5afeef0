//! Invoking a function: the answer of the version that is called, and the end of its log.

use bytes::Bytes;

use super::super::{Answer, Call};
use super::ask::{Found, LATEST, constraint, named};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::wire::base64;
use crate::sandbox::world::LogLine;
use crate::sandbox::world::random::Dice;

/// Bytes of a payload that is waited for, and of one that is not.
const LARGEST: usize = 6 * 1_048_576;
const LARGEST_EVENT: usize = 1_048_576;
/// The end of the log that comes with an answer, in bytes.
const TAIL: usize = 4_096;

pub(super) fn invoke(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let kind = call.input.text("InvocationType");
    let kind = kind.as_deref().unwrap_or("RequestResponse");
    let payload = match call.input.get("Payload") {
        Some(Value::Blob(bytes)) => bytes.clone(),
        _ => Bytes::new(),
    };
    let (event, largest) = match kind {
        "RequestResponse" | "DryRun" => (false, LARGEST),
        "Event" => (true, LARGEST_EVENT),
        other => {
            return Err(constraint(
                &format!("'{other}'"),
                "invocationType",
                "satisfy enum value set: [Event, RequestResponse, DryRun]",
            ));
        }
    };
    if payload.len() > largest {
        let words = format!(
            "Request must be smaller than {largest} bytes for the InvokeFunction operation"
        );
        return Err(Failure::new(413, "RequestTooLargeException", words).into());
    }
    let asked: serde_json::Value = if payload.is_empty() {
        serde_json::Value::Null
    } else {
        serde_json::from_slice(&payload).map_err(|error| {
            let words = format!("Could not parse request body into json: {error}");
            Failure::new(400, "InvalidRequestContentException", words)
        })?
    };
    let qualifier = found.qualifier.as_deref().unwrap_or(LATEST);
    let version = called(call, &found, qualifier)?;
    if kind == "DryRun" {
        return Ok(Map::new().with("StatusCode", 204_i64));
    }
    if found.lambda.reserved(call.now.timestamp_millis()) == Some(0) {
        return Err(Failure::new(429, "TooManyRequestsException", "Rate Exceeded.").into());
    }
    let run = Run::of(call, &found, &version, &asked);
    run.write_down(call, &found);
    if event {
        return Ok(Map::new().with("StatusCode", 202_i64));
    }
    let wants_log = call.input.text("LogType").as_deref() == Some("Tail");
    Ok(Map::new()
        .with("StatusCode", 200_i64)
        .with_some("FunctionError", run.failed.then_some("Unhandled"))
        .with_some("LogResult", wants_log.then(|| run.tail()))
        .with("ExecutedVersion", version)
        .with("Payload", Value::Blob(Bytes::from(run.answer.to_string()))))
}

/// The version that answers: an alias with two draws lots.
fn called(
    call: &Call<'_>,
    found: &Found<'_>,
    qualifier: &str,
) -> Result<String, super::super::Refused> {
    let pointing = found.alias(call, qualifier);
    if let Some((version, weight)) = pointing.as_ref().and_then(|at| at.beside.as_ref())
        && Dice::named(call.world.seed, call.id).fraction() < *weight
    {
        return Ok(version.clone());
    }
    let version = found.version(call, qualifier)?;
    Ok(version.map_or_else(|| LATEST.to_owned(), |version| version.number.to_string()))
}

/// One invocation, over at once.
struct Run {
    failed: bool,
    answer: serde_json::Value,
    lines: Vec<String>,
}

impl Run {
    fn of(call: &Call<'_>, found: &Found<'_>, version: &str, asked: &serde_json::Value) -> Run {
        let mut dice = Dice::named(call.world.seed, &format!("{}/run", call.id));
        let ailment = found
            .lambda
            .ailment_of(version, call.now.timestamp_millis());
        let pings = asked
            .get("ramuda_action")
            .and_then(serde_json::Value::as_str)
            == Some("ping");
        let failed = !pings && ailment.is_some_and(|ailment| dice.fraction() < ailment.share);
        let slower = ailment.map_or(1.0, |ailment| ailment.slower);
        let took = (12.0 + 90.0 * dice.fraction()) * slower;
        let id = call.id;
        let mut lines = vec![format!("START RequestId: {id} Version: {version}")];
        let answer = if pings {
            serde_json::json!("alive")
        } else if failed {
            lines.push(format!(
                "[ERROR] KeyError: 'price'\nTraceback (most recent call last):\n  File \"/var/task/orders/price.py\", \
                 line {}, in price\n    return item[\"price\"]",
                dice.between(20, 90)
            ));
            serde_json::json!({
                "errorMessage": "'price'",
                "errorType": "KeyError",
                "requestId": id,
                "stackTrace": ["  File \"/var/task/orders/price.py\", in price\n    return item[\"price\"]\n"],
            })
        } else {
            lines.push(format!("[INFO] {id} request handled"));
            serde_json::json!({"statusCode": 200, "version": version, "received": asked})
        };
        lines.push(format!("END RequestId: {id}"));
        lines.push(format!(
            "REPORT RequestId: {id}\tDuration: {took:.2} ms\tBilled Duration: {:.0} ms\tMemory Size: {} MB\t\
             Max Memory Used: {} MB\t",
            took.ceil(),
            found.function.memory,
            found.function.memory * dice.between(31, 74) / 100,
        ));
        Run {
            failed,
            answer,
            lines,
        }
    }

    /// The last four kilobytes of the log, in base64.
    fn tail(&self) -> String {
        let log: String = self
            .lines
            .iter()
            .flat_map(|line| [line.as_str(), "\n"])
            .collect();
        let start = log.len().saturating_sub(TAIL);
        base64(&log.as_bytes()[start..])
    }

    /// What was said is in the function's log group, too.
    fn write_down(&self, call: &Call<'_>, found: &Found<'_>) {
        let now = call.now.timestamp_millis();
        let name = &found.function.log_group;
        let group = call
            .world
            .log_group(&call.caller.account, call.region, name);
        let lines: Vec<LogLine> = self
            .lines
            .iter()
            .map(|line| LogLine {
                timestamp: now,
                ingestion: now + 400,
                message: format!("{line}\n"),
            })
            .collect();
        if let Ok(Some(group)) = group {
            let day = call.now.format("%Y/%m/%d");
            group.put(&format!("{day}/[invoked]{}", found.name()), &lines);
        }
    }
}
