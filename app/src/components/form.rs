//! Forms: fields that say how to mend them, a summary, and a button that can't be pressed twice.
//!
//! Without scripts a form is sent as it is and its page comes back with the error in the URL. With scripts the same
//! checks run before it is sent, and what was typed stays where it is.

use leptos::{prelude::*, server_fn::ServerFn, text_prop::TextProp};
use wasm_bindgen::JsCast as _;

use super::announcer::use_announcer;
use crate::{
    api::{Error, FieldError, Problem},
    i18n::{t, use_i18n},
    words,
};

pub mod deletion;
pub mod field;
pub mod lifetime;
pub mod scope;

pub use deletion::{DeleteButton, DeletionCard};
pub use field::{FieldKind, TextField};
pub use lifetime::LifetimeField;
pub use scope::ScopeFields;

/// More problems than this are listed above the form too.
const SUMMARY_FROM: usize = 3;
/// The summary's id.
const SUMMARY_ID: &str = "form-summary";

/// What went wrong with a form: found before it was sent, or answered by the server.
#[derive(Clone, Copy, Debug)]
pub struct FormErrors {
    found: RwSignal<Option<Error>>,
    shown: Signal<Option<Error>>,
    /// The fields that were typed in since: what is said of them may hold no longer.
    typed_in: RwSignal<Vec<&'static str>>,
}

impl FormErrors {
    /// The errors of the form that `action` sends. Moves the focus to the first bad field whenever there is one.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let found = RwSignal::new(None);
        let shown = Signal::derive(move || found.get().or_else(|| action.value().get()?.err()));
        Effect::new(move || {
            if let Some(error) = shown.get()
                && let Some(id) = focus_target(&error)
            {
                // After the page shows it.
                request_animation_frame(move || focus(&id));
            }
        });
        let typed_in = RwSignal::new(Vec::new());
        Effect::new(move || {
            // An answer speaks of what was typed until then.
            action.version().track();
            typed_in.update(Vec::clear);
        });
        Self { found, shown, typed_in }
    }

    /// Holds the form back if `checked` found something to mend or an answer is still on its way.
    pub fn hold_back(self, event: &leptos::ev::SubmitEvent, pending: bool, checked: Result<(), Error>) {
        if pending || checked.is_err() {
            event.prevent_default();
        }
        if !pending {
            if checked.is_err() {
                self.typed_in.update(Vec::clear);
            }
            self.found.set(checked.err());
        }
    }

    /// Takes back what is said of a field, for someone is mending it.
    pub fn typed_in(self, field: &'static str) {
        if !self.typed_in.with_untracked(|fields| fields.contains(&field)) {
            self.typed_in.update(|fields| fields.push(field));
        }
    }

    /// What is to be mended in a field now.
    pub fn problem(self, field: &str) -> Option<Problem> {
        if self.typed_in.with(|fields| fields.contains(&field)) {
            return None;
        }
        self.shown.with(|error| error.as_ref()?.problem(field))
    }

    /// What is wrong now.
    pub fn shown(self) -> Signal<Option<Error>> {
        self.shown
    }
}

fn fields(error: &Error) -> &[FieldError] {
    match error {
        Error::Invalid { fields, .. } => fields,
        _ => &[],
    }
}

/// The id of what the reader should turn to: the bad field, or the summary where the fields don't tell it all.
fn focus_target(error: &Error) -> Option<String> {
    match fields(error) {
        [] => Some(SUMMARY_ID.to_owned()),
        [first, rest @ ..] if rest.len() + 1 < SUMMARY_FROM => Some(first.field.clone()),
        _ => Some(SUMMARY_ID.to_owned()),
    }
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What failed, above the form: a failure that belongs to no field, or a list of many bad fields.
#[component]
pub fn FormSummary(
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let content = move || {
        let error = errors.shown().get()?;
        if let Some(text) = words::failure(i18n, &error) {
            return Some(view! { <p>{text}</p> }.into_any());
        }
        let fields = fields(&error).to_vec();
        if fields.len() < SUMMARY_FROM {
            return None;
        }
        let count = fields.len();
        let items = fields.into_iter().map(|field| {
            let text = words::problem(i18n, &field.problem());
            view! {
                <li>
                    <a href=format!("#{}", field.field) rel="external">
                        {text}
                    </a>
                </li>
            }
        });
        let items = items.collect_view();
        Some(
            view! {
                <p>{t!(i18n, session.form.summary, count = count)}</p>
                <ul>{items}</ul>
            }
            .into_any(),
        )
    };
    view! {
        {move || {
            content()
                .map(|content| {
                    view! {
                        <div class="form__summary" id=SUMMARY_ID role="alert" tabindex="-1">
                            {content}
                        </div>
                    }
                })
        }}
    }
}

/// Sends the form. Never disabled: pressing it with errors leads to them.
#[component]
pub fn SubmitButton(
    /// What it does, as a verb.
    #[prop(into)]
    label: TextProp,
    /// What is said while it is being done.
    #[prop(into)]
    busy: TextProp,
    /// Whether the answer is on its way.
    #[prop(into)]
    pending: Signal<bool>,
) -> impl IntoView {
    let announcer = use_announcer();
    Effect::new(move || {
        if pending.get() {
            announcer.say(busy.get().to_string());
        }
    });
    view! {
        <button class="button button--primary" type="submit" aria-busy=move || pending.get().then_some("true")>
            {move || label.get()}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_goes_to_the_only_bad_field_and_to_the_summary_of_many() {
        let field = |name: &str| FieldError::new(name, Problem::PasswordsDiffer);
        assert_eq!(focus_target(&Error::invalid(vec![field("a"), field("b")])).as_deref(), Some("a"));
        assert_eq!(
            focus_target(&Error::invalid(vec![field("a"), field("b"), field("c")])).as_deref(),
            Some(SUMMARY_ID)
        );
        assert_eq!(focus_target(&Error::Unauthorised).as_deref(), Some(SUMMARY_ID));
    }
}
