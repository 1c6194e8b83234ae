//! Puts a tag on a manifest. One that names another manifest moves only if that is ticked.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    api::{
        Error,
        undo::{PutTag, TagPlace, read_tag_place},
    },
    components::{
        Breadcrumb, CardSkeleton,
        form::{FieldKind, FormSummary, SubmitButton, TextField},
    },
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
pub fn PutTagPage() -> impl IntoView {
    let i18n = use_i18n();
    let (params, words) = (use_params_map(), use_query_map());
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let reference = Memo::new(move |_| words.with(|words| words.get("reference")).unwrap_or_default());
    let place =
        Resource::new(move || (name.get(), reference.get()), |(name, reference)| read_tag_place(name, reference));
    view! {
        <Title text=move || t_string!(i18n, undo.place.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{t!(i18n, undo.place.title)}</h1>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match place.await {
                    Ok(place) => view! { <Form place /> }.into_any(),
                    Err(Error::NotFound { .. }) => {
                        let (repository, reference) = (name.get_untracked(), reference.get_untracked());
                        view! { <MissingManifest repository reference /> }.into_any()
                    }
                    Err(error) => view! { <Refused error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form(place: TagPlace) -> impl IntoView {
    let i18n = use_i18n();
    let TagPlace { repository, digest, tags } = place;
    let (action, errors) = leading::<PutTag>();
    let name = repository.to_string();
    let back = manifest_path(&name, digest.as_str());
    let shown = name.clone();
    let (digest, whole) = (digest.to_string(), digest.to_string());
    let tags = tags.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let present = if tags.is_empty() { t!(i18n, undo.place.none).into_any() } else { tags.into_any() };
    view! {
        <section class="card card--narrow">
            <p>{move || t_string!(i18n, undo.place.lead, repository = shown.clone()).to_string()}</p>
            <dl class="facts">
                <dt>{t!(i18n, explorer.manifest.digest)}</dt>
                <dd class="mono">{digest}</dd>
                <dt>{t!(i18n, undo.place.present)}</dt>
                <dd>{present}</dd>
            </dl>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="repository" value=name />
                <input type="hidden" name="digest" value=whole />
                <TextField
                    name="tag"
                    label=move || t_string!(i18n, undo.place.tag)
                    caption=move || t_string!(i18n, undo.place.tag_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <div class="field field--inline">
                    <input
                        type="checkbox"
                        id="moves"
                        name="moves"
                        value="true"
                        aria-describedby="moves-caption"
                        autocomplete="off"
                    />
                    <label for="moves">{t!(i18n, undo.place.moves)}</label>
                    <p class="field__caption" id="moves-caption">
                        {t!(i18n, undo.place.moves_caption)}
                    </p>
                </div>
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, undo.place.submit)
                        busy=move || t_string!(i18n, undo.place.busy)
                        pending=action.pending()
                    />
                    <a href=back class="button">
                        {t!(i18n, common.cancel)}
                    </a>
                </div>
            </ActionForm>
        </section>
    }
}
