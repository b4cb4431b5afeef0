//! `quarterdeck sandbox`: the sandbox as a program of its own.

use std::io::{self, Write};

use super::clock::Clock;
use super::scenario::Scenario;
use super::{Options, Sandbox};

/// Serves until `until` is done, after telling `out` where and how to get there.
pub async fn serve(
    scenario: Scenario,
    port: u16,
    out: &mut dyn Write,
    until: impl Future<Output = ()>,
) -> io::Result<()> {
    let access_key = scenario
        .plan()
        .account
        .first()
        .map_or_else(String::new, |account| account.access_key.clone());
    let region = scenario
        .plan()
        .account
        .first()
        .and_then(|account| account.regions.first().cloned())
        .unwrap_or_else(|| "us-east-1".to_owned());
    let sandbox = Sandbox::start(Options {
        scenario,
        clock: Clock::real(),
        port,
    })
    .await
    .map_err(|error| cannot_listen(port, &error))?;
    introduce(&sandbox, (&access_key, &region), out).map_err(|error| {
        let sentence = format!("Standard output cannot be written: {error}.");
        io::Error::new(error.kind(), sentence)
    })?;
    until.await;
    sandbox.stop().await;
    Ok(())
}

fn cannot_listen(port: u16, error: &io::Error) -> io::Error {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => "Another program listens there: give",
        _ => "Give",
    };
    let sentence = format!(
        "The sandbox cannot listen on 127.0.0.1:{port}: {error}. {hint} another `--port`, or `--port 0` for any that is free."
    );
    io::Error::new(error.kind(), sentence)
}

/// Tells a shell where the sandbox is and how to get there.
fn introduce(
    sandbox: &Sandbox,
    (access_key, region): (&str, &str),
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "# A small AWS is listening on {}. Ctrl-C ends it.",
        sandbox.endpoint()
    )?;
    writeln!(out, "export AWS_ENDPOINT_URL={}", sandbox.endpoint())?;
    writeln!(out, "export AWS_ACCESS_KEY_ID={access_key}")?;
    writeln!(out, "export AWS_SECRET_ACCESS_KEY=sandbox")?;
    writeln!(out, "export AWS_REGION={region}")?;
    writeln!(out, "export AWS_DEFAULT_REGION={region}")?;
    writeln!(out, "export AWS_EC2_METADATA_DISABLED=true")?;
    out.flush()
}
