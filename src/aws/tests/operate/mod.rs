//! What changes something, up to the byte: what is sent, how often, and what is made of the answer.

mod alias;
mod drafts;
mod fates;
mod knowing;
mod standings;
mod stopping;
mod traffic;
mod updates;
mod upload;
mod watching;

use super::wire::{self, Answer, Asked, Wire};
use super::*;
use crate::aws::Miscarriage;
use crate::domain::operation::{Call, OnFailure, Seen, Sight, Token};
use crate::domain::{Timestamp, Untrusted};

const CHANGE_SET: &str = "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/qd-1/2";

fn noon() -> Timestamp {
    Timestamp::from_timestamp(1_795_000_000, 0).unwrap()
}

fn stack() -> StackId {
    StackId::new(STACK)
}

fn token() -> Token {
    Token::new("qd-1-0-0-0")
}

/// As the stack stands when its change set is shown.
fn seen() -> Seen {
    Seen {
        status: "UPDATE_COMPLETE".to_owned(),
        updated: Some(at("2026-11-20T12:00:00Z")),
    }
}

fn at(time: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(time).unwrap().to_utc()
}

fn execution(failing: OnFailure) -> Call {
    Call::ExecuteChangeSet {
        stack: stack(),
        change_set: CHANGE_SET.into(),
        token: token(),
        seen: seen(),
        failing,
    }
}

fn operator(wire: &Wire) -> (Cloud, Warrant) {
    let cloud = cloud_of(wire, Access::Operate);
    let warrant = cloud.warrant(&AccountName::new("prod"), noon()).unwrap();
    (cloud, warrant)
}

async fn carry_out(wire: &Wire, call: &Call) -> Result<Option<String>, Miscarriage> {
    let (cloud, warrant) = operator(wire);
    cloud.carry_out(&warrant, &ireland(), call).await
}

async fn look(wire: &Wire, call: &Call) -> Result<Sight, Problem> {
    cloud(wire).look(&ireland(), call).await
}

/// A form as a person reads it.
fn plain(form: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = form.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&code, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What follows the version in a form, as a person reads it.
fn said(asked: &Asked) -> String {
    let form = plain(&asked.body);
    let (_, said) = form.split_once("&Version=").unwrap();
    said.split_once('&').map_or("", |(_, said)| said).to_owned()
}

/// One answer of a service without a client: any XML, under a request id.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
fn raw(inside: &str) -> Answer {
    let headers = [("content-type", "text/xml"), ("x-amzn-requestid", "req-7")];
    Ok(wire::response(
        200,
        &headers,
        &format!("<Answer>{inside}</Answer>"),
    ))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
fn json(body: &serde_json::Value) -> Answer {
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amzn-requestid", "req-7"),
    ];
    Ok(wire::response(200, &headers, &body.to_string()))
}

fn texts(list: &[&str]) -> Vec<Untrusted> {
    list.iter().map(|text| Untrusted::from(*text)).collect()
}
