//! Consent: what was said on the command line, or what is typed at a terminal.

use super::arguments::{Agreement, Terms};
use super::output;
use crate::cli::Exit;
use crate::domain::operation::Consent;
use crate::domain::untrusted::sanitise;
use std::io::{self, IsTerminal, Write};

/// The text that goes with the order to run, empty where a key is enough; or how it ends, which has been said.
pub(in crate::cli) async fn agreed(wanted: &Consent, terms: &Terms) -> Result<String, Exit> {
    match given(wanted, &terms.agreement) {
        Given::Agreed(text) => Ok(text),
        Given::Wrong(sentence) => {
            output::say(&sentence);
            Err(Exit::Refused)
        }
        Given::Nothing => typed(wanted).await,
    }
}

/// What the command line comes to.
#[derive(Debug, PartialEq, Eq)]
enum Given {
    Agreed(String),
    Wrong(String),
    Nothing,
}

fn given(wanted: &Consent, agreement: &Agreement) -> Given {
    match (wanted, agreement) {
        (_, Agreement::None) => Given::Nothing,
        (Consent::Key, Agreement::Yes | Agreement::Text(_)) => Given::Agreed(String::new()),
        (Consent::Typed(wanted), Agreement::Text(text)) if text == wanted => {
            Given::Agreed(text.clone())
        }
        (Consent::Typed(wanted), Agreement::Text(_)) => Given::Wrong(format!(
            "That is not what this plan asks for, so nothing was done. Agree with `--agree '{}'`.",
            sanitise(wanted)
        )),
        (Consent::Typed(wanted), Agreement::Yes) => Given::Wrong(format!(
            "`--yes` is not enough for this plan, so nothing was done. Agree with `--agree '{}'`.",
            sanitise(wanted)
        )),
    }
}

async fn typed(wanted: &Consent) -> Result<String, Exit> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        output::say(&match wanted {
            Consent::Key => {
                "Nobody agreed to this plan, so nothing was done. Agree with `--yes`.".to_owned()
            }
            Consent::Typed(text) => format!(
                "Nobody agreed to this plan, so nothing was done. Agree with `--agree '{}'`.",
                sanitise(text)
            ),
        });
        return Err(Exit::Refused);
    }
    prompt(&match wanted {
        Consent::Key => "Do it? Type `y`: ".to_owned(),
        Consent::Typed(text) => format!("To do it, type `{}`: ", sanitise(text)),
    });
    let answer = tokio::select! {
        _ = tokio::signal::ctrl_c() => {
            output::say("\nNothing was done.");
            return Err(Exit::Interrupted);
        }
        answer = line() => answer,
    };
    let is_agreed = match wanted {
        Consent::Key => matches!(answer.as_str(), "y" | "Y" | "yes"),
        Consent::Typed(text) => answer == *text,
    };
    if is_agreed {
        return Ok(match wanted {
            Consent::Key => String::new(),
            Consent::Typed(text) => text.clone(),
        });
    }
    output::say("Nothing was done.");
    Err(Exit::Refused)
}

/// Asks a question whose answer stands on the same line.
pub(super) fn prompt(question: &str) {
    let mut out = io::stderr().lock();
    // Nobody can be told that stderr is closed.
    let _ = write!(out, "{question}").and_then(|()| out.flush());
}

/// One line of the terminal, without what ends it; empty when there is none.
pub(super) async fn line() -> String {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        // What cannot be read agrees to nothing.
        let _ = io::stdin().read_line(&mut line);
        line.trim_end_matches(['\r', '\n']).to_owned()
    });
    read.await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_is_enough_for_a_key_and_for_nothing_else() {
        let typed = || Consent::Typed("api eu-west-1 1234".into());
        let text = |text: &str| Agreement::Text(text.into());
        for (wanted, agreement, agreed) in [
            (Consent::Key, Agreement::Yes, Some("")),
            (Consent::Key, text("anything"), Some("")),
            (
                typed(),
                text("api eu-west-1 1234"),
                Some("api eu-west-1 1234"),
            ),
            (typed(), text("api eu-west-1"), None),
            (typed(), text(""), None),
            (typed(), Agreement::Yes, None),
        ] {
            let given = given(&wanted, &agreement);
            match agreed {
                Some(text) => assert_eq!(given, Given::Agreed(text.into())),
                None => assert!(matches!(given, Given::Wrong(_)), "{agreement:?}"),
            }
        }
        assert_eq!(given(&Consent::Key, &Agreement::None), Given::Nothing);
    }
}
