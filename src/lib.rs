//! Quarterdeck: one screen for services that live in many AWS regions and accounts at once.
//!
//! This page is the map of the house; the README is its front door.
//!
//! # Floors
//!
//! ```text
//!                     main.rs                     picks a door, sets the exit code
//!         ┌──────────────┼─────────────┐
//!        cli            tui         sandbox       doors; the sandbox is a separate building:
//!         │           ┌──┴──┐                     it imports nothing of ours
//!         │           ui    │
//!         │           │     │
//!         │           app   │                     state and update; no terminal, no runtime
//!         │           │     │
//!         └───────► engine ◄┘                     workers; the only tasks in the house
//!                     │
//!                    aws                          the only room that names an AWS crate
//!                     │
//!    config ──► command ──► domain                files to values; the verbs; the nouns
//! ```
//!
//! Imports go down only, and a test holds the walls (`tests/suite/architecture.rs`).
//!
//! # Rooms
//!
//! * [`domain`] — the nouns: scopes, stacks, events, what is known and how well ([`domain::Store`]). Pure. Text from
//!   outside is [`domain::Untrusted`] from its arrival.
//! * [`command`] — the verbs, each declared once; keymap, footer, palette, help, command line and README read it.
//! * [`config`] — the fleet file, themes, keymaps, the environment. Mistakes are collected, never fatal, unless they
//!   stand on the command line.
//! * [`aws`] — the adapters: a question and a scope in, a reading or a problem in an operator's words out; the
//!   read-only wall where requests leave.
//! * [`engine`] — one poller per question and scope, one tailer per log group and scope, a governor per service ×
//!   region × account, a gate per account for credentials. No failure ends a poller or touches another scope.
//! * [`app`] — state, and [`app::App::update`], the only function that changes it.
//! * [`ui`] — drawing: a function of the app and a look; returns the geometry it used.
//! * [`tui`] — the terminal, and the loop that drains and draws.
//! * [`cli`] — the other door: the same engine, lines instead of a screen.
//! * [`sandbox`] — a small AWS on loopback HTTP, held against clients that no one here wrote.
//!
//! # From a status in AWS to a cell
//!
//! 1. [`app::wishes`] lists what is wanted, how often; a change becomes one [`engine::message::Request::Watch`].
//! 2. The engine keeps a poller for each wish. It waits its turn, takes a permit, and calls [`aws::Cloud::read`].
//! 3. `aws` pages through the answer and makes nouns of it; an error becomes a [`domain::Problem`].
//! 4. The attempt travels back as [`engine::message::Update::Attempt`], good or bad.
//! 5. [`domain::Store::absorb`] keeps it: a good reading replaces the last, a failure stands beside it.
//! 6. Every view works its rows out anew; the cursor stays on its thing. The next frame shows it.
//!
//! # From a key to a change of the screen
//!
//! 1. [`tui`] turns the terminal's event into a [`config::Key`].
//! 2. [`app::App`] asks the [`config::Keymap`] in the contexts of what is open: overlay, detail, view, house.
//! 3. The command runs, or says why it cannot ([`app::enabled`]). What it wants of the outside is an
//!    [`app::Effect`], which [`tui`] performs.
//!
//! # What costs money
//!
//! AWS charges for each metric in each request, and not for how far back it goes. A view wishes for
//! [`domain::Topic::Metrics`] as for anything else; `engine::metrics` gathers the wishes of a scope into one request a
//! minute, holds it against the operator's cap, and tells what the hour costs ([`domain::Bill`]).
//!
//! # When something is to be changed
//!
//! 1. A wish ([`domain::operation::Operation`]) goes to the engine, which looks at AWS and makes a
//!    [`domain::operation::Plan`] of it: waves of members, each a straight line of [`domain::operation::Call`]s.
//! 2. Somebody agrees, by a key or by what the plan wants typed. The engine runs a plan that it has made itself, once,
//!    before it expires, under an [`aws::Warrant`], without which the wall lets nothing leave.
//! 3. Each call is looked at first: done already, as it was planned for, or changed by somebody else. Its intent is in
//!    the journal before the request leaves; a reply that got lost is looked for, never sent for again in the dark.
//! 4. The journal's [`domain::operation::Record`]s are all there is to know: the screen, the command line and a restart
//!    fold the same list into the same [`domain::operation::Run`].
//! 5. Gates stand between the waves. A failure ends the waves, lets siblings finish, and takes back what the plan said.
//!
//! The [`engine::audit`] has a line for other tools, before and after each request.
//!
//! # When credentials end
//!
//! 1. Credentials that worked and are refused are fetched anew, once, and the question is put again ([`aws::Cloud`]).
//! 2. The first poller that is refused all the same shuts its account's gate; the others say so and wait there.
//! 3. One renewal task tells the screen, watches the files that a login writes, and asks STS who we are.
//! 4. When STS knows us again the gate opens and everyone asks at once. Other accounts have noticed nothing.
//!
//! # How to add
//!
//! * *a command*: its line in [`command`], its arm in `app/act.rs`, a key in `keymaps/default.toml`.
//! * *a theme*: a file in `themes/`.
//! * *a view*: `app/`, `ui/`, its section in the keymaps, its wishes in [`app::wishes`].
//! * *something to read from AWS*: a [`domain::Topic`], a file in `aws/`, its row in the read-only wall.
//! * *a service of the sandbox*: a file under `sandbox/service/` and its line in the folder's list.

pub mod app;
pub mod aws;
pub mod cli;
pub mod command;
pub mod config;
pub mod domain;
pub mod engine;
pub mod sandbox;
pub mod tui;
pub mod ui;
