//! Text to be copied into a terminal or a file.

use leptos::prelude::*;

use super::CopyButton;

/// A block of code with its copy button.
#[component]
pub fn CodeBlock(
    /// The code, exactly as it is copied.
    #[prop(into)]
    code: Signal<String>,
    /// What it is, or the file that it belongs into; stands above it and names the copy button.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Long lines are broken instead of scrolled: for single commands.
    #[prop(optional)]
    wrap: bool,
    /// Scrolls within itself: for long documents.
    #[prop(optional)]
    tall: bool,
) -> impl IntoView {
    let class = if tall { "code-block code-block--tall" } else { "code-block" };
    let text = if wrap { "code-block__code code-block__code--wrap" } else { "code-block__code" };
    view! {
        <div class=class>
            {move || label.get().map(|label| view! { <div class="code-block__label">{label}</div> })}
            <pre class=text tabindex=if wrap { None } else { Some("0") }>
                <code>{code}</code>
            </pre>
            <CopyButton value=code what=label />
        </div>
    }
}
