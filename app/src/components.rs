//! The console's building blocks. Each takes plain data, knows no page and fetches nothing.

pub mod announcer;
pub mod icon;
pub mod language_switch;
pub mod layout;
pub mod navigation;
pub mod theme_switch;
