//! Says on every page what an administrator may not expect: that anyone may push, or that nobody can.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Draw, Icon};
use crate::{
    api::system_config::load_registry_status,
    i18n::{t, use_i18n},
};

/// Where the page says how to restrict access.
const ACCESS: &str = "/manage/system-config#access";

/// "Anyone may pull and push", or "the registry is disabled", each with the way to change it.
#[component]
pub fn OpenRegistryBanner() -> impl IntoView {
    let i18n = use_i18n();
    let status = Resource::new(|| (), |()| load_registry_status());
    let banner = move |enabled: bool| {
        let (text, href, link) = if enabled {
            (t!(i18n, config.banner.open).into_any(), ACCESS, t!(i18n, config.banner.open_link).into_any())
        } else {
            let link = t!(i18n, config.banner.disabled_link).into_any();
            (t!(i18n, config.banner.disabled).into_any(), "/manage/system-config", link)
        };
        view! {
            <aside class="banner banner--warning">
                <Draw icon=Icon::Warning />
                <p class="banner__text">{text}</p>
                <p>
                    <A href=href>{link}</A>
                </p>
            </aside>
        }
    };
    view! {
        <Transition>
            // What could not be asked is not claimed.
            {move || Suspend::new(async move { status.await.ok().map(|status| banner(status.enabled)) })}
        </Transition>
    }
}
