//! The choice of machine and form: links, so that each has an address of its own.

use humpback::setup_guide::{Form, Target, Transport};
use leptos::prelude::*;

use super::{Query, words};
use crate::i18n::{t_string, use_i18n};

/// Two rows of tabs; the second only where there is something to choose.
#[component]
pub(super) fn Choice(
    /// What is chosen.
    query: Memo<Query>,
    /// How the registry is reached, on which the forms depend.
    transport: Memo<Transport>,
    /// The address as it is typed, which every link carries on.
    typed: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let target_tab = move |target: Target| {
        let href = move || Query { target, form: None }.href(&typed.get());
        let current = move || (query.get().target == target).then_some("page");
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {move || words::target(i18n, target)}
            </a>
        }
    };
    let form_tab = move |form: Form, first: Form| {
        let target = query.get().target;
        let href = move || Query { target, form: Some(form) }.href(&typed.get());
        let forms = move || target.forms(transport.get());
        let chosen = move || query.get().form.filter(|form| forms().contains(form)).unwrap_or(first);
        let current = move || (chosen() == form).then_some("page");
        view! {
            <a class="tabs__link" href=href aria-current=current data-noscroll="">
                {move || words::form(i18n, target, form)}
            </a>
        }
    };
    view! {
        <div class="guide__choice">
            <nav class="tabs" aria-label=move || t_string!(i18n, guide.machine)>
                {Target::ALL.map(target_tab).collect_view()}
            </nav>
            {move || {
                let forms = query.get().target.forms(transport.get());
                (forms.len() > 1)
                    .then(|| {
                        view! {
                            <nav class="tabs" aria-label=move || t_string!(i18n, guide.form_label)>
                                {forms.iter().map(|form| form_tab(*form, forms[0])).collect_view()}
                            </nav>
                        }
                    })
            }}
        </div>
    }
}
