//! The console: every page, every component and every server function.
//!
//! Compiled twice: natively into the server, which renders each page whole, and to WebAssembly, which takes
//! the rendered page over in the browser.

// Leptos' macros generate items without doc comments.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

pub mod api;

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

use i18n::*;

/// The document around the application. Written by the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <HydrationScripts options=options.clone() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The console's routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider>
            <Router>
                <Routes fallback=|| "Not found">
                    <Route path=StaticSegment("") view=Home ssr=SsrMode::Async />
                </Routes>
            </Router>
        </I18nContextProvider>
    }
}

#[component]
fn Home() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, common.product) />
        <main>
            <h1>{t!(i18n, common.home_title)}</h1>
        </main>
    }
}
