//! One line of text with its label. The caption gives way to what must be mended.

use leptos::{prelude::*, text_prop::TextProp};

use super::FormErrors;
use crate::{i18n::use_i18n, words};

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A short text that is not language: a name, an address.
    Text,
    /// A code to be copied from elsewhere.
    Code,
    /// A password; never written into the page.
    Password,
}

/// A label, an input, and what is to be known of it.
#[component]
pub fn TextField(
    /// The input's name and id.
    name: &'static str,
    /// What it asks for, in three words at most.
    #[prop(into)]
    label: TextProp,
    /// What helps to fill it in.
    #[prop(optional, into)]
    caption: Option<TextProp>,
    /// What is typed into it.
    kind: FieldKind,
    /// What the browser may fill in (HTML, "Autofill").
    autocomplete: &'static str,
    /// What stands in it at first. What was typed before an error goes first.
    #[prop(optional, into)]
    value: String,
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let hint = format!("{name}-hint");
    let problem = Memo::new(move |_| errors.problem(name));
    let bad = move || problem.with(Option::is_some);
    // Without scripts the browser moves the focus.
    let first_bad =
        errors.shown().with_untracked(|error| error.as_ref().is_some_and(|error| error.first_field() == Some(name)));
    // What a plain form had sent comes back with the error.
    let typed = errors.shown().with_untracked(|error| error.as_ref()?.typed(name).map(ToOwned::to_owned));
    let value = (kind != FieldKind::Password).then(|| typed.unwrap_or(value));
    let text = {
        let caption = caption.clone();
        move || match problem.get() {
            Some(problem) => words::problem(i18n, &problem),
            None => caption.as_ref().map(|caption| caption.get().to_string()).unwrap_or_default(),
        }
    };
    let no_caption = caption.is_none();
    view! {
        <div class="field">
            <label for=name>{move || label.get()}</label>
            <input
                class=match kind {
                    FieldKind::Code => "input input--mono",
                    FieldKind::Text | FieldKind::Password => "input",
                }
                id=name
                name=name
                type=if kind == FieldKind::Password { "password" } else { "text" }
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                autofocus=first_bad
                aria-invalid=move || bad().then_some("true")
                aria-describedby=hint.clone()
                on:input=move |_| errors.typed_in(name)
            />
            <p
                class=move || if bad() { "field__error" } else { "field__caption" }
                id=hint
                hidden=move || no_caption && !bad()
            >
                {text}
            </p>
        </div>
    }
}
