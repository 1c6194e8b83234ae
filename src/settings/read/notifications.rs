//! `notifications`.

use std::{collections::HashMap, time::Duration};

use super::{Remarks, Scope};
use crate::settings::{
    Origin,
    notifications::{Endpoint, Notifications},
    url::without_credentials,
    value,
};

pub(super) fn notifications(root: &Scope<'_>, remarks: &mut Remarks) -> Notifications {
    let scopes = root.items("notifications.endpoints");
    let endpoints: Vec<_> = scopes.iter().map(|scope| endpoint(scope, remarks)).collect();
    let mut names: HashMap<&str, &Origin> = HashMap::new();
    for (endpoint, scope) in endpoints.iter().zip(&scopes) {
        if let Some(first) = names.insert(&endpoint.name, &endpoint.origin) {
            let text = format!("{:?} is the name of the one at {first}, too. Give each its own.", endpoint.name);
            remarks.problem(endpoint.origin.clone(), scope.name("name"), text);
        }
    }
    Notifications { include_references: root.boolean("notifications.events.includereferences"), endpoints }
}

fn endpoint(scope: &Scope<'_>, remarks: &mut Remarks) -> Endpoint {
    let disabled = scope.boolean("disabled").value;
    let url = if disabled {
        scope.or_empty("url", value::url)
    } else {
        scope.required(
            "url",
            "Write where events are posted, such as https://events.example.com/.",
            value::url,
            remarks,
        )
    };
    // Distribution takes nothing and less than nothing for the default.
    let duration = |path: &str| match scope.duration(path).value {
        Duration::ZERO => Duration::from_secs(1),
        given => given,
    };
    let mut ignored_media_types = scope.texts("ignoredmediatypes").value;
    ignored_media_types.extend(scope.texts("ignore.mediatypes").value);
    Endpoint {
        name: scope.given("name", value::text).map_or_else(|| without_credentials(&url), |name| name.value),
        disabled,
        url: url.value,
        headers: scope.or_empty("headers", value::headers).value,
        timeout: duration("timeout"),
        threshold: scope.value("threshold", value::limit).value.unwrap_or(10),
        backoff: duration("backoff"),
        ignored_media_types,
        ignored_actions: scope.texts("ignore.actions").value,
        origin: scope.node.origin.clone(),
    }
}
