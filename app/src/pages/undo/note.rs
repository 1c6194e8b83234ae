//! What was done, on the page that the reader lands on, with the button that takes it back.

use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};

use super::{RestoreButton, history_path};
use crate::{
    api::undo::RestoreDeletion,
    components::form::FormSummary,
    i18n::{Locale, t, t_string, use_i18n},
    pages::leading,
};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which word of [`text`].
    word: String,
    /// A name or a number.
    what: String,
    /// The deletion that can be undone.
    undo: Option<i64>,
    /// How many tags were moved by it.
    moved: u64,
    /// How many could not be restored.
    lost: u64,
}

impl Done {
    /// A tag was deleted.
    pub fn tag_deleted(tag: String, undo: Option<i64>) -> Self {
        Self { word: "tag-deleted".to_owned(), what: tag, undo, moved: 0, lost: 0 }
    }

    /// What the address says.
    fn read(words: &ParamsMap) -> Option<Self> {
        let number = |key| words.get_str(key).and_then(|text| text.parse().ok()).unwrap_or(0);
        Some(Self {
            word: words.get("done")?,
            what: words.get("what").unwrap_or_default(),
            undo: words.get_str("undo").and_then(|id| id.parse().ok()),
            moved: number("moved"),
            lost: number("lost"),
        })
    }
}

/// In the reader's language; nothing for a word that is none.
fn text(i18n: I18nContext<Locale>, done: &Done) -> Option<String> {
    let (what, count) = (done.what.clone(), done.what.parse::<u64>().unwrap_or(0));
    let text = match done.word.as_str() {
        "tag-deleted" => t_string!(i18n, undo.note.tag_deleted, what = what).to_string(),
        "tags-deleted" => t_string!(i18n, undo.note.tags_deleted, count = count).to_string(),
        "repository-deleted" => t_string!(i18n, undo.note.repository_deleted, what = what).to_string(),
        "tags-restored" => t_string!(i18n, undo.note.tags_restored, count = count).to_string(),
        "manifest-restored" => t_string!(i18n, undo.note.manifest_restored).to_string(),
        "repository-restored" => t_string!(i18n, undo.note.repository_restored).to_string(),
        "tag-restored" => t_string!(i18n, undo.note.tag_restored, what = what).to_string(),
        "tag-moved-back" => t_string!(i18n, undo.note.tag_moved_back, what = what).to_string(),
        "tag-added" => t_string!(i18n, undo.note.tag_added, what = what).to_string(),
        "tag-moved" => t_string!(i18n, undo.note.tag_moved, what = what).to_string(),
        "tag-unchanged" => t_string!(i18n, undo.note.tag_unchanged, what = what).to_string(),
        _ => return None,
    };
    let moved = (done.moved > 0).then(|| t_string!(i18n, undo.note.moved, count = done.moved).to_string());
    let lost = (done.lost > 0).then(|| t_string!(i18n, undo.note.lost, count = done.lost).to_string());
    Some([Some(text), moved, lost].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// A note of what the address says, if it says something.
#[component]
pub fn UndoNote() -> impl IntoView {
    let done = use_query_map().with_untracked(Done::read);
    done.map(|done| view! { <Note done /> })
}

/// A note of what was done on this page since, else of what its address says.
#[component]
pub fn DoneNotes(
    /// What was done last.
    last: RwSignal<Option<Done>>,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Done::read));
    move || last.get().or_else(|| asked.get()).map(|done| view! { <Note done /> })
}

#[component]
fn Note(done: Done) -> impl IntoView {
    let i18n = use_i18n();
    text(i18n, &done)?;
    let undo = done.undo;
    let (class, shown) =
        (if done.lost > 0 { "banner banner--warning" } else { "banner banner--success" }, done.clone());
    let words = move || text(i18n, &shown).unwrap_or_default();
    let name = words.clone();
    let button = undo.map(|id| {
        let (action, errors) = leading::<RestoreDeletion>();
        view! {
            <ActionForm action attr:class="banner__actions">
                <RestoreButton
                    id
                    label=move || t_string!(i18n, undo.undo)
                    name=move || format!("{} ({})", t_string!(i18n, undo.undo), name())
                    pending=action.pending()
                />
                <FormSummary errors />
            </ActionForm>
        }
    });
    let history = (done.word == "tag-moved").then(|| {
        let repository = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
        let href = history_path(&repository, Some(&done.what));
        view! {
            <div class="banner__actions">
                <a href=href>{t!(i18n, undo.history.action)}</a>
            </div>
        }
    });
    Some(view! {
        <div class=class>
            <div class="banner__text">{words}</div>
            {button}
            {history}
        </div>
    })
}
