//! The console's building blocks. Each takes plain data, knows no page and fetches nothing.

pub mod account_menu;
pub mod announcer;
pub mod breadcrumb;
pub mod code_block;
pub mod copy_button;
pub mod current_account;
pub mod data_table;
pub mod digest;
pub mod done_note;
pub mod empty_state;
pub mod error_state;
pub mod form;
pub mod icon;
pub mod language_switch;
pub mod layout;
pub mod navigation;
pub mod open_registry_banner;
pub mod pagination;
pub mod quantity;
pub mod search_field;
pub mod skeleton;
pub mod theme_switch;
pub mod time_ago;

pub use breadcrumb::Breadcrumb;
pub use code_block::CodeBlock;
pub use copy_button::CopyButton;
pub use digest::ShortDigest;
pub use done_note::DoneNote;
pub use empty_state::EmptyState;
pub use error_state::ErrorState;
pub use icon::{Draw, Icon};
pub use pagination::{PageLinks, Pagination};
pub use quantity::{ByteSize, Share};
pub use search_field::SearchField;
pub use skeleton::TableSkeleton;
pub use time_ago::TimeAgo;
