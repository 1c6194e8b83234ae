//! Text with code in it, as the translations write it: between backticks.

use leptos::{either::Either, prelude::*};

/// Shows what stands between backticks as code.
pub fn prose(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(at, part)| {
            let part = part.to_owned();
            if at % 2 == 1 { Either::Left(view! { <code>{part}</code> }) } else { Either::Right(part) }
        })
        .collect_view()
}
