//! Ring 6: the binary on pipes, in an empty house.

mod accelerators;
mod alarms;
mod bad_input;
mod deploy;
mod events;
mod functions;
mod harness;
mod health;
mod log_lines;
mod logs;
mod metrics;
mod ops;
mod pipes;
mod rollback;
mod stacks;
mod stop;
mod traffic;
mod works;

/// Holds what was said against the file of that name in `tests/snapshots`.
fn assert_said(name: &str, said: impl std::fmt::Display) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("cli-{name}"), said.to_string()));
}
