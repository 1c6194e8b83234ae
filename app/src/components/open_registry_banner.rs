//! Says on every page what an administrator may not expect: that anyone may push.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Draw, Icon};
use crate::{
    api::system_config::load_registry_status,
    i18n::{t, use_i18n},
};

/// Where access is restricted.
const ACCESS: &str = "/manage/access";

/// Tells the banner, which outlives each page, that the configuration was saved.
#[derive(Clone, Copy, Debug)]
pub struct RegistryChanges(RwSignal<u32>);

impl RegistryChanges {
    /// Puts the handle into the context of all that is rendered below.
    pub fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }

    /// The configuration was saved just now.
    pub fn note(self) {
        self.0.update(|count| *count += 1);
    }
}

/// The handle that [`Layout`](super::layout::Layout) has put into the context; outside of it one that nobody hears.
pub fn use_registry_changes() -> RegistryChanges {
    use_context().unwrap_or_else(|| RegistryChanges(RwSignal::new(0)))
}

/// "Anyone may pull and push", with the way to change it. Nothing where they must sign in, while the registry is
/// disabled, which each page says in its own words, or where it could not be asked.
#[component]
pub fn OpenRegistryBanner() -> impl IntoView {
    let i18n = use_i18n();
    let changes = use_registry_changes();
    let status = Resource::new(move || changes.0.get(), |_| load_registry_status());
    let banner = move || {
        view! {
            <div class="banner banner--warning" role="note">
                <Draw icon=Icon::Warning />
                <p class="banner__text">{t!(i18n, config.banner.open)}</p>
                <p>
                    <A href=ACCESS>{t!(i18n, config.banner.open_link)}</A>
                </p>
            </div>
        }
    };
    view! {
        <Transition>
            {move || Suspend::new(async move { status.await.is_ok_and(|status| status.enabled && status.access.anyone_pushes()).then(banner) })}
        </Transition>
    }
}
