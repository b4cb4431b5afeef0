//! Tells whoever the fleet file names what happens to operations. Their failure never touches an operation: it is told
//! to the log.

use super::{errand, story};
use crate::aws::{Cloud, Outside};
use crate::domain::operation::{Outcome, Plan, Run};
use crate::domain::untrusted::sanitise;
use crate::domain::{Hook, Occasion, Told, json};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// What a hook has time for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the house waits, when it is left, for what is being told.
const FAREWELL: Duration = Duration::from_secs(12);

/// Whoever is told.
#[derive(Clone)]
pub(super) struct Hooks {
    all: Arc<[Hook]>,
    cloud: Option<Arc<Cloud>>,
    /// One after the other, so that nobody hears of an end before its beginning.
    line: Arc<tokio::sync::Mutex<()>>,
    telling: TaskTracker,
}

impl Hooks {
    pub(super) fn new(hooks: &[Hook], cloud: Arc<Cloud>) -> Self {
        Self {
            all: hooks.into(),
            cloud: Some(cloud),
            line: Arc::default(),
            telling: TaskTracker::new(),
        }
    }

    /// Nobody is told.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self {
            all: Arc::new([]),
            cloud: None,
            line: Arc::default(),
            telling: TaskTracker::new(),
        }
    }

    pub(super) fn plan(&self, plan: &Plan) {
        let sentence = format!("{} is planned by {}.", title(plan), sanitise(&plan.by));
        self.tell(Occasion::Plan, &story::of_plan(plan), &sentence);
    }

    pub(super) fn start(&self, run: &Run) {
        let sentence = format!(
            "{} was begun by {}.",
            title(&run.plan),
            sanitise(&run.plan.by)
        );
        self.tell(Occasion::Start, &story::at(run, "start"), &sentence);
    }

    pub(super) fn wave(&self, run: &Run, wave: usize) {
        let waves = run.plan.waves.len();
        let sentence = format!("{}: wave {} of {waves} begins.", title(&run.plan), wave + 1);
        self.tell(Occasion::Wave, &story::at(run, "wave"), &sentence);
    }

    /// The end; and the failure before it, where it is one.
    pub(super) fn end(&self, run: &Run, outcome: &Outcome) {
        let title = title(&run.plan);
        let sentence = match outcome {
            Outcome::Succeeded => format!("{title} has succeeded."),
            Outcome::Unchanged => format!("{title}: there was nothing to change."),
            Outcome::Failed(why) => format!("{title} has failed: {why}"),
            Outcome::Cancelled => format!("{title} was cancelled."),
            Outcome::Rejected(why) => format!("{title} was rejected: {}", sanitise(why)),
            Outcome::Abandoned => format!("{title} was abandoned."),
        };
        if matches!(outcome, Outcome::Failed(_)) {
            self.tell(Occasion::Failure, &story::at(run, "failure"), &sentence);
        }
        self.tell(Occasion::End, &story::at(run, "end"), &sentence);
    }

    /// Waits for what is being told.
    pub(super) async fn close(&self) {
        self.telling.close();
        let _ = tokio::time::timeout(FAREWELL, self.telling.wait()).await;
    }

    fn tell(&self, occasion: Occasion, story: &str, sentence: &str) {
        let wants = |hook: &&Hook| hook.at.is_empty() || hook.at.contains(&occasion);
        for hook in self.all.iter().filter(wants) {
            let (told, cloud, line) = (
                hook.told.clone(),
                self.cloud.clone(),
                Arc::clone(&self.line),
            );
            let (story, sentence) = (story.to_owned(), sentence.to_owned());
            self.telling.spawn(async move {
                let _turn = line.lock().await;
                if let Err(why) = tell(told, cloud, story, sentence).await {
                    tracing::warn!(?occasion, why, "a hook was not told");
                }
            });
        }
    }
}

async fn tell(
    told: Told,
    cloud: Option<Arc<Cloud>>,
    story: String,
    sentence: String,
) -> Result<(), String> {
    match (told, cloud) {
        (Told::Command(line), _) => errand::run(&line, story, PATIENCE).await,
        (Told::Webhook(url), Some(cloud)) => {
            let body = json::text(&json!({ "text": sentence }));
            match cloud.outside(&url, Outside::Post(body), PATIENCE).await {
                Ok(200..=299) => Ok(()),
                Ok(status) => Err(format!("the webhook answers {status}")),
                // Its address is a secret to whoever may read the log.
                Err(problem) => Err(problem.brief().to_owned()),
            }
        }
        (Told::Webhook(_), None) => Ok(()),
    }
}

/// `Deploy checkout-api (20261128t221530z-deploy-7f3a)`.
fn title(plan: &Plan) -> String {
    format!(
        "{} {} ({})",
        plan.verb.imperative(),
        plan.target.safe(),
        plan.id
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::{Consent, OperationId, UndoPolicy, Verb};
    use crate::domain::{Fleet, Timestamp};

    #[tokio::test]
    async fn whoever_asked_for_an_occasion_reads_the_operation_as_json() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("told");
        let line = ["sh", "-c", &format!("cat >> {}", file.display())].map(str::to_owned);
        let hook = |at: &[Occasion], line: &[String]| Hook {
            at: at.to_vec(),
            told: Told::Command(line.to_vec()),
        };
        let broken = ["/no/such".to_owned()];
        let cloud = Cloud::new(&Fleet::default(), crate::aws::Link::default());
        let hooks = [
            hook(&[Occasion::End, Occasion::Failure], &line),
            hook(&[], &broken),
        ];
        let hooks = Hooks::new(&hooks, Arc::new(cloud));
        let plan = Plan {
            id: OperationId::new("20261128t221530z-deploy-7f3a"),
            verb: Verb::Deploy,
            target: "checkout\u{1b}".into(),
            made: Timestamp::default(),
            by: "ann".to_owned(),
            waves: Vec::new(),
            consent: Consent::Key,
            undo: UndoPolicy::Failed,
        };
        hooks.plan(&plan);
        let run = Run::of(plan, Timestamp::default());
        hooks.start(&run);
        hooks.end(&run, &Outcome::Failed("It rained.".to_owned()));
        hooks.close().await;
        let text = std::fs::read_to_string(file).unwrap();
        assert!(!text.contains('\u{1b}'));
        let told: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let occasions: Vec<_> = told.iter().map(|it| it["at"].as_str().unwrap()).collect();
        assert_eq!(occasions, ["failure", "end"]);
        assert_eq!(told[0]["operation"], "20261128t221530z-deploy-7f3a");
    }
}
