//! The pane while logs pour in faster than anyone can read.

mod torrent;
