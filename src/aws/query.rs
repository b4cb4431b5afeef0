//! The Query protocols: forms out, XML in.
//!
//! Spoken by services whose crates are not worth their size. A list's members are found wherever in the answer the
//! list stands; an answer that is no XML from end to end is none.

use super::problem::Failure;
use super::raw::{self, Call, Reply, Service};
use super::session::Session;
use crate::domain::{Region, Timestamp, Untrusted};
use chrono::DateTime;
use roxmltree::{Document, Node};

/// A service and the version of its API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query {
    pub(super) service: Service,
    pub(super) version: &'static str,
}

pub(super) const EC2: Query = Query {
    service: Service {
        name: "EC2",
        signing: "ec2",
    },
    version: "2016-11-15",
};

/// What a form says besides the action.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(String);

impl Form {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push('&');
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&encoded(value));
        self
    }

    /// A list: `Names.member.1`, `Names.member.2`; `name` ends with its dot.
    pub(super) fn each<'a>(self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let numbered = values.into_iter().zip(1..);
        numbered.fold(self, |form, (value, number): (_, u32)| {
            form.with(&format!("{name}{number}"), value)
        })
    }
}

/// Sends a form once.
pub(super) async fn send(
    session: &Session,
    region: &Region,
    query: Query,
    (operation, form): (&'static str, &Form),
) -> Result<Reply, Failure> {
    let body = format!("Action={operation}&Version={}{}", query.version, form.0);
    raw::send(session, query.service, region, Call::form(operation, body)).await
}

/// Sends a form once, and brings the text of the answer.
pub(super) async fn ask(
    session: &Session,
    region: &Region,
    query: Query,
    asked: (&'static str, &Form),
) -> Result<String, Failure> {
    let reply = send(session, region, query, asked).await?;
    Ok(String::from_utf8_lossy(&reply.body).into_owned())
}

/// As forms want it: everything but letters, digits and a few signs by its bytes.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let byte = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

/// The members of a list, wherever in the answer it stands.
pub(super) fn list<T>(
    answer: &str,
    name: &str,
    member: impl Fn(Node<'_, '_>) -> T,
) -> Result<Vec<T>, Failure> {
    let document = Document::parse(answer).map_err(|_torn| Failure::senseless())?;
    let found = document
        .descendants()
        .find(|node| node.tag_name().name() == name);
    let members = found.into_iter().flat_map(|list| list.children());
    Ok(members.filter(Node::is_element).map(member).collect())
}

/// The members of a list that stands in this element.
pub(super) fn members<'a, 'd>(
    node: Node<'a, 'd>,
    name: &str,
) -> impl Iterator<Item = Node<'a, 'd>> + use<'a, 'd> {
    let list = child(node, name).into_iter();
    list.flat_map(|list| list.children())
        .filter(Node::is_element)
}

pub(super) fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

pub(super) fn word<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name)?.text().filter(|text| !text.is_empty())
}

pub(super) fn text(node: Node<'_, '_>, name: &str) -> Untrusted {
    Untrusted::new(word(node, name).unwrap_or_default())
}

pub(super) fn optional(node: Node<'_, '_>, name: &str) -> Option<Untrusted> {
    word(node, name).map(Untrusted::new)
}

pub(super) fn number(node: Node<'_, '_>, name: &str) -> u32 {
    word(node, name)
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

pub(super) fn moment(node: Node<'_, '_>, name: &str) -> Option<Timestamp> {
    let written = DateTime::parse_from_rfc3339(word(node, name)?).ok()?;
    Some(written.to_utc())
}

/// The value of a tag in a list of them, however the service writes their keys and values.
pub(super) fn tag(node: Node<'_, '_>, list: &str, key: &str) -> Option<String> {
    let word = |tag, upper, lower| word(tag, upper).or_else(|| word(tag, lower));
    members(node, list)
        .find(|tag| word(*tag, "Key", "key") == Some(key))
        .map(|tag| word(tag, "Value", "value").unwrap_or_default().to_owned())
}
