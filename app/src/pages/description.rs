//! Changes what is said of a repository, with a look at what it will be.

use std::time::Duration;

use humpback::explorer::DESCRIPTION_BYTES_MAX;
use leptos::{form::ActionForm, leptos_dom::helpers::debounce, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    explorer::{REPOSITORIES, repository_path},
    leading,
    missing::MissingRepository,
    refused::Refused,
};
use crate::{
    api::{
        Error,
        descriptions::{EditedDescription, SaveDescription, preview_description, read_description},
    },
    components::{
        Breadcrumb, Markdown, TableSkeleton,
        form::{FormSummary, SubmitButton},
        in_textarea,
    },
    i18n::{t, t_string, use_i18n},
    words,
};

/// How long the fingers must rest before the server is asked.
const REST: Duration = Duration::from_millis(300);

/// The page `/describe/…`.
#[component]
pub fn DescriptionPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let page = Resource::new(move || name.get(), read_description);
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, explorer.description.title), name.get()) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{t!(i18n, explorer.description.title)}</h1>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <TableSkeleton columns=1 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Editor page /> }.into_any(),
                    Err(Error::NotFound { what }) => view! { <MissingRepository name=what /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Editor(page: EditedDescription) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<SaveDescription>();
    let html = RwSignal::new(page.html);
    let mut follow = debounce(REST, move |text: String| {
        leptos::task::spawn_local(async move {
            // What can't be shown is said when it is saved.
            if let Ok(shown) = preview_description(text).await {
                html.set(shown);
            }
        });
    });
    let problem = move || errors.problem("text").map(|problem| words::problem(i18n, &problem));
    let back = repository_path(&page.name);
    view! {
        <FormSummary errors />
        <ActionForm action=action attr:class="form">
            <input type="hidden" name="name" value=page.name />
            <div class="field">
                <label for="text">{t!(i18n, explorer.description.label)}</label>
                <p class="field__caption" id="text-caption">
                    {t!(i18n, explorer.description.caption)}
                </p>
                <textarea
                    class="input input--mono input--tall"
                    id="text"
                    name="text"
                    rows="14"
                    maxlength=DESCRIPTION_BYTES_MAX.to_string()
                    aria-describedby="text-caption text-problem"
                    aria-invalid=move || problem().map(|_| "true")
                    on:input:target=move |event| {
                        errors.typed_in("text");
                        follow(event.target().value());
                    }
                >
                    {in_textarea(page.content)}
                </textarea>
                <p class="field__error" id="text-problem">
                    {problem}
                </p>
            </div>
            <div class="form__actions">
                <SubmitButton
                    label=move || t_string!(i18n, explorer.description.save)
                    busy=move || t_string!(i18n, explorer.description.saving)
                    pending=action.pending()
                />
                <a class="button" href=back>
                    {t!(i18n, common.cancel)}
                </a>
            </div>
        </ActionForm>
        <section class="page__section" aria-labelledby="preview">
            <h2 id="preview">{t!(i18n, explorer.description.preview)}</h2>
            <Markdown html=html />
        </section>
    }
}
