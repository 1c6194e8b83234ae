//! The form. Its inputs keep what is typed whatever happens around them; a copy of it, `draft`, tells what is not
//! saved yet.

use humpback::config::{Change, Draft, RegistryAddress, SystemConfig, Versioned, changes};
use leptos::{
    ev::{self, SubmitEvent},
    form::{ActionForm, FromFormData as _},
    prelude::*,
};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use super::{change_table::ChangeTable, conflict::ConflictNote};
use crate::{
    api::{
        Conflict, Error,
        system_config::{SaveSystemConfig, Settings},
    },
    components::form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    i18n::{t, t_string, use_i18n},
};

/// The names and ids of the inputs.
const ENABLED: &str = "private_registry_enabled";
const ADDRESS: &str = "address";

/// The form with its Save button.
#[component]
pub fn SettingsForm(
    /// What is in force.
    settings: Settings,
    /// Saves the form.
    action: ServerAction<SaveSystemConfig>,
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let Settings { current, opened_at, .. } = settings;
    let initial = errors.shown().with_untracked(|error| as_typed(error.as_ref(), &current.value));
    let draft = RwSignal::new(initial.clone());
    let base = StoredValue::new(current);
    // After a conflict the form follows what is in force now, which its reader has seen.
    let conflict = Memo::new(move |_| errors.shown().with(|error| conflict_in(error.as_ref())));
    let base = move || conflict.get().map_or_else(|| base.get_value(), |conflict| conflict.current);
    let version = Memo::new(move |_| base().version);
    let unsaved = Memo::new(move |_| differences(&base(), &draft.get()));
    follow_inputs(draft);
    warn_before_leaving(unsaved);

    let check = move |event: SubmitEvent| {
        let Ok(form) = SaveSystemConfig::from_event(&event) else { return };
        let typed = Draft { private_registry_enabled: form.private_registry_enabled, address: form.address };
        let problems = typed
            .validate()
            .map(|_| ())
            .map_err(|problems| Error::invalid(problems.into_iter().map(Into::into).collect()));
        errors.hold_back(&event, action.pending().get_untracked(), problems);
    };
    let note = move || {
        conflict.get().map(|Conflict { current, mine }| {
            view! { <ConflictNote current mine /> }
        })
    };
    let save_label = move || match conflict.get() {
        Some(Conflict { current, .. }) => t_string!(i18n, config.save_over, version = current.version).to_string(),
        None => t_string!(i18n, config.save).to_owned(),
    };
    let reset = initial.clone();
    view! {
        <ActionForm action attr:class="card form settings" on:submit:capture=check>
            <h2 class="card__title">{t!(i18n, config.registry.title)}</h2>
            <FormSummary errors />
            {note}
            <input type="hidden" name="expected_version" value=move || version.get().to_string() />
            <div class="field field--inline" on:input=move |_| read_inputs(draft)>
                <input
                    type="checkbox"
                    id=ENABLED
                    name=ENABLED
                    value="true"
                    checked=initial.private_registry_enabled
                    aria-describedby="private_registry_enabled-hint"
                />
                <label for=ENABLED>{t!(i18n, config.registry.enable)}</label>
                <p class="field__caption" id="private_registry_enabled-hint">
                    {t!(i18n, config.registry.enable_caption)}
                </p>
            </div>
            <p class="settings__effect banner banner--warning" role="note">
                {t!(i18n, config.registry.disabling)}
            </p>
            <div class="settings__address" on:input=move |_| read_inputs(draft)>
                <TextField
                    name=ADDRESS
                    label=move || t_string!(i18n, config.registry.address)
                    caption=move || {
                        let caption = t_string!(i18n, config.registry.address_caption);
                        match &opened_at {
                            Some(here) => {
                                let here = here.authority();
                                let now = t_string!(i18n, config.registry.address_now, address = here.as_str());
                                format!("{caption} {now}")
                            }
                            None => caption.to_owned(),
                        }
                    }
                    kind=FieldKind::Code
                    autocomplete="off"
                    value=initial.address.clone()
                    errors
                />
                <Show when=move || is_loopback(&draft.get().address)>
                    <p class="field__caption" role="note">
                        {t!(i18n, config.registry.loopback)}
                    </p>
                </Show>
            </div>
            {move || {
                let unsaved = unsaved.get();
                // A conflict is shown with the same table.
                (!unsaved.is_clean() && conflict.with(Option::is_none)).then(|| {
                    let count = unsaved.count;
                    let title = move || match count {
                        1 => t_string!(i18n, config.changes.single).to_owned(),
                        count => t_string!(i18n, config.changes.count, count = count).to_string(),
                    };
                    view! {
                        <section class="settings__unsaved" aria-live="polite">
                            <h3>{title}</h3>
                            // An address that is none has no line: the field says what is wrong with it.
                            {(!unsaved.changes.is_empty())
                                .then(|| {
                                    view! {
                                        <ChangeTable
                                            changes=unsaved.changes
                                            from=move || t_string!(i18n, config.changes.theirs)
                                            to=move || t_string!(i18n, config.changes.mine)
                                        />
                                    }
                                })}
                        </section>
                    }
                })
            }}
            <div class="form__actions">
                <SubmitButton
                    label=save_label
                    busy=move || t_string!(i18n, config.busy)
                    pending=action.pending()
                />
                <Show when=move || !unsaved.get().is_clean()>
                    <button class="button button--quiet" type="reset">
                        {t!(i18n, config.changes.discard)}
                    </button>
                </Show>
            </div>
        </ActionForm>
    }
    .add_any_attr(leptos::tachys::html::event::on(ev::reset, move |_| draft.set(reset.clone())))
}

/// What someone else has saved in between, if that is the error.
fn conflict_in(error: Option<&Error>) -> Option<Conflict> {
    match error {
        Some(Error::Conflict(conflict)) => conflict.open(),
        _ => None,
    }
}

/// What stands in the form at first: what was typed before an error, else what is in force.
fn as_typed(error: Option<&Error>, current: &SystemConfig) -> Draft {
    match error {
        Some(Error::Conflict(conflict)) => {
            conflict.open().map_or_else(|| Draft::from(current), |conflict| conflict.mine)
        }
        Some(error @ Error::Invalid { .. }) if error.typed(ADDRESS).is_some() => Draft {
            private_registry_enabled: error.typed(ENABLED) == Some("true"),
            address: error.typed(ADDRESS).unwrap_or_default().to_owned(),
        },
        _ => Draft::from(current),
    }
}

/// What is typed but not saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Unsaved {
    /// How many fields differ.
    count: usize,
    /// Those of them that could be saved as they are.
    changes: Vec<Change>,
}

impl Unsaved {
    const fn is_clean(&self) -> bool {
        self.count == 0
    }
}

fn differences(base: &Versioned<SystemConfig>, draft: &Draft) -> Unsaved {
    match draft.validate() {
        Ok(meant) => {
            let changes = changes(&base.value, &meant);
            Unsaved { count: changes.len(), changes }
        }
        // An address that is none differs in any case; the field says what is wrong with it.
        Err(_) => {
            let rest = SystemConfig { private_registry_enabled: draft.private_registry_enabled, ..base.value.clone() };
            let changes = changes(&base.value, &rest);
            Unsaved { count: changes.len() + 1, changes }
        }
    }
}

fn is_loopback(address: &str) -> bool {
    RegistryAddress::parse(address).is_ok_and(|address| address.is_loopback())
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Copies what stands in the inputs.
fn read_inputs(draft: RwSignal<Draft>) {
    if let (Some(enabled), Some(address)) = (input(ENABLED), input(ADDRESS)) {
        draft.set(Draft { private_registry_enabled: enabled.checked(), address: address.value() });
    }
}

/// Someone may have typed before the scripts were there.
fn follow_inputs(draft: RwSignal<Draft>) {
    Effect::new(move || read_inputs(draft));
}

/// Closing the page would lose what is not saved: the browser asks first.
fn warn_before_leaving(unsaved: Memo<Unsaved>) {
    Effect::new(move || {
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if !unsaved.get_untracked().is_clean() {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::sealed::Sealed;

    fn in_force() -> Versioned<SystemConfig> {
        let address = Some(RegistryAddress::parse("10.0.0.1:5000").unwrap());
        Versioned { version: 3, value: SystemConfig { private_registry_enabled: true, address }, saved: None }
    }

    #[test]
    fn what_is_typed_differently_but_means_the_same_is_no_change() {
        let draft = Draft { private_registry_enabled: true, address: " 10.0.0.1:5000/ ".into() };
        assert!(differences(&in_force(), &draft).is_clean());
    }

    #[test]
    fn an_invalid_address_counts_as_a_change() {
        let draft = Draft { private_registry_enabled: false, address: "10.0.0.1:".into() };
        let unsaved = differences(&in_force(), &draft);
        assert_eq!((unsaved.count, unsaved.changes.len()), (2, 1));
    }

    #[test]
    fn a_failed_form_shows_what_was_typed() {
        let current = in_force();
        let typed = BTreeMap::from([(ENABLED.to_owned(), "false".to_owned()), (ADDRESS.to_owned(), "a b".to_owned())]);
        let error = Error::Invalid { fields: Vec::new(), typed };
        let draft = Draft { private_registry_enabled: false, address: "a b".into() };
        assert_eq!(as_typed(Some(&error), &current.value), draft);
        let conflict = Conflict { current: current.clone(), mine: draft.clone() };
        let conflict = Error::Conflict(Sealed::new(&conflict));
        assert_eq!(as_typed(Some(&conflict), &current.value), draft);
        assert_eq!(as_typed(None, &current.value).address, "10.0.0.1:5000");
    }
}
