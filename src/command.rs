//! The verbs: one table of everything an operator can do.
//!
//! A command is declared once, here. The keymap names it, the footer and the palette show its title, `?` its help,
//! the command line its verb, the README its row. Adding one means a line below and a handler; the compiler lists
//! the places that match on [`Command`].

use std::fmt;
use std::str::FromStr;

/// Where a command makes sense; also the name of a section in a keymap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere on the screen.
    Global,
    /// Wherever rows are chosen from: every view, the detail, pickers.
    List,
    /// The Fleet view.
    Fleet,
    /// The Stacks view.
    Stacks,
    /// The detail of one stack.
    Detail,
    /// The Lambda view.
    Lambda,
    /// The detail of one function.
    Function,
    /// The Logs view.
    Logs,
    /// The Accelerator view.
    Accelerator,
    /// The Alarms view.
    Alarms,
    /// The Operations view, and one operation.
    Operations,
    /// A picker or the palette: a text field above a list.
    Picker,
    /// Only a verb of the command line.
    Shell,
}

/// Everything that is known of a command beside its handler.
#[derive(Debug)]
pub struct Spec {
    pub command: Command,
    /// What keymap files and the palette call it.
    pub name: &'static str,
    pub context: Context,
    /// Two or three words for the footer.
    pub title: &'static str,
    /// A sentence for help, palette and README.
    pub help: &'static str,
    /// The verb of the command line that does the same.
    pub cli: Option<&'static str>,
}

macro_rules! commands {
    ($($variant:ident ($name:literal, $context:ident, $title:literal, $help:literal $(, cli: $cli:literal)?);)+) => {
        /// A verb.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command { $($variant),+ }

        /// Every verb, in the order of help.
        pub const COMMANDS: &[Spec] = &[$(Spec {
            command: Command::$variant,
            name: $name,
            context: Context::$context,
            title: $title,
            help: $help,
            cli: { const CLI: &[&str] = &[$($cli)?]; CLI.first().copied() },
        }),+];
    };
}

commands! {
    Palette       ("palette",        Global, "commands",   "Find and run any command by name.");
    Help          ("help",           Global, "help",       "Show every key that works here.");
    Scope         ("scope",          Global, "scope",      "Choose the accounts and regions to look at.");
    Filter        ("filter",         Global, "filter",     "Keep the rows that match: text, `~regex`, `!` for the opposite.");
    ViewFleet     ("fleet",          Global, "fleet",      "Every region of every account on one page.");
    ViewStacks    ("stacks",         Global, "stacks",     "Every stack of every region.", cli: "stacks");
    ViewLambda    ("lambda",         Global, "lambda",     "Every Lambda function of every region, and how it runs.", cli: "functions");
    ViewLogs      ("logs",           Global, "logs",       "Many log groups of many regions as one stream.");
    ViewAccelerator ("accelerator",  Global, "accelerator", "Every accelerator, and the health of its endpoints in every region.", cli: "accelerators");
    ViewAlarms    ("alarms",         Global, "alarms",     "Every CloudWatch alarm of every region, those in alarm first.", cli: "alarms");
    ViewOperations ("operations",    Global, "operations", "Every operation that goes on, or was done from this machine.", cli: "ops");
    NextView      ("next-view",      Global, "next view",  "Go to the next view.");
    PreviousView  ("previous-view",  Global, "last view",  "Go to the previous view.");
    Refresh       ("refresh",        Global, "refresh",    "Ask AWS again now, as fast as it allows.");
    Problems      ("problems",       Global, "problems",   "List everything that fails now, and what to do about it.");
    CopyName      ("copy-name",      Global, "copy name",  "Copy the name of what is selected.");
    CopyArn       ("copy-arn",       Global, "copy ARN",   "Copy the ARN of what is selected.");
    ConsoleLink   ("console-link",   Global, "console",    "Copy the AWS console's address of what is selected.");
    NextTheme     ("next-theme",     Global, "theme",      "Change to the next theme.");
    Redraw        ("redraw",         Global, "redraw",     "Draw the whole screen anew.");
    Arm           ("arm",            Global, "arm/disarm", "Let requests that change something leave for ten minutes, or hold them back again.");
    Deploy        ("deploy",         Global, "deploy",     "Deploy the selected stack, after showing what would change.", cli: "deploy");
    Rollback      ("rollback",       Global, "roll back",  "Roll the selected stack or function back, the way its state asks for.", cli: "rollback");
    Suspend       ("suspend",        Global, "suspend",    "Leave for the shell; `fg` comes back.");
    Back          ("back",           Global, "back",       "Close what is open, clear the filter, go back.");
    Quit          ("quit",           Global, "quit",       "Leave Quarterdeck.");

    Up            ("up",             List, "up",           "Select the row above.");
    Down          ("down",           List, "down",         "Select the row below.");
    Left          ("left",           List, "left",         "Select the column to the left.");
    Right         ("right",          List, "right",        "Select the column to the right.");
    PageUp        ("page-up",        List, "page up",      "Go one page up.");
    PageDown      ("page-down",      List, "page down",    "Go one page down.");
    Top           ("top",            List, "top",          "Go to the first row.");
    Bottom        ("bottom",         List, "bottom",       "Go to the last row.");
    Open          ("open",           List, "open",         "Open what is selected.");
    Sort          ("sort",           List, "sort",         "Sort by the next column.");
    Reverse       ("reverse",        List, "reverse",      "Turn the order around.");

    Layout        ("layout",         Stacks, "matrix/list", "Change between the matrix of regions and the flat list.");
    Nested        ("nested",         Stacks, "nested",     "Show or hide nested stacks.");
    NextTrouble   ("next-trouble",   Stacks, "next trouble", "Select the next stack that needs attention.");

    Stop          ("stop",           Stacks, "stop",       "Stop what runs in the selected stack, and remember how it was.", cli: "stop");
    Start         ("start",          Stacks, "start",      "Start what was stopped in the selected stack, as it was.", cli: "start");
    StackLogs     ("stack-logs",     Stacks, "logs",       "Follow the logs of the selected stack, in every region where it stands.");

    NextTab       ("next-tab",       Detail, "next tab",   "Show the next page of the detail.");
    PreviousTab   ("previous-tab",   Detail, "last tab",   "Show the previous page of the detail.");
    Events        ("events",         Detail, "events",     "The stack's events and their root cause.", cli: "events");
    Resources     ("resources",      Detail, "resources",  "The stack's resources.");
    Outputs       ("outputs",        Detail, "outputs",    "The stack's outputs and exports.");
    Parameters    ("parameters",     Detail, "parameters", "The stack's parameters and tags.");
    Template      ("template",       Detail, "template",   "The stack's template.");
    ChangeSets    ("change-sets",    Detail, "change sets", "Change sets that wait, and what they would do.");
    Drift         ("drift",          Detail, "drift",      "Where the resources differ from the template.");
    Zoom          ("zoom",           Detail, "zoom",       "Give the detail the whole screen, or give it back.");

    Totals        ("totals",         Lambda, "totals",     "Show all functions of the account as one, or the selected function.");
    Ping          ("ping",           Lambda, "ping",       "Invoke the function with a ping, after showing what will be sent.");
    Invoke        ("invoke",         Lambda, "invoke",     "Invoke the function with a payload, after showing what will be sent.");

    Charts        ("charts",         Function, "charts",   "The function's metrics over time, in every region.", cli: "metrics");
    Configuration ("configuration",  Function, "configuration", "The function's configuration, and where regions differ.");
    Versions      ("versions",       Function, "versions", "The function's versions and aliases.");
    EventSources  ("event-sources",  Function, "sources",  "What calls the function by itself, and how that goes.");
    LastErrors    ("last-errors",    Function, "errors",   "The function's last errors, from its logs.");
    Window        ("window",         Function, "window",   "Show the next longer window: 1 h, 3 h, 24 h, 7 d.");

    WhatIf        ("what-if",        Accelerator, "what if", "Work out where the traffic of the selected region would go without it. Changes nothing.");
    Findings      ("findings",       Accelerator, "findings", "What does not fit together between accelerators, balancers, parameters and stacks.");

    Dial          ("dial",           Accelerator, "dial",  "Set how much of its traffic the selected region takes.", cli: "dial");
    Weigh         ("weigh",          Accelerator, "weight", "Set the weight of the selected endpoint.");
    Drain         ("drain",          Accelerator, "drain", "Dial the selected region down to nothing, and wait until nothing comes any more.", cli: "drain");
    Restore       ("restore",        Accelerator, "restore", "Set the region's dial back to what it was before it was drained.", cli: "restore");

    Approve       ("approve",        Operations, "approve", "Let the next wave begin, with a comment.");
    Reject        ("reject",         Operations, "reject", "End the operation before its next wave, with a reason.");
    CancelRun     ("cancel-run",     Operations, "cancel", "Begin nothing new, and cancel updates of stacks that can be.");
    SkipBake      ("skip-bake",      Operations, "skip bake", "End the waiting between two waves, with a reason.");
    ContinueRun   ("continue-run",   Operations, "continue", "Go on with an operation that nobody runs any more, from where AWS stands.");
    ReverseRun    ("reverse-run",    Operations, "reverse", "Undo what an operation that nobody runs any more has done.");
    AbandonRun    ("abandon-run",    Operations, "abandon", "Leave an operation that nobody runs any more as it is.");

    Map           ("map",            Fleet, "map",         "Give the map of the world the screen, or give it back.");

    InAlarm       ("in-alarm",       Alarms, "all/in alarm", "Show every alarm, or those that are not in order.");

    LogGroups     ("log-groups",     Logs, "groups",       "Choose the log groups to follow, over all regions.");
    Follow        ("follow",         Logs, "pause/follow", "Hold the screen still, or follow new lines again.");
    Search        ("search",         Logs, "search",       "Find text or a `~regex` in every line that is held.");
    NextHit       ("next-hit",       Logs, "next hit",     "Select the next line that was found.");
    PreviousHit   ("previous-hit",   Logs, "last hit",     "Select the previous line that was found.");
    Wrap          ("wrap",           Logs, "wrap",         "Break long lines, or cut them.");
    TimeFormat    ("time-format",    Logs, "time",         "Show times in UTC, with their date, as ages, or in this machine's zone.");
    Mark          ("mark",           Logs, "mark",         "Mark the selected line, or take the mark away.");
    NextMark      ("next-mark",      Logs, "next mark",    "Select the next marked line.");
    Patterns      ("patterns",       Logs, "patterns",     "Fold lines that say the same into one, with their count.");
    GoToTime      ("go-to-time",     Logs, "go to time",   "Go to a moment, or so far back: `15m`, `14:30`; reads it anew if it is not held.");
    Sources       ("sources",        Logs, "sources",      "How every region and group stands: last event, last poll, what holds it up.");
    LiveTail      ("live-tail",      Logs, "live tail",    "Have AWS send new lines at once, for a price; again to go back to polling.");
    Insights      ("insights",       Logs, "insights",     "Ask CloudWatch Logs Insights over the chosen groups of every region.");
    Export        ("export",         Logs, "export",       "Write the lines that are shown to a file.");
    CopyLine      ("copy-line",      Logs, "copy line",    "Copy the selected line.");

    Toggle        ("toggle",         Picker, "toggle",     "Choose or drop the row.");
    ToggleAll     ("toggle-all",     Picker, "all/none",   "Choose every row, or none.");
    Accept        ("accept",         Picker, "accept",     "Take the choice.");
    Cancel        ("cancel",         Picker, "cancel",     "Close without changing anything.");

    Tail          ("tail",           Shell, "tail",        "Print log events of many groups as one stream, by time.", cli: "logs");
    Health        ("health",         Shell, "health",      "Tell the health of every endpoint, a line each; ends with 1 when one is unhealthy.", cli: "health");
    Sandbox       ("sandbox",        Shell, "sandbox",     "Serve a small AWS on this machine, for any AWS client.", cli: "sandbox");
    Completions   ("completions",    Shell, "completions", "Print the completions for a shell.", cli: "completions");
    Manual        ("man",            Shell, "manual",      "Print the man page.", cli: "man");
}

impl Command {
    pub fn spec(self) -> &'static Spec {
        COMMANDS
            .iter()
            .find(|spec| spec.command == self)
            .expect("the macro makes one spec for every variant")
    }

    pub fn name(self) -> &'static str {
        self.spec().name
    }
}

impl Context {
    pub const ALL: [Self; 13] = [
        Self::Global,
        Self::List,
        Self::Fleet,
        Self::Stacks,
        Self::Detail,
        Self::Lambda,
        Self::Function,
        Self::Logs,
        Self::Accelerator,
        Self::Alarms,
        Self::Operations,
        Self::Picker,
        Self::Shell,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::Fleet => "fleet",
            Self::Stacks => "stacks",
            Self::Detail => "detail",
            Self::Lambda => "lambda",
            Self::Function => "function",
            Self::Logs => "logs",
            Self::Accelerator => "accelerator",
            Self::Alarms => "alarms",
            Self::Operations => "operations",
            Self::Picker => "picker",
            Self::Shell => "shell",
        }
    }
}

/// A name that no command has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCommand {
    pub name: String,
    /// The nearest name that exists.
    pub nearest: &'static str,
}

impl fmt::Display for UnknownCommand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "There is no command `{}`; did you mean `{}`?",
            self.name, self.nearest
        )
    }
}

impl std::error::Error for UnknownCommand {}

impl FromStr for Command {
    type Err = UnknownCommand;

    fn from_str(name: &str) -> Result<Self, UnknownCommand> {
        let named = COMMANDS.iter().find(|spec| spec.name == name);
        named
            .map(|spec| spec.command)
            .ok_or_else(|| UnknownCommand {
                name: name.to_owned(),
                nearest: nearest(name, COMMANDS.iter().map(|spec| spec.name)).unwrap_or("help"),
            })
    }
}

impl fmt::Display for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// The candidate that is spelled most like `wrong`, for every "did you mean" of the house.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let alike =
        |candidate: &str| strsim::jaro_winkler(&wrong.to_lowercase(), &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (alike(candidate), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back_to_their_command() {
        for spec in COMMANDS {
            assert_eq!(spec.name.parse(), Ok(spec.command));
            assert!(
                spec.help.ends_with('.'),
                "{}: help is a sentence",
                spec.name
            );
        }
    }

    #[test]
    fn a_misspelled_name_brings_the_nearest() {
        for (wrong, nearest) in [
            ("pallete", "palette"),
            ("stack", "stacks"),
            ("refesh", "refresh"),
            ("console", "console-link"),
        ] {
            assert_eq!(wrong.parse::<Command>().unwrap_err().nearest, nearest);
        }
    }
}
