//! The command palette finds for each what he may see, and no more.

use super::*;

impl World {
    /// What the palette finds for a caller: each entry's text, in the order of the groups.
    async fn find(&self, cookie: &str, typed: &str, recent: &[&str]) -> Vec<String> {
        self.found(cookie, typed, recent).await.1
    }

    /// The note, and what is found.
    async fn found(&self, cookie: &str, typed: &str, recent: &[&str]) -> (String, Vec<String>) {
        let asked = serde_json::json!({ "asked": { "typed": typed, "recent": recent, "language": "en" } });
        let answer = self.call("/api/palette", cookie, &asked.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let found: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let groups = found["groups"].as_array().unwrap();
        let entries = groups.iter().flat_map(|group| group["entries"].as_array().unwrap());
        let texts = entries.map(|entry| entry["text"].as_str().unwrap().to_owned()).collect();
        (found["note"].as_str().unwrap().to_owned(), texts)
    }
}

#[tokio::test]
async fn repositories_and_tags_are_found() {
    let world = World::new().await;
    for repository in ["team/app", "tools/app-builder", "web"] {
        world.push(repository).await;
    }
    let found = world.find("", "app", &[]).await;
    assert_eq!(found, ["team/app", "tools/app-builder", "Search the repositories for “app”"]);
    let found = world.find("", "team/app:", &[]).await;
    assert_eq!(found[..2], ["team/app:v1", "team/app"]);
    let found = world.find("", &format!("{HOST}/team/app:v1"), &[]).await;
    assert_eq!(found[..2], ["team/app:v1", "team/app"], "as it was copied from a command");
    let found = world.find("", "v1", &[]).await;
    assert_eq!(found[..3], ["web:v1", "tools/app-builder:v1", "team/app:v1"], "the last push first");
    // The same word in both languages, whichever is spoken.
    for typed in ["setup", "接入"] {
        assert!(world.find("", typed, &[]).await.contains(&"Setup guide".to_owned()), "{typed}");
    }
}

#[tokio::test]
async fn nothing_is_found_that_the_rules_hide() {
    let world = World::new().await;
    for repository in ["team/app", "secret/app"] {
        world.push(repository).await;
    }
    let admin = world.cookie(Caller::Administrator).await;
    let ann = world.cookie(Caller::Member).await;
    let applied = world.submit("apply_access_preset", &admin, "expected_version=0&preset=private").await;
    assert_eq!(applied.header("location"), "/manage/access?done=preset");
    let rule = "expected_version=1&pattern=secret/**&who=user&name=ann&effect=deny&pull=true";
    assert_eq!(world.submit("save_access_rule", &admin, rule).await.header("location"), "/manage/access?done=added");

    let lately =
        ["/repositories/secret/app", "/manifests/secret/app?reference=v1", "/manage/users", "/repositories/team/app"];
    let search = "Search the repositories for “app”";
    assert_eq!(world.find(&admin, "app", &[]).await, ["secret/app", "team/app", search]);
    assert_eq!(world.find(&ann, "app", &[]).await, ["team/app", search]);
    for typed in ["secret", "secret/app:", "secret/app:v1"] {
        assert!(!world.find(&ann, typed, &lately).await.iter().any(|text| text.starts_with("secret")), "{typed}");
    }
    assert_eq!(world.find(&ann, "v1", &[]).await[..1], ["team/app:v1"]);

    // What someone else has chosen in the same browser is not named.
    let chosen = world.find(&ann, "", &lately).await;
    assert_eq!(chosen[0], "team/app");
    assert!(chosen.iter().all(|text| !text.contains("secret") && text != "Users"), "{chosen:?}");
    let chosen = world.find(&admin, "", &lately).await;
    assert_eq!(chosen[..4], ["secret/app", "secret/app:v1", "Users", "team/app"]);

    let (note, found) = world.found("", "app", &lately).await;
    assert_eq!((note.as_str(), found.len()), ("Sign in to find repositories.", 0));
    let (_, found) = world.found("", "", &lately).await;
    assert!(found.contains(&"Sign in".to_owned()) && !found.contains(&"Repositories".to_owned()), "{found:?}");
}

#[tokio::test]
async fn whatever_is_asked_the_answer_is_short() {
    let world = World::new().await;
    for at in 0..30 {
        world.push(&format!("app-{at}")).await;
    }
    for typed in ["app", "a", "app:", "v", "%", "_", "'", "\u{0}", "应用", &"a ".repeat(5000)] {
        let found = world.find("", typed, &["/repositories/app-1"; 100]).await;
        assert!(found.len() <= 24, "{typed:?}: {}", found.len());
    }
}

#[tokio::test]
async fn single_keys_are_turned_off_from_the_first_byte() {
    let world = World::new().await;
    let answer = world.call("/api/set_shortcuts", "", "on=false").await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(cookie, "humpback_shortcuts=off");
    let of = async |cookie: &str| world.get("/setup", cookie).await.body.contains("data-shortcuts=\"off\"");
    assert!(of(&cookie).await && !of("").await && !of("humpback_shortcuts=\"><script>").await);
}

#[tokio::test]
async fn the_keys_are_those_of_the_reader_s_keyboard() {
    let world = World::new().await;
    let apple = async |agent: &str| {
        let request = Request::get("/setup").header(header::HOST, HOST).header(header::USER_AGENT, agent);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.body.contains("data-keyboard=\"apple\"")
    };
    assert!(
        apple("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15")
            .await
    );
    assert!(
        apple("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1").await
    );
    assert!(
        !apple("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36").await
    );
    assert!(!apple("curl/8.5.0").await);
}
