//! What the command palette finds: repositories, tags, pages and actions.
//!
//! Open to anyone, who finds what he may see and do, and no more. All words are made here, so that the browser loads none.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{i18n::Locale, theme::Theme};

/// The longest text that is looked for: an image with its registry, as it is pasted.
pub const TYPED_MAX: usize = 600;

/// So many choices are remembered.
pub const RECENT_MAX: usize = 5;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What was typed; empty at the opening.
    pub typed: String,
    /// What was chosen lately, by [`Deed::key`], the last one first.
    pub recent: Vec<String>,
    /// The reader's language.
    pub language: Locale,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The best first.
    pub groups: Vec<Group>,
    /// How much it is.
    pub said: String,
    /// Why it may be less than there is; empty if it is all.
    pub note: String,
}

/// Entries of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What they are.
    pub title: String,
    /// At least one, the best first.
    pub entries: Vec<Entry>,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub text: String,
    /// What it is, where the group does not say it; else empty.
    pub detail: String,
    /// What comes of choosing it.
    pub deed: Deed,
}

/// What comes of choosing an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// A page of the console is opened, by its path.
    Open(String),
    /// Something in the frame around the page is used.
    Press(Control),
}

/// What is in the frame around every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// The button of a theme.
    Theme(Theme),
    /// The button of a language.
    Language(Locale),
    /// The way in.
    SignIn,
    /// The way out.
    SignOut,
    /// The list of the shortcuts.
    Shortcuts,
}

impl Deed {
    /// The text by which a choice is remembered.
    pub fn key(&self) -> String {
        use leptos_i18n::Locale as _;
        match self {
            Self::Open(path) => path.clone(),
            Self::Press(Control::Theme(theme)) => format!("theme {}", theme.as_str()),
            Self::Press(Control::Language(language)) => format!("language {}", language.as_str()),
            Self::Press(Control::SignIn) => "sign in".to_owned(),
            Self::Press(Control::SignOut) => "sign out".to_owned(),
            Self::Press(Control::Shortcuts) => "shortcuts".to_owned(),
        }
    }
}

/// What fits what was typed; at the opening what was chosen lately, and all pages and actions. Names are looked up in the
/// database some twenty at a time, whatever is asked.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "palette", input = Json, output = crate::api::encoding::Answer)]
pub async fn find(asked: Asked) -> Result<Found, Error> {
    let console = super::context::anyone()?;
    let account = super::context::signed_in().await?;
    let caller = console.guard.reader(account.as_ref()).await.map_err(super::context::internal)?;
    ssr::find(&console, account.map(|account| account.role), caller, asked).await
}

#[cfg(feature = "ssr")]
mod fit;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
mod offers;
#[cfg(feature = "ssr")]
mod ssr;
