//! Panics on purpose, so that tests can see what one does to the terminal. Debug builds only.

/// The place where a test wants a panic, if one does.
#[derive(Clone, Debug, Default)]
pub struct Trap(Option<String>);

impl Trap {
    /// Every place that can be named with the hidden `--panic`.
    pub const SITES: [&'static str; 12] = [
        "enter", "draw", "key", "resize", "tick", "update", "worker", "blocking", "thread",
        "signal", "drop", "twice",
    ];

    pub fn at(site: Option<String>) -> Self {
        Self(site)
    }

    /// Panics, if this is the place.
    #[allow(clippy::panic, reason = "that is what it is for")]
    pub(super) fn spring(&self, site: &str) {
        let is_here = cfg!(debug_assertions) && self.0.as_deref() == Some(site);
        // Words that a careless hook would print: the tests look for them on the screen and on disk.
        assert!(!is_here, "canary-secret at {site}");
    }

    /// Panics where no loop would see it: in a task, on a blocking thread, on a thread of its own.
    pub(super) fn spring_elsewhere(&self, tasks: &mut tokio::task::JoinSet<()>) {
        let trap = self.clone();
        match self.0.as_deref() {
            Some("worker") => _ = tasks.spawn(async move { trap.spring("worker") }),
            Some("blocking") => _ = tasks.spawn_blocking(move || trap.spring("blocking")),
            Some("thread") => _ = std::thread::spawn(move || trap.spring("thread")),
            _ => {}
        }
    }
}

/// Panics while a panic is being unwound, which aborts: the terminal has to be restored by then.
pub(super) struct Twice<'t>(pub(super) &'t Trap);

impl Drop for Twice<'_> {
    fn drop(&mut self) {
        self.0.spring("drop");
        if std::thread::panicking() {
            self.0.spring("twice");
        }
    }
}
