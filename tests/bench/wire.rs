//! The least of HTTP and of AWS that a server of the bench has to speak.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

pub(crate) const JSON: &str = "application/x-amz-json-1.1";

/// Answers one connection until it ends. `answer` gets the head in small letters, and the body.
pub(crate) fn serve<B: AsRef<[u8]>>(
    stream: &TcpStream,
    mut answer: impl FnMut(&str, &str) -> (&'static str, B),
) {
    stream.set_nodelay(true).unwrap();
    let mut questions = BufReader::new(stream);
    let mut answers = stream;
    while let Some((head, body)) = question(&mut questions) {
        let (kind, body) = answer(&head.to_lowercase(), &body);
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if answers.write_all(head.as_bytes()).is_err() || answers.write_all(body).is_err() {
            return;
        }
    }
}

/// The answer of `DescribeLogGroups` where there is one group.
pub(crate) fn groups(name: &str) -> String {
    format!(
        r#"{{"logGroups":[{{"logGroupName":"{name}","arn":"arn:aws:logs:us-east-1:123456789012:log-group:{name}:*","creationTime":1,"storedBytes":0}}]}}"#
    )
}

/// The answers to whatever else is asked: who we are, and which stacks there are.
pub(crate) fn others<B: From<Vec<u8>>>(head: &str) -> (&'static str, B) {
    let answer: &[u8] = if head.contains("/cloudformation/") {
        br#"<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks/></DescribeStacksResult></DescribeStacksResponse>"#
    } else {
        br#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>AIDABENCH</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"#
    };
    ("text/xml", B::from(answer.to_vec()))
}

/// Head and body of the next request.
fn question(questions: &mut impl BufRead) -> Option<(String, String)> {
    let (mut head, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if questions.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    questions.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}
