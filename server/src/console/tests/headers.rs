//! What a browser is told to do with an answer, for each kind of answer.

use humpback::{health::Health, v2};

use super::*;

/// On every answer of the console.
const EVERYWHERE: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn assert_hardened(answer: &Answer, what: &str) {
    for (header, value) in EVERYWHERE {
        assert_eq!(answer.header(header), value, "{header} of {what}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{part} in {policy} of {what}");
    }
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap_or_default();
    assert!(!scripts.contains("unsafe-inline") && !scripts.contains("'unsafe-eval'"), "{policy} of {what}");
}

#[tokio::test]
async fn the_scripts_of_a_page_carry_the_nonce_of_its_policy() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Administrator).await;
    let mut nonces = Vec::new();
    for path in ["/", "/sign-in", "/setup", "/account", "/manage/users", "/manage/activity", "/no/such/page"] {
        let page = world.get(path, &cookie).await;
        assert_hardened(&page, path);
        let policy = page.header("content-security-policy");
        let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        let scripts: Vec<_> = page.body.match_indices("<script").map(|(at, _)| &page.body[at..]).collect();
        assert!(!scripts.is_empty(), "{path}");
        // The translations' own is empty: there is nothing in it to run, and nothing for a browser to refuse.
        for script in scripts.into_iter().filter(|script| !script.starts_with("<script></script>")) {
            let tag = script.split_once('>').unwrap().0;
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        for inline in [" style=\"", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!page.body.contains(inline), "{inline} in {path}");
        }
        assert_eq!(page.header("cache-control"), "private, no-cache", "{path}");
        nonces.push(nonce);
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 7, "each answer has its own");
}

#[tokio::test]
async fn what_is_no_page_runs_nothing() {
    let world = World::new().await;
    let admin = world.cookie(Caller::Administrator).await;
    let answers = [
        ("a server function", world.call("/api/load_account", &admin, "").await),
        ("a refused one", world.call("/api/delete_user", "", "user_name=ann").await),
        ("a way elsewhere", world.get("/first-start", "").await),
        ("a file to download", world.get("/manage/activity.jsonl", &admin).await),
        ("a write to nothing", world.call("/no/such/function", "", "").await),
    ];
    for (what, answer) in &answers {
        assert_hardened(answer, what);
        assert!(answer.header("content-security-policy").contains("sandbox"), "{what}");
    }
    // A file, or the page that says that this build has none.
    assert_hardened(&world.get("/favicon.svg", "").await, "a file");
}

#[tokio::test]
async fn the_registry_gives_no_cookies_and_its_content_is_no_page() {
    let world = World::new().await;
    let console = &world.console;
    let api = v2::Api {
        registry: console.registry.clone(),
        config: console.config.clone(),
        guard: console.guard.clone(),
        settings: v2::Settings::default(),
        health: Health::default(),
    };
    let cookie = world.cookie(Caller::Administrator).await;
    let router = app::security::harden_api(v2::router(api));
    for (method, path) in
        [("GET", "/v2/"), ("GET", "/v2/_catalog"), ("GET", "/v2/a/manifests/b"), ("DELETE", "/v2/a/manifests/b")]
    {
        let request = Request::builder().method(method).uri(path).header(header::COOKIE, &cookie);
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert!(!answer.headers().contains_key(header::SET_COOKIE), "{path}");
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{path}: {policy}");
        if method == "DELETE" {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "a cookie of the console deletes nothing here");
        }
    }
}

#[tokio::test]
async fn over_https_a_session_is_in_a_cookie_that_nobody_can_plant() {
    let world = World::new().await;
    let over_https = |path: &str, cookie: &str, body: &str| {
        Request::post(path)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("https://{HOST}"))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie)
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    let body = format!("user_name=ann&password={}&return_to=", PASSWORD.replace(' ', "+"));
    let entered = world.send(over_https("/api/sign_in", "", &body)).await;
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-humpback_session="), "{cookie}");
    for attribute in ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");

    let cookie = cookie.split(';').next().unwrap().to_owned();
    let own = world.send(over_https("/api/load_account", &cookie, "")).await;
    assert!(own.body.contains("\"ann\""), "{}", own.body);
    // The plain name counts for nothing there: someone on the way could have set it.
    let planted = world.cookie(Caller::Administrator).await;
    let nobody = world.send(over_https("/api/load_account", &planted, "")).await;
    assert_eq!(nobody.body, "null");
    let both = world.send(over_https("/api/load_account", &format!("{planted}; {cookie}"), "")).await;
    assert!(both.body.contains("\"ann\""), "{}", both.body);

    let out = world.send(over_https("/api/sign_out", &cookie, "")).await;
    assert!(
        out.header("set-cookie").starts_with("__Host-humpback_session=; Path=/; Max-Age=0;"),
        "{}",
        out.header("set-cookie")
    );
}
