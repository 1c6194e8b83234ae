//! Taking back what was done: a note with its button, what was deleted of late, the history of tags, and the deeds that
//! can be taken back besides deleting one tag.

mod bin;
mod delete_repository;
mod delete_tags;
mod history;
mod note;
mod put_tag;

pub use bin::RecentlyDeletedPage;
pub use delete_repository::DeleteRepositoryPage;
pub use delete_tags::DeleteTagsPage;
pub use history::TagHistoryPage;
pub use note::{Done, DoneNotes, UndoNote};
pub use put_tag::PutTagPage;

use super::delete_tag::DeleteLink;
use leptos::{prelude::*, text_prop::TextProp};

use crate::{
    components::{Draw, Icon},
    format::escape,
    i18n::{t, t_string, use_i18n},
};

/// Where the history of a repository's tags is, or of one tag.
pub fn history_path(repository: &str, tag: Option<&str>) -> String {
    let tag = tag.map(|tag| format!("?tag={}", escape(tag))).unwrap_or_default();
    format!("/tag-history/{}{tag}", escape(repository))
}

/// Where a repository's deletion is asked about.
pub fn delete_repository_path(repository: &str) -> String {
    format!("/delete-repository/{}", escape(repository))
}

/// Where a tag is put on a manifest.
pub fn put_tag_path(repository: &str, reference: &str) -> String {
    format!("/put-tag/{}?reference={}", escape(repository), escape(reference))
}

/// What can be done about a manifest, at the end of its page.
#[component]
pub fn ManifestDeeds(
    /// The repository's name.
    name: String,
    /// The manifest.
    digest: String,
    /// The tag by which it was asked for.
    tag: Option<String>,
    /// Whether the reader may do more than look.
    administrator: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let history = tag.as_ref().map(|tag| {
        let href = history_path(&name, Some(tag));
        view! {
            <a class="button" href=href>
                <Draw icon=Icon::History />
                {t!(i18n, undo.history.action)}
            </a>
        }
    });
    let add = administrator.then(|| {
        let href = put_tag_path(&name, &digest);
        view! {
            <a class="button" href=href>
                <Draw icon=Icon::Plus />
                {t!(i18n, undo.place.action)}
            </a>
        }
    });
    let delete =
        tag.filter(|_| administrator).map(|tag| view! { <DeleteLink repository=name tag=tag labelled=true /> });
    (history.is_some() || add.is_some()).then(|| {
        view! {
            <div class="page__actions">
                {history} {add} {delete}
            </div>
        }
    })
}

/// What is within the form that takes one thing back: which one, and the button. One action serves all such forms of a
/// page, and its errors stand above them, as they do without scripts.
#[component]
fn RestoreButton(
    /// The deletion or change.
    id: i64,
    /// What stands on it.
    #[prop(into)]
    label: TextProp,
    /// What it does, where the label alone does not tell.
    #[prop(into)]
    name: TextProp,
    /// Whether the answer to one of them is on its way.
    #[prop(into)]
    pending: Signal<bool>,
) -> impl IntoView {
    let title = name.clone();
    view! {
        <input type="hidden" name="id" value=id.to_string() />
        <button
            class="button button--small"
            type="submit"
            aria-label=move || name.get().to_string()
            title=move || title.get().to_string()
            aria-busy=move || pending.get().then_some("true")
            disabled=pending
        >
            {move || label.get()}
        </button>
    }
}

/// For how long what is deleted can be restored, in words.
#[component]
fn KeptFor(
    /// In hours; 0 for not at all.
    hours: u64,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || match hours {
        0 => t_string!(i18n, undo.kept.never).to_string(),
        hours if hours % 24 == 0 => t_string!(i18n, undo.kept.days, count = hours / 24).to_string(),
        hours => t_string!(i18n, undo.kept.hours, count = hours).to_string(),
    };
    view! { <p>{text}</p> }
}
