//! XML as AWS writes it: elements, no attributes but the namespace, no pretty printing.

use std::fmt::Write as _;

use chrono::SecondsFormat;

use crate::sandbox::value::{Map, Value};

/// Appends `text` so that any parser gives it back: markup is escaped, and control characters are
/// written as references, because most of them are not allowed to stand in XML at all.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            control if control.is_control() => {
                let _ = write!(out, "&#x{:X};", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
}

/// Writes `<name>…</name>` for any value; `item` is what list elements are called.
pub(super) fn element(out: &mut String, name: &str, value: &Value, item: &str) {
    if *value == Value::Null {
        return;
    }
    let _ = write!(out, "<{name}>");
    match value {
        Value::Null => {}
        Value::Bool(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::Integer(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) => {
            let _ = write!(out, "{number:?}");
        }
        Value::Text(text) => escape_into(out, text),
        Value::Time(time) => out.push_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
        Value::Blob(bytes) => out.push_str(&super::json::base64(bytes)),
        Value::List(items) => {
            let own = ITEMS.iter().find(|(list, _)| *list == name);
            let called = own.map_or(item, |(_, called)| called);
            for value in items {
                element(out, called, value, item);
            }
        }
        Value::Map(map) if MAPS.contains(&name) => entries(out, map, item),
        Value::Map(map) => members(out, map, item),
    }
    let _ = write!(out, "</{name}>");
}

/// Lists whose items have names of their own: RDS has many.
const ITEMS: [(&str, &str); 7] = [
    ("DBInstances", "DBInstance"),
    ("DBClusters", "DBCluster"),
    ("DBClusterMembers", "DBClusterMember"),
    ("DBSecurityGroups", "DBSecurityGroup"),
    (
        "ReadReplicaDBInstanceIdentifiers",
        "ReadReplicaDBInstanceIdentifier",
    ),
    ("ReadReplicaIdentifiers", "ReadReplicaIdentifier"),
    ("TagList", "Tag"),
];

/// Members that are maps by their models, and no structures.
const MAPS: [&str; 1] = ["ExtendedStatistics"];

fn entries(out: &mut String, map: &Map, item: &str) {
    for (key, value) in map.iter() {
        out.push_str("<entry><key>");
        escape_into(out, key);
        out.push_str("</key>");
        element(out, "value", value, item);
        out.push_str("</entry>");
    }
}

pub(super) fn members(out: &mut String, map: &Map, item: &str) {
    for (key, value) in map.iter() {
        element(out, key, value, item);
    }
}
