//! When something was, from the reader's point of view.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    format::{self, Ago},
    i18n::{t_string, use_i18n},
};

/// "5 minutes ago", under a month; the date from then on. The exact moment on pointing at it.
#[component]
pub fn TimeAgo(
    /// When it was.
    at: OffsetDateTime,
    /// The server's time when the page was made. Not the browser's: its clock may go wrong, and both must write the
    /// same text for the page to be taken over.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || match format::ago(at, now) {
        Ago::Now => t_string!(i18n, common.time.now).to_string(),
        Ago::Minutes(count) => t_string!(i18n, common.time.minutes, count = count).to_string(),
        Ago::Hours(count) => t_string!(i18n, common.time.hours, count = count).to_string(),
        Ago::Days(count) => t_string!(i18n, common.time.days, count = count).to_string(),
        Ago::Long => t_string!(i18n, common.time.date, date = format::date(i18n.get_locale(), at)).to_string(),
    };
    view! {
        <time datetime=format::machine(at) title=format::exact(at)>
            {text}
        </time>
    }
}
