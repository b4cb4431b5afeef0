//! The words of `--tail` and `logs`: the same options behind two names.

use crate::engine::log::{LIVE_DOLLARS_PER_MINUTE, Manner};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, value_parser};

/// What was asked for, as it was written. What can be wrong with it is said when it is used, in our words.
#[derive(Clone, Debug)]
pub struct Logs {
    /// Names, globs, `lambda:NAME`, `stack:NAME`.
    pub groups: Vec<String>,
    pub following: Following,
    pub since: Option<String>,
    pub until: Option<String>,
    /// Span after which following ends.
    pub lasting: Option<String>,
    /// In CloudWatch's pattern language.
    pub filter: Option<String>,
    pub grep: Vec<String>,
    pub exclude: Vec<String>,
    pub level: Option<String>,
    pub fail_on: Option<String>,
    /// How many events are enough.
    pub first: Option<u64>,
    pub form: Form,
    pub template: Option<String>,
    pub zone: Zone,
    pub rawness: Rawness,
    pub manner: Manner,
}

/// Whether to go on with what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    No,
    Yes,
}

/// How an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    #[default]
    Text,
    Json,
    Template,
}

/// Which time of day texts show. JSON is always in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Local,
    Utc,
}

/// Whether messages are made harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rawness {
    Harmless,
    /// Byte for byte, but not to a terminal.
    Raw,
    /// Byte for byte, whoever reads it.
    Forced,
}

/// The names of the flag and of the verb's positional argument.
const TAIL: &str = "tail";
const GROUPS: &str = "groups";

const SELECTORS: &str = "Log groups: names, globs, lambda:NAME for a function's, stack:NAME for all that a stack's resources write to";

/// Adds `--tail` and its options to the program's own.
pub(in crate::cli) fn flag(line: Command) -> Command {
    let tail = Arg::new(TAIL)
        .long(TAIL)
        .value_name("GROUP")
        .num_args(1..)
        .action(ArgAction::Append)
        .help(format!(
            "Follow logs as one stream, by time, over accounts and regions. {SELECTORS}"
        ));
    line.arg(tail.help_heading(HEADING)).args(
        options()
            .into_iter()
            .map(|option| option.requires(TAIL).help_heading(HEADING)),
    )
}

const HEADING: &str = "Logs";

/// Adds what `logs` takes.
pub(in crate::cli) fn verb(command: Command) -> Command {
    command
        .arg(
            Arg::new(GROUPS)
                .value_name("GROUP")
                .required(true)
                .num_args(1..)
                .help(SELECTORS),
        )
        .arg(
            Arg::new("follow")
                .short('f')
                .long("follow")
                .visible_alias(TAIL)
                .action(ArgAction::SetTrue)
                .help("Go on until interrupted: Ctrl-C ends it with exit code 0"),
        )
        .args(options())
}

fn options() -> Vec<Arg> {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let list = |name, value, help| option(name, value, help).action(ArgAction::Append);
    vec![
        option("since", "WHEN", "From here: 90s, 15m, 2h, 3d, 5w ago, or a UTC date and time; by default 5m when following and 1d when not").visible_alias("start"),
        option("until", "WHEN", "Up to here, in the same words. When following, only `now` is meant: read what is there, and end").visible_alias("end"),
        option("for", "SPAN", "Follow for so long, then end"),
        option("filter", "PATTERN", "CloudWatch's own filter pattern; the service applies it"),
        list("grep", "REGEX", "Keep the events that match one of these"),
        list("exclude", "REGEX", "Leave out the events that match one of these"),
        option("level", "LEVEL", "Keep the events of this level and above, as far as they name one"),
        option("fail-on", "REGEX", "End with exit code 1 at the first event that matches, after printing it"),
        option("first", "N", "End after so many events").value_parser(value_parser!(u64).range(1..)),
        Arg::new("format").short('o').long("format").visible_alias("output").value_name("FORMAT")
            .value_parser(value_parser!(Form)).default_value("text")
            .help("Lines for reading, one JSON object per line, or a template"),
        option("template", "TEMPLATE", "For --format template: {{time}} {{account}} {{region}} {{group}} {{stream}} {{level}} {{message}} {{id}} {{ingested}} {{late}} {{json.field}}"),
        Arg::new("utc").long("utc").action(ArgAction::SetTrue).help("Show times in UTC, not in local time"),
        Arg::new("raw").long("raw").value_name("WHERE").num_args(0..=1).require_equals(true)
            .default_missing_value("pipe").value_parser(PossibleValuesParser::new(["pipe", "force"]))
            .help("Messages byte for byte, each ended like a line, with whatever they do to a terminal: only into a pipe, or --raw=force"),
        Arg::new("live").long("live").action(ArgAction::SetTrue)
            .help(format!("By Live Tail: sooner, at ${LIVE_DOLLARS_PER_MINUTE} for a minute of each session, and sampled above 500 events a second")),
    ]
}

/// What `--tail` was given, if it was.
pub(in crate::cli) fn by_flag(matches: &ArgMatches) -> Option<Logs> {
    let groups = texts(matches, TAIL);
    (!groups.is_empty()).then(|| read(matches, groups, Following::Yes))
}

/// What `logs` was given.
pub(in crate::cli) fn by_verb(matches: &ArgMatches) -> Logs {
    let following = if matches.get_flag("follow") {
        Following::Yes
    } else {
        Following::No
    };
    read(matches, texts(matches, GROUPS), following)
}

fn read(matches: &ArgMatches, groups: Vec<String>, following: Following) -> Logs {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    Logs {
        groups,
        following,
        since: text("since"),
        until: text("until"),
        lasting: text("for"),
        filter: text("filter"),
        grep: texts(matches, "grep"),
        exclude: texts(matches, "exclude"),
        level: text("level"),
        fail_on: text("fail-on"),
        first: matches.get_one("first").copied(),
        form: matches.get_one("format").copied().unwrap_or_default(),
        template: text("template"),
        zone: if matches.get_flag("utc") {
            Zone::Utc
        } else {
            Zone::Local
        },
        rawness: match text("raw").as_deref() {
            None => Rawness::Harmless,
            Some("force") => Rawness::Forced,
            Some(_) => Rawness::Raw,
        },
        manner: if matches.get_flag("live") {
            Manner::Live
        } else {
            Manner::Polling
        },
    }
}

fn texts(matches: &ArgMatches, name: &str) -> Vec<String> {
    let values = matches.get_many::<String>(name);
    values.into_iter().flatten().cloned().collect()
}
