//! Searches a list. A plain form without scripts; with them the list follows as one types.

use std::time::Duration;

use humpback::explorer::{ListQuery, SortKey};
use leptos::{ev::SubmitEvent, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    data_table::link,
    icon::{Draw, Icon},
};
use crate::i18n::{t, use_i18n};

/// How long the fingers must rest.
const REST: Duration = Duration::from_millis(200);

/// The field, and the button that sends it.
#[component]
pub fn SearchField<S: SortKey + Send + Sync>(
    /// How the list is asked for now.
    #[prop(into)]
    query: Signal<ListQuery<S>>,
    /// The page's path, to which the search is added; words of its own stay.
    #[prop(into)]
    path: Signal<String>,
    /// What is searched, for the field's name: "Search repositories".
    #[prop(into)]
    label: Signal<String>,
    /// What can be typed, where the name does not say it.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<leptos::html::Input>::new();
    let navigate = use_navigate();
    let search = move |text: String| {
        let asked = query.get_untracked();
        let text = text.trim();
        if text != asked.search {
            let asked = ListQuery { search: text.to_owned(), page: 1, ..asked };
            // Typing is one step, not one for each letter; and the page stays where it is.
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&link(&path.get_untracked(), &asked), options);
        }
    };
    // Back and forward change the search from outside: the field follows, but never under the fingers.
    Effect::new(move |before: Option<()>| {
        let asked = query.with(|query| query.search.clone());
        if let (Some(()), Some(field)) = (before, input.get_untracked())
            && document().active_element().as_ref() != Some(field.as_ref())
        {
            field.set_value(&asked);
        }
    });
    let initial = query.get_untracked();
    let words = initial.to_words().into_iter().filter(|(key, _)| matches!(*key, "sort" | "order"));
    let words = words.map(|(key, value)| (key.to_owned(), value));
    // Such words hold no sign that is written in another way.
    let own = path.get_untracked();
    let own =
        own.split_once('?').map(|(_, own)| own).unwrap_or_default().split('&').filter_map(|word| word.split_once('='));
    let words: Vec<_> = own.map(|(key, value)| (key.to_owned(), value.to_owned())).chain(words).collect();
    let typed = {
        let mut search = debounce(REST, search.clone());
        move |event| search(event_target_value(&event))
    };
    let sent = move |event: SubmitEvent| {
        if let Some(field) = input.get_untracked() {
            event.prevent_default();
            search(field.value());
        }
    };
    view! {
        <form class="search" role="search" method="get" on:submit=sent>
            {words.into_iter().map(|(key, value)| view! { <input type="hidden" name=key value=value /> }).collect_view()}
            <div class="search__box">
                <Draw icon=Icon::Search />
                <input
                    class="input search__input"
                    type="search"
                    name="q"
                    value=initial.search
                    placeholder=hint.unwrap_or(label)
                    aria-label=label
                    autocomplete="off"
                    spellcheck="false"
                    autocapitalize="off"
                    maxlength="255"
                    node_ref=input
                    on:input=typed
                />
            </div>
            <button class="button" type="submit">
                {t!(i18n, common.search.label)}
            </button>
        </form>
    }
}
