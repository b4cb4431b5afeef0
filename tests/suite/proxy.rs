//! The fault proxy itself, before a server that only says where a request was signed for.

use crate::support::patience;
use crate::support::proxy::{Fault, Proxy};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread::spawn;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(150);

/// Answers every request with `hello <n bytes of body>` until the test ends.
fn server() -> SocketAddr {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    spawn(move || {
        for client in listener.incoming().flatten() {
            // The proxy may have cut the connection.
            let _ = greet(client);
        }
    });
    address
}

fn greet(mut client: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while lines.read_line(&mut line)? > 2 {
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    let answer = format!("hello {length}");
    write!(
        client,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{answer}",
        answer.len()
    )
}

fn request(proxy: &Proxy, region: &str) -> TcpStream {
    let mut stream = TcpStream::connect(proxy.address()).expect("the proxy listens");
    stream
        .set_read_timeout(Some(patience()))
        .expect("a timeout can be set");
    let credential = format!("AKID/20261120/{region}/cloudformation/aws4_request");
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nAuthorization: AWS4-HMAC-SHA256 Credential={credential}, \
         SignedHeaders=host, Signature=0\r\nContent-Length: 5\r\n\r\nABCDE"
    )
    .expect("the proxy takes a request");
    stream
}

fn answer(proxy: &Proxy, region: &str) -> io::Result<String> {
    let mut text = String::new();
    request(proxy, region).read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn without_a_fault_everything_passes() {
    let proxy = Proxy::before(server(), 1);
    assert!(answer(&proxy, "eu-west-1").unwrap().ends_with("hello 5"));
    let passed = proxy.passed();
    assert_eq!(
        (passed[0].region.as_str(), passed[0].service.as_str()),
        ("eu-west-1", "cloudformation")
    );
}

#[test]
fn a_fault_in_one_region_leaves_the_others_alone() {
    let proxy = Proxy::before(server(), 1);
    proxy.fault_in("eu-west-1", Fault::Html);
    assert!(
        answer(&proxy, "eu-west-1")
            .unwrap()
            .contains("Please log in")
    );
    assert!(answer(&proxy, "us-east-1").unwrap().ends_with("hello 5"));
    proxy.heal();
    assert!(answer(&proxy, "eu-west-1").unwrap().ends_with("hello 5"));
    let faults: Vec<_> = proxy.passed().iter().map(|passed| passed.fault).collect();
    assert_eq!(faults, [Fault::Html, Fault::None, Fault::None]);
}

#[test]
fn a_black_hole_never_answers() {
    let proxy = Proxy::before(server(), 1);
    proxy.fault(Fault::BlackHole);
    let mut stream = request(&proxy, "eu-west-1");
    stream
        .set_read_timeout(Some(SHORT))
        .expect("a timeout can be set");
    let silence = stream.read(&mut [0]).expect_err("nothing comes back");
    assert!(
        matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{silence}"
    );
    assert_eq!(proxy.open(), 1);
}

#[test]
fn a_reset_is_an_error_and_not_an_end() {
    let proxy = Proxy::before(server(), 1);
    proxy.fault(Fault::Reset);
    let error = answer(&proxy, "eu-west-1").expect_err("the connection is reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn an_answer_can_be_cut_sliced_or_sent_elsewhere() {
    let proxy = Proxy::before(server(), 1);
    for (fault, says) in [
        (Fault::Truncate(20), "HTTP/1.1 200 OK\r\nCon"),
        (
            Fault::Slice,
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nhello 5",
        ),
        (
            Fault::Redirect,
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login",
        ),
    ] {
        proxy.fault(fault);
        let answer = answer(&proxy, "eu-west-1").unwrap();
        assert!(answer.starts_with(says), "{fault:?}: {answer}");
    }
    proxy.fault(Fault::Truncate(20));
    assert_eq!(answer(&proxy, "eu-west-1").unwrap().len(), 20);
}

#[test]
fn an_answer_that_is_late_comes_all_the_same() {
    let proxy = Proxy::before(server(), 1);
    proxy.fault(Fault::Latency(SHORT * 4, SHORT * 5));
    let mut stream = request(&proxy, "eu-west-1");
    stream
        .set_read_timeout(Some(SHORT / 3))
        .expect("a timeout can be set");
    stream.read(&mut [0]).expect_err("not yet");
    stream
        .set_read_timeout(Some(patience()))
        .expect("a timeout can be set");
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.ends_with("hello 5"), "{text}");
}

#[test]
fn a_slow_close_gives_the_whole_answer_first() {
    let proxy = Proxy::before(server(), 1);
    proxy.fault(Fault::SlowClose(patience() * 10));
    let mut stream = request(&proxy, "eu-west-1");
    let mut answer = [0; 45];
    stream.read_exact(&mut answer).expect("the answer is whole");
    assert!(answer.ends_with(b"hello 5"), "{}", answer.escape_ascii());
    stream
        .set_read_timeout(Some(SHORT))
        .expect("a timeout can be set");
    stream
        .read(&mut [0])
        .expect_err("and the connection stays open");
    drop(proxy);
    stream
        .set_read_timeout(Some(patience()))
        .expect("a timeout can be set");
    assert_eq!(
        stream.read(&mut [0]).ok(),
        Some(0),
        "until the proxy is gone"
    );
}
