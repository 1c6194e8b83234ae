//! The console's half of the port: pages, server functions, embedded files, and the page for what is not there.

use app::{api::context::Console, pages::paths};
use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes as _, render_app_async_with_context};

use crate::assets;

/// Everything that is served outside `/v2/`. Pages and server functions find `console` in their context.
pub fn router(console: Console) -> Router {
    // cargo-leptos' options concern files on the disk; ours are in the binary, and only the name is asked for.
    let options = LeptosOptions::builder().output_name("humpback").build();
    let files = assets::names();
    let document = move || app::shell(files.clone());
    let handles = console.clone();
    let context = move || provide_context(handles.clone());
    let not_found = render_app_async_with_context(context.clone(), document.clone());
    let pages = Router::new().leptos_routes_with_context(&options, paths::listing(), context, document);
    let export = app::export::router(console.clone());
    let pages = pages.merge(app::api::visits::routes(console.clone()));
    let pages = pages.merge(app::api::home::routes(console.clone()));
    let pages = pages.merge(app::api::proxy_check::routes(console.clone()));
    // Not behind the gate: a machine that is being set up is no browser.
    let scripts = app::setup_script::router(console.clone()).merge(app::authority_file::router());
    let router = app::gate::guard(pages.merge(export.with_state(())), console)
        .merge(scripts)
        .fallback(async move |request: Request| {
            let path = request.uri().path().trim_start_matches('/');
            if let Some(file) = assets::respond(request.method(), path, request.headers()) {
                return file;
            }
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return StatusCode::NOT_FOUND.into_response();
            }
            missing(not_found(request).await)
        })
        .with_state(options);
    app::security::harden(router)
}

/// The page says that nothing is there; so must the status, unless the page has chosen another.
fn missing(mut page: Response) -> Response {
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

#[cfg(test)]
mod tests;
