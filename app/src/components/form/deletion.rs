//! Where something is deleted for good.

use leptos::{prelude::*, text_prop::TextProp};

use super::{FormErrors, FormSummary};

/// What deletes, set apart. Asks twice: the form is behind a fold.
#[component]
pub fn DeletionCard(
    /// What is deleted.
    #[prop(into)]
    title: TextProp,
    /// What becomes of it.
    #[prop(into)]
    text: TextProp,
    /// What opens the fold.
    #[prop(into)]
    open: TextProp,
    /// The form's errors.
    errors: FormErrors,
    /// The form.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card card--narrow card--danger">
            <h2>{move || title.get()}</h2>
            <p>{move || text.get()}</p>
            <FormSummary errors />
            <details>
                <summary>{move || open.get()}</summary>
                {children()}
            </details>
        </section>
    }
}

/// Sends a form that deletes.
#[component]
pub fn DeleteButton(
    /// What it does, as a verb.
    #[prop(into)]
    label: TextProp,
    /// Whether the answer is on its way.
    #[prop(into)]
    pending: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="form__actions">
            <button class="button button--danger" type="submit" aria-busy=move || pending.get().then_some("true")>
                {move || label.get()}
            </button>
        </div>
    }
}
