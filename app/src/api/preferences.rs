//! What a reader chooses for himself: language, theme, how repositories are listed, and whether single keys are
//! shortcuts. Open to anyone, kept in cookies, nothing is stored here.
//!
//! A plain form reaches these without scripts; the answer then leads back to the page it came from.

use leptos::prelude::*;

use super::Error;
use crate::{i18n::Locale, theme::Theme};

/// Remembers the language for a year.
///
/// # Errors
/// None of its own.
#[server(endpoint = "set_language", output = crate::api::encoding::Answer)]
pub async fn set_language(language: Locale) -> Result<(), Error> {
    use leptos_i18n::Locale as _;
    ssr::remember(crate::language::COOKIE, language.as_str());
    Ok(())
}

/// Remembers the theme for a year.
///
/// # Errors
/// None of its own.
#[server(endpoint = "set_theme", output = crate::api::encoding::Answer)]
pub async fn set_theme(theme: Theme) -> Result<(), Error> {
    ssr::remember(crate::theme::COOKIE, theme.as_str());
    Ok(())
}

/// Remembers for a year whether single keys are shortcuts.
///
/// # Errors
/// None of its own.
#[server(endpoint = "set_shortcuts", output = crate::api::encoding::Answer)]
pub async fn set_shortcuts(on: bool) -> Result<(), Error> {
    use crate::palette::preference::{COOKIE, OFF};
    ssr::remember(COOKIE, if on { "on" } else { OFF });
    Ok(())
}

#[cfg(feature = "ssr")]
pub(super) use ssr::remember;
#[cfg(feature = "ssr")]
pub use ssr::{cookie, cookie_in, header};

#[cfg(feature = "ssr")]
mod ssr {
    use axum::http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
        request::Parts,
    };
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    /// A header of the request that is being answered; `None` outside of one.
    pub fn header(name: &str) -> Option<String> {
        let parts = use_context::<Parts>()?;
        Some(parts.headers.get(name)?.to_str().ok()?.to_owned())
    }

    /// A cookie of the request that is being answered.
    pub fn cookie(name: &str) -> Option<String> {
        let parts = use_context::<Parts>()?;
        cookie_in(&parts.headers, name).map(str::to_owned)
    }

    /// A cookie among a request's headers.
    pub fn cookie_in<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// All values come from closed sets of words, so they need no escaping.
    pub(in crate::api) fn remember(name: &str, value: &str) {
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}
