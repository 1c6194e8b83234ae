//! Where in the list one is: in which namespace, and whether namespaces are shown at all.

use humpback::explorer::{ListQuery, Namespace, RepositorySort, View};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::params::ParamsMap;

use crate::{
    api::repositories::Place,
    components::{Breadcrumb, data_table::link, layout::focus_title},
    format::escape,
    i18n::{t, t_string, use_i18n},
    pages::explorer::REPOSITORIES,
};

/// What the address says.
pub fn place_of(words: &ParamsMap) -> Place {
    Place {
        view: words.get_str("view").and_then(View::of_word),
        within: words.get_str("in").map(Namespace::of_word).unwrap_or_default(),
    }
}

/// The page's path with what leads to a place; search, order and page are added to it.
pub fn path_of(place: &Place) -> String {
    let within = (!place.within.is_root()).then(|| format!("in={}", escape(place.within.as_str())));
    let view = place.view.map(|view| format!("view={}", view.as_str()));
    let words: Vec<_> = within.into_iter().chain(view).collect();
    if words.is_empty() { REPOSITORIES.to_owned() } else { format!("{REPOSITORIES}?{}", words.join("&")) }
}

/// The path of a namespace, shown as the other one is.
pub fn path_within(place: &Place, within: Namespace) -> String {
    path_of(&Place { within, ..*place })
}

/// The namespace's name as a title has it.
fn title(within: &Namespace) -> String {
    within.as_str().trim_end_matches('/').to_owned()
}

/// The page's title, and the way up where a namespace is shown.
#[component]
pub fn Heading(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = Memo::new(move |_| place.with(|place| title(&place.within)));
    Effect::new(move |before: Option<String>| {
        let now = name.get();
        // The link that has led here is gone.
        if before.is_some_and(|before| before != now) {
            focus_title();
        }
        now
    });
    let text = move || name.with(|name| if name.is_empty() { all(i18n) } else { name.clone() });
    let above = move || {
        let place = place.get();
        let namespaces = place.within.above().map(|above| (title(&above), path_within(&place, above)));
        std::iter::once((all(i18n), path_within(&place, Namespace::default()))).chain(namespaces).collect::<Vec<_>>()
    };
    view! {
        <Title text=text />
        <header class="page__header">
            <div class="page__title">
                <Show when=move || name.with(|name| !name.is_empty())>
                    <Breadcrumb steps=Signal::derive(above) />
                </Show>
                <h1 class="wrap-anywhere">{text}</h1>
                <Show when=move || name.with(String::is_empty)>
                    <p class="page__lead">{t!(i18n, explorer.lead)}</p>
                </Show>
            </div>
        </header>
    }
}

fn all(i18n: leptos_i18n::I18nContext<crate::i18n::Locale>) -> String {
    t_string!(i18n, explorer.title).to_string()
}

/// One by one, or by namespace.
#[component]
pub fn ViewSwitch(
    /// What is chosen.
    view: View,
    /// Where one is.
    place: Place,
    /// How the list is asked for now.
    query: ListQuery<RepositorySort>,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = query.at_page(1);
    let item = move |own: View| {
        let href = link(&path_of(&Place { view: Some(own), within: place.within.clone() }), &query);
        let text = move || match own {
            View::Flat => t_string!(i18n, explorer.list.flat),
            View::Tree => t_string!(i18n, explorer.list.tree),
        };
        view! {
            <a
                href=href
                data-noscroll=true
                class="segments__item segments__item--text"
                aria-current=(view == own).then_some("true")
            >
                {text}
            </a>
        }
    };
    view! {
        <nav class="segments" aria-label=move || t_string!(i18n, explorer.list.view)>
            {View::ALL.into_iter().map(item).collect_view()}
        </nav>
    }
}
