//! Says on every page what an administrator may not expect: that anyone may push.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Draw, Icon};
use crate::{
    api::system_config::load_registry_status,
    i18n::{t, use_i18n},
};

/// Where it is said how to restrict access.
const ACCESS: &str = "/manage/system-config#access";

/// "Anyone may pull and push", with the way to change it. Nothing while the registry is disabled, which each page
/// says in its own words, or where it could not be asked.
#[component]
pub fn OpenRegistryBanner() -> impl IntoView {
    let i18n = use_i18n();
    let status = Resource::new(|| (), |()| load_registry_status());
    let banner = move || {
        view! {
            <aside class="banner banner--warning">
                <Draw icon=Icon::Warning />
                <p class="banner__text">{t!(i18n, config.banner.open)}</p>
                <p>
                    <A href=ACCESS>{t!(i18n, config.banner.open_link)}</A>
                </p>
            </aside>
        }
    };
    view! {
        <Transition>
            {move || Suspend::new(async move { status.await.is_ok_and(|status| status.enabled).then(banner) })}
        </Transition>
    }
}
