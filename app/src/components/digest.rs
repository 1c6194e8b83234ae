//! A digest, short enough to read.

use humpback::oci::Digest;
use leptos::prelude::*;

use super::CopyButton;
use crate::i18n::{t_string, use_i18n};

/// The first twelve digits; the whole is what gets copied.
#[component]
pub fn ShortDigest(
    /// The whole digest.
    digest: Digest,
    /// Where it leads; plain text without.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let full = digest.to_string();
    let text = format!("{}:{}", digest.algorithm().as_str(), digest.short());
    let shown = match href {
        Some(href) => view! { <a class="mono" href=href title=full.clone()>{text}</a> }.into_any(),
        None => view! { <span class="mono" title=full.clone()>{text}</span> }.into_any(),
    };
    view! {
        <span class="copyable">
            {shown} <CopyButton value=full what=Signal::derive(move || t_string!(i18n, explorer.column.digest).to_string()) />
        </span>
    }
}
