//! What the configuration can say and this version does not do yet: told at start, so that nobody relies on it.

use humpback::settings::{Origin, Settings};

/// Logs what has no effect.
pub fn tell(settings: &Settings) {
    let told: Vec<_> = without_effect(settings).into_iter().map(|(key, origin)| format!("{origin}: {key}")).collect();
    if !told.is_empty() {
        tracing::warn!("Without effect in this version: {}", told.join("; "));
    }
}

fn without_effect(settings: &Settings) -> Vec<(&'static str, Origin)> {
    let mut told = Vec::new();
    let mut tell = |given: bool, key, origin: &Origin| {
        if given {
            told.push((key, origin.clone()));
        }
    };
    for endpoint in &settings.notifications.endpoints {
        tell(!endpoint.disabled, "notifications.endpoints: no event is sent", &endpoint.origin);
    }
    let health = &settings.health;
    let checks = health.files.iter().map(|check| &check.origin);
    let checks = checks.chain(health.http.iter().map(|check| &check.origin));
    for origin in checks.chain(health.tcp.iter().map(|check| &check.origin)) {
        tell(true, "health: nothing is looked at", origin);
    }
    tell(
        *health.storage.enabled,
        "health.storagedriver: /readyz looks at it when asked",
        &health.storage.enabled.origin,
    );
    if let Some(listen) = &settings.http.debug.listen {
        tell(true, "http.debug.addr: nothing listens there", &listen.origin);
    }
    told
}
