//! What a template comes to in a place, with values for its parameters.
//!
//! Functions of CloudFormation are worked out as far as they can be: what refers to a resource whose physical id is
//! not known stays as it is written, which is what a comparison of two templates needs.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value as Json, json};

use super::Template;
use super::parameter::text;

/// Where a template is deployed, and what is known there.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Place {
    pub(in crate::sandbox) account: String,
    pub(in crate::sandbox) region: String,
    pub(in crate::sandbox) stack: String,
    pub(in crate::sandbox) stack_id: String,
    pub(in crate::sandbox) parameters: BTreeMap<String, String>,
    /// The physical ids of resources, by their logical ones.
    pub(in crate::sandbox) physical: BTreeMap<String, String>,
    /// What other stacks export.
    pub(in crate::sandbox) exports: BTreeMap<String, String>,
}

/// A resource of a template, its parameters filled in.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Shape {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) properties: Object<String, Json>,
    /// As it stands in the template.
    pub(in crate::sandbox) written: Json,
}

impl Shape {
    /// What is said beside the properties.
    pub(in crate::sandbox) fn attribute(&self, name: &str) -> Option<&Json> {
        self.written.get(name)
    }
}

#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Resolver<'r> {
    pub(in crate::sandbox) template: &'r Template,
    pub(in crate::sandbox) place: &'r Place,
}

/// Everything that a part of a template refers to by `Ref`, `Fn::GetAtt` or inside `Fn::Sub`.
pub(super) fn references(part: &Json, found: &mut dyn FnMut(&str)) {
    match part {
        Json::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("Ref", Json::String(name)) => found(name),
                    ("Fn::GetAtt", Json::String(path)) => {
                        found(path.split_once('.').map_or(path, |(logical, _)| logical));
                    }
                    ("Fn::GetAtt", Json::Array(path)) => {
                        if let Some(logical) = path.first().and_then(Json::as_str) {
                            found(logical);
                        }
                    }
                    ("Fn::Sub", Json::String(words)) => in_words(words, &[], found),
                    ("Fn::Sub", Json::Array(both)) => {
                        let own = both.get(1).and_then(Json::as_object);
                        let own: Vec<&str> = own
                            .into_iter()
                            .flat_map(Object::keys)
                            .map(String::as_str)
                            .collect();
                        if let Some(words) = both.first().and_then(Json::as_str) {
                            in_words(words, &own, found);
                        }
                        if let Some(own) = both.get(1) {
                            references(own, found);
                        }
                    }
                    ("DependsOn", _) => {}
                    (_, value) => references(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn in_words(words: &str, own: &[&str], found: &mut dyn FnMut(&str)) {
    for (_, inside) in pieces(words) {
        if let Some(inside) = inside {
            let logical = inside
                .split_once('.')
                .map_or(inside, |(logical, _)| logical);
            if !own.contains(&inside) {
                found(logical);
            }
        }
    }
}

/// A text in front of each `${…}`, and what is inside; `${!x}` is the text `${x}`.
fn pieces(words: &str) -> Vec<(String, Option<&str>)> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("${") {
        plain.push_str(before);
        let Some((inside, beyond)) = after.split_once('}') else {
            plain.push_str("${");
            rest = after;
            continue;
        };
        rest = beyond;
        match inside.strip_prefix('!') {
            Some(literal) => {
                plain.push_str("${");
                plain.push_str(literal);
                plain.push('}');
            }
            None => out.push((std::mem::take(&mut plain), Some(inside.trim()))),
        }
    }
    plain.push_str(rest);
    out.push((plain, None));
    out
}

impl Resolver<'_> {
    /// The resources whose conditions hold, in the template's order.
    pub(in crate::sandbox) fn shapes(self) -> Vec<Shape> {
        let resources = self.template.resources();
        let there = resources.filter(|(_, written)| self.is_wanted(written));
        there
            .map(|(logical, written)| {
                let own = written.get("Properties").map(|own| self.resolve(own));
                Shape {
                    logical: logical.clone(),
                    kind: written.get("Type").map_or_else(String::new, text),
                    properties: match own {
                        Some(Some(Json::Object(own))) => own,
                        Some(_) | None => Object::new(),
                    },
                    written: written.clone(),
                }
            })
            .collect()
    }

    /// The exports of other stacks that the template uses.
    pub(in crate::sandbox) fn imports(self) -> Vec<String> {
        let mut found = Vec::new();
        for section in ["Resources", "Outputs"] {
            for part in self.template.section(section).values() {
                self.gather_imports(part, &mut found);
            }
        }
        found
    }

    fn gather_imports(self, part: &Json, found: &mut Vec<String>) {
        match part {
            Json::Object(members) => {
                for (key, value) in members {
                    if key == "Fn::ImportValue" {
                        found.push(self.words(value));
                    }
                    self.gather_imports(value, found);
                }
            }
            Json::Array(items) => items
                .iter()
                .for_each(|item| self.gather_imports(item, found)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// Whether the condition of a resource or an output holds.
    pub(in crate::sandbox) fn is_wanted(self, part: &Json) -> bool {
        let condition = part.get("Condition").and_then(Json::as_str);
        condition.is_none_or(|name| self.holds_named(name))
    }

    fn holds_named(self, name: &str) -> bool {
        let condition = self.template.section("Conditions").get(name);
        condition.is_some_and(|condition| self.holds(condition))
    }

    fn holds(self, condition: &Json) -> bool {
        let Some((function, inside)) = condition.as_object().and_then(|it| it.iter().next()) else {
            return text(condition) == "true";
        };
        let parts = inside.as_array().map_or(&[][..], Vec::as_slice);
        match function.as_str() {
            "Condition" => inside.as_str().is_some_and(|name| self.holds_named(name)),
            "Fn::And" => parts.iter().all(|part| self.holds(part)),
            "Fn::Or" => parts.iter().any(|part| self.holds(part)),
            "Fn::Not" => !parts.iter().any(|part| self.holds(part)),
            "Fn::Equals" => {
                let mut sides = parts.iter().map(|part| self.words(part));
                sides.next() == sides.next()
            }
            _ => false,
        }
    }

    /// What a part comes to, as words.
    pub(in crate::sandbox) fn words(self, part: &Json) -> String {
        self.resolve(part).as_ref().map(text).unwrap_or_default()
    }

    /// What a part comes to; `None` is `AWS::NoValue`.
    pub(in crate::sandbox) fn resolve(self, part: &Json) -> Option<Json> {
        match part {
            Json::Object(members) => {
                if let Some((function, inside)) = members.iter().next()
                    && members.len() == 1
                    && (function == "Ref" || function.starts_with("Fn::"))
                {
                    return self.function(function, inside, part);
                }
                let members = members
                    .iter()
                    .filter_map(|(key, value)| Some((key.clone(), self.resolve(value)?)));
                Some(Json::Object(members.collect()))
            }
            Json::Array(items) => {
                let items = items.iter().filter_map(|item| self.resolve(item));
                Some(Json::Array(items.collect()))
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Some(part.clone()),
        }
    }

    fn function(self, function: &str, inside: &Json, whole: &Json) -> Option<Json> {
        let parts = inside.as_array().map_or(&[][..], Vec::as_slice);
        let part = |place: usize| parts.get(place).unwrap_or(&Json::Null);
        Some(match function {
            "Ref" => return self.referred(&text(inside), whole),
            "Fn::GetAtt" => {
                let path = match inside {
                    Json::String(path) => path.clone(),
                    _ => parts.iter().map(text).collect::<Vec<_>>().join("."),
                };
                self.attribute(&path)
                    .map_or_else(|| whole.clone(), Json::String)
            }
            "Fn::Sub" => self.substituted(inside),
            "Fn::Join" => {
                let list = self.resolve(part(1))?;
                let Json::Array(items) = list else {
                    return Some(whole.clone());
                };
                if items.iter().any(Json::is_object) {
                    return Some(json!({ function: [part(0), items] }));
                }
                let items: Vec<String> = items.iter().map(text).collect();
                Json::String(items.join(&text(part(0))))
            }
            "Fn::Split" => {
                let words = self.words(part(1));
                words
                    .split(text(part(0)).as_str())
                    .map(Json::from)
                    .collect()
            }
            "Fn::Select" => {
                let place: usize = self.words(part(0)).parse().unwrap_or(0);
                let list = self.resolve(part(1))?;
                match &list {
                    Json::Array(items) => items.get(place).cloned().unwrap_or(Json::Null),
                    Json::String(words) => words
                        .split(',')
                        .nth(place)
                        .map_or(Json::Null, |word| json!(word.trim())),
                    _ => whole.clone(),
                }
            }
            "Fn::If" => {
                let holds = self.holds_named(&text(part(0)));
                return self.resolve(part(if holds { 1 } else { 2 }));
            }
            "Fn::FindInMap" => {
                let mut found = self
                    .template
                    .section("Mappings")
                    .get(&self.words(part(0)))?;
                for key in [part(1), part(2)] {
                    found = found.get(self.words(key))?;
                }
                found.clone()
            }
            "Fn::ImportValue" => {
                let name = self.words(inside);
                let value = self.place.exports.get(&name);
                value.map_or_else(|| json!({ function: name }), |value| json!(value))
            }
            "Fn::GetAZs" => {
                let region = &self.place.region;
                json!([
                    format!("{region}a"),
                    format!("{region}b"),
                    format!("{region}c")
                ])
            }
            _ => json!({ function: self.resolve(inside)? }),
        })
    }

    fn referred(self, name: &str, whole: &Json) -> Option<Json> {
        let place = self.place;
        Some(match name {
            "AWS::NoValue" => return None,
            "AWS::AccountId" => json!(place.account),
            "AWS::Region" => json!(place.region),
            "AWS::StackName" => json!(place.stack),
            "AWS::StackId" => json!(place.stack_id),
            "AWS::Partition" => json!("aws"),
            "AWS::URLSuffix" => json!("amazonaws.com"),
            "AWS::NotificationARNs" => json!([]),
            _ => {
                if let Some(value) = place.parameters.get(name) {
                    let declared = self.template.section("Parameters").get(name);
                    let kind = declared.and_then(|body| body.get("Type")).map(text);
                    let is_list = kind.is_some_and(|kind| {
                        kind.starts_with("List<") || kind == "CommaDelimitedList"
                    });
                    if is_list {
                        return Some(value.split(',').map(|item| json!(item.trim())).collect());
                    }
                    return Some(json!(value));
                }
                let physical = place.physical.get(name);
                physical.map_or_else(|| whole.clone(), |physical| json!(physical))
            }
        })
    }

    /// What a resource says of itself beside its id; `None` while it is not there.
    fn attribute(self, path: &str) -> Option<String> {
        let (logical, attribute) = path.split_once('.')?;
        let physical = self.place.physical.get(logical)?;
        let (account, region) = (&self.place.account, &self.place.region);
        let kind = self.template.section("Resources").get(logical)?;
        let kind = kind.get("Type").and_then(Json::as_str)?;
        let at = |service: &str, rest: &str| {
            format!("arn:aws:{service}:{region}:{account}:{rest}{physical}")
        };
        Some(match (attribute, kind) {
            _ if attribute.ends_with("Arn") && physical.starts_with("arn:") => physical.clone(),
            ("Arn", "AWS::Lambda::Function") => at("lambda", "function:"),
            ("Arn", "AWS::DynamoDB::Table") => at("dynamodb", "table/"),
            ("Arn", "AWS::Logs::LogGroup") => at("logs", "log-group:") + ":*",
            ("Arn", "AWS::IAM::Role") => format!("arn:aws:iam::{account}:role/{physical}"),
            ("Arn", "AWS::S3::Bucket") => format!("arn:aws:s3:::{physical}"),
            ("Arn", "AWS::SQS::Queue") => {
                let name = physical.rsplit('/').next().unwrap_or_default();
                format!("arn:aws:sqs:{region}:{account}:{name}")
            }
            ("DomainName", "AWS::S3::Bucket") => format!("{physical}.s3.amazonaws.com"),
            ("DNSName", _) => format!("{logical}.{region}.elb.amazonaws.com").to_lowercase(),
            ("QueueName" | "TopicName" | "Name", _) => physical
                .rsplit(['/', ':'])
                .next()
                .unwrap_or_default()
                .to_owned(),
            _ => format!("{physical}/{attribute}"),
        })
    }

    fn substituted(self, inside: &Json) -> Json {
        let (words, own) = match inside {
            Json::Array(both) => (both.first().map(text), both.get(1)),
            _ => (Some(text(inside)), None),
        };
        let words = words.unwrap_or_default();
        let mut out = String::new();
        let mut open = false;
        for (before, name) in pieces(&words) {
            out.push_str(&before);
            let Some(name) = name else { continue };
            let given = own
                .and_then(|own| own.get(name))
                .and_then(|value| self.resolve(value));
            let value = given.or_else(|| {
                if name.contains('.') {
                    self.attribute(name).map(Json::String)
                } else {
                    self.referred(name, &Json::Null)
                        .filter(|value| !value.is_null())
                }
            });
            if let Some(value) = value.filter(|value| !value.is_object()) {
                out.push_str(&text(&value));
            } else {
                open = true;
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
        }
        if open {
            json!({ "Fn::Sub": out })
        } else {
            Json::String(out)
        }
    }
}
