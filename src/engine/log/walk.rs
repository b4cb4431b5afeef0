//! A walk: from one page of a window to the next, through empty ones, to its end.
//!
//! It goes on behind a broken connection with the token it has, begins anew where it stood when the token is refused,
//! and goes around what cannot be read.

use super::News;
use super::line::{Answer, Trouble};
use super::tailer::Tailer;
use crate::aws::EventsQuestion;
use crate::domain::log::Millis;
use crate::domain::{Hole, Problem};
use tokio::time::Instant;

/// Questions with which a broken place is narrowed down.
const NARROWINGS: u32 = 32;
/// How far from a broken place another question is asked, for comparison; each time farther.
const ELSEWHERE: Millis = 1_009;
/// What happened this long before the last poll may not have been readable then.
const JUST_NOW: Millis = 1_000;
/// What a span is multiplied with that does not reach the broken place.
const GALLOP: Millis = 4_096;
/// How far in the future events may be, and a little more: CloudWatch takes two hours.
const AHEAD: Millis = 7_800_000;

/// What a walk has done.
pub(super) struct Walk {
    /// What was readable then has been read.
    pub(super) began: Millis,
    pub(super) at: Instant,
    /// Up to here; [`Millis::MAX`] if it came to the end of its window.
    pub(super) reach: Millis,
    pub(super) pages: u32,
}

/// Where a walk stands.
struct Place {
    /// Everything before this has been read.
    at: Millis,
    /// The stretch that is being read, which does not change as long as there is a token.
    stretch: Option<(Millis, Option<Millis>)>,
    token: Option<String>,
    /// The newest event so far.
    highest: Millis,
}

impl Tailer {
    /// Reads from `from` to the last millisecond `until`, and at most about so many pages.
    pub(super) async fn walk(
        &mut self,
        from: Millis,
        until: Option<Millis>,
        at_most: u32,
    ) -> Result<Walk, Problem> {
        let mut walk = Walk {
            began: self.line.now(),
            at: Instant::now(),
            reach: Millis::MAX,
            pages: 0,
        };
        let mut place = Place::new(from);
        // A detour reads before the first page does: then it is the detour with which the walk began.
        let mut has_detoured = false;
        self.seen.begin();
        while let Some((start, end)) = place.stretch.or_else(|| self.ruins.clear(place.at, until)) {
            place.stretch = Some((start, end));
            self.make_room().await;
            let question = self.question(start, end, place.token.clone());
            let mut answer = match self.line.page(&question).await {
                Ok(answer) => answer,
                Err(Trouble::Final(problem)) => return Err(problem),
                Err(trouble) => {
                    if let Trouble::Garbled(problem) = trouble {
                        has_detoured = true;
                        place.at = self.detour(place.at.max(start), end, problem).await?;
                    }
                    place.begin_anew();
                    self.seen.begin();
                    continue;
                }
            };
            if walk.pages == 0 && !has_detoured {
                (walk.began, walk.at) = (answer.asked, answer.at);
            }
            walk.pages += 1;
            let newest = answer.page.events.iter().map(|event| event.time).max();
            self.sift(&mut answer.page, place.highest, walk.began);
            place.highest = place.highest.max(newest.unwrap_or(start));
            place.at = if self.is_ordered {
                place.highest
            } else {
                start
            };
            let is_whole = answer.page.next.is_none() && end == until;
            let reached = match until {
                Some(until) if is_whole => until + 1,
                None if is_whole => walk.began,
                Some(_) => place.highest,
                // Some events are of the future.
                None => place.highest.min(walk.began),
            };
            let next = answer.page.next.clone();
            self.tell(answer.page, reached).await;
            if is_whole {
                break;
            }
            match (next, end) {
                (Some(token), _) => place.token = Some(token),
                // A stretch before something broken.
                (None, end) => {
                    place.at = end.map_or(place.highest, |end| end + 1);
                    place.begin_anew();
                }
            }
            if walk.pages >= at_most && self.is_ordered && place.at > from {
                walk.reach = place.at;
                break;
            }
        }
        Ok(walk)
    }

    /// Looks for what cannot be read behind `at`, tells it, and says where to go on.
    async fn detour(
        &mut self,
        at: Millis,
        until: Option<Millis>,
        problem: Problem,
    ) -> Result<Millis, Problem> {
        // Is it this place, or does nothing make sense at present? A portal that wants a login answers everything. What
        // the last poll could read is most likely whole; where there was none, any other place is asked for.
        let limit = until.unwrap_or_else(|| self.line.now() + AHEAD).max(at);
        let known = self.line.state.reached.unwrap_or(at) - JUST_NOW;
        let elsewhere = at - 1 - Millis::from(self.line.failures()) * ELSEWHERE;
        let is_known = (at..limit).contains(&known) && self.line.failures() == 0;
        let (probe, end) = if is_known {
            (at, known)
        } else {
            let elsewhere = self.ruins.before(elsewhere);
            (elsewhere, elsewhere)
        };
        let mut first = at;
        match self.try_page(probe, end).await? {
            Err(problem) => {
                self.line.bear_garbled(problem).await?;
                return Ok(at);
            }
            Ok(None) if is_known => first = end + 1,
            Ok(_) => {}
        }
        let mut stride = 1;
        // The last millisecond of a span that begins with `first` and is known to be broken.
        let mut broken = None;
        for _ in 0..NARROWINGS {
            let last = match broken {
                Some(last) if first >= last => break,
                Some(last) => first + (last - first) / 2,
                None if first > limit => break,
                None => (first + stride - 1).min(limit),
            };
            match self.try_page(first, last).await? {
                Err(_) => broken = Some(last),
                Ok(Some(highest)) => first = highest.max(first),
                Ok(None) => {
                    first = last + 1;
                    if broken.is_none() {
                        stride *= GALLOP;
                    }
                }
            }
        }
        if let Some(last) = broken.filter(|last| first <= *last) {
            self.ruins.add(first, last);
            let hole = Hole {
                from: first,
                until: last,
                events: None,
                why: problem.what,
            };
            self.line.tell(News::Hole(self.line.index, hole)).await;
            first = last + 1;
        }
        Ok(first)
    }

    /// Reads the first page of a span and tells it; where there are more, says how far it came.
    async fn try_page(
        &mut self,
        first: Millis,
        last: Millis,
    ) -> Result<Result<Option<Millis>, Problem>, Problem> {
        self.make_room().await;
        self.seen.begin();
        let question = self.question(first, Some(last), None);
        match self.line.page(&question).await {
            Ok(Answer { mut page, .. }) => {
                let highest = page.events.iter().map(|event| event.time).max();
                let more = page.next.is_some().then(|| highest.unwrap_or(first));
                self.sift(&mut page, first, Millis::MIN);
                self.tell(page, highest.unwrap_or(first)).await;
                Ok(Ok(more))
            }
            Err(Trouble::Garbled(problem)) => Ok(Err(problem)),
            Err(Trouble::Final(problem)) => Err(problem),
            // There is no token to be refused.
            Err(Trouble::Stale) => Ok(Ok(Some(first))),
        }
    }

    fn question(
        &self,
        from: Millis,
        until: Option<Millis>,
        token: Option<String>,
    ) -> EventsQuestion {
        EventsQuestion {
            group: self.line.source.group.clone(),
            from,
            until,
            pattern: self.pattern.clone(),
            limit: self.limit,
            token,
        }
    }
}

impl Place {
    fn new(from: Millis) -> Self {
        Self {
            at: from,
            stretch: None,
            token: None,
            highest: from,
        }
    }

    /// The next question is asked without a token.
    fn begin_anew(&mut self) {
        self.stretch = None;
        self.token = None;
        self.highest = self.at;
    }
}
