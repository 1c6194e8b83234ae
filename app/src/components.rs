//! The console's building blocks. Each takes plain data, knows no page and fetches nothing.

pub mod account_menu;
pub mod announcer;
pub mod form;
pub mod icon;
pub mod language_switch;
pub mod layout;
pub mod navigation;
pub mod open_registry_banner;
pub mod theme_switch;
