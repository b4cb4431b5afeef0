//! What the outer rings of tests stand on.

#![allow(
    dead_code,
    reason = "each of the two test binaries uses its half of this; both compile all of it"
)]
