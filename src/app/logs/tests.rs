//! The Logs view, driven by keys and fed as the engine feeds it.
