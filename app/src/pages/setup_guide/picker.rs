//! The choice of target: every one as a link, below what it belongs to, with a search over them.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{PATH, Query};
use crate::{
    api::setup_guide::{Catalogue, TargetChoice},
    components::{Draw, Icon, announcer::use_announcer},
    i18n::{t, t_string, use_i18n},
};

/// Open while nothing is chosen; afterwards a line that says what is, and opens again. Without scripts the search is a
/// plain form.
#[component]
pub(super) fn Picker(
    /// What there is.
    catalogue: StoredValue<Catalogue>,
    /// What is chosen.
    query: Memo<Query>,
    /// The address as it is typed, which every link carries on.
    typed: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let find = RwSignal::new(query.get_untracked().find);
    let groups = Memo::new(move |_| {
        let text = find.get();
        catalogue.with_value(|catalogue| {
            let mut groups = catalogue.groups.clone();
            for group in &mut groups {
                group.targets.retain(|target| target.matches(&text));
            }
            groups.retain(|group| !group.targets.is_empty());
            groups
        })
    });
    let chosen =
        move || catalogue.with_value(|catalogue| query.get().target_of(catalogue).map(|target| target.name.clone()));
    let slug = Memo::new(move |_| {
        catalogue.with_value(|catalogue| query.get().target_of(catalogue).map(|target| target.slug.clone()))
    });
    let link = move |target: TargetChoice| {
        let choice = StoredValue::new(target.slug);
        let href = move || {
            let query = Query { target: Some(choice.get_value()), version: None, find: String::new(), ..query.get() };
            query.href(&typed.get())
        };
        let current = move || (slug.get() == Some(choice.get_value())).then_some("page");
        view! {
            <li>
                <a class="picker__link" href=href aria-current=current data-noscroll="">
                    {target.name}
                </a>
            </li>
        }
    };
    // With a target in the address it closes; a search opens it.
    let open = Memo::new(move |_| query.with(|query| query.target.is_none() || !query.find.is_empty()));
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        if groups.with(Vec::is_empty) {
            announcer.say(untrack(|| t_string!(i18n, guide.find_none, text = find.get_untracked()).to_string()));
        }
    };
    // What is chosen closes the list, and with it goes the link that had the focus: the summary takes it.
    let summary = NodeRef::<leptos::html::Summary>::new();
    Effect::new(move |before: Option<Option<String>>| {
        let now = slug.get();
        if before.is_some_and(|before| before != now)
            && let Some(summary) = summary.get_untracked()
        {
            let _ = summary.focus();
        }
        now
    });
    view! {
        <details class="picker" open=open>
            <summary class="picker__summary" node_ref=summary>
                <span class="picker__label">{t!(i18n, guide.machine)}</span>
                " "
                <strong>{chosen}</strong>
                " "
                <span class="picker__change">{t!(i18n, guide.change)}</span>
            </summary>
            <form class="search" role="search" method="get" action=PATH on:submit=sent>
                {move || {
                    query.with(|query| {
                        query
                            .words()
                            .filter(|(key, _)| *key == "trust")
                            .map(|(key, word)| view! { <input type="hidden" name=key value=word.to_owned() /> })
                            .collect_view()
                    })
                }} <input type="hidden" name="address" value=move || typed.get() />
                <div class="search__box">
                    <Draw icon=Icon::Search />
                    <input
                        class="input search__input"
                        type="search"
                        name="find"
                        value=find.get_untracked()
                        placeholder=move || t_string!(i18n, guide.find)
                        aria-label=move || t_string!(i18n, guide.find)
                        autocomplete="off"
                        spellcheck="false"
                        maxlength="60"
                        on:input:target=move |event| find.set(event.target().value())
                    />
                </div>
            </form>
            <nav class="picker__groups" aria-label=move || t_string!(i18n, guide.machine)>
                {move || {
                    groups
                        .get()
                        .into_iter()
                        .map(|group| {
                            view! {
                                <section class="picker__group">
                                    <h2 class="picker__title">{group.name}</h2>
                                    <ul>{group.targets.into_iter().map(link).collect_view()}</ul>
                                </section>
                            }
                        })
                        .collect_view()
                }}
            </nav>
            {move || {
                groups
                    .with(Vec::is_empty)
                    .then(|| view! { <p class="guide__none">{t!(i18n, guide.find_none, text = move || find.get())}</p> })
            }}
        </details>
    }
}
