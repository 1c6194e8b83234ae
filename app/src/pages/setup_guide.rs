//! The setup guide: choose what a machine runs, see the steps with this registry's address in them.
//!
//! The choice lives in the page's address. Without scripts the links and the forms load the page anew; with them the
//! steps follow what is typed. Either way the server writes them.

mod address;
mod choice;
mod merge;
mod picker;
mod query;
mod steps;

use std::time::Duration;

use humpback::config::RegistryAddress;
use leptos::{leptos_dom::helpers::debounce, prelude::*};
use leptos_i18n::Locale as _;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{
        registry_address::{ShownAddress, registry_address},
        setup_guide::{Asked, Catalogue, setup_catalogue, setup_steps},
    },
    components::{CardSkeleton, ErrorState},
    i18n::{t, t_string, use_i18n},
};

use self::{
    address::AddressForm,
    choice::{TrustChoices, VersionChoices},
    merge::Merge,
    picker::Picker,
    query::Query,
    steps::Steps,
};

/// Where the page is.
const PATH: &str = "/setup";

/// How long the fingers must rest before the steps follow.
const REST: Duration = Duration::from_millis(150);

/// The page. Waits for the address to begin with, and shows it even when that cannot be had.
#[component]
pub fn SetupGuide() -> impl IntoView {
    let i18n = use_i18n();
    let shown = Resource::new(|| (), |()| registry_address());
    let catalogue = Resource::new(move || i18n.get_locale().as_str().to_owned(), setup_catalogue);
    // Outlives what is below, so that a change of the language keeps what was typed.
    let typed = RwSignal::new(None);
    view! {
        <Title text=move || t_string!(i18n, guide.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, guide.title)}</h1>
                <p class="page__lead">{t!(i18n, guide.lead)}</p>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                // The guide is of use without it: then the reader types the address.
                let shown = shown.await.unwrap_or(ShownAddress { text: String::new(), configured: false });
                match catalogue.await {
                    Ok(catalogue) => view! { <GuideFor catalogue shown kept=typed /> }.into_any(),
                    Err(error) => view! { <ErrorState error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn GuideFor(
    /// What there is to choose from.
    catalogue: Catalogue,
    /// The address to begin with.
    shown: ShownAddress,
    /// What was typed already.
    kept: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(Query::read));
    let in_query = Memo::new(move |_| map.with(|map| map.get("address")));
    let initial = kept.get_untracked().or(in_query.get_untracked()).unwrap_or_else(|| shown.text.clone());
    let typed = RwSignal::new(initial.clone());
    // What the steps are asked for with: follows the typing at a distance.
    let rested = RwSignal::new(initial);
    let mut follow = debounce(REST, move |text: String| rested.set(text));
    Effect::new(move |before: Option<()>| {
        let text = typed.get();
        if before.is_some() {
            kept.set(Some(text.clone()));
            follow(text);
        }
    });
    let problem = Signal::derive(move || typed.with(|typed| RegistryAddress::parse(typed).err()));
    let catalogue = StoredValue::new(catalogue);
    let asked = Memo::new(move |_| {
        let query = query.get();
        Asked {
            target: query.target.unwrap_or_default(),
            version: query.version.unwrap_or_default(),
            trust: query.trust.unwrap_or_default(),
            address: rested.get(),
            language: i18n.get_locale().as_str().to_owned(),
        }
    });
    let guide = Resource::new(move || asked.get(), setup_steps);
    // From the page's address only without scripts; where those run, what is pasted stays out of it.
    let pasted = RwSignal::new(map.with_untracked(|map| {
        let pasted = merge::FIELDS.map(|field| map.get(field));
        let any = pasted.iter().any(Option::is_some);
        any.then(|| pasted.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>())
    }));
    // What was pasted for one target is not another's.
    let target = Memo::new(move |_| query.with(|query| query.target.clone()));
    Effect::new(move |before: Option<Option<String>>| {
        let now = target.get();
        if before.is_some_and(|before| before != now) {
            pasted.set(None);
        }
        now
    });
    view! {
        <Picker catalogue query typed />
        <AddressForm query typed in_query shown problem />
        <TrustChoices catalogue query typed />
        <VersionChoices catalogue query typed />
        <Transition>
            {move || Suspend::new(async move {
                match guide.await {
                    // Nothing of an address that is being mended.
                    Ok(guide) => {
                        let guide = guide.filter(|_| problem.get_untracked().is_none());
                        let files = guide.as_ref().map(|guide| guide.files.clone()).unwrap_or_default();
                        let asked = asked.get_untracked();
                        view! {
                            <Steps guide />
                            {(!files.is_empty()).then(|| view! { <Merge files asked query pasted /> })}
                        }
                            .into_any()
                    }
                    Err(error) => view! { <ErrorState error /> }.into_any(),
                }
            })}
        </Transition>
        <super::visits::Verify address=typed />
        <super::troubleshooting::Further />
    }
}
