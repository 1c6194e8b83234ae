//! The address field: a plain GET form, and live where scripts run.

use humpback::config::InvalidAddress;
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{PATH, Query};
use crate::{
    api::registry_address::ShownAddress,
    components::{announcer::use_announcer, prose},
    i18n::{t, t_string, use_i18n},
    words,
};

const FIELD: &str = "address";
const CAPTION: &str = "address-caption";
const ERROR: &str = "address-error";

/// The field, what is wrong with it, and a button for those without scripts.
#[component]
pub(super) fn AddressForm(
    /// What is chosen, which the form carries on.
    query: Memo<Query>,
    /// The address as it is typed.
    typed: RwSignal<String>,
    /// The address in the page's own address, which changes when the reader goes back.
    in_query: Memo<Option<String>>,
    /// The address to begin with.
    shown: ShownAddress,
    /// What is wrong with the typed one.
    #[prop(into)]
    problem: Signal<Option<InvalidAddress>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let navigate = use_navigate();
    let input = NodeRef::<html::Input>::new();
    let initial = typed.get_untracked();
    // What was typed before the scripts came stays.
    Effect::new(move |arrived: Option<()>| {
        if arrived.is_none()
            && let Some(input) = input.get()
            && input.value() != typed.get_untracked()
        {
            typed.set(input.value());
        }
    });
    Effect::new({
        let text = shown.text.clone();
        move |before: Option<Option<String>>| {
            let now = in_query.get();
            if before.is_some_and(|before| before != now) {
                let address = now.clone().unwrap_or_else(|| text.clone());
                if address != typed.get_untracked() {
                    if let Some(input) = input.get_untracked() {
                        input.set_value(&address);
                    }
                    typed.set(address);
                }
            }
            now
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let href = query.get_untracked().href(&typed.get_untracked());
        navigate(&href, NavigateOptions { scroll: false, ..Default::default() });
        match problem.get_untracked() {
            None => announcer.say(t_string!(i18n, guide.followed, prefix = typed.get_untracked()).to_string()),
            Some(_) => drop(input.get_untracked().map(|input| input.focus())),
        }
    };
    let caption = move || {
        let general = t_string!(i18n, guide.address_caption);
        let origin = match (&shown, typed.get() == shown.text) {
            (ShownAddress { configured: true, .. }, true) => t_string!(i18n, guide.address_caption_configured),
            (ShownAddress { configured: false, text }, true) if !text.is_empty() => {
                t_string!(i18n, guide.address_caption_host)
            }
            _ => "",
        };
        (prose(general), " ", prose(origin))
    };
    view! {
        <form class="form" method="get" action=PATH on:submit=submit>
            {move || {
                query.with(|query| {
                    let hidden = |(key, word): (&'static str, &str)| {
                        view! { <input type="hidden" name=key value=word.to_owned() /> }
                    };
                    query.words().map(hidden).collect_view()
                })
            }}
            <div class="field">
                <label for=FIELD>{t!(i18n, guide.address)}</label>
                <p class="field__caption" id=CAPTION>
                    {caption}
                </p>
                <div class="guide__address">
                    <input
                        class="input input--mono"
                        id=FIELD
                        name=FIELD
                        value=initial
                        node_ref=input
                        inputmode="url"
                        autocapitalize="off"
                        autocomplete="off"
                        spellcheck="false"
                        required
                        aria-describedby=move || {
                            if problem.with(Option::is_some) { format!("{ERROR} {CAPTION}") } else { CAPTION.to_owned() }
                        }
                        aria-invalid=move || problem.with(Option::is_some).then_some("true")
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    <button class="button">{t!(i18n, guide.show)}</button>
                </div>
                {move || {
                    problem.get()
                        .map(|problem| {
                            view! {
                                <p class="field__error" id=ERROR>
                                    {move || words::address(i18n, &problem)}
                                </p>
                            }
                        })
                }}
            </div>
        </form>
    }
}
