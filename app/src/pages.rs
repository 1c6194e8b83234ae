//! The pages, one file each.

mod home;
mod not_found;
mod setup_guide;

pub use home::Home;
pub use not_found::NotFound;
pub use setup_guide::SetupGuide;
