//! Headers that the configuration puts into every answer of the registry (`http.headers`).

use axum::{http::HeaderMap, response::Response};
use tower::util::MapResponseLayer;

/// Puts `headers` into each answer, in place of those that it has under the same names: whoever configures
/// `Docker-Distribution-Api-Version` does not want it twice.
pub fn layer(headers: &HeaderMap) -> MapResponseLayer<impl Fn(Response) -> Response + Clone + use<>> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let mut value = value.clone();
            // It goes out to everyone.
            value.set_sensitive(false);
            (name.clone(), value)
        })
        .collect();
    MapResponseLayer::new(move |mut response: Response| {
        for (name, _) in &headers {
            response.headers_mut().remove(name);
        }
        for (name, value) in &headers {
            response.headers_mut().append(name.clone(), value.clone());
        }
        response
    })
}
