//! The console's half of the port: pages, server functions, embedded files, and the page for what is not there.

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes as _, generate_route_list};

use crate::assets;

/// Everything that is served outside `/v2/`.
pub fn router() -> Router {
    let options = LeptosOptions::builder().output_name("humpback").build();
    let shell_options = options.clone();
    let shell = move || app::shell(shell_options.clone());
    Router::new().leptos_routes(&options, generate_route_list(app::App), shell.clone()).with_state(options)
}
