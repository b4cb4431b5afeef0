//! awsQuery: a form in, XML out.
//!
//! `Filters.member.1.Name=x` spells a list of structures. The dots are turned back into a tree first;
//! what has only numbers below it was a list.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use hyper::Request;

use super::{Protocol, Question, Unreadable, xml};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};

pub(super) fn read(
    request: &Request<Bytes>,
    service: Option<&str>,
) -> Result<Question, Unreadable> {
    let protocol = if service == Some("ec2") {
        Protocol::Ec2
    } else {
        Protocol::Query
    };
    let malformed = |why: &str| Unreadable::Malformed {
        protocol,
        why: why.to_owned(),
    };
    let body = std::str::from_utf8(request.body())
        .map_err(|error| malformed(&format!("The request body is not valid UTF-8: {error}.")))?;
    let mut tree = Branch::default();
    for text in [request.uri().query().unwrap_or_default(), body] {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let key = percent_decode(key)
                .ok_or_else(|| malformed("A parameter name is not valid UTF-8."))?;
            let value = percent_decode(value)
                .ok_or_else(|| malformed("A parameter value is not valid UTF-8."))?;
            tree.put(&key, value);
        }
    }
    let Value::Map(fields) = tree.into_value() else {
        return Err(malformed("The request has no parameters."));
    };
    let mut input = Map::new();
    let (mut operation, mut version) = (None, String::new());
    for (key, value) in fields.iter() {
        match (key, value.text()) {
            ("Action", Some(text)) => operation = Some(text.into_owned()),
            ("Version", Some(text)) => version = text.into_owned(),
            _ => input.set(key.to_owned(), value.clone()),
        }
    }
    let operation =
        operation.ok_or_else(|| malformed("The request must contain the parameter Action."))?;
    Ok(Question {
        protocol,
        version,
        operation,
        input,
    })
}

/// `+` and `%xx`; `None` if what comes out is not UTF-8.
pub(in crate::sandbox) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

/// What RDS calls the items of its lists.
const WRAPPERS: [&str; 3] = ["Tag", "Filter", "Value"];

/// A dotted parameter name, on its way back to a structure.
#[derive(Default)]
struct Branch {
    leaf: Option<String>,
    children: BTreeMap<Key, Branch>,
}

/// Numbers sort as numbers: the tenth member comes after the ninth.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Place(u64),
    Name(String),
}

impl Branch {
    fn put(&mut self, path: &str, value: String) {
        let mut branch = self;
        for step in path.split('.') {
            let key = step
                .parse()
                .map_or_else(|_| Key::Name(step.to_owned()), Key::Place);
            branch = branch.children.entry(key).or_default();
        }
        branch.leaf = Some(value);
    }

    /// What is inside of a name that only says that it is a list.
    fn wrapped(&mut self) -> Option<Branch> {
        let (Key::Name(name), inside) = self.children.first_key_value()? else {
            return None;
        };
        let is_list = inside
            .children
            .keys()
            .all(|key| matches!(key, Key::Place(_)));
        let says_nothing = name == "member" || (WRAPPERS.contains(&name.as_str()) && is_list);
        if self.children.len() > 1 || !says_nothing {
            return None;
        }
        self.children.pop_first().map(|(_, inside)| inside)
    }

    fn into_value(mut self) -> Value {
        if self.children.is_empty() {
            return Value::Text(self.leaf.unwrap_or_default());
        }
        // `.member.N` is how query wraps its lists; EC2 writes `.N` alone.
        if let Some(items) = self.wrapped() {
            return items.into_value();
        }
        if self.children.keys().all(|key| matches!(key, Key::Place(_))) {
            return self
                .children
                .into_values()
                .map(Branch::into_value)
                .collect();
        }
        let mut map = Map::new();
        for (key, branch) in self.children {
            let name = match key {
                Key::Place(number) => number.to_string(),
                Key::Name(name) => name,
            };
            map.set(name, branch.into_value());
        }
        Value::Map(map)
    }
}

fn namespace(service: &str) -> &'static str {
    match service {
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        "monitoring" => "http://monitoring.amazonaws.com/doc/2010-08-01/",
        "autoscaling" => "http://autoscaling.amazonaws.com/doc/2011-01-01/",
        "rds" => "http://rds.amazonaws.com/doc/2014-10-31/",
        "elasticloadbalancing" => "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
        _ => "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    }
}

/// Operations that say nothing of a result.
const WITHOUT_RESULT: [&str; 12] = [
    "CancelUpdateStack",
    "DeleteStack",
    "SetStackPolicy",
    "SetAlarmState",
    "UpdateAutoScalingGroup",
    "SetDesiredCapacity",
    "SuspendProcesses",
    "ResumeProcesses",
    "CreateOrUpdateTags",
    "DeleteTags",
    "AddTagsToResource",
    "RemoveTagsFromResource",
];

pub(super) fn write(service: &str, operation: &str, output: &Map, request_id: &str) -> String {
    let mut out = format!("<{operation}Response xmlns=\"{}\">", namespace(service));
    if !WITHOUT_RESULT.contains(&operation) {
        let _ = write!(out, "<{operation}Result>");
        xml::members(&mut out, output, "member");
        let _ = write!(out, "</{operation}Result>");
    }
    out.push_str("<ResponseMetadata><RequestId>");
    out.push_str(request_id);
    out.push_str("</RequestId></ResponseMetadata></");
    out.push_str(operation);
    out.push_str("Response>");
    out
}

pub(super) fn write_failure(service: &str, failure: &Failure, request_id: &str) -> String {
    let mut out = format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{}</Type><Code>{}</Code><Message>",
        namespace(service),
        failure.party(),
        failure.query_code.as_ref().unwrap_or(&failure.code)
    );
    xml::escape_into(&mut out, &failure.message);
    out.push_str("</Message></Error><RequestId>");
    out.push_str(request_id);
    out.push_str("</RequestId></ErrorResponse>");
    out
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn input(body: &str) -> Map {
        let request = Request::builder()
            .uri("/")
            .body(Bytes::from(format!("Action=X&Version=1&{body}")))
            .unwrap();
        read(&request, None).unwrap().input
    }

    #[test]
    fn dots_are_turned_back_into_lists_and_structures() {
        let many: Vec<String> = (1..=11)
            .map(|n| format!("Tags.member.{n}.Key=k{n}"))
            .collect();
        let read = input(&many.join("&"));
        let keys: Vec<String> = read
            .list("Tags")
            .iter()
            .filter_map(|tag| tag.map()?.text("Key").map(Cow::into_owned))
            .collect();
        assert_eq!(keys.len(), 11);
        assert_eq!(
            keys[10], "k11",
            "the eleventh is not sorted before the second"
        );
        assert_eq!(
            input("Filter.1.Name=a&Filter.1.Value.1=b")
                .list("Filter")
                .len(),
            1
        );
    }

    #[test]
    fn a_list_may_call_its_items_by_a_name_of_their_own() {
        let read = input("Tags.Tag.1.Key=a&Tags.Tag.2.Key=b&TagKeys.member.1=a");
        assert_eq!(
            (read.list("Tags").len(), read.texts("TagKeys")),
            (2, vec!["a".to_owned()])
        );
        let filter = input("Filters.Filter.1.Name=x&Filters.Filter.1.Values.Value.1=y");
        let filter = filter.list("Filters")[0].map().cloned().unwrap();
        assert_eq!(filter.texts("Values"), ["y"]);
        let tag = input("Tag.Key=a");
        assert!(
            tag.get("Tag").and_then(Value::map).is_some(),
            "a structure stays one"
        );
    }

    #[test]
    fn text_survives_the_form() {
        assert_eq!(
            input("StackName=caf%C3%A9+au%2Blait")
                .text("StackName")
                .as_deref(),
            Some("café au+lait")
        );
        assert_eq!(percent_decode("%ff"), None);
        assert_eq!(percent_decode("%"), None);
    }

    #[test]
    fn items_are_called_as_their_list_calls_them() {
        let cluster = Map::new().with("TagList", vec![Map::new().with("Key", "a")]);
        let output = Map::new().with("DBClusters", vec![cluster]);
        let written = write("rds", "DescribeDBClusters", &output, "r-1");
        assert!(
            written.contains(
                "<DBClusters><DBCluster><TagList><Tag><Key>a</Key></Tag></TagList></DBCluster></DBClusters>"
            ),
            "{written}"
        );
    }

    #[test]
    fn an_answer_is_wrapped_the_way_query_wraps_it() {
        let output = Map::new()
            .with("Names", vec!["a<b", "\u{1b}[31m"])
            .with("On", true)
            .with("Empty", Value::List(Vec::new()));
        assert_eq!(
            write("cloudformation", "ListX", &output, "r-1"),
            "<ListXResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><ListXResult>\
             <Names><member>a&lt;b</member><member>&#x1B;[31m</member></Names><On>true</On><Empty></Empty>\
             </ListXResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></ListXResponse>"
        );
    }
}
