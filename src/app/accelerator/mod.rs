//! The Accelerator view: the tree that carries the traffic, and the health of everything in it.

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct AcceleratorView {}
