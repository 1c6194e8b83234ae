//! Deletes a tag after asking. A page of its own without scripts; with them a dialog over the list.
//!
//! Both say the same: what will fail from then on, and what stays.

use leptos::{
    either::{Either, EitherOf3},
    ev::MouseEvent,
    form::ActionForm,
    prelude::*,
};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    explorer::{REPOSITORIES, manifest_path, repository_path},
    missing::MissingManifest,
    refused::Refused,
    undo::Done,
};
use crate::{
    api::{
        Error,
        repositories::{DeleteTag as Delete, TagDeletion, read_tag_deletion},
    },
    components::{Breadcrumb, CardSkeleton, Draw, Icon, announcer::use_announcer, error_state::message},
    format::escape,
    i18n::{t, t_string, use_i18n},
};

/// So many other tags are named; of more it is said that there are.
const OTHERS_SHOWN: usize = 5;

/// The page without scripts, and for a link that was opened by itself.
#[component]
pub fn DeleteTag() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let words = use_query_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let tag = Memo::new(move |_| words.with(|words| words.get("tag")).unwrap_or_default());
    let deletion = Resource::new(move || (name.get(), tag.get()), |(name, tag)| read_tag_deletion(name, tag));
    let action = ServerAction::<Delete>::new();
    let navigate = leptos_router::hooks::use_navigate();
    let announcer = use_announcer();
    Effect::new(move |_| {
        if let Some(Ok(undo)) = action.value().get() {
            announcer.say(untrack(|| t_string!(i18n, explorer.delete.done, tag = tag.get()).to_string()));
            let undo = undo.map(|id| format!("&undo={id}")).unwrap_or_default();
            let note = format!("?done=tag-deleted&what={}{undo}", escape(&tag.get_untracked()));
            let path = format!("{}{note}", repository_path(&name.get_untracked()));
            navigate(&path, leptos_router::NavigateOptions::default());
        }
    });
    view! {
        <Title text=move || t_string!(i18n, explorer.delete.title).to_string() />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                        (tag.get(), manifest_path(&name.get(), &tag.get())),
                    ]
                }) />
                <h1>{t!(i18n, explorer.delete.title)}</h1>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match deletion.await {
                    Ok(deletion) => {
                        let back = repository_path(deletion.repository.as_str());
                        let form = view! {
                            <div class="card card--danger card--narrow">
                                <Question deletion=deletion action=action>
                                    <a href=back class="button">
                                        {t!(i18n, common.cancel)}
                                    </a>
                                </Question>
                            </div>
                        };
                        EitherOf3::A(form)
                    }
                    Err(Error::NotFound { .. }) => {
                        EitherOf3::B(view! { <MissingManifest repository=name.get() reference=tag.get() /> })
                    }
                    Err(error) => EitherOf3::C(view! { <Refused error=error /> }),
                }
            })}
        </Suspense>
    }
}

/// What the list's links do where scripts run: they choose the tag that the dialog asks about.
#[derive(Clone, Copy, Debug)]
struct Chosen(RwSignal<Option<String>>);

/// Around a list of tags: the dialog that its links open.
#[component]
pub fn DeleteDialog(
    /// The repository's name.
    repository: String,
    /// Counted up after each deletion.
    deletions: RwSignal<u32>,
    /// The last deletion, to be told and taken back.
    last: RwSignal<Option<Done>>,
    /// Whether the reader may delete at all.
    administrator: bool,
    /// The list.
    children: Children,
) -> impl IntoView {
    if !administrator {
        return Either::Left(children());
    }
    let i18n = use_i18n();
    let chosen = RwSignal::new(None::<String>);
    provide_context(Chosen(chosen));
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let announcer = use_announcer();
    let action = ServerAction::<Delete>::new();
    let deletion = Resource::new(
        move || chosen.get(),
        move |tag| {
            let repository = repository.clone();
            async move {
                match tag {
                    Some(tag) => read_tag_deletion(repository, tag).await.map(Some),
                    None => Ok(None),
                }
            }
        },
    );
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    Effect::new(move |_| {
        if chosen.get().is_some()
            && let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            // Fails only where the element is not in the page.
            let _ = dialog.show_modal();
        }
    });
    // It stays open until the server has answered, and shows a refusal within itself.
    Effect::new(move |_| {
        if let Some(Ok(undo)) = action.value().get() {
            let tag = chosen.get_untracked().unwrap_or_default();
            close();
            last.set(Some(Done::tag_deleted(tag.clone(), undo)));
            announcer.say(untrack(|| t_string!(i18n, explorer.delete.done, tag = tag).to_string()));
            deletions.update(|count| *count += 1);
        }
    });
    let list = children();
    Either::Right(view! {
        {list}
        <dialog
            class="dialog"
            aria-labelledby="delete-tag"
            node_ref=dialog
            // Esc, Cancel and a deletion all end here; the browser gives the focus back to the link.
            on:close=move |_| {
                chosen.set(None);
                action.clear();
            }
        >
            <div class="dialog__body">
                <h2 id="delete-tag">{t!(i18n, explorer.delete.title)}</h2>
                <Transition>
                    {move || Suspend::new(async move {
                        match deletion.await {
                            Ok(None) => EitherOf3::A(()),
                            Ok(Some(deletion)) => {
                                let question = view! {
                                    <Question deletion=deletion action=action>
                                        <button class="button" type="button" autofocus on:click=move |_| close()>
                                            {t!(i18n, common.cancel)}
                                        </button>
                                    </Question>
                                };
                                EitherOf3::B(question)
                            }
                            Err(error) => {
                                let refusal = view! {
                                    <p class="field__error" role="alert">
                                        {move || message(i18n, &error)}
                                    </p>
                                    <div class="dialog__actions">
                                        <button class="button" type="button" on:click=move |_| close()>
                                            {t!(i18n, common.close)}
                                        </button>
                                    </div>
                                };
                                EitherOf3::C(refusal)
                            }
                        }
                    })}
                </Transition>
            </div>
        </dialog>
    })
}

/// The link in a tag's row. It leads to the page that asks; in a [`DeleteDialog`] it opens the dialog instead.
#[component]
pub fn DeleteLink(
    /// The repository's name.
    repository: String,
    /// The tag.
    tag: String,
    /// Says in words what it does, where there is room.
    #[prop(optional)]
    labelled: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = use_context::<Chosen>();
    let href = format!("/delete-tag/{}?tag={}", escape(&repository), escape(&tag));
    let (named, clicked) = (tag.clone(), tag);
    let name = move || t_string!(i18n, explorer.delete.action, tag = named.clone()).to_string();
    let title = name.clone();
    let open = move |event: MouseEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if let (Some(Chosen(chosen)), true) = (chosen, plain) {
            event.prevent_default();
            chosen.set(Some(clicked.clone()));
        }
    };
    let class = if labelled { "button button--danger" } else { "button button--quiet button--small button--icon" };
    view! {
        <a class=class href=href aria-label=name title=title on:click=open>
            <Draw icon=Icon::Trash />
            {labelled.then_some(t!(i18n, explorer.delete.confirm))}
        </a>
    }
}

/// What is asked, and the two answers.
#[component]
fn Question(
    /// What would be lost and what would stay.
    deletion: TagDeletion,
    /// What deletes.
    action: ServerAction<Delete>,
    /// The way out.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let TagDeletion { repository, tag, digest, other_tags, registry } = deletion;
    let (name, tag) = (repository.to_string(), tag.to_string());
    let reference = format!("{registry}/{name}:{tag}");
    let count = other_tags.len();
    let others: Vec<_> = other_tags.iter().take(OTHERS_SHOWN).map(ToString::to_string).collect();
    let more = count > OTHERS_SHOWN;
    let pending = action.pending();
    let refused = move || match action.value().get() {
        Some(Err(error)) => Some(view! {
            <p class="field__error" role="alert">
                {message(i18n, &error)}
            </p>
        }),
        _ => None,
    };
    let (asked_name, asked_tag) = (name.clone(), tag.clone());
    view! {
        <p>
            <strong>
                {move || {
                    t_string!(
                        i18n,
                        explorer.delete.question,
                        tag = asked_tag.clone(),
                        repository = asked_name.clone()
                    )
                        .to_string()
                }}
            </strong>
        </p>
        <p>
            {move || t_string!(i18n, explorer.delete.by_tag, reference = reference.clone()).to_string()} " "
            {move || t_string!(i18n, explorer.delete.by_digest, digest = digest.to_string()).to_string()}
        </p>
        {(count > 0)
            .then(move || {
                view! {
                    <p>
                        {move || {
                            let mut tags = others.clone();
                            if more {
                                tags.push(t_string!(i18n, explorer.delete.more).to_string());
                            }
                            t_string!(
                                i18n,
                                explorer.delete.others,
                                count = count as u64,
                                tags = tags.join(", ")
                            )
                                .to_string()
                        }}
                    </p>
                }
            })}
        {refused}
        <ActionForm action=action>
            <input type="hidden" name="repository" value=name />
            <input type="hidden" name="tag" value=tag />
            <div class="dialog__actions">
                <button
                    class="button button--danger"
                    type="submit"
                    aria-busy=move || pending.get().then_some("true")
                    disabled=pending
                >
                    {t!(i18n, explorer.delete.confirm)}
                </button>
                {children()}
            </div>
        </ActionForm>
    }
}
