//! What is to be seen of a credential of machines: how far it reaches, when it ends and when it was used.

use humpback::{
    account::{LastUse, has_ended},
    rules::Scope,
};
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

use super::{TimeAgo, form::scope::action_name};
use crate::{
    format,
    i18n::{t, t_string, use_i18n},
};

/// What ends within this time is told loudly.
const SOON: Duration = Duration::days(7);

/// What a credential is limited to, one line a pattern.
#[component]
pub fn ScopeText(
    /// What it is limited to; `None` if it reaches as far as its owner.
    scope: Option<Scope>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(scope) = scope else { return t!(i18n, credentials.scope.everything).into_any() };
    let lines = scope.0.into_iter().map(|(pattern, actions)| {
        let names = move || {
            let names: Vec<_> = actions.iter().map(|action| action_name(i18n, action)).collect();
            names.join(t_string!(i18n, credentials.scope.comma))
        };
        view! {
            <li>
                <span class="mono wrap-anywhere">{pattern.to_string()}</span>
                " "
                <span class="muted">{names}</span>
            </li>
        }
    });
    view! { <ul class="scope-text">{lines.collect_view()}</ul> }.into_any()
}

/// When a credential ends.
#[component]
pub fn Expiry(
    /// When; `None` if it does not end by itself.
    at: Option<OffsetDateTime>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(end) = at else { return t!(i18n, credentials.expiry.never).into_any() };
    // The last moment, for that is the day that was chosen.
    let last = end - Duration::SECOND;
    let date = move || format::date(i18n.get_locale(), last);
    let class = if has_ended(at, now) {
        "badge badge--danger"
    } else if end - now < SOON {
        "badge badge--warning"
    } else {
        ""
    };
    let text = move || {
        if has_ended(at, now) { t_string!(i18n, credentials.expiry.ended, date = date()).to_string() } else { date() }
    };
    view! {
        <time class=class datetime=format::machine(last) title=format::exact(last)>
            {text}
        </time>
    }
    .into_any()
}

/// When and from where a credential was last used, or that it never was.
#[component]
pub fn LastUsed(
    /// The last use.
    used: Option<LastUse>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    match used {
        None => t!(i18n, manage.never).into_any(),
        Some(LastUse { at, from }) => view! {
            <TimeAgo at=at now=now />
            {from.map(|from| view! { <span class="muted mono last-used__from">{from}</span> })}
        }
        .into_any(),
    }
}
