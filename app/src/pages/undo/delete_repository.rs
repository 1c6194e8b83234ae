//! Deletes a repository after asking: the page names what goes with it, and wants its name typed.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::KeptFor;
use crate::{
    api::{
        Error,
        undo::{DeleteRepository, RepositoryDeletion, read_repository_deletion},
    },
    components::{
        Breadcrumb, CardSkeleton,
        form::{FieldKind, FormSummary, TextField},
    },
    format,
    i18n::{t, t_string, use_i18n},
    pages::{
        explorer::{REPOSITORIES, repository_path},
        leading,
        missing::MissingRepository,
        refused::Refused,
    },
};

/// The page.
#[component]
pub fn DeleteRepositoryPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let deletion = Resource::new(move || name.get(), read_repository_deletion);
    view! {
        <Title text=move || t_string!(i18n, undo.repository.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{t!(i18n, undo.repository.title)}</h1>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match deletion.await {
                    Ok(deletion) => view! { <Question deletion /> }.into_any(),
                    Err(Error::NotFound { what }) => view! { <MissingRepository name=what /> }.into_any(),
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Question(deletion: RepositoryDeletion) -> impl IntoView {
    let i18n = use_i18n();
    let RepositoryDeletion { summary, registry, kept_hours } = deletion;
    let (action, errors) = leading::<DeleteRepository>();
    let pending = action.pending();
    let name = summary.name.to_string();
    let reference = format!("{registry}/{name}");
    let back = repository_path(&name);
    let (asked, typed) = (name.clone(), name.clone());
    let (tag_count, manifest_count, size) = (summary.tag_count, summary.manifest_count, summary.size_bytes);
    let numbers = move || {
        let tags = t_string!(i18n, undo.repository.tags, count = tag_count, shown = format::number(tag_count));
        let manifests =
            t_string!(i18n, undo.repository.manifests, count = manifest_count, shown = format::number(manifest_count));
        t_string!(
            i18n,
            undo.repository.numbers,
            tags = tags.to_string(),
            manifests = manifests.to_string(),
            size = format::bytes(size),
            reference = reference.clone()
        )
        .to_string()
    };
    view! {
        <section class="card card--danger card--narrow">
            <p>
                <strong>
                    {move || t_string!(i18n, undo.repository.question, repository = asked.clone()).to_string()}
                </strong>
            </p>
            <p>{numbers}</p>
            <KeptFor hours=kept_hours />
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="repository" value=name />
                <TextField
                    name="confirmation"
                    label=move || t_string!(i18n, undo.repository.confirmation)
                    caption=move || {
                        t_string!(i18n, undo.repository.confirmation_caption, repository = typed.clone()).to_string()
                    }
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <div class="form__actions">
                    <button
                        class="button button--danger"
                        type="submit"
                        aria-busy=move || pending.get().then_some("true")
                        disabled=pending
                    >
                        {t!(i18n, undo.repository.confirm)}
                    </button>
                    <a href=back class="button">
                        {t!(i18n, common.cancel)}
                    </a>
                </div>
            </ActionForm>
        </section>
    }
}
