//! The Lambda view: every function over all regions, and how the selected one runs in each of them.

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct LambdaView {}
