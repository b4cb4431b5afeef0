//! The words of things going wrong: stack traces, throttling, the end of memory.

use super::application::{Level, Persona, Remark, Style};
use super::{one_of, stamp};
use crate::sandbox::world::function::Runtime;
use crate::sandbox::world::random::Dice;

/// What went wrong: the kind of error and its sentence.
struct Fault {
    kind: &'static str,
    sentence: String,
}

fn fault(runtime: Runtime, dice: &mut Dice) -> Fault {
    let thing = dice.hex(8);
    let faults: [(&str, String); 4] = match runtime {
        Runtime::Python => [
            ("KeyError", "'price'".to_owned()),
            ("ConnectionError", "pricing.internal:8443 refused the connection".to_owned()),
            ("ValueError", format!("order ord-{thing} has no currency")),
            ("ClientError", "An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed".to_owned()),
        ],
        Runtime::Node => [
            ("TypeError", "Cannot read properties of undefined (reading 'price')".to_owned()),
            ("Error", "connect ECONNREFUSED 10.40.12.7:8443".to_owned()),
            ("ConditionalCheckFailedException", "The conditional request failed".to_owned()),
            ("RangeError", format!("order ord-{thing} has a negative amount")),
        ],
        Runtime::Java => [
            ("java.lang.NullPointerException", "Cannot invoke \"Price.amount()\" because \"price\" is null".to_owned()),
            ("java.net.SocketTimeoutException", "Read timed out".to_owned()),
            ("java.lang.IllegalStateException", format!("order ord-{thing} is already closed")),
            ("software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException", "The conditional request failed".to_owned()),
        ],
    };
    let place = usize::try_from(dice.between(0, 4)).unwrap_or(0);
    let mut faults = faults;
    let (kind, sentence) = std::mem::take(&mut faults[place]);
    Fault { kind, sentence }
}

/// Where the code was, innermost first.
fn frames(runtime: Runtime, dice: &mut Dice) -> Vec<String> {
    let line = |dice: &mut Dice| dice.between(12, 380);
    match runtime {
        Runtime::Python => vec![
            format!(
                "  File \"/var/task/app.py\", line {}, in handler\n    return process(event)",
                line(dice)
            ),
            format!(
                "  File \"/var/task/orders/process.py\", line {}, in process\n    total = price(item)",
                line(dice)
            ),
            format!(
                "  File \"/var/task/orders/price.py\", line {}, in price\n    return item[\"price\"]",
                line(dice)
            ),
        ],
        Runtime::Node => vec![
            format!(
                "    at price (file:///var/task/price.mjs:{}:17)",
                line(dice)
            ),
            format!(
                "    at process (file:///var/task/process.mjs:{}:11)",
                line(dice)
            ),
            format!(
                "    at Runtime.handler (file:///var/task/index.mjs:{}:9)",
                line(dice)
            ),
        ],
        Runtime::Java => vec![
            format!(
                "\tat com.example.orders.Price.of(Price.java:{})",
                line(dice)
            ),
            format!(
                "\tat com.example.orders.Process.run(Process.java:{})",
                line(dice)
            ),
            format!(
                "\tat com.example.orders.Handler.handleRequest(Handler.java:{})",
                line(dice)
            ),
            "\tat java.base/java.lang.Thread.run(Thread.java:1583)".to_owned(),
        ],
    }
}

/// An error that nobody caught, as the runtime writes it: one event of several lines.
pub(super) fn unhandled(persona: &Persona, id: &str, at: i64, dice: &mut Dice) -> String {
    let Fault { kind, sentence } = fault(persona.runtime, dice);
    let frames = frames(persona.runtime, dice);
    match persona.runtime {
        Runtime::Python => format!(
            "[ERROR] {kind}: {sentence}\nTraceback (most recent call last):\n{}\n",
            frames.join("\n")
        ),
        Runtime::Node => {
            let quoted: Vec<String> = frames.iter().map(|frame| format!("\"{frame}\"")).collect();
            format!(
                "{}\t{id}\tERROR\tInvoke Error \t{{\"errorType\":\"{kind}\",\"errorMessage\":\"{sentence}\",\
                 \"stack\":[\"{kind}: {sentence}\",{}]}}\n",
                stamp(at),
                quoted.join(",")
            )
        }
        Runtime::Java => format!(
            "{sentence}: {kind}\n{kind}: {sentence}\n{}\n",
            frames.join("\n")
        ),
    }
}

/// The same error line by line, as a container's output is cut.
pub(super) fn unhandled_lines(
    persona: &Persona,
    id: &str,
    at: i64,
    dice: &mut Dice,
) -> Vec<String> {
    let Fault { kind, sentence } = fault(persona.runtime, dice);
    let opening = Remark {
        level: Level::Error,
        message: format!("request failed: {kind}: {sentence}").replace('"', "'"),
        members: format!("\"errorType\":\"{kind}\""),
    };
    let mut lines = vec![persona.written(&opening, id, at).trim_end().to_owned()];
    if persona.style == Style::Plain {
        let frames = frames(persona.runtime, dice);
        lines.extend(
            frames
                .iter()
                .flat_map(|frame| frame.lines())
                .map(str::to_owned),
        );
    }
    lines
}

pub(super) fn throttled(persona: &Persona, id: &str, at: i64, dice: &mut Dice) -> String {
    let operation = one_of(dice, &["PutItem", "UpdateItem", "Query"]);
    let remark = Remark {
        level: Level::Error,
        message: format!(
            "ProvisionedThroughputExceededException when calling the {operation} operation (reached max retries: 4): \
             Rate of requests exceeds the allowed throughput"
        ),
        members: format!("\"errorType\":\"ThrottlingException\",\"operation\":\"{operation}\""),
    };
    persona.written(&remark, id, at)
}

/// What Lambda adds when the kernel has ended the process.
pub(super) fn killed(id: &str) -> String {
    format!("RequestId: {id} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n")
}
