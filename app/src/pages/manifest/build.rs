//! How an image was built, as the instructions of a Dockerfile.

use humpback::explorer::BuildStep;
use leptos::prelude::*;

use crate::{
    components::{ByteSize, CopyButton},
    i18n::{t, t_string, use_i18n},
};

/// The steps, the first one first, each with what it has added.
#[component]
pub(super) fn Build(steps: Vec<BuildStep>) -> impl IntoView {
    let i18n = use_i18n();
    let text: Vec<_> = steps.iter().map(|step| step.instruction.as_str()).filter(|text| !text.is_empty()).collect();
    let text = text.join("\n") + "\n";
    let step = |step: BuildStep| {
        let class = if step.empty_layer { "build__step build__step--empty" } else { "build__step" };
        let size = match step.size_bytes {
            Some(size) => view! { <ByteSize size=size /> }.into_any(),
            None if step.empty_layer => {
                view! { <span class="muted">{t!(i18n, explorer.config.empty_layer)}</span> }.into_any()
            }
            None => ().into_any(),
        };
        view! {
            <li class=class>
                <div>
                    <code class="build__instruction">{step.instruction}</code>
                    {step.comment.map(|comment| view! { <div class="muted">{comment}</div> })}
                </div>
                <div class="build__size">{size}</div>
            </li>
        }
    };
    view! {
        <section class="page__section" aria-labelledby="build">
            <div class="card__title">
                <h2 id="build">{t!(i18n, explorer.config.history)}</h2>
                <CopyButton
                    value=text
                    what=Signal::derive(move || Some(t_string!(i18n, explorer.config.history).to_string()))
                />
            </div>
            <p class="muted">{t!(i18n, explorer.config.history_text)}</p>
            <ol class="build">{steps.into_iter().map(step).collect_view()}</ol>
        </section>
    }
}
