//! Sizes and shares.

use leptos::prelude::*;

use crate::{
    format,
    i18n::{t_string, use_i18n},
};

/// A size; the exact number of bytes on pointing at it.
#[component]
pub fn ByteSize(
    /// In bytes.
    size: u64,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || t_string!(i18n, common.bytes, number = format::number(size)).to_string();
    view! {
        <span class="numeric" title=title>
            {format::bytes(size)}
        </span>
    }
}

/// A part of a whole: as a number, and as a bar for the eye.
#[component]
pub fn Share(
    /// The part.
    part: u64,
    /// The whole, in the same unit.
    whole: u64,
) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "a bar of 72 pixels")]
    let width = if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 100.0).clamp(0.0, 100.0) };
    view! {
        <span class="share numeric">
            <svg class="share__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="share__track" width="100" height="6" />
                <rect class="share__value" width=format!("{width:.1}") height="6" />
            </svg>
            {format::share(part, whole)}
        </span>
    }
}
