//! Every option of the fleet file: one table that the reader, the example and the README all take.
//!
//! An option that is not here is unknown to the reader, so nothing can be accepted and not documented.

use std::fmt::Write as _;

/// One option.
#[derive(Debug)]
pub struct FileOption {
    pub section: Section,
    pub name: &'static str,
    /// A value as it is written in the file.
    pub example: &'static str,
    /// What holds without it, in words.
    pub default: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
}

/// Where in the file an option stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Above all sections.
    Top,
    Screen,
    Alarms,
    Lambda,
    Metrics,
    /// Repeated, once for each account.
    Account,
    /// Repeated, once for each thing that is deployed.
    Deploy,
    /// Repeated, once for each who is told.
    Hook,
}

macro_rules! options {
    ($($section:ident $name:literal = $example:literal, default $default:literal: $help:literal;)+) => {
        /// Every option, in the order of the file.
        pub const OPTIONS: &[FileOption] = &[$(FileOption {
            section: Section::$section,
            name: $name,
            example: $example,
            default: $default,
            help: $help,
        }),+];
    };
}

options! {
    Top "version" = r#"{ tag = "version" }"#, default "`\"template\"`, the template's fingerprint":
        "What tells one release of a stack from another: a tag, `{ parameter = … }`, `{ output = … }` or `\"template\"`.";
    Top "unstoppable" = r#"["vpc-*"]"#, default "none":
        "Stacks that are never stopped, as names and patterns.";

    Screen "theme" = r#""default""#, default "`default`, or `ansi16` on a terminal of sixteen colours":
        "The theme: one of ours, or of the directory `themes` beside this file.";
    Screen "keymap" = r#""default""#, default "`default`":
        "The keymap: `default`, `vim`, `arrows`, or one of the directory `keymaps` beside this file.";
    Screen "glyphs" = r#""unicode""#, default "`unicode`, or `ascii` where the locale is not UTF-8":
        "The signs that shapes and borders are drawn with: `unicode` or `ascii`.";
    Screen "mouse" = "true", default "`true`":
        "Whether the mouse selects, opens and scrolls; `false` leaves it to the terminal.";
    Screen "clipboard" = "true", default "`true`":
        "Whether copying may write to the terminal's clipboard (OSC 52).";

    Alarms "bell" = "false", default "`false`":
        "Whether the terminal's bell rings when an alarm goes into ALARM or out of it.";
    Alarms "notify" = "false", default "`false`":
        "Whether the terminal is asked for a desktop notification of that (OSC 9).";
    Alarms "command" = r#"["notify-send", "an alarm changed"]"#, default "none":
        "A command to run then: it reads a JSON object a line, one for each alarm, and has ten seconds.";

    Lambda "alias" = r#""ACTIVE""#, default "`ACTIVE`":
        "The alias that callers use, and whose version is the one in force.";
    Lambda "ping" = r#"'{"ramuda_action":"ping"}'"#, default "gcdt's ping":
        "The payload of a ping, as JSON.";

    Metrics "cap" = "0.50", default "`0.50`":
        "What an hour of CloudWatch metrics may cost, in US dollars; near it they are read less often, at it not at all.";

    Account "name" = r#""prod""#, default "the profile's name":
        "What the account is called on screen.";
    Account "profile" = r#""prod-sso""#, default "the environment's own credentials":
        "The profile of the AWS configuration files that signs in.";
    Account "role" = r#""arn:aws:iam::111122223333:role/ops""#, default "none":
        "A role to assume on top of that.";
    Account "external_id" = r#""…""#, default "none":
        "The external id that the role asks for.";
    Account "colour" = r#""red""#, default "the theme's":
        "The colour of the account's badge: a name or `#rrggbb`.";
    Account "guard" = r#""typed""#, default "`typed`":
        "How deliberate a change has to be: `none`, `confirm`, or `typed` for typing the target's name.";
    Account "read_only" = "true", default "until it is armed":
        "Whether requests that change something are held back: `true` for good, `false` never; without it, until somebody arms the account for ten minutes.";
    Account "regions" = r#"["eu-west-1", "us-*"]"#, default "the project's `cdk.json`, or `\"enabled\"`":
        "Names in the order of the columns, patterns, or `\"enabled\"` for all that the account has enabled.";
    Account "home" = r#""us-east-1""#, default "`us-east-1`, or its like in the partition":
        "Where account-wide calls are sent.";
    Account "access_key" = r#""…""#, default "none":
        "A key of the sandbox's world; refused everywhere else.";
    Deploy "name" = r#""checkout""#, default "the stack's name":
        "What it is asked for: `quarterdeck deploy checkout`.";
    Deploy "stack" = r#""checkout-api-{region}""#, default "the name":
        "The stack's name; `{region}` and `{account}` stand for where it is.";
    Deploy "template" = r#""templates/checkout.yaml""#, default "none":
        "The template, as a path beside this file.";
    Deploy "command" = r#"["make", "…"]"#, default "none":
        "Or a command that prints the template; it is told the region in `AWS_REGION`.";
    Deploy "cdk" = r#""…/cdk.out""#, default "none":
        "Or a CDK cloud assembly: a deployment for each of its stacks, called `name/stack`. Its assets have to be published already.";
    Deploy "accounts" = r#"["prod"]"#, default "every account":
        "Names and patterns of the accounts that it goes to.";
    Deploy "regions" = r#"["eu-west-1", "us-*"]"#, default "every region of the account":
        "Names and patterns of the regions that it goes to.";
    Deploy "parameters" = r#"{ Stage = "prod", Subnets = ["subnet-1", "subnet-2"] }"#, default "what the stack has, or the template's default":
        "The template's parameters; a list is joined by commas.";
    Deploy "tags" = r#"{ team = "web" }"#, default "what the stack has":
        "The stack's tags.";
    Deploy "region" = r#"{ "eu-*" = { parameters = { Stage = "eu" } } }"#, default "none":
        "Parameters and tags of single regions, by pattern, which go before the others; also as `[deploy.region.\"eu-*\".parameters]`.";
    Deploy "role" = r#""arn:aws:iam::111122223333:role/deploy""#, default "what the stack has":
        "The role that CloudFormation works with.";
    Deploy "notifications" = r#"["arn:aws:sns:eu-west-1:111122223333:deploys"]"#, default "what the stack has":
        "Topics that CloudFormation tells of it; `[]` takes them away.";
    Deploy "bucket" = r#""templates-{region}""#, default "none":
        "Where templates go that are larger than 51,200 bytes.";
    Deploy "policy" = r#"'{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'"#, default "what the stack has":
        "The stack policy, set after a stack was made: JSON, or a file beside this one.";
    Deploy "policy_during" = r#"'{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'"#, default "none":
        "A stack policy for the update alone, to get past the other one.";
    Deploy "alarms" = r#"["checkout-errors"]"#, default "what the stack has":
        "At most five alarms of the region: CloudFormation rolls back when one goes off, and they are watched while it bakes.";
    Deploy "waves" = r#"[["us-east-1"], ["us-west-2", "prod/eu-*"], ["*"]]"#, default "`\"1-2\"`, one region of an account and then two at a time":
        "Which places together, then which; or how many (`\"1-2-3\"`), `\"cautious\"` or `\"interactive\"`.";
    Deploy "bake" = r#""10m""#, default "ten minutes where there are several waves":
        "How long alarms are watched after each wave.";
    Deploy "gates" = r#"[{ http = "https://{region}.example.com/health", within = "2m" }, { endpoints = true }, { errors = "checkout", percent = 1.0, during = "5m" }, { command = ["./check"], within = "1m" }, { approve = "Is the dashboard green?" }, { window = "Mon-Fri 08:00-16:00" }, { wait = "30s" }]"#, default "none":
        "What has to hold after each wave.";
    Deploy "undo" = r#""failed""#, default "`failed`":
        "What is taken back when one fails: `none`, `failed`, its `wave`, or `all`.";
    Deploy "on_failure" = r#""rollback""#, default "`rollback`":
        "What CloudFormation does when a resource fails: `rollback`, or `stay` for somebody to look at.";
    Hook "at" = r#"["failure", "end"]"#, default "all of them":
        "When it is told: `plan`, `start`, `wave`, `failure`, `end`.";
    Hook "command" = r#"["notify-send", "an operation"]"#, default "none":
        "A command that reads the operation as JSON; it has ten seconds, and its failure touches nothing.";
    Hook "webhook" = r#""https://…""#, default "none":
        "Or an address that is sent a sentence, as Slack takes it.";
}

impl Section {
    /// In the order of the file.
    pub const ALL: [Self; 8] = [
        Self::Top,
        Self::Screen,
        Self::Alarms,
        Self::Lambda,
        Self::Metrics,
        Self::Account,
        Self::Deploy,
        Self::Hook,
    ];

    /// The line that opens it in the file; none above all sections.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::Top => None,
            Self::Screen => Some("[screen]"),
            Self::Alarms => Some("[alarms]"),
            Self::Lambda => Some("[lambda]"),
            Self::Metrics => Some("[metrics]"),
            Self::Account => Some("[[account]]"),
            Self::Deploy => Some("[[deploy]]"),
            Self::Hook => Some("[[hook]]"),
        }
    }

    /// The options that may stand in it.
    pub fn options(self) -> impl Iterator<Item = &'static FileOption> {
        OPTIONS.iter().filter(move |option| option.section == self)
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.options().map(|option| option.name)
    }
}

/// A fleet file with every option explained and none switched on, to be redirected into place and edited.
pub fn example() -> String {
    let mut text = String::from(
        "# Quarterdeck's fleet: ~/.config/quarterdeck/fleet.toml\n\
         #\n\
         # Everything is optional. Without any account, the environment's own credentials make one.\n",
    );
    for section in Section::ALL {
        if let Some(header) = section.header() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n\n# {header}");
        }
        for option in section.options() {
            let FileOption {
                name,
                example,
                default,
                help,
                ..
            } = option;
            let _ = write!(
                text,
                "\n\n# {help}\n# Default: {default}.\n# {name} = {example}"
            );
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_as_it_is_changes_nothing() {
        assert!(
            example()
                .lines()
                .all(|line| line.is_empty() || line.starts_with('#'))
        );
    }

    #[test]
    fn every_help_is_a_sentence() {
        for option in OPTIONS {
            assert!(option.help.ends_with('.'), "{}", option.name);
            assert!(!option.default.ends_with('.'), "{}", option.name);
        }
    }
}
