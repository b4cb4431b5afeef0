//! Why one endpoint is as it is: Global Accelerator's verdict, the check that decides, the targets, the stack, the log.

use super::facts::{foreign, mark_of_health, past, percent};
use crate::app::accelerator::{Chain, Found, Home, Link, check_words, grouped, missing};
use crate::app::{App, Target, Window};
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Slot, Target as Answerer, TargetGroup, TargetHealth, Topic};
use crate::ui::Look;
use crate::ui::look::Signs;
use crate::ui::pen::Pen;
use crate::ui::pulse::{Pulse, reason};
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::status::Mark;
use crate::ui::table::{POINTER, select};
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Columns of what a link is.
const LABEL: u16 = 10;

/// ```text
/// ╭ checkout-edge · ALB in eu-west-1 · ✗ UNHEALTHY ─────────────────────────────────────────╮
/// │▸ verdict   ✗ UNHEALTHY for 2m 11s, 1 change seen; weight 128, 0 % of eu-west-1            │
/// │  decides   its own targets' checks; the group's HTTPS :443 /health does not apply to it   │
/// │  balancer  ✓ checkout-edge active                                                         │
/// │  targets   ✗ checkout-fn  0 of 1 healthy  lambda  HTTP /health every 35 s, 2 in a row     │
/// │    target  ✗ checkout-api  unhealthy  Health checks failed with these codes: [503] (…)    │
/// │  stack     → checkout-edge                                                                │
/// │  log       → /aws/lambda/checkout-api                                                     │
/// ╰───────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(in crate::ui) fn chain(sheet: &mut Sheet<'_>, area: Rect, chain: &Chain) {
    let app = sheet.app;
    let focus = if app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::Detail);
    let found = chain.found(app.store());
    title(sheet, area, (chain, found.as_ref()));
    if inner.is_empty() {
        return;
    }
    let Some(found) = found else {
        let muted = sheet.style(Role::Muted);
        let words = "The endpoint is not in the group that was read last: it was removed.";
        sheet.pen(inner, 0).skip(2).text(words, muted);
        return;
    };
    let (len, size) = (chain.links().len(), usize::from(inner.height));
    let first = chain.cursor().first(len, size);
    let look = sheet.look;
    let telling = Telling {
        app,
        look,
        chain,
        found,
    };
    let shown = chain.links().iter().enumerate().skip(first);
    for ((index, link), row) in shown.zip(0..inner.height) {
        let place = line(inner, row);
        let mut pen = sheet.pen(place, 0);
        pen.skip(POINTER);
        telling.link(&mut pen, link);
        if index == chain.cursor().index() {
            select(sheet, place);
        }
        sheet.spot(place, Target::DetailRow(index));
    }
    sheet.viewport.detail = Window { first, size };
    sheet.scrollbar(area, inner, (first, size, len));
}

fn title(sheet: &mut Sheet<'_>, area: Rect, (chain, found): (&Chain, Option<&Found<'_>>)) {
    let (title, muted, signs) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.signs(),
    );
    let endpoint = found.and_then(|found| found.endpoint);
    let name = endpoint.map_or_else(|| chain.endpoint.clone(), crate::domain::Endpoint::name);
    let place = endpoint
        .zip(found.and_then(|found| found.group))
        .map(|(it, group)| {
            let region = it.region().unwrap_or_else(|| group.region.exact());
            format!("{} in {}", it.kind.words(), sanitise(region))
        });
    let mark = endpoint.map(|it| (mark_of_health(&it.health, signs), it.health.word()));
    let mark = mark.map(|(mark, word)| (format!("{} {word} ", mark.sign), sheet.style(mark.role)));
    let mut pen = sheet.title(area);
    pen.text(" ", title).middle(&name.safe(), title);
    let place = place.unwrap_or_default();
    pen.text(&format!(" {dot} {place} {dot} ", dot = signs.dot), muted);
    if let Some((words, style)) = mark {
        pen.text(&words, style);
    }
}

/// What the links are told from.
struct Telling<'a> {
    app: &'a App,
    look: &'a Look,
    chain: &'a Chain,
    found: Found<'a>,
}

impl Telling<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    fn signs(&self) -> &'static Signs {
        self.look.signs()
    }

    fn link(&self, pen: &mut Pen<'_>, link: &Link) {
        let label = match link {
            Link::Verdict => "verdict",
            Link::Judge => "decides",
            Link::Attachment => "by",
            Link::Balancer => "balancer",
            Link::Targets(_) => "targets",
            Link::Target(..) => "  target",
            Link::Stack => "stack",
            Link::FunctionLog(_) => "log",
            Link::StackLog => "logs",
        };
        pen.take(LABEL).text(label, self.style(Role::Header));
        let store = self.app.store();
        match link {
            Link::Verdict => self.verdict(pen),
            Link::Judge => self.judge(pen),
            Link::Attachment => {
                if let Some(attachment) = self.chain.attachment(store) {
                    let words = format!("the attachment {}", attachment.name.safe());
                    pen.text(&words, self.style(Role::Text));
                }
            }
            Link::Balancer => self.balancer(pen),
            Link::Targets(group) => {
                if let Some(targets) = self.chain.targets(store, *group) {
                    self.targets(pen, targets);
                }
            }
            Link::Target(group, target) => {
                if let Some(target) = self.chain.target(store, *group, *target) {
                    self.target(pen, target);
                }
            }
            Link::Stack => self.stack(pen),
            Link::FunctionLog(name) => {
                let group = self.chain.log_of(store, name);
                self.leads(pen)
                    .middle(&group.safe(), self.style(Role::Text));
            }
            Link::StackLog => {
                if let Some(stack) = self.chain.stack(store) {
                    let words = format!("of every function of {}", sanitise(stack.name()));
                    self.leads(pen).text(&words, self.style(Role::Text));
                }
            }
        }
    }

    fn leads<'p, 'b>(&self, pen: &'p mut Pen<'b>) -> &'p mut Pen<'b> {
        pen.text(self.signs().becomes, self.style(Role::Key))
            .skip(1)
    }

    fn mark(&self, pen: &mut Pen<'_>, mark: Mark) {
        pen.text(mark.sign, self.style(mark.role)).skip(1);
    }

    fn verdict(&self, pen: &mut Pen<'_>) {
        let (Some(group), Some(endpoint)) = (self.found.group, self.found.endpoint) else {
            return;
        };
        let account = &self.chain.account;
        let mark = mark_of_health(&endpoint.health, self.signs());
        self.mark(pen, mark);
        pen.text(&endpoint.health.word(), self.style(mark.role))
            .skip(1);
        let (ordinary, muted) = (self.style(Role::Text), self.style(Role::Muted));
        let pulse = super::age::of_accelerator(self.app, account, self.found.accelerator);
        if let Some(words) = super::age::words(pulse, self.look) {
            pen.text(
                &format!("{} {words}; ", self.signs().alarm),
                self.style(Role::Stale),
            );
        }
        if let Some(past) = past(self.app, account, group, endpoint) {
            pen.text(&past.words(self.app.now()), ordinary);
        }
        if let Some(weight) = endpoint.weight {
            let share = group.share(endpoint).map_or_else(
                || "nobody can tell its share".to_owned(),
                |share| format!("{} of {}", percent(share), group.region.safe()),
            );
            pen.text(&format!("; weight {weight}, {share}"), muted);
        }
    }

    /// Whose check it is that decides: balancers are judged by their own, whatever the group says.
    fn judge(&self, pen: &mut Pen<'_>) {
        let (Some(group), Some(endpoint)) = (self.found.group, self.found.endpoint) else {
            return;
        };
        let ordinary = self.style(Role::Text);
        let check = group.check.as_ref().map(check_words);
        match (endpoint.kind.is_balancer(), check) {
            (true, Some(check)) => {
                pen.text("the checks of its own targets", ordinary);
                let words = format!("; the group's does not apply to it: {check}");
                pen.text(&words, self.style(Role::Muted));
            }
            (true, None) => _ = pen.text("the checks of its own targets", ordinary),
            (false, Some(check)) => _ = pen.text(&format!("the group's check: {check}"), ordinary),
            (false, None) => _ = pen.text("nothing checks it", self.style(Role::Muted)),
        }
    }

    fn balancer(&self, pen: &mut Pen<'_>) {
        let app = self.app;
        let (Some(group), Some(endpoint)) = (self.found.group, self.found.endpoint) else {
            return;
        };
        let account = &self.chain.account;
        let (muted, ordinary) = (self.style(Role::Muted), self.style(Role::Text));
        let home = Home::of((app.fleet(), app.store()), account, (group, endpoint));
        match &home {
            Home::Here(_) => {}
            Home::Elsewhere(digits) => {
                let words = format!(
                    "in another account {}: health without reasons",
                    grouped(digits)
                );
                pen.text(&words, self.style(Role::Warn));
                return;
            }
            Home::Untold => {
                pen.text("asking which of the accounts it stands in", muted);
                return;
            }
            Home::Nowhere => {
                pen.text(
                    "in a region that is not known: health without reasons",
                    self.style(Role::Warn),
                );
                return;
            }
        }
        let slot = self.chain.balancer_slot(app.store());
        let known = slot.and_then(Slot::value);
        let failing = slot.and_then(Slot::failing);
        match (known, failing) {
            (None, None) => _ = pen.text("asking Elastic Load Balancing", muted),
            (None, Some(failing)) if failing.problem.kind == Kind::Denied => {
                let missing = missing(&failing.problem);
                let words = format!("no reasons: {missing} is not allowed");
                pen.text(&words, self.style(Role::Warn));
            }
            (None, Some(failing)) => {
                let why = reason(failing, self.look, app.now(), pen.room());
                pen.text(&why, self.style(Role::Error));
            }
            (Some(None), _) => {
                self.mark(
                    pen,
                    Mark {
                        sign: self.signs().failed,
                        role: Role::Error,
                    },
                );
                pen.text("does not exist any more", self.style(Role::Error));
            }
            (Some(Some(balancer)), _) => {
                let is_active = balancer.state.exact() == "active";
                let mark = if is_active {
                    Mark {
                        sign: self.signs().ok,
                        role: Role::Ok,
                    }
                } else {
                    Mark {
                        sign: self.signs().partial,
                        role: Role::Warn,
                    }
                };
                self.mark(pen, mark);
                pen.text(&balancer.name.safe(), ordinary).skip(1);
                pen.text(&balancer.state.safe(), self.style(mark.role));
                let pulse = Pulse::of(
                    slot,
                    app.now(),
                    crate::app::accelerator::wishes::FOCUSED.into(),
                );
                if !pulse.is_live() {
                    let why = pulse.why(self.look, app.now(), 30);
                    let age = pulse.age_words(self.look);
                    pen.text(&format!("  {why} {age}"), self.style(Role::Stale));
                }
                if let Some(reason) = &balancer.reason {
                    pen.skip(2).text(&reason.safe(), muted);
                }
                if let Some(foreign) = foreign(app, account, endpoint) {
                    pen.skip(2).text(&foreign, muted);
                }
                if balancer.groups.is_empty() {
                    pen.skip(2)
                        .text("it has no target group", self.style(Role::Warn));
                }
            }
        }
    }

    fn targets(&self, pen: &mut Pen<'_>, targets: &TargetGroup) {
        let (healthy, all) = targets.counts();
        let signs = self.signs();
        let mark = match (healthy, all) {
            (_, 0) => Mark {
                sign: signs.stopped,
                role: Role::Warn,
            },
            (0, _) => Mark {
                sign: signs.failed,
                role: Role::Error,
            },
            _ if healthy < all => Mark {
                sign: signs.partial,
                role: Role::Warn,
            },
            _ => Mark {
                sign: signs.ok,
                role: Role::Ok,
            },
        };
        self.mark(pen, mark);
        pen.text(&targets.name.safe(), self.style(Role::Text))
            .skip(2);
        let counts = if all == 0 {
            "no target".to_owned()
        } else {
            format!("{healthy} of {all} healthy")
        };
        pen.text(&counts, self.style(mark.role)).skip(2);
        pen.text(&targets.kind.safe(), self.style(Role::Muted))
            .skip(2);
        let matcher = targets.matcher.as_ref();
        let matcher = matcher.map_or_else(String::new, |it| format!(", wants {}", it.safe()));
        let check = format!("{}{matcher}", check_words(&targets.check));
        pen.text(&check, self.style(Role::Muted));
    }

    fn target(&self, pen: &mut Pen<'_>, target: &Answerer) {
        let signs = self.signs();
        let mark = match &target.health {
            TargetHealth::Unhealthy | TargetHealth::Unavailable => Mark {
                sign: signs.failed,
                role: Role::Error,
            },
            TargetHealth::Draining | TargetHealth::Initial => Mark {
                sign: signs.moving,
                role: Role::Moving,
            },
            TargetHealth::Unused => Mark {
                sign: signs.stopped,
                role: Role::Muted,
            },
            TargetHealth::Other(_) => Mark {
                sign: signs.unknown,
                role: Role::Unknown,
            },
            TargetHealth::Healthy => Mark {
                sign: signs.ok,
                role: Role::Ok,
            },
        };
        self.mark(pen, mark);
        let id = target.id.safe();
        // Of an ARN the end tells what it is.
        let name = id.split_once(":function:").map_or(&*id, |(_, name)| name);
        let port = target
            .port
            .map_or_else(String::new, |port| format!(":{port}"));
        let name = format!("{name}{port}");
        let room = (pen.room() / 3).max(12).min(text::width(&name));
        pen.take(room).middle(&name, self.style(Role::Text));
        pen.skip(1)
            .text(&target.health.word(), self.style(mark.role))
            .skip(2);
        let parts = [&target.reason, &target.description].into_iter().flatten();
        for (part, role) in parts.zip([mark.role, Role::Text]) {
            pen.text(&part.safe(), self.style(role)).skip(2);
        }
    }

    fn stack(&self, pen: &mut Pen<'_>) {
        let store = self.app.store();
        let muted = self.style(Role::Muted);
        if let Some(stack) = self.chain.stack(store) {
            let scope = self.chain.known_home();
            let place = scope.map_or_else(String::new, |scope| format!("  {scope}"));
            self.leads(pen)
                .text(&sanitise(stack.name()), self.style(Role::Text))
                .text(&sanitise(&place), muted);
            return;
        }
        let topic: Topic = self.chain.owner_topic();
        let slot = self
            .chain
            .known_home()
            .and_then(|home| store.owner(home, &topic));
        match slot.map(|slot| (slot.value(), slot.failing())) {
            Some((None, Some(failing))) => {
                let why = reason(failing, self.look, self.app.now(), pen.room());
                pen.text(&why, self.style(Role::Warn));
            }
            Some((Some(_), _)) => _ = pen.text("no stack made it", muted),
            Some((None, None)) | None => _ = pen.text("asking CloudFormation", muted),
        }
    }
}
