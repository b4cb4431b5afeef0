//! Quarterdeck: one screen for services that live in many AWS regions and accounts at once.

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
