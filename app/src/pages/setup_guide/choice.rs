//! The choices of version and trust: links, so that each has an address of its own.

use humpback::setup_guide::Trust;
use leptos::prelude::*;

use super::Query;
use crate::{
    api::setup_guide::{Catalogue, Choice},
    components::prose,
    i18n::{t, t_string, use_i18n},
};

/// The ways to trust a registry, and what the chosen one means.
#[component]
pub(super) fn TrustChoices(
    /// What there is.
    catalogue: StoredValue<Catalogue>,
    /// What is chosen.
    query: Memo<Query>,
    /// The address as it is typed, which every link carries on, and which may decide.
    typed: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = Memo::new(move |_| typed.with(|typed| query.get().trust_for(typed)));
    let tab = move |trust: Trust| {
        let name = move || {
            catalogue.with_value(|catalogue| {
                let all = catalogue.trusts.iter();
                all.map(|way| &way.choice).find(|way| way.slug == trust.slug()).map(|way| way.name.clone())
            })
        };
        let href = move || {
            let query = Query { trust: Some(trust.slug().to_owned()), ..query.get() };
            query.href(&typed.get())
        };
        let current = move || (open.get().1 == trust).then_some("page");
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {name}
                {(trust == Trust::RECOMMENDED)
                    .then(|| view! { <span class="tabs__hint">{move || t!(i18n, guide.recommended)}</span> })}
            </a>
        }
    };
    let means = move || {
        let chosen = open.get().1.slug();
        catalogue.with_value(|catalogue| {
            let way = catalogue.trusts.iter().find(|way| way.choice.slug == chosen);
            way.map(|way| prose(&way.means).into_any())
        })
    };
    let ways = Memo::new(move |_| open.get().0);
    view! {
        <section class="guide__question" aria-labelledby="trust-title">
            <h2 id="trust-title">{t!(i18n, guide.trust_label)}</h2>
            <nav class="tabs" aria-label=move || t_string!(i18n, guide.trust_label)>
                {move || ways.get().iter().map(|trust| tab(*trust)).collect_view()}
            </nav>
            <p>{means}</p>
        </section>
    }
}

/// The versions of the chosen target, and why they are asked for. Nothing where they make no difference.
#[component]
pub(super) fn VersionChoices(
    /// What there is.
    catalogue: StoredValue<Catalogue>,
    /// What is chosen.
    query: Memo<Query>,
    /// The address as it is typed, which every link carries on.
    typed: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Compared as a whole, so that links stay where they are, and the focus on them, while only the choice changes.
    let asked = Memo::new(move |_| {
        let trust = typed.with(|typed| query.get().trust_for(typed)).1;
        catalogue.with_value(|catalogue| {
            let target = query.get().target_of(catalogue)?.clone();
            let versions = target.open_versions(trust).to_vec();
            (versions.len() > 1).then_some((target.question, versions))
        })
    });
    let tab = move |version: Choice, first: bool, versions: Vec<Choice>| {
        let slug = StoredValue::new(version.slug.clone());
        let href = move || {
            let query = Query { version: Some(slug.get_value()), ..query.get() };
            query.href(&typed.get())
        };
        let current = move || {
            let wanted = query.get().version.filter(|wanted| versions.iter().any(|version| version.slug == *wanted));
            wanted.map_or(first, |wanted| wanted == slug.get_value()).then_some("page")
        };
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {version.name}
            </a>
        }
    };
    move || {
        asked.get().map(|(question, versions)| {
            let tabs = versions.iter().enumerate().map(|(at, version)| tab(version.clone(), at == 0, versions.clone()));
            view! {
                <section class="guide__question" aria-labelledby="version-title">
                    <h2 id="version-title">{t!(i18n, guide.version_label)}</h2>
                    <p>{prose(&question)}</p>
                    <nav class="tabs" aria-label=move || t_string!(i18n, guide.version_label)>
                        {tabs.collect_view()}
                    </nav>
                </section>
            }
        })
    }
}
