//! Which language a page is written in: the one that was chosen (a cookie), else the first of the browser's
//! `Accept-Language` that we have.
//!
//! The translation library could keep the cookie itself, but it would then also remember what nobody has chosen,
//! and a later change in the browser's settings would go unheard.

use leptos_i18n::{Locale as _, context::UseLocalesOptions};

use crate::i18n::Locale;

/// The cookie that remembers the choice.
pub const COOKIE: &str = "humpback_language";

/// The language's own name for itself.
pub const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "English",
        Locale::zh_CN => "中文",
    }
}

/// Every language that the console speaks.
pub fn all() -> &'static [Locale] {
    Locale::get_all()
}

/// How the translations' provider learns the language of a request.
#[cfg(feature = "ssr")]
pub fn negotiation() -> UseLocalesOptions {
    UseLocalesOptions::default().ssr_lang_header_getter(|| {
        let chosen = crate::api::preferences::cookie(COOKIE);
        chosen
            .filter(|word| word.parse::<Locale>().is_ok())
            .or_else(|| crate::api::preferences::header("accept-language"))
    })
}

/// In the browser the page's own `lang` decides.
#[cfg(not(feature = "ssr"))]
pub fn negotiation() -> UseLocalesOptions {
    UseLocalesOptions::default()
}
