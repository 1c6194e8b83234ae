//! A secret that is shown once, and how a client signs in with it.

use leptos::{prelude::*, text_prop::TextProp};

use super::CodeBlock;
use crate::i18n::{t, t_string, use_i18n};

/// The secret, and the way on.
#[component]
pub fn IssuedSecret(
    /// What it opens, and that it is not seen again.
    #[prop(into)]
    text: TextProp,
    /// What it is called.
    #[prop(into)]
    label: TextProp,
    /// The secret.
    secret: String,
    /// The command that asks for it, for what opens the registry.
    #[prop(optional)]
    login: Option<String>,
    /// Where to go on.
    path: String,
    /// What is there.
    #[prop(into)]
    link: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let login = login.map(|login| {
        view! {
            <p>{t!(i18n, credentials.issued.login_text)}</p>
            <CodeBlock
                code=login
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, credentials.issued.login).to_string()))
            />
        }
    });
    view! {
        <div class="card card--narrow">
            <p>{move || text.get()}</p>
            <CodeBlock code=secret wrap=true label=Signal::derive(move || Some(label.get().to_string())) />
            {login}
            <div class="form__actions">
                <a class="button" href=path>
                    {move || link.get()}
                </a>
            </div>
        </div>
    }
}
