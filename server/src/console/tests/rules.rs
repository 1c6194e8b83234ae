//! The page of the rules, by plain forms, and what the console shows by the rules.

use humpback::{
    audit::Actor,
    health::Health,
    rules::{Preset, Rules},
    v2,
};

use super::*;

impl World {
    /// Sends a form of the page as a browser without scripts does.
    pub(super) async fn submit(&self, function: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(format!("/api/{function}"))
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::REFERER, format!("http://{HOST}/manage/access"))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    fn rules(&self) -> Rules {
        self.console.guard.rules().current().rules.clone()
    }

    async fn apply(&self, preset: Preset) {
        let rules = self.console.guard.rules();
        rules.save(rules.current().version, &Actor::default(), |_| preset.rules()).await.unwrap();
    }

    /// Pushes a small artifact into `repository`, while all is open.
    pub(super) async fn push(&self, repository: &str) {
        self.push_annotated(repository, "v1", &serde_json::json!({})).await;
    }

    /// The same under another tag, and with annotations.
    async fn push_annotated(&self, repository: &str, tag: &str, annotations: &serde_json::Value) -> String {
        let api = v2::Api {
            registry: self.console.registry.clone(),
            config: self.console.config.clone(),
            guard: self.console.guard.clone(),
            settings: v2::Settings::default(),
            health: Health::default(),
        };
        let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let manifest = serde_json::json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "x/y", "layers": [],
            "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest, "size": 2 },
            "annotations": annotations,
        });
        let mut pushed = String::new();
        for request in [
            Request::post(format!("/v2/{repository}/blobs/uploads/?digest={digest}")).body(Body::from("{}")),
            Request::put(format!("/v2/{repository}/manifests/{tag}"))
                .header(header::CONTENT_TYPE, MANIFEST)
                .body(Body::from(manifest.to_string())),
        ] {
            let answer = v2::router(api.clone()).oneshot(request.unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::CREATED);
            pushed = answer.headers()["docker-content-digest"].to_str().unwrap().to_owned();
        }
        pushed
    }
}

const LIST: &str = r#"{"query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#;
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

#[tokio::test]
async fn rules_are_added_changed_and_removed_by_plain_forms() {
    let world = World::new().await;
    let admin = world.cookie(Caller::Administrator).await;
    let preset = world.submit("apply_access_preset", &admin, "expected_version=0&preset=private").await;
    assert_eq!((preset.status.as_u16(), preset.header("location")), (302, "/manage/access?done=preset"));
    assert_eq!(world.rules(), Preset::Private.rules());

    let rule = "pattern=team/**&who=user&name=ann&effect=allow&push=true&delete=true";
    let added = world.submit("save_access_rule", &admin, &format!("expected_version=1&{rule}")).await;
    assert_eq!(added.header("location"), "/manage/access?done=added");
    let page = world.get("/manage/access", &admin).await.body;
    for text in ["team/**", "User ann", "push, delete", "value=\"2\"", "Everyone signed in"] {
        assert!(page.contains(text), "{text}");
    }
    let edit = world.get("/manage/access?edit=1", &admin).await.body;
    assert!(edit.contains("name=\"place\" value=\"1\"") && edit.contains("value=\"team/**\""));

    let changed = "expected_version=2&place=1&pattern=team/*&who=signed-in&name=&effect=deny&pull=true";
    assert_eq!(
        world.submit("save_access_rule", &admin, changed).await.header("location"),
        "/manage/access?done=changed"
    );
    assert_eq!(
        serde_json::to_string(&world.rules().0[1]).unwrap(),
        r#"{"pattern":"team/*","subject":"signed-in","effect":"deny","actions":["pull"]}"#
    );

    let late = world.submit("remove_access_rule", &admin, "expected_version=2&place=0").await;
    assert!(late.header("location").contains("__err="), "{}", late.header("location"));
    assert_eq!(world.rules().0.len(), 2, "someone was faster: nothing is removed");
    let removed = world.submit("remove_access_rule", &admin, "expected_version=3&place=0").await;
    assert_eq!(removed.header("location"), "/manage/access?done=removed");
    assert_eq!(world.rules().0.len(), 1);
}

#[tokio::test]
async fn a_form_that_can_t_be_accepted_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let admin = world.cookie(Caller::Administrator).await;
    let form = "expected_version=0&pattern=Team/**&who=group&name=a+b&effect=deny";
    let refused = world.submit("save_access_rule", &admin, form).await;
    let page = world.get(refused.header("location").trim_start_matches(&format!("http://{HOST}")), &admin).await.body;
    for text in ["value=\"Team/**\"", "value=\"a b\"", "Use lower-case letters", "Choose at least one action."] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(world.rules(), Preset::Open.rules());
}

#[tokio::test]
async fn the_page_tells_who_can_do_what_and_why() {
    let world = World::new().await;
    world.apply(Preset::SignInToPush).await;
    let admin = world.cookie(Caller::Administrator).await;
    let of = async |who: &str, name: &str| {
        let path = format!("/manage/access?try_who={who}&try_name={name}&try_repository=team/app");
        world.get(&path, &admin).await.body.replace("<!>", "")
    };
    let anyone = of("anyone", "").await;
    assert!(anyone.contains("Allow: pull · Anyone · **") && anyone.contains("No rule allows it"));
    let ann = of("user", "ann").await;
    assert!(ann.contains("Allow: pull, push · Everyone signed in · **"));
    assert!(of("user", "admin").await.contains("Administrators may do everything"));
    assert!(of("user", "dan").await.contains("This user is disabled"));
    assert!(of("user", "ghost").await.contains("ghost was not found") || of("user", "ghost").await.contains("ghost"));
}

#[tokio::test]
async fn the_console_shows_what_its_reader_may_pull() {
    let world = World::new().await;
    for repository in ["public/app", "secret/app"] {
        world.push(repository).await;
    }
    let rules = world.console.guard.rules();
    let json = r#"[{"pattern":"public/**","subject":"anyone","effect":"allow","actions":["pull"]},
        {"pattern":"**","subject":"user:ann","effect":"allow","actions":["pull"]}]"#;
    rules.save(0, &Actor::default(), |_| serde_json::from_str(json).unwrap()).await.unwrap();
    for (caller, seen) in [(Caller::Anonymous, false), (Caller::Member, true), (Caller::Administrator, true)] {
        let cookie = world.cookie(caller).await;
        let home = world.get("/", &cookie).await;
        assert!(home.body.contains("public/app"), "{caller:?}");
        assert_eq!(home.body.contains("secret/app"), seen, "{caller:?}");
        let listed: serde_json::Value =
            serde_json::from_str(&world.call("/api/list_repositories", &cookie, LIST).await.body).unwrap();
        assert_eq!(listed["This"]["list"]["total"], if seen { 2 } else { 1 }, "no count tells of the others");
        let status = if seen { 200 } else { 404 };
        for (function, body) in hidden("secret/app") {
            let answer = world.call(function, &cookie, &body).await;
            assert_eq!(answer.status.as_u16(), status, "{caller:?} {body}");
        }
        let near = world.call("/api/nearest_repository", &cookie, r#"{"name":"secret/apq"}"#).await.body;
        assert_eq!(near.contains("secret/app"), seen, "{near}");
    }
    for ((function, there), (_, not_there)) in hidden("secret/app").into_iter().zip(hidden("sekret/app")) {
        let there = world.call(function, "", &there).await.body.replace("secret/app", "it");
        assert_eq!(there, world.call(function, "", &not_there).await.body.replace("sekret/app", "it"));
    }
}

#[tokio::test]
async fn a_search_finds_nothing_that_its_reader_may_not_pull() {
    let world = World::new().await;
    let mut digests = Vec::new();
    for (repository, tag) in [("public/app", "1.0"), ("secret/app", "9.9-hidden")] {
        digests.push(world.push_annotated(repository, tag, &serde_json::json!({"owner": repository})).await);
    }
    let json = r#"[{"pattern":"public/**","subject":"anyone","effect":"allow","actions":["pull"]},
        {"pattern":"**","subject":"user:ann","effect":"allow","actions":["pull"]}]"#;
    let rules = world.console.guard.rules();
    rules.save(0, &Actor::default(), |_| serde_json::from_str(json).unwrap()).await.unwrap();
    let search = async |cookie: &str, search: &str, place: &str| {
        let query = format!(r#"{{"search":"{search}","sort":"Name","order":"Ascending","page":1}}"#);
        let body = format!(r#"{{"query":{query},"place":{place}}}"#);
        let answer = world.call("/api/list_repositories", cookie, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    };
    let flat = r#"{"view":null,"within":""}"#;
    // By name, tag, label, digest, and the digest of the config, which both have.
    let searches =
        ["secret/app", "9.9-hid", "hidden", "owner=sec", digests[1].as_str(), &digests[1][7..20], "44136fa355"];
    for (caller, seen) in [(Caller::Anonymous, false), (Caller::Member, true), (Caller::Administrator, true)] {
        let cookie = world.cookie(caller).await;
        for text in searches {
            let body = search(&cookie, text, flat).await;
            assert_eq!(body.contains("secret"), seen, "{caller:?} {text}: {body}");
            let found: serde_json::Value = serde_json::from_str(&body).unwrap();
            let count = usize::from(seen) + usize::from(text == "44136fa355");
            assert_eq!(found["This"]["repositories"], count, "{caller:?} {text}: no count tells of it");
        }
        assert!(search(&cookie, "owner=pub", flat).await.contains("owner=public/app"), "{caller:?}");
        for place in [r#"{"view":"Tree","within":""}"#, r#"{"view":"Tree","within":"secret/"}"#] {
            let body = search(&cookie, "", place).await;
            assert_eq!(body.contains("secret/"), seen, "{caller:?} {place}: {body}");
        }
    }
}

#[tokio::test]
async fn the_list_is_shown_as_it_was_chosen_last() {
    let world = World::new().await;
    for repository in ["team/app", "team/back/api", "zoo"] {
        world.push(repository).await;
    }
    let chosen = world.get("/repositories?view=tree", "").await;
    assert!(chosen.body.contains("/repositories?in=team/&amp;view=tree"), "{}", chosen.body);
    assert!(!chosen.body.contains("/repositories/team/app"), "{}", chosen.body);
    let cookie = chosen.header("set-cookie");
    assert!(cookie.starts_with("humpback_repositories=tree; Path=/; ") && cookie.contains("; HttpOnly"), "{cookie}");

    let tree = world.get("/repositories", "humpback_repositories=tree").await.body;
    assert!(tree.contains("href=\"/repositories?in=team/\"") && tree.contains("2 repositories"), "{tree}");
    let below = world.get("/repositories?in=team/", "humpback_repositories=tree").await.body;
    assert!(below.contains("/repositories/team/app") && below.contains("/repositories?in=team/back/"), "{below}");
    assert!(!below.contains("/repositories/zoo") && !below.contains("/repositories/team/back/api"), "{below}");
    let searched = world.get("/repositories?q=api&in=team/", "humpback_repositories=tree").await.body;
    assert!(searched.contains("/repositories/team/back/api") && !searched.contains("/repositories/zoo"), "{searched}");
    assert!(searched.contains("name=\"in\" value=\"team/\""), "a plain form stays in the namespace: {searched}");

    let flat = world.get("/repositories", "humpback_repositories=heap").await;
    assert!(flat.body.contains("/repositories/team/back/api") && flat.header("set-cookie").is_empty());
    let nothing = world.get("/repositories?in=%3Cscript%3E", "").await.body;
    assert!(nothing.contains("/repositories/zoo"), "{nothing}");
}

/// What is asked about a repository that may not be seen.
fn hidden(name: &str) -> [(&'static str, String); 2] {
    let query = r#"{"search":"","sort":"Name","order":"Ascending","page":1}"#;
    [
        ("/api/repository", format!(r#"{{"name":"{name}","query":{query}}}"#)),
        ("/api/manifest", format!(r#"{{"name":"{name}","reference":"v1"}}"#)),
    ]
}

#[tokio::test]
async fn the_banner_and_the_configuration_say_what_is_in_force() {
    let world = World::new().await;
    let banner = "Anyone who can reach this registry may pull and push.";
    let (member, admin) = (world.cookie(Caller::Member).await, world.cookie(Caller::Administrator).await);
    assert!(world.get("/", &member).await.body.contains(banner));
    world.apply(Preset::SignInToPush).await;
    assert!(!world.get("/", &member).await.body.contains(banner));
    assert!(world.get("/manage/system-config", &admin).await.body.contains("Pushing needs a user name and password"));
    world.apply(Preset::Private).await;
    let config = world.get("/manage/system-config", &admin).await.body;
    assert!(config.contains("Pulling and pushing need a user name and password of this console"));
    for (cookie, status) in [("", 401), (member.as_str(), 200)] {
        assert_eq!(world.call("/api/list_repositories", cookie, LIST).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn whoever_may_administer_a_repository_describes_it_and_nobody_else_does() {
    let world = World::new().await;
    world.push("team/app").await;
    world.push("other").await;
    let admin = world.cookie(Caller::Administrator).await;
    let rule = "expected_version=0&pattern=team/**&who=user&name=ann&effect=allow&administer=true&pull=true";
    assert_eq!(world.submit("save_access_rule", &admin, rule).await.header("location"), "/manage/access?done=added");

    let ann = world.cookie(Caller::Member).await;
    let text = "text=%23+Ours%0D%0A%3Cscript%3Ealert(1)%3C%2Fscript%3E+%5Bx%5D(javascript:alert(1))";
    let saved = world.submit("save_description", &ann, &format!("name=team/app&{text}")).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (302, "/repositories/team/app"));
    let page = world.get("/repositories/team/app", &ann).await.body;
    assert!(page.contains("<h3>Ours</h3>") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("<script>alert(1)") && !page.contains("href=\"javascript"), "{page}");
    assert!(page.contains("href=\"/describe/team/app\""));
    let entry = &world.console.registry.description(&"team/app".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((entry.content.lines().next(), entry.saved_by.as_str()), (Some("# Ours"), "ann"));
    let activity = world.get("/manage/activity", &admin).await.body;
    assert!(activity.contains("Described a repository") && activity.contains("team/app"));

    world.submit("save_description", &ann, "name=other&text=mine").await;
    world.submit("save_description", "", "name=team/app&text=mine").await;
    assert_eq!(world.console.registry.description(&"other".parse().unwrap()).await.unwrap(), None);
    let page = world.get("/repositories/other", &ann).await.body;
    assert!(!page.contains("/describe/"), "what may not be done is not offered");
    assert!(!world.get("/repositories/team/app", "").await.body.contains("/describe/"));

    let long = format!("name=team/app&text={}", "x".repeat(40_000));
    let refused = world.submit("save_description", &admin, &long).await;
    assert!(refused.header("location").contains("__err="), "{}", refused.header("location"));
    world.submit("save_description", &admin, "name=team/app&text=+").await;
    assert_eq!(world.console.registry.description(&"team/app".parse().unwrap()).await.unwrap(), None);
}
