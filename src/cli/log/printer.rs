//! An event to a line of text, of JSON, or of a template.
//!
//! Lines are made in one buffer, and what all lines of a source share is made once. A quarter of a million lines a
//! second leave no room for more.

use super::arguments::{Form, Logs, Rawness, Zone};
use super::stamp::Stamp;
use super::template::{Template, harmless};
use crate::cli::output::{Output, Styling};
use crate::domain::json;
use crate::domain::log::{Level, LogEvent, LogSource, Millis};
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Region, Scope};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;

/// The form of the lines.
#[derive(Debug)]
pub(super) struct Printer<'a> {
    form: Form,
    /// Whether messages go out byte for byte in texts.
    exact: Exact,
    template: Option<Template<'a>>,
    output: Output,
    /// In the order of their colours.
    regions: Vec<Region>,
    tags: Vec<Tag>,
    stamp: Stamp,
    /// Times of one kind are near each other, those of both are not.
    ingested: Stamp,
}

/// Columns for the names of groups; longer ones take what they need.
const WIDEST: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exact {
    No,
    Yes,
}

/// What all lines of a source share.
#[derive(Debug)]
struct Tag {
    source: LogSource,
    /// Made anew when a longer name comes.
    text: Vec<u8>,
    json: Vec<u8>,
}

impl<'a> Printer<'a> {
    /// What was asked for. The error is a sentence.
    pub(super) fn of(asked: &'a Logs, output: Output) -> Result<Self, String> {
        if asked.rawness == Rawness::Raw && output.is_terminal {
            return Err("`--raw` is refused on a terminal, which would obey what it is sent; `--raw=force` does it all the same.".into());
        }
        let template = match (asked.form, &asked.template) {
            (Form::Template, Some(source)) => Some(Template::parse(source)?),
            (Form::Template, None) => {
                return Err(
                    "`--format template` needs a `--template`, such as `{{time}} {{message}}`."
                        .into(),
                );
            }
            (Form::Text | Form::Json, Some(_)) => {
                return Err("`--template` is for `--format template`.".into());
            }
            (Form::Text | Form::Json, None) => None,
        };
        let exact = if asked.rawness == Rawness::Harmless {
            Exact::No
        } else {
            Exact::Yes
        };
        let zone = match asked.form {
            Form::Json => Zone::Utc,
            Form::Text | Form::Template => asked.zone,
        };
        Ok(Self {
            form: asked.form,
            exact,
            template,
            output,
            regions: Vec::new(),
            tags: Vec::new(),
            stamp: Stamp::new(zone),
            ingested: Stamp::new(zone),
        })
    }

    /// Takes note of the regions, each of which has its colour from now on.
    pub(super) fn colour(&mut self, regions: impl IntoIterator<Item = Region>) {
        for region in regions {
            if !self.regions.contains(&region) {
                self.regions.push(region);
            }
        }
    }

    /// Adds sources; they are numbered as they come.
    pub(super) fn add(&mut self, sources: &[LogSource]) {
        self.colour(
            sources
                .iter()
                .filter_map(|source| source.scope.region().cloned()),
        );
        self.tags.extend(sources.iter().map(|source| Tag {
            source: source.clone(),
            text: Vec::new(),
            json: json_tag(source),
        }));
        let accounts: BTreeSet<&AccountName> = self
            .tags
            .iter()
            .map(|tag| &tag.source.scope.account)
            .collect();
        let place = |scope: &Scope| match scope.region() {
            // Where all is of one account, its name says nothing.
            Some(region) if accounts.len() == 1 => sanitise(region.as_str()).into_owned(),
            _ => sanitise(&scope.to_string()).into_owned(),
        };
        let places: Vec<String> = self
            .tags
            .iter()
            .map(|tag| place(&tag.source.scope))
            .collect();
        let scope = places.iter().map(String::len).max().unwrap_or_default();
        let groups = self.tags.iter().map(|tag| tag.source.group.safe().len());
        let group = groups.max().unwrap_or_default().min(WIDEST);
        let (output, regions) = (self.output, &self.regions);
        for (tag, place) in self.tags.iter_mut().zip(&places) {
            let region = tag.source.scope.region();
            let colour = regions.iter().position(|other| Some(other) == region);
            let name = tag.source.group.safe();
            tag.text = text_tag((place, scope), (&name, group), output, colour);
        }
    }

    /// Adds the line of an event. The error is a sentence.
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        source: usize,
        event: LogEvent<'_>,
        late: Option<Millis>,
    ) -> Result<(), String> {
        match self.form {
            Form::Text => self.text(out, source, event, late),
            Form::Json => self.json(out, source, event, late),
            Form::Template => return self.template(out, source, event, late),
        }
        Ok(())
    }

    fn text(
        &mut self,
        out: &mut Vec<u8>,
        source: usize,
        event: LogEvent<'_>,
        late: Option<Millis>,
    ) {
        self.stamp.write(out, event.time);
        out.push(b' ');
        if let Some(tag) = self.tags.get(source) {
            out.extend_from_slice(&tag.text);
        }
        if let Some(late) = late {
            // A vector takes everything.
            let _ = write!(out, "({}.{:03} s late) ", late / 1_000, late % 1_000);
        }
        let message = one_line(event.exact(), self.exact);
        match self.exact {
            Exact::Yes => out.extend_from_slice(message.as_bytes()),
            Exact::No => out.extend_from_slice(sanitise(message).as_bytes()),
        }
        out.push(b'\n');
    }

    fn json(
        &mut self,
        out: &mut Vec<u8>,
        source: usize,
        event: LogEvent<'_>,
        late: Option<Millis>,
    ) {
        out.extend_from_slice(b"{\"time\":\"");
        self.stamp.write(out, event.time);
        if let Some(tag) = self.tags.get(source) {
            out.extend_from_slice(&tag.json);
        }
        out.extend_from_slice(b",\"stream\":");
        json::append(out, event.stream.exact());
        out.extend_from_slice(b",\"id\":");
        json::append(out, event.id);
        out.extend_from_slice(b",\"ingested\":\"");
        self.ingested.write(out, event.ingested);
        out.push(b'"');
        if let Some(level) = Level::sniff(event.exact()) {
            let _ = write!(out, ",\"level\":\"{level}\"");
        }
        if let Some(late) = late {
            let _ = write!(out, ",\"late_ms\":{late}");
        }
        out.extend_from_slice(b",\"message\":");
        json::append(out, event.exact());
        out.extend_from_slice(b"}\n");
    }

    fn template(
        &mut self,
        out: &mut Vec<u8>,
        source: usize,
        event: LogEvent<'_>,
        late: Option<Millis>,
    ) -> Result<(), String> {
        let (Some(template), Some(tag)) = (&self.template, self.tags.get(source)) else {
            return Ok(());
        };
        let mut time = |millis| {
            let mut text = Vec::new();
            self.stamp.write(&mut text, millis);
            String::from_utf8_lossy(&text).into_owned()
        };
        let fields = json!({
            "time": time(event.time),
            "ingested": time(event.ingested),
            "account": tag.source.scope.account.as_str(),
            "region": tag.source.scope.region().map(Region::as_str),
            "group": tag.source.group.exact(),
            "stream": event.stream.exact(),
            "id": event.id,
            "level": Level::sniff(event.exact()).map_or("", Level::name),
            "late": late,
            "message": one_line(event.exact(), self.exact),
            "json": if template.wants_json { serde_json::from_str(event.exact()).unwrap_or(Value::Null) } else { Value::Null },
        });
        let fields = match self.exact {
            Exact::Yes => fields,
            Exact::No => harmless(fields),
        };
        out.extend_from_slice(template.line(&fields)?.as_bytes());
        out.push(b'\n');
        Ok(())
    }
}

/// Most writers end a message as they would end a line. Our line has an end of its own, with which an exact message is
/// what it was.
fn one_line(message: &str, exact: Exact) -> &str {
    match (message.strip_suffix('\n'), exact) {
        (None, _) => message,
        (Some(line), Exact::Yes) => line,
        (Some(line), Exact::No) => line.strip_suffix('\r').unwrap_or(line),
    }
}

/// The names of a place and a group, each as wide as all of its column.
fn text_tag(
    (place, scope): (&str, usize),
    (name, group): (&str, usize),
    output: Output,
    colour: Option<usize>,
) -> Vec<u8> {
    let mut tag = Vec::new();
    let style = colour.map(|index| output.regions[index % output.regions.len()]);
    // A vector takes everything.
    let _ = match style {
        Some(style) if output.styling == Styling::Coloured => {
            write!(tag, "{style}{place:scope$}{style:#} ")
        }
        _ => write!(tag, "{place:scope$} "),
    };
    let _ = write!(tag, "{name:group$} ");
    tag
}

fn json_tag(source: &LogSource) -> Vec<u8> {
    let mut tag = b"\",\"account\":".to_vec();
    json::append(&mut tag, source.scope.account.as_str());
    if let Some(region) = source.scope.region() {
        tag.extend_from_slice(b",\"region\":");
        json::append(&mut tag, region.as_str());
    }
    tag.extend_from_slice(b",\"group\":");
    json::append(&mut tag, source.group.exact());
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Door, Verb, parse};
    use crate::domain::Untrusted;

    fn source(account: &str, region: &str) -> LogSource {
        LogSource {
            scope: Scope::regional(&AccountName::new(account), &Region::new(region)),
            group: Untrusted::from("/a"),
        }
    }

    #[test]
    fn the_account_is_named_once_there_are_several() {
        let door = parse(["quarterdeck", "logs", "g"]).unwrap().door;
        let Door::Verb(Verb::Logs(asked)) = door else {
            panic!("{door:?}");
        };
        let output = Output {
            styling: Styling::Plain,
            is_terminal: false,
            regions: [anstyle::Style::new(); 6],
        };
        let mut printer = Printer::of(&asked, output).unwrap();
        let tags = |printer: &Printer<'_>| -> Vec<String> {
            let texts = printer.tags.iter().map(|tag| tag.text.clone());
            texts.map(|text| String::from_utf8(text).unwrap()).collect()
        };
        printer.add(&[source("prod", "eu-west-1"), source("prod", "us-east-1")]);
        assert_eq!(tags(&printer), ["eu-west-1 /a ", "us-east-1 /a "]);
        printer.add(&[source("be", "us-east-1")]);
        assert_eq!(
            tags(&printer),
            [
                "prod/eu-west-1 /a ",
                "prod/us-east-1 /a ",
                "be/us-east-1   /a "
            ]
        );
    }

    #[test]
    fn only_the_end_of_a_line_is_taken_from_a_message() {
        for (message, exact, harmless) in [
            ("a", "a", "a"),
            ("a\n", "a", "a"),
            ("a\n\n", "a\n", "a\n"),
            ("a\r\n", "a\r", "a"),
            ("a\r", "a\r", "a\r"),
        ] {
            assert_eq!(one_line(message, Exact::Yes), exact, "{message:?}");
            assert_eq!(one_line(message, Exact::No), harmless, "{message:?}");
        }
    }
}
