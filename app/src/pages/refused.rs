//! What stands in place of a page that is not for its reader, or could not be loaded.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

use crate::{
    api::Error,
    components::{ErrorState, account_menu::sign_in_link},
};

/// The way to the sign-in for whoever has not signed in; else what went wrong.
#[component]
pub fn Refused(
    /// Why there is no page.
    error: Error,
) -> impl IntoView {
    let location = use_location();
    match error {
        Error::Unauthorised => view! { <Redirect path=untrack(|| sign_in_link(&location)) /> }.into_any(),
        error => view! { <ErrorState error /> }.into_any(),
    }
}
