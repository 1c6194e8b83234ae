//! Copies a text. Shows a check for two seconds and says it through the page's voice; there is no toast.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    announcer::use_announcer,
    icon::{Draw, Icon},
};
use crate::i18n::{t_string, use_i18n};

/// How long the check stands.
const SHOWN: Duration = Duration::from_secs(2);

/// An icon button; hidden where scripts are off, for it could do nothing there.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    value: Signal<String>,
    /// What it is, for the button's name: "Copy digest". Without it the name is "Copy".
    #[prop(optional, into)]
    what: MaybeProp<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let copied = RwSignal::new(false);
    let name = move || match what.get() {
        Some(what) => t_string!(i18n, common.copy.what, what = lower_first(&what)).to_string(),
        None => t_string!(i18n, common.copy.copy).to_string(),
    };
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            if browser::copy(&value.get_untracked()).await {
                copied.set(true);
                announcer.say(untrack(|| t_string!(i18n, common.copy.copied).to_string()));
                // Gone with the page, the signal is not there any more: then nobody has to see it change.
                let settle = move || {
                    let _ = copied.try_set(false);
                };
                set_timeout(settle, SHOWN);
            } else {
                announcer.say(untrack(|| t_string!(i18n, common.copy.failed).to_string()));
            }
        });
    };
    view! {
        <button
            class="copy button button--quiet button--small button--icon"
            type="button"
            aria-label=name
            title=name
            data-copied=move || copied.get().then_some("")
            on:click=copy
        >
            {move || {
                let icon = if copied.get() { Icon::Check } else { Icon::Copy };
                view! { <Draw icon=icon /> }
            }}
        </button>
    }
}

/// "Digest" heads a column; in "Copy digest" it does not begin a sentence.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

mod browser {
    use leptos::prelude::{document, window};
    use wasm_bindgen::JsCast as _;
    use web_sys::{HtmlDocument, HtmlTextAreaElement};

    /// Puts `text` on the clipboard. `false` if the browser refuses.
    pub(super) async fn copy(text: &str) -> bool {
        // The clipboard exists on HTTPS and on localhost only. A registry on plain HTTP is what many have, so for
        // them it is done as it was before there was a clipboard API.
        if window().is_secure_context() {
            let writing = window().navigator().clipboard().write_text(text);
            if wasm_bindgen_futures::JsFuture::from(writing).await.is_ok() {
                return true;
            }
        }
        copy_selection(text).unwrap_or(false)
    }

    fn copy_selection(text: &str) -> Option<bool> {
        let document = document();
        let before = document.active_element();
        let area = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
        area.set_value(text);
        area.set_class_name("visually-hidden");
        // A dialog that is open takes all else out of reach, so the text must be inside of it.
        let place = document.query_selector("dialog[open]").ok().flatten();
        let place = place.or_else(|| document.body().map(Into::into))?;
        place.append_child(&area).ok()?;
        area.select();
        let copied = document.dyn_into::<HtmlDocument>().ok()?.exec_command("copy").unwrap_or(false);
        area.remove();
        if let Some(before) = before.and_then(|before| before.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = before.focus();
        }
        Some(copied)
    }
}
