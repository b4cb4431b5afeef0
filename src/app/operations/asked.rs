//! What is typed about an operation, in the footer's place: a number, a file, a version, a comment.
//!
//! What cannot be taken stays, with a sentence. None of it changes anything but a comment to a run that goes on.

use super::menu::{Errand, steer};
use crate::app::input::Input;
use crate::app::overlay::Overlay;
use crate::app::{App, Effect};
use crate::domain::operation::{
    Deployment, Gate, GroupWish, OnFailure, Operation, OperationId, Pace, Policy, Source,
    StackWish, Steered, UndoPolicy,
};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Untrusted};
use crate::engine::message::Onward;

/// A line being typed.
#[derive(Clone, Debug)]
pub struct Asked {
    pub question: Question,
    pub input: Input,
    /// Why it cannot be taken as it stands, as a sentence.
    pub complaint: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// How much of its traffic a group takes, and how much it takes now.
    Dial(GroupWish, f64),
    /// The weight of an endpoint, and what it is now.
    Weight(GroupWish, Untrusted, Option<u8>),
    /// The file of a template, for these stacks as they are.
    Template(Vec<StackWish>),
    /// The version that an alias is to point to.
    Version {
        function: Untrusted,
        alias: String,
        scope: Scope,
    },
    Approve(OperationId),
    Reject(OperationId),
    SkipBake(OperationId),
    /// What has to be typed to undo what a run has done.
    Reverse(OperationId, String),
}

impl Asked {
    /// Takes what was pasted, but for what somebody has to type himself.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.complaint = match self.question {
            Question::Reverse(..) => Some("A paste does not consent: type it.".to_owned()),
            Question::Dial(..)
            | Question::Weight(..)
            | Question::Template(_)
            | Question::Version { .. }
            | Question::Approve(_)
            | Question::Reject(_)
            | Question::SkipBake(_) => {
                self.input.paste(text);
                None
            }
        };
    }
}

impl Question {
    /// The word before the field.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dial(..) => "dial",
            Self::Weight(..) => "weight",
            Self::Template(_) => "template",
            Self::Version { .. } => "version",
            Self::Approve(_) => "approve",
            Self::Reject(_) => "reject",
            Self::SkipBake(_) => "skip bake",
            Self::Reverse(..) => "reverse",
        }
    }

    /// What is expected, sanitised.
    pub fn hint(&self) -> String {
        match self {
            Self::Dial(group, now) => {
                format!("percent for {}, {now} now", group.region.safe())
            }
            Self::Weight(_, endpoint, now) => {
                let name = endpoint.safe();
                let name = name.rsplit('/').nth(1).unwrap_or(&name);
                let now = now.map_or_else(|| "?".to_owned(), |now| now.to_string());
                format!("0 to 255 for {name}, {now} now")
            }
            Self::Template(stacks) => {
                let name = stacks.first().map(|stack| stack.name.safe());
                let name = name.unwrap_or_default();
                match stacks.len() {
                    1 => format!("a file, for {name} with the parameters it has"),
                    more => format!("a file, for {name} in {more} places"),
                }
            }
            Self::Version { function, .. } => format!("a number, for {}", function.safe()),
            Self::Approve(_) => "a comment, if you like".to_owned(),
            Self::Reject(_) | Self::SkipBake(_) => "why".to_owned(),
            Self::Reverse(_, wanted) => {
                format!("type `{}` to take back what is done", sanitise(wanted))
            }
        }
    }
}

impl App {
    pub(super) fn ask_about(&mut self, question: Question) -> Vec<Effect> {
        self.overlays.push(Overlay::Asked(Box::new(Asked {
            question,
            input: Input::default(),
            complaint: None,
        })));
        Vec::new()
    }

    /// Takes what was typed, or says why not.
    pub(in crate::app) fn take_answer(&mut self, mut asked: Box<Asked>) -> Vec<Effect> {
        let text = asked.input.text().trim().to_owned();
        let operation = match operation(&asked.question, &text) {
            Ok(Answer::Plan(operation)) => operation,
            Ok(Answer::Steer(id, steered)) => return vec![steer(id, steered)],
            Ok(Answer::Reverse(id, text)) => {
                return self.take_errand(Errand::TakeUp(id, Onward::Reverse, text));
            }
            Err(complaint) => {
                asked.complaint = Some(complaint);
                self.overlays.push(Overlay::Asked(asked));
                return Vec::new();
            }
        };
        self.plan_operation(operation)
    }
}

enum Answer {
    Plan(Operation),
    Steer(OperationId, Steered),
    Reverse(OperationId, String),
}

fn operation(question: &Question, text: &str) -> Result<Answer, String> {
    let number = || text.trim_end_matches('%').trim().parse::<f64>();
    let because = || match text {
        "" => Err("Say why: it is written down.".to_owned()),
        text => Ok(text.to_owned()),
    };
    Ok(match question {
        Question::Dial(group, _) => match number() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Answer::Plan(Operation::Dial {
                group: group.clone(),
                percent,
            }),
            Ok(_) | Err(_) => return Err("A dial is a number from 0 to 100.".to_owned()),
        },
        Question::Weight(group, endpoint, _) => match text.parse::<u8>() {
            Ok(weight) => Answer::Plan(Operation::Weigh {
                group: group.clone(),
                endpoint: endpoint.clone(),
                weight,
            }),
            Err(_) => return Err("A weight is a whole number from 0 to 255.".to_owned()),
        },
        Question::Template(_) if text.is_empty() => {
            return Err("Name the file of a template.".to_owned());
        }
        Question::Template(stacks) => {
            Answer::Plan(Operation::Deploy(Box::new(this_template(stacks, text))))
        }
        Question::Version {
            function,
            alias,
            scope,
        } => match text.parse::<u64>() {
            Ok(version) => Answer::Plan(Operation::RollBackAlias {
                function: function.clone(),
                alias: alias.clone(),
                scopes: vec![scope.clone()],
                version: Some(version.to_string()),
                pace: Pace::AtOnce,
            }),
            Err(_) => return Err("A version is a whole number.".to_owned()),
        },
        Question::Approve(id) => Answer::Steer(
            id.clone(),
            Steered::Approve {
                comment: text.to_owned(),
            },
        ),
        Question::Reject(id) => Answer::Steer(
            id.clone(),
            Steered::Reject {
                comment: because()?,
            },
        ),
        Question::SkipBake(id) => {
            Answer::Steer(id.clone(), Steered::SkipBake { reason: because()? })
        }
        Question::Reverse(id, wanted) if text == wanted => {
            Answer::Reverse(id.clone(), wanted.clone())
        }
        Question::Reverse(_, wanted) => {
            return Err(format!("It takes `{}`, to the letter.", sanitise(wanted)));
        }
    })
}

/// The same parameters, this template.
fn this_template(stacks: &[StackWish], path: &str) -> Deployment {
    let name = stacks.first().map(|stack| stack.name.exact());
    Deployment {
        stack: name.unwrap_or_default().to_owned(),
        account: None,
        source: Source::File(path.into()),
        parameters: Vec::new(),
        tags: Vec::new(),
        role: None,
        notifications: None,
        bucket: None,
        policy: Policy::default(),
        alarms: Vec::new(),
        waves: stacks
            .iter()
            .map(|stack| vec![stack.scope.clone()])
            .collect(),
        gates: Vec::<Gate>::new(),
        bake: 0,
        undo: UndoPolicy::default(),
        failing: OnFailure::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::scope;
    use crate::domain::AcceleratorArn;

    #[test]
    fn what_is_no_answer_is_refused_with_a_sentence() {
        let group = GroupWish {
            scope: scope("prod", "eu-west-1"),
            group: AcceleratorArn::new("arn"),
            region: "eu-west-1".into(),
        };
        let dial = Question::Dial(group.clone(), 100.0);
        let weight = Question::Weight(group, "lb".into(), Some(128));
        let id = OperationId::new("op");
        let reverse = Question::Reverse(id.clone(), "api eu-west-1 9012".into());
        for (question, text, is_taken) in [
            (&dial, "50", true),
            (&dial, "12.5 %", true),
            (&dial, "-1", false),
            (&dial, "101", false),
            (&dial, "NaN", false),
            (&dial, "half", false),
            (&weight, "255", true),
            (&weight, "256", false),
            (&Question::Approve(id.clone()), "", true),
            (&Question::Reject(id.clone()), "", false),
            (&Question::SkipBake(id.clone()), "looks well", true),
            (&reverse, "api eu-west-1 9012", true),
            (&reverse, "api", false),
            (&reverse, "", false),
        ] {
            let taken = operation(question, text);
            assert_eq!(taken.is_ok(), is_taken, "{question:?} {text}");
        }
    }
}
