//! Deletes several tags after asking. Their names stand in the page's address: a plain form with checkboxes leads here.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::KeptFor;
use crate::{
    api::{
        Error,
        undo::{DeleteTags, TagsDeletion, read_tags_deletion},
    },
    components::{Breadcrumb, CardSkeleton, ShortDigest, form::FormSummary},
    i18n::{t, t_string, use_i18n},
    pages::{
        explorer::{REPOSITORIES, manifest_path, repository_path},
        leading,
        missing::MissingManifest,
        refused::Refused,
    },
};

/// The page.
#[component]
pub fn DeleteTagsPage() -> impl IntoView {
    let i18n = use_i18n();
    let (params, words) = (use_params_map(), use_query_map());
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let tags = Memo::new(move |_| words.with(|words| words.get_all("tag")).unwrap_or_default());
    let deletion = Resource::new(move || (name.get(), tags.get()), |(name, tags)| read_tags_deletion(name, tags));
    view! {
        <Title text=move || t_string!(i18n, undo.tags.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{t!(i18n, undo.tags.title)}</h1>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match deletion.await {
                    Ok(deletion) => view! { <Question deletion /> }.into_any(),
                    Err(Error::NotFound { .. }) => {
                        let reference = tags.get_untracked().join(", ");
                        view! { <MissingManifest repository=name.get_untracked() reference /> }.into_any()
                    }
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Question(deletion: TagsDeletion) -> impl IntoView {
    let i18n = use_i18n();
    let TagsDeletion { repository, tags, kept_hours } = deletion;
    let (action, errors) = leading::<DeleteTags>();
    let pending = action.pending();
    let name = repository.to_string();
    let (back, asked) = (repository_path(&name), name.clone());
    let count = tags.len() as u64;
    let inputs = tags.iter().map(|(tag, _)| view! { <input type="hidden" name="tags[]" value=tag.to_string() /> });
    let inputs = inputs.collect_view();
    let list = tags.into_iter().map(|(tag, digest)| {
        let href = manifest_path(&name, tag.as_str());
        view! {
            <li>
                <a href=href class="wrap-anywhere">
                    {tag.to_string()}
                </a>
                " "
                <ShortDigest digest=digest />
            </li>
        }
    });
    let list = list.collect_view();
    view! {
        <section class="card card--danger card--narrow">
            <p>
                <strong>
                    {move || {
                        t_string!(i18n, undo.tags.question, count = count, repository = asked.clone()).to_string()
                    }}
                </strong>
            </p>
            <ul class="facts__list">{list}</ul>
            <p>{t!(i18n, undo.tags.text)}</p>
            <KeptFor hours=kept_hours />
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="repository" value=name />
                {inputs}
                <div class="form__actions">
                    <button
                        class="button button--danger"
                        type="submit"
                        aria-busy=move || pending.get().then_some("true")
                        disabled=pending
                    >
                        {move || t_string!(i18n, undo.tags.confirm, count = count).to_string()}
                    </button>
                    <a href=back class="button">
                        {t!(i18n, common.cancel)}
                    </a>
                </div>
            </ActionForm>
        </section>
    }
}
