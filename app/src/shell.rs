//! The document around the application. Written by the server only; the browser takes over below `<body>`.

use std::collections::HashMap;

use leptos::{WasmSplitManifest, html::meta, nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, palette::preference, theme::Theme};

/// Where the built files are served. Their names hold a hash of their content, so only the server knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The JavaScript module that loads the WebAssembly, for example `/pkg/humpback.Xk2d.js`.
    pub js: String,
    /// The WebAssembly module.
    pub wasm: String,
    /// The stylesheet.
    pub css: String,
    /// Nothing in a build without WebAssembly.
    pub parts: Option<Parts>,
}

/// The files that the WebAssembly was cut into, beside the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The folder that they are served from, for example `/pkg`.
    pub folder: String,
    /// By the part of the program, the files' names without `.wasm`.
    pub files: HashMap<String, Vec<String>>,
    /// The name of the JavaScript module that loads them.
    pub loader: String,
}

/// The whole page.
///
/// There is no `lang` on `<html>`: the translations' provider writes it.
pub fn shell(assets: Assets) -> impl IntoView {
    let theme = Theme::of_request();
    let nonce = use_nonce();
    #[cfg(feature = "ssr")]
    crate::security::allow_page(nonce.as_ref());
    let Assets { js, wasm, css, parts } = assets;
    if let Some(Parts { folder, files, loader }) = parts {
        // Those that the page uses are then named in its head.
        provide_context(WasmSplitManifest(ArcStoredValue::new((folder, files, loader))));
    }
    let start = format!(
        "import start, {{ hydrate }} from {js:?};\nstart({{ module_or_path: {wasm:?} }}).then(() => hydrate());"
    );
    view! {
        <!DOCTYPE html>
        <html
            data-theme=theme.as_attribute()
            data-shortcuts=preference::of_request()
            data-keyboard=preference::keyboard_of_request()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                {theme
                    .browser_colors()
                    .into_iter()
                    .map(|(media, color)| meta().name("theme-color").attr("media", media).content(color))
                    .collect_view()}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
                <link rel="modulepreload" href=js.clone() />
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=nonce>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
