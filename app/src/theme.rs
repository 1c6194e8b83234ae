//! Light, dark, or as the system has it. The choice lies in a cookie, so that the server writes it into the very
//! first byte of the page and nothing flashes.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The cookie that remembers the choice.
pub const COOKIE: &str = "humpback_theme";

/// The colours of the page, as chosen by its reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the operating system has it.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which it is offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word that stands in the cookie, in the form and in `data-theme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The value of `data-theme` on `<html>`; `None` leaves the choice to the system.
    pub const fn as_attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.as_str()),
        }
    }

    /// For `<meta name="color-scheme">`: what the browser paints before the stylesheet is there.
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The colours of the browser's own bars, each with its media query. The same as `--surface-raised`.
    pub fn browser_colors(self) -> Vec<(Option<&'static str>, &'static str)> {
        const LIGHT: &str = "#ffffff";
        const DARK: &str = "#121b22";
        match self {
            Self::System => {
                vec![(Some("(prefers-color-scheme: light)"), LIGHT), (Some("(prefers-color-scheme: dark)"), DARK)]
            }
            Self::Light => vec![(None, LIGHT)],
            Self::Dark => vec![(None, DARK)],
        }
    }

    /// The choice that the request's cookie carries.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        crate::api::preferences::cookie(COOKIE).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    /// The server alone writes the document.
    #[cfg(not(feature = "ssr"))]
    pub fn of_request() -> Self {
        Self::of_document()
    }

    /// The choice as it stands on `<html>`.
    #[cfg(not(feature = "ssr"))]
    fn of_document() -> Self {
        leptos::prelude::document()
            .document_element()
            .and_then(|html| html.get_attribute("data-theme"))
            .and_then(|value| value.parse().ok())
            .unwrap_or_default()
    }

    /// Applies the choice to the page that is open.
    pub fn apply(self) {
        let Some(html) = leptos::prelude::document().document_element() else { return };
        // Neither can fail for a valid attribute name.
        let _ = match self.as_attribute() {
            Some(value) => html.set_attribute("data-theme", value),
            None => html.remove_attribute("data-theme"),
        };
    }
}

/// A word that names no theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTheme;

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(word: &str) -> Result<Self, UnknownTheme> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).ok_or(UnknownTheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_others_are_refused() {
        for theme in Theme::ALL {
            assert_eq!(theme.as_str().parse(), Ok(theme));
        }
        assert_eq!("\"><script>".parse::<Theme>(), Err(UnknownTheme));
    }
}
