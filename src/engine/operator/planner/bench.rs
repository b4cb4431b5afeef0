//! A stack on the bench: a change set is drafted for it, and the member made that would execute it.
//!
//! A deployment and a way back come here alike; they differ in where template and parameters are from.

use super::desk::{refusal, warns};
use super::template;
use crate::aws::{Draft, Drafted, Warrant};
use crate::domain::operation::planning::{Settings, settings, tags};
use crate::domain::operation::{
    AlarmName, Body, Given, Hazard, Member, OnFailure, Seen, Snapshot, TemplateNeeds,
};
use crate::domain::{Problem, Region, Scope, Stack, Timestamp, Untrusted};
use crate::engine::Shop;

/// A stack in one place that something is to be deployed to.
pub(super) struct Bench<'a> {
    pub(super) shop: &'a Shop,
    pub(super) now: Timestamp,
    pub(super) warrant: Warrant,
    pub(super) scope: &'a Scope,
    pub(super) region: &'a Region,
    pub(super) digits: Untrusted,
    pub(super) name: Untrusted,
    /// Where it exists, and does not only consist of a change set.
    pub(super) stack: Option<Stack>,
}

/// What is deployed, with every gap filled.
pub(super) struct Recipe {
    /// None: the template that the stack has.
    pub(super) text: Option<String>,
    pub(super) parameters: Vec<Given>,
    pub(super) tags: Vec<Given>,
    pub(super) role: Option<Untrusted>,
    pub(super) notifications: Option<Vec<Untrusted>>,
    /// ARNs.
    pub(super) alarms: Option<Vec<Untrusted>>,
    pub(super) bucket: Option<String>,
}

/// A change set, and what it was made of.
pub(super) struct Made {
    pub(super) drafted: Drafted,
    pub(super) settings: Settings,
    pub(super) needs: TemplateNeeds,
    pub(super) tags: Vec<(Untrusted, Untrusted)>,
    /// None: the template that the stack has.
    pub(super) body: Option<Body>,
}

/// A member with what was made for it, which is deleted where no plan comes of it.
pub(super) struct Piece {
    pub(super) member: Member,
    pub(super) drafted: Option<(Warrant, Drafted)>,
    /// What is watched while it bakes.
    pub(super) alarms: Vec<AlarmName>,
    pub(super) stake: super::desk::Stake,
}

impl Recipe {
    /// What brings a stack back to how it was.
    pub(super) fn of(snapshot: &Snapshot, bucket: Option<String>) -> Self {
        let given = |(key, value): (&Untrusted, &Untrusted)| Given {
            key: key.exact().to_owned(),
            value: value.exact().to_owned(),
            region: None,
        };
        let parameters = snapshot.parameters.iter();
        let tags = snapshot.tags.iter();
        Self {
            text: Some(snapshot.template.clone()),
            parameters: parameters
                .filter_map(|it| Some(given((&it.key, it.value.as_ref()?))))
                .collect(),
            tags: tags.map(|(key, value)| given((key, value))).collect(),
            role: snapshot.role.clone(),
            notifications: Some(snapshot.notifications.clone()),
            alarms: None,
            bucket,
        }
    }
}

impl Bench<'_> {
    /// `checkout-api in prod/eu-west-1`
    pub(super) fn place(&self) -> String {
        format!("{} in {}", self.name.safe(), self.scope)
    }

    /// Works out what the template wants, and has AWS work out what would change.
    pub(super) async fn draft(&self, recipe: Recipe, change_set: String) -> Result<Made, Problem> {
        let cloud = &self.shop.cloud;
        let body = match recipe.text {
            Some(text) => Some(self.body(text, recipe.bucket.as_deref()).await?),
            None => None,
        };
        let template = match (&body, &self.stack) {
            (Some(body), _) => Ok(body),
            (None, Some(stack)) => Err(&stack.id),
            (None, None) => {
                return Err(refusal(format!(
                    "There is no {}, so there is no template of it to deploy again.",
                    self.place()
                )));
            }
        };
        let needs = cloud.template_needs(self.scope, template).await?;
        let current = self.stack.as_ref();
        let parameters = current.map_or(&[][..], |stack| &stack.parameters);
        let settings = settings(
            &needs.parameters,
            parameters,
            &recipe.parameters,
            Some(self.region),
        );
        self.complete(&settings)?;
        let draft = Draft {
            name: self.name.clone(),
            stack: current.map(|stack| stack.id.clone()),
            change_set,
            template: body.clone(),
            parameters: settings.sent.clone(),
            tags: tags(&recipe.tags, &[], Some(self.region)),
            capabilities: needs.capabilities.clone(),
            role: recipe.role,
            notifications: recipe.notifications,
            alarms: recipe.alarms,
            description: "Made by Quarterdeck for a plan.".to_owned(),
        };
        let drafted = cloud.draft(&self.warrant, self.scope, &draft).await?;
        Ok(Made {
            drafted,
            settings,
            needs,
            tags: draft.tags,
            body,
        })
    }

    pub(super) async fn body(&self, text: String, bucket: Option<&str>) -> Result<Body, Problem> {
        let to = (self.scope, self.name.exact());
        template::body(&self.shop.cloud, &self.warrant, to, bucket, text).await
    }

    /// One error that names everything that is missing.
    fn complete(&self, settings: &Settings) -> Result<(), Problem> {
        if settings.missing.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = settings.missing.iter().map(Untrusted::safe).collect();
        let (keys, s) = (keys.join(", "), if keys.len() > 1 { "s" } else { "" });
        Err(refusal(format!(
            "The template for {} wants the parameter{s} {keys}, and there is no value from anywhere.",
            self.place()
        ))
        .hint("Give it under `parameters` of its `[[deploy]]` in fleet.toml."))
    }

    /// Takes a snapshot of the stack as it is, and keeps it: without one there is no way back.
    pub(super) async fn snapshot(&self) -> Result<Option<(String, Snapshot)>, Problem> {
        let Some(stack) = &self.stack else {
            return Ok(None);
        };
        let cloud = &self.shop.cloud;
        let snapshot = cloud.snapshot(self.scope, stack, self.now).await?;
        let name = self.shop.books.journals.keep(&snapshot).await?;
        Ok(Some((name, snapshot)))
    }

    /// How the stack stands now, to be compared before anything is done.
    pub(super) async fn seen(&self, drafted: &Drafted) -> Result<Seen, Problem> {
        let of = |stack: &Stack| Seen {
            status: stack.status.as_str().to_owned(),
            updated: stack.updated,
        };
        if let Some(stack) = &self.stack {
            return Ok(of(stack));
        }
        let made = self
            .shop
            .cloud
            .stack(self.scope, drafted.stack.exact())
            .await?;
        made.as_ref().map(of).ok_or_else(|| {
            refusal(format!(
                "{} was deleted while its change set was being made.",
                self.place()
            ))
        })
    }

    /// Deletes what was drafted. What cannot be deleted is told to the log: it changes nothing by itself.
    pub(super) async fn discard(&self, drafted: &Drafted) {
        discard(self.shop, &self.warrant, self.scope, drafted).await;
    }
}

/// As [`Bench::discard`].
pub(super) async fn discard(shop: &Shop, warrant: &Warrant, scope: &Scope, drafted: &Drafted) {
    if drafted.idle.is_some() {
        return;
    }
    if let Err(problem) = shop.cloud.undraft(warrant, scope, drafted).await {
        tracing::warn!(%problem, "a change set that nobody wants was not deleted");
    }
}

impl Piece {
    /// Deletes what was made for plans that come to nothing.
    pub(super) async fn discard_all(shop: &Shop, pieces: Vec<Self>) {
        for piece in pieces {
            if let Some((warrant, drafted)) = piece.drafted {
                discard(shop, &warrant, &piece.member.scope, &drafted).await;
            }
        }
    }
}

/// What is to be said of parameters that nobody can be shown.
pub(super) fn of_secrets(settings: &Settings) -> Vec<Hazard> {
    let mut hazards: Vec<Hazard> = settings
        .secret
        .iter()
        .map(|key| {
            warns(format!(
                "{} is secret and is set: rolling back cannot bring its old value back.",
                key.safe()
            ))
        })
        .collect();
    hazards.extend(settings.unknown.iter().map(|key| {
        warns(format!(
            "The template has no parameter {}, so what is given for it is not sent.",
            crate::domain::untrusted::sanitise(key)
        ))
    }));
    hazards
}

/// What is to be said of a failure that stays.
pub(super) fn of_failing(failing: OnFailure) -> Option<Hazard> {
    match failing {
        OnFailure::RollBack => None,
        OnFailure::Stay => Some(warns(
            "CloudFormation leaves a failure as it is: the stack has to be rolled back or deployed again then.",
        )),
    }
}
