//! Attacks on whoever is signed in: from another site, and with a cookie of the attacker's choice.

use super::{
    access::{FUNCTIONS, function_paths},
    *,
};

#[tokio::test]
async fn no_other_site_calls_any_server_function_in_an_administrators_name() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Administrator).await;
    let paths = function_paths();
    let before = world.console.audit.list(&humpback::audit::AuditQuery::default()).await.unwrap().total;
    for (function, body, _) in FUNCTIONS {
        let path = paths.iter().find(|path| path.ends_with(&format!("/{function}"))).unwrap();
        for from in [("origin", "http://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("x", "")]
        {
            let request = Request::post(*path)
                .header(header::HOST, HOST)
                .header(from.0, from.1)
                .header(header::COOKIE, &cookie)
                .header(
                    header::CONTENT_TYPE,
                    if body.starts_with('{') { "text/plain" } else { "application/x-www-form-urlencoded" },
                );
            let answer = world.send(request.body(Body::from((*body).to_owned())).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function} {from:?}: {}", answer.body);
        }
        // No link and no picture does it either.
        let read = world.get(path, &cookie).await;
        assert!(matches!(read.status.as_u16(), 404 | 405), "{function}: {}", read.status);
    }
    let after = world.console.audit.list(&humpback::audit::AuditQuery::default()).await.unwrap().total;
    assert_eq!(after, before, "nothing was done");
}

#[tokio::test]
async fn a_cookie_that_was_planted_does_not_become_a_session() {
    let world = World::new().await;
    let planted = "humpback_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let body = "user_name=ann&password=correct+horse&return_to=";
    let entered = world.call("/api/sign_in", planted, body).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    let own = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(own.starts_with("humpback_session=") && own != planted, "{own}");
    assert_eq!(world.call("/api/load_account", planted, "").await.body, "null");

    // The attacker's own session, planted in a victim's browser, ends with that and does not become the victim's.
    let attackers = world.cookie(Caller::Member).await;
    let body = "user_name=admin&password=correct+horse&return_to=";
    let entered = world.call("/api/sign_in", &attackers, body).await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    assert_eq!(world.call("/api/load_account", &attackers, "").await.body, "null");
}

#[tokio::test]
async fn credentials_of_machines_are_nothing_to_the_console() {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use secrecy::ExposeSecret as _;

    let world = World::new().await;
    let auth = &world.console.auth;
    let label = humpback::account::TokenName::parse("laptop").unwrap();
    let token = auth.create_access_token(&Actor::default(), &name("admin"), &label, None, None).await.unwrap();
    let basic = BASE64_STANDARD.encode(format!("admin:{}", token.expose_secret()));
    for (path, body) in [("/api/list_users", r#"{"query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#)] {
        for authorization in [format!("Basic {basic}"), format!("Bearer {}", token.expose_secret())] {
            let request = Request::post(path)
                .header(header::HOST, HOST)
                .header(header::ORIGIN, format!("http://{HOST}"))
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, authorization);
            let answer = world.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
        }
    }
    let form = format!("user_name=admin&password={}&return_to=", token.expose_secret());
    assert_eq!(world.call("/api/sign_in", "", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
