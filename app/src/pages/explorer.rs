//! What the explorer's pages have in common.

use humpback::explorer::{ListQuery, SortKey};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::{
    components::{Draw, EmptyState, Icon, data_table::link},
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

/// Where the list of repositories is.
pub const REPOSITORIES: &str = "/repositories";

/// The registry is switched off: whoever looks at a pull command should know that it will fail.
#[component]
pub fn Disabled() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="banner banner--warning">
            <Draw icon=Icon::Warning />
            <div class="banner__text">
                <strong class="banner__title">{t!(i18n, explorer.disabled.title)}</strong>
                <span>{t!(i18n, explorer.disabled.text)}</span>
            </div>
            <div class="banner__actions">
                <a href="/manage/system-config">{t!(i18n, explorer.disabled.link)}</a>
            </div>
        </div>
    }
}

/// "12 repositories", or "12 repositories match" where something is searched.
pub fn number_of<S: SortKey>(
    i18n: I18nContext<Locale>,
    query: &ListQuery<S>,
    matching: u64,
) -> impl Fn() -> String + Copy + Send + Sync + 'static + use<S> {
    let searched = !query.search.is_empty();
    move || {
        let shown = format::number(matching);
        if searched {
            t_string!(i18n, explorer.matching, count = matching, shown = shown).to_string()
        } else {
            t_string!(i18n, explorer.found, count = matching, shown = shown).to_string()
        }
    }
}

/// "12 tags", or "12 tags match" where something is searched.
pub fn number_of_tags<S: SortKey>(
    i18n: I18nContext<Locale>,
    query: &ListQuery<S>,
    matching: u64,
) -> impl Fn() -> String + Copy + Send + Sync + 'static + use<S> {
    let searched = !query.search.is_empty();
    move || {
        let shown = format::number(matching);
        if searched {
            t_string!(i18n, explorer.tags_match, count = matching, shown = shown).to_string()
        } else {
            t_string!(i18n, explorer.tags, count = matching, shown = shown).to_string()
        }
    }
}

/// What a search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// Names alone.
    Names,
    /// Tags, labels and digests, too.
    Everything,
}

/// The list is not empty, but this search or this page of it is.
pub fn no_match<S: SortKey>(
    i18n: I18nContext<Locale>,
    path: &str,
    query: &ListQuery<S>,
    matching: u64,
    searched: Searched,
) -> impl IntoView + use<S> {
    let beyond = matching > 0;
    let search = query.search.clone();
    let first = link(path, &query.at_page(1));
    let all = link(path, &ListQuery { search: String::new(), page: 1, ..query.clone() });
    let title = Signal::derive(move || {
        if beyond {
            t_string!(i18n, explorer.no_match.beyond_title).to_string()
        } else {
            t_string!(i18n, explorer.no_match.title).to_string()
        }
    });
    view! {
        <EmptyState title=title>
            <p>
                {move || {
                    if beyond {
                        t_string!(i18n, explorer.no_match.beyond).to_string()
                    } else if searched == Searched::Everything {
                        t_string!(i18n, explorer.list.no_match, search = search.clone()).to_string()
                    } else {
                        t_string!(i18n, explorer.no_match.text, search = search.clone()).to_string()
                    }
                }}
            </p>
            <div class="empty-state__actions">
                {if beyond {
                    view! {
                        <a href=first class="button">
                            {t!(i18n, explorer.no_match.first)}
                        </a>
                    }
                        .into_any()
                } else {
                    view! {
                        <a href=all class="button">
                            {t!(i18n, common.search.clear)}
                        </a>
                    }
                        .into_any()
                }}
            </div>
        </EmptyState>
    }
}

/// Where a repository's page is.
pub fn repository_path(name: &str) -> String {
    format!("/repositories/{}", format::escape(name))
}

/// Where a manifest's page is.
pub fn manifest_path(repository: &str, reference: &str) -> String {
    format!("/manifests/{}?reference={}", format::escape(repository), format::escape(reference))
}
