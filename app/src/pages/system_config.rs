//! Manage → System Config. Explicit save; what changes and what follows from it is said before and after.

use humpback::config::AccessKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::refused::Refused;
use crate::{
    api::system_config::{Outcome, SaveSystemConfig, load_system_config},
    components::{CardSkeleton, form::FormErrors, open_registry_banner::use_registry_changes},
    i18n::{t, t_string, use_i18n},
};

mod change_table;
mod conflict;
mod last_change;
mod remote;
mod settings_form;

use last_change::LastChange;
use remote::{RemoteCard, RemoteForm};
use settings_form::SettingsForm;

/// The page `/manage/system-config`, for administrators.
#[component]
pub fn SystemConfigPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SaveSystemConfig>::new();
    let errors = FormErrors::of(action);
    // Counts what was saved, not what was tried: a form that failed must keep what was typed.
    let saves = RwSignal::new(0_u32);
    let changes = use_registry_changes();
    Effect::new(move || {
        if matches!(action.value().get(), Some(Ok(_))) {
            saves.update(|saves| *saves += 1);
            changes.note();
        }
    });
    let settings = Resource::new(move || saves.get(), |_| load_system_config());
    let remote = RemoteForm::new(saves);
    view! {
        <Title text=move || t_string!(i18n, config.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, config.title)}</h1>
                <p class="page__lead">{t!(i18n, config.lead)}</p>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(settings) => {
                        let last = settings.clone();
                        let access = settings.access;
                        view! {
                            <SavedNote action version=settings.current.version />
                            <SettingsForm settings action errors />
                            <LastChange settings=last action />
                            <RemoteCard form=remote />
                            <Access kind=access />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What became of the form just now; takes the focus, for the form was made anew.
#[component]
fn SavedNote(
    /// Saves the form.
    action: ServerAction<SaveSystemConfig>,
    /// The version in force.
    version: u64,
) -> impl IntoView {
    let i18n = use_i18n();
    let by_script = action.value().get_untracked().and_then(Result::ok);
    let outcome = by_script.or_else(|| match use_query_map().with_untracked(|query| query.get("saved"))?.as_str() {
        "none" => Some(Outcome::Unchanged),
        saved => saved.parse().ok().map(Outcome::Saved),
    });
    let note = NodeRef::<leptos::html::P>::new();
    Effect::new(move || {
        if by_script.is_some()
            && let Some(note) = note.get()
        {
            let _ = note.focus();
        }
    });
    let text = match outcome {
        // An address from an earlier save that was kept as a bookmark says nothing of now.
        Some(Outcome::Saved(saved)) if saved == version => t!(i18n, config.saved, version = version).into_any(),
        Some(Outcome::Unchanged) => t!(i18n, config.unchanged).into_any(),
        _ => return None,
    };
    Some(view! {
        <p class="banner banner--success" role="status" tabindex="-1" node_ref=note>
            {text}
        </p>
    })
}

/// Who may do what.
#[component]
fn Access(
    /// What is in force.
    kind: AccessKind,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = match kind {
        AccessKind::Open => t!(i18n, config.access.open).into_any(),
        AccessKind::SignInToPush => t!(i18n, config.access.sign_in_to_push).into_any(),
        AccessKind::Private => t!(i18n, config.access.private).into_any(),
        AccessKind::Rules { .. } => t!(i18n, config.access.rules).into_any(),
        AccessKind::Htpasswd => t!(i18n, config.access.htpasswd).into_any(),
        AccessKind::Token => t!(i18n, config.access.token).into_any(),
    };
    let how = match kind {
        AccessKind::Open | AccessKind::SignInToPush | AccessKind::Private | AccessKind::Rules { .. } => {
            t!(i18n, config.access.how).into_any()
        }
        AccessKind::Htpasswd | AccessKind::Token => t!(i18n, config.access.console).into_any(),
    };
    view! {
        <section class="card" id="access">
            <h2 class="card__title">{t!(i18n, config.access.title)}</h2>
            <p>{text}</p>
            <p>{how}</p>
            <p>
                <a href="/manage/access">{t!(i18n, config.access.link)}</a>
            </p>
        </section>
    }
}
