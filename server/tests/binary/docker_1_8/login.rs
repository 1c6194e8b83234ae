//! How Docker 1.8.3 signs in (moby v1.8.3: registry/auth.go and token.go; docker/distribution: registry/client/auth): it
//! takes the challenge of `GET /v2/` alone, never that of another answer, and asks for a token to push even to pull.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::client::{Body, Docker};
use crate::http::Response;

/// What the registry wants of a client.
struct Challenge {
    realm: String,
    service: String,
}

impl Docker {
    /// The daemon of somebody who has given his password to `docker login`.
    pub fn of(mut self, name: &str, password: &str) -> Self {
        self.account = Some((name.to_owned(), password.to_owned()));
        self
    }

    /// `docker login`: the last answer's status.
    pub fn login(&self) -> u16 {
        let Some(challenge) = self.challenge() else { return 200 };
        let Some(token) = self.token(&challenge, None) else { return 401 };
        self.authorization.replace(Some(format!("Bearer {token}")));
        self.ask("GET", "/v2/", &Body::None).status
    }

    /// Gets what is needed to go on in a repository, if the registry wants anything; without a word if it is refused:
    /// then the requests are.
    pub(super) fn authorize(&self, name: &str) {
        self.authorization.replace(None);
        if let Some(challenge) = self.challenge() {
            let token = self.token(&challenge, Some(&format!("repository:{name}:push,pull")));
            self.authorization.replace(token.map(|token| format!("Bearer {token}")));
        }
    }

    /// Whether a push would begin: the status.
    pub fn begins_push(&self, name: &str) -> u16 {
        self.authorize(name);
        self.ask("POST", &format!("/v2/{name}/blobs/uploads/"), &Body::None).status
    }

    /// Whether a pull would begin: the status.
    pub fn begins_pull(&self, name: &str, tag: &str) -> u16 {
        self.authorize(name);
        self.ask("GET", &format!("/v2/{name}/manifests/{tag}"), &Body::None).status
    }

    fn challenge(&self) -> Option<Challenge> {
        let pinged = self.ask("GET", "/v2/", &Body::None);
        match pinged.status {
            200 => None,
            401 => Some(read(&pinged)),
            status => panic!("GET /v2/: {status}"),
        }
    }

    /// The field `token`; it does not know of `access_token`.
    fn token(&self, Challenge { realm, service }: &Challenge, scope: Option<&str>) -> Option<String> {
        let path = realm.strip_prefix(&format!("http://{}", self.addr)).expect("a realm of this registry");
        let mut query = Vec::new();
        if let Some((name, password)) = &self.account {
            query.push(format!("account={name}"));
            let pair = BASE64_STANDARD.encode(format!("{name}:{password}"));
            self.authorization.replace(Some(format!("Basic {pair}")));
        }
        query.extend(scope.map(|scope| format!("scope={}", escaped(scope))));
        query.push(format!("service={}", escaped(service)));
        let answer = self.ask("GET", &format!("{path}?{}", query.join("&")), &Body::None);
        self.authorization.replace(None);
        match answer.status {
            200 => Some(answer.json()["token"].as_str().expect("without it, it gives up").to_owned()),
            401 => None,
            status => panic!("{path}: {status} {}", answer.text()),
        }
    }
}

/// `Bearer realm="…",service="…"`.
fn read(answer: &Response) -> Challenge {
    let header = answer.header("www-authenticate").expect("a challenge");
    let parameters = header.strip_prefix("Bearer ").unwrap_or_else(|| panic!("{header}"));
    let parameter = |name: &str| {
        let found = parameters.split(',').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
        serde_json::from_str::<Value>(found.unwrap_or_else(|| panic!("{header}"))).unwrap().as_str().unwrap().to_owned()
    };
    Challenge { realm: parameter("realm"), service: parameter("service") }
}

/// As Go's `url.Values.Encode` does it.
fn escaped(value: &str) -> String {
    value.replace(':', "%3A").replace('/', "%2F").replace(',', "%2C")
}
