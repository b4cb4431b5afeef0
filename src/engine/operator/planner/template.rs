//! Where a template comes from: a file, or a command that prints one; and how it gets to CloudFormation.

use super::desk::refusal;
use crate::aws::{Cloud, Warrant};
use crate::domain::operation::{Body, Source};
use crate::domain::untrusted::sanitise;
use crate::domain::{Problem, Region, Scope, Untrusted};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// What CloudFormation takes inline, in bytes.
const INLINE_AT_MOST: usize = 51_200;

/// What it takes at all.
const BYTES_AT_MOST: usize = 1 << 20;

/// How long a command may take to print a template.
const PRINTED_WITHIN: Duration = Duration::from_secs(120);

/// How much of what a command complains of is told.
const COMPLAINT_AT_MOST: usize = 2_000;

/// For whom a template is made.
pub(super) struct For<'a> {
    pub(super) scope: &'a Scope,
    pub(super) region: &'a Region,
    pub(super) digits: &'a Untrusted,
    pub(super) stack: &'a str,
}

/// The text of a template; none where the stack's own is meant.
pub(super) async fn text(source: &Source, place: &For<'_>) -> Result<Option<String>, Problem> {
    let (bytes, whence) = match source {
        Source::Same => return Ok(None),
        Source::File(path) => {
            let shown = sanitise(&path.display().to_string()).into_owned();
            (file(path, &shown).await?, shown)
        }
        Source::Command(line) => {
            let shown = format!("`{}`", sanitise(&line.join(" ")));
            (printed(line, &shown, place).await?, shown)
        }
    };
    let to = format!("{} in {}", sanitise(place.stack), place.scope);
    if bytes.len() > BYTES_AT_MOST {
        return Err(refusal(format!(
            "The template for {to} from {whence} is larger than 1 MB, which CloudFormation takes at most."
        )));
    }
    // Whoever asked for a template and got bytes hears of it, and not of the place where they broke off.
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(refusal(format!(
            "The template for {to} from {whence} is not text in UTF-8."
        )));
    };
    if text.trim().is_empty() {
        return Err(refusal(format!(
            "The template for {to} from {whence} is empty."
        )));
    }
    Ok(Some(text))
}

async fn file(path: &Path, shown: &str) -> Result<Vec<u8>, Problem> {
    let path = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        use std::io::Read;
        let mut bytes = Vec::new();
        // One more than is allowed, so that more is seen to be more.
        let most = u64::try_from(BYTES_AT_MOST).unwrap_or(u64::MAX) + 1;
        std::fs::File::open(path)?
            .take(most)
            .read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    });
    match reading.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(refusal(format!(
            "The template {shown} cannot be read: {error}."
        ))),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_cancelled) => Err(refusal(format!("The template {shown} was not read."))),
    }
}

/// Runs a command of the operator's for one region. It gets no credentials of ours.
async fn printed(line: &[String], shown: &str, place: &For<'_>) -> Result<Vec<u8>, Problem> {
    let to = format!("{} in {}", sanitise(place.stack), place.scope);
    let Some((program, arguments)) = line.split_first() else {
        return Err(refusal(format!(
            "The command that prints the template for {to} is empty."
        )));
    };
    let region = place.region.as_str();
    let child = Command::new(program)
        .args(arguments)
        .env("AWS_REGION", region)
        .env("AWS_DEFAULT_REGION", region)
        .env("REGION", region)
        .env("ENV", place.scope.account.as_str())
        .env("ACCOUNT", place.digits.exact())
        .env("STACK", place.stack)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let cannot = |error: std::io::Error| {
        refusal(format!(
            "{shown}, which prints the template for {to}, cannot be run: {error}."
        ))
    };
    let mut child = child.map_err(cannot)?;
    let most = u64::try_from(BYTES_AT_MOST).unwrap_or(u64::MAX) + 1;
    let (out, complaint) = (child.stdout.take(), child.stderr.take());
    let ended = async {
        let (mut bytes, mut complaints) = (Vec::new(), Vec::new());
        let reading = async {
            if let Some(out) = out {
                out.take(most).read_to_end(&mut bytes).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        let listening = async {
            if let Some(complaint) = complaint {
                complaint.take(most).read_to_end(&mut complaints).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        tokio::try_join!(reading, listening)?;
        Ok::<_, std::io::Error>((child.wait().await?, bytes, complaints))
    };
    // Dropped, and killed with it, when its time is over.
    let Ok(ended) = tokio::time::timeout(PRINTED_WITHIN, ended).await else {
        let seconds = PRINTED_WITHIN.as_secs();
        return Err(refusal(format!(
            "{shown} had not printed the template for {to} after {seconds} s."
        )));
    };
    let (status, bytes, complaints) = ended.map_err(cannot)?;
    if bytes.len() > BYTES_AT_MOST {
        // It was not listened to any more, and how it took that is not what is wrong.
        return Ok(bytes);
    }
    let complaints = String::from_utf8_lossy(&complaints);
    let complaints = complaints.trim();
    if !status.success() {
        let told = tail(complaints);
        return Err(refusal(format!(
            "{shown}, which prints the template for {to}, ended with {status}: {}",
            sanitise(told)
        )));
    }
    if !complaints.is_empty() {
        // What it said may hold secrets, which reach no file.
        tracing::warn!(command = %shown, "a command that prints a template complained");
    }
    Ok(bytes)
}

/// The end of a text, which is where commands say what went wrong.
fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(COMPLAINT_AT_MOST);
    text.get(text.ceil_char_boundary(from)..).unwrap_or(text)
}

/// A template as it is sent: inline, or through the bucket where it is too large for that.
pub(super) async fn body(
    cloud: &Cloud,
    warrant: &Warrant,
    (scope, stack): (&Scope, &str),
    bucket: Option<&str>,
    text: String,
) -> Result<Body, Problem> {
    if text.len() <= INLINE_AT_MOST {
        return Ok(Body::Text(text));
    }
    let Some(bucket) = bucket else {
        return Err(refusal(format!(
            "The template for {} in {scope} has {} bytes; CloudFormation takes {INLINE_AT_MOST} inline, and no bucket is named for more.",
            sanitise(stack),
            text.len()
        ))
        .hint("Name one with `bucket` under `[[deploy]]` in fleet.toml."));
    };
    // Named by what is in it, so that what was reviewed is what is deployed, whoever uploads meanwhile.
    let key = format!(
        "quarterdeck/{}.template",
        crate::engine::journal::fingerprint(text.as_bytes(), 32)
    );
    cloud
        .upload(warrant, scope, (bucket, &key), &text)
        .await
        .map(Body::Url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountName;

    async fn read(source: Source) -> Result<Option<String>, Problem> {
        let region = Region::new("eu-west-1");
        let scope = Scope::regional(&AccountName::new("prod"), &region);
        let place = For {
            scope: &scope,
            region: &region,
            digits: &"123456789012".into(),
            stack: "checkout",
        };
        text(&source, &place).await
    }

    fn shell(script: &str) -> Source {
        Source::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    #[tokio::test]
    async fn a_command_prints_a_template_for_its_region() {
        let printed = read(shell(
            "echo $AWS_REGION $REGION $ENV $ACCOUNT $STACK; echo note >&2",
        ));
        assert_eq!(
            printed.await.unwrap().unwrap(),
            "eu-west-1 eu-west-1 prod 123456789012 checkout\n"
        );
    }

    #[tokio::test]
    async fn what_goes_wrong_with_a_template_is_told_with_where_and_why() {
        for (source, part) in [
            (shell("echo no such thing >&2; exit 3"), "no such thing"),
            (shell("true"), "is empty"),
            (shell("head -c 2000000 /dev/zero"), "larger than 1 MB"),
            (shell("printf '\\377'"), "not text"),
            (
                Source::Command(vec!["there-is-no-such-program".into()]),
                "cannot be run",
            ),
            (Source::Command(Vec::new()), "is empty"),
            (Source::File("/there/is/none".into()), "cannot be read"),
        ] {
            let problem = read(source).await.unwrap_err();
            assert!(problem.what.contains(part), "{problem}");
            assert!(
                problem.what.contains("checkout in prod/eu-west-1") || part == "cannot be read",
                "{problem}"
            );
        }
    }

    #[tokio::test]
    async fn the_template_of_the_stack_is_no_text() {
        assert_eq!(read(Source::Same).await.unwrap(), None);
    }
}
