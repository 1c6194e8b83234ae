//! What is not in the registry. The way back stays, and the nearest name is offered.

use humpback::oci::RepositoryName;
use leptos::prelude::*;

use super::explorer::{REPOSITORIES, repository_path};
use crate::{
    api::{repositories::nearest_repository, status},
    components::EmptyState,
    i18n::{t, t_string, use_i18n},
};

/// There is no repository of that name.
#[component]
pub fn MissingRepository(
    /// The name that was asked for; any text.
    name: String,
) -> impl IntoView {
    let i18n = use_i18n();
    status::not_found();
    let wanted = name.clone();
    let nearest = Resource::new(|| (), move |()| nearest_repository(wanted.clone()));
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.repository.missing).to_string())>
            <p class="wrap-anywhere">
                {move || t_string!(i18n, explorer.repository.missing_text, name = name.clone()).to_string()}
            </p>
            <Suspense>
                {move || Suspend::new(async move { nearest.await.ok().flatten().map(|name| view! { <Nearest name=name /> }) })}
            </Suspense>
            <div class="empty-state__actions">
                <a href=REPOSITORIES class="button">
                    {t!(i18n, common.not_found.home)}
                </a>
            </div>
        </EmptyState>
    }
}

#[component]
fn Nearest(name: RepositoryName) -> impl IntoView {
    let i18n = use_i18n();
    let href = repository_path(name.as_str());
    view! {
        <p>
            <a href=href>
                {move || t_string!(i18n, explorer.repository.nearest, name = name.to_string()).to_string()}
            </a>
        </p>
    }
}

/// There is no such manifest in the repository.
#[component]
pub fn MissingManifest(
    /// The repository.
    repository: String,
    /// The tag or digest that was asked for; any text.
    reference: String,
) -> impl IntoView {
    let i18n = use_i18n();
    status::not_found();
    let back = repository_path(&repository);
    let shown = repository.clone();
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.manifest.missing).to_string())>
            <p class="wrap-anywhere">
                {move || {
                    t_string!(
                        i18n,
                        explorer.manifest.missing_text,
                        reference = reference.clone(),
                        repository = repository.clone()
                    )
                        .to_string()
                }}
            </p>
            <div class="empty-state__actions">
                <a href=back class="button">
                    {move || t_string!(i18n, explorer.manifest.back, repository = shown.clone()).to_string()}
                </a>
            </div>
        </EmptyState>
    }
}
