//! The pages' paths are those of the application. A process of its own: while the application is asked for them, nothing
//! that a page waits for is loaded anywhere in the process.

#![cfg(feature = "ssr")]
#![allow(missing_docs)]

use app::{App, pages::paths::listing};
use leptos_axum::{AxumRouteListing, generate_route_list};

#[tokio::test]
async fn every_page_has_its_path() {
    let told = |pages: Vec<AxumRouteListing>| {
        let mut told: Vec<String> = pages
            .iter()
            .map(|page| format!("{} {:?} {:?}", page.path(), page.mode(), page.methods().collect::<Vec<_>>()))
            .collect();
        told.sort();
        told
    };
    let found = told(generate_route_list(App));
    assert!(found.len() > 30, "{found:?}");
    assert_eq!(told(listing()), found);
}
