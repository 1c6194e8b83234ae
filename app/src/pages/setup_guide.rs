//! The setup guide: choose a client machine, see the steps with this registry's address in them.
//!
//! The choice lives in the page's address. Without scripts the links and the form load the page anew; with them
//! the steps follow each key, written by the same code in the browser.

mod address;
mod choice;
mod prose;
mod steps;
mod words;

use humpback::{
    config::{InvalidAddress, RegistryAddress},
    setup_guide::{Form, Guide, Input, Place, Target, Transport, guide},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::registry_address::{ShownAddress, registry_address},
    i18n::{t, t_string, use_i18n},
};

use self::{address::AddressForm, choice::Choice, steps::Steps};

/// Where the page is.
const PATH: &str = "/setup";

/// What the page's address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Query {
    target: Target,
    form: Option<Form>,
}

impl Query {
    fn read(map: &ParamsMap) -> Self {
        Self {
            target: map.get_str("target").and_then(Target::from_slug).unwrap_or(Target::Linux),
            form: map.get_str("form").and_then(Form::from_slug),
        }
    }

    /// The page's address with this choice and the address as it is typed.
    fn href(self, address: &str) -> String {
        let mut map = ParamsMap::new();
        map.insert("target", self.target.slug().to_owned());
        if let Some(form) = self.form {
            map.insert("form", form.slug().to_owned());
        }
        map.insert("address", address.to_owned());
        format!("{PATH}{}", map.to_query_string())
    }
}

/// The page. Waits for the address to begin with, and shows it even when that cannot be had.
#[component]
pub fn SetupGuide() -> impl IntoView {
    let i18n = use_i18n();
    let shown = Resource::new(|| (), |()| registry_address());
    view! {
        <Title text=move || t_string!(i18n, guide.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, guide.title)}</h1>
                <p class="page__lead">{t!(i18n, guide.lead)}</p>
            </div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                // The guide is of use without it: then the reader types the address.
                let shown = shown.await.unwrap_or(ShownAddress { text: String::new(), configured: false });
                view! { <GuideFor shown=shown /> }
            })}
        </Suspense>
    }
}

#[component]
fn GuideFor(
    /// The address to begin with.
    shown: ShownAddress,
) -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(Query::read));
    let in_query = Memo::new(move |_| map.with(|map| map.get("address")));
    let initial = in_query.get_untracked().unwrap_or_else(|| shown.text.clone());
    let typed = RwSignal::new(initial);
    let address = Memo::new(move |_| typed.with(|typed| RegistryAddress::parse(typed)));
    let result = Memo::new(move |_| -> Result<Guide, InvalidAddress> {
        let Query { target, form } = query.get();
        address.get().map(|address| guide(Input { target, form, address: &address }))
    });
    // Which forms there are depends on the address; while it is being typed, on the usual one.
    let transport = Memo::new(move |_| {
        address.with(|address| address.as_ref().map_or(Transport::Http, |address| Place::of(address).transport()))
    });
    view! {
        <Choice query=query transport=transport typed=typed />
        <AddressForm query=query typed=typed in_query=in_query shown=shown problem=Signal::derive(move || result.get().err()) />
        <Steps result=result />
    }
}
