//! Every page, route and server function for everyone who may come: one table, and nothing may be missing in it.

use std::collections::BTreeSet;

use super::*;

/// What anonymous callers, members, administrators and disabled users get, in this order.
pub(super) type Expected = [u16; 4];

const ANYONE: Expected = [200, 200, 200, 200];
/// Whoever is signed in.
const ACCOUNT: Expected = [401, 200, 200, 401];
/// Administrators alone.
const ADMINISTRATOR: Expected = [401, 403, 200, 401];

/// A page that leads to the sign-in whoever is not signed in.
const OWN_PAGE: Expected = [302, 200, 200, 302];
const MANAGE_PAGE: Expected = [302, 403, 200, 302];

/// The same, of something that does not exist.
const MANAGE_MISSING: Expected = [302, 403, 404, 302];

/// An administrator is let in, and answered so.
const fn administrator(answer: u16) -> Expected {
    [401, 403, answer, 401]
}

const LIST: &str = r#"{"query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#;

/// The server functions, with what is sent. What is named in it does not exist, so that nothing is lost by the asking.
pub(super) const FUNCTIONS: &[(&str, &str, Expected)] = &[
    // Open to anyone.
    ("set_language", "language=en", ANYONE),
    ("set_theme", "theme=dark", ANYONE),
    ("set_shortcuts", "on=false", ANYONE),
    // Finds what the rules let one pull, and names the pages that one may open.
    ("palette", r#"{"asked":{"typed":"","recent":[],"language":"en"}}"#, ANYONE),
    ("load_account", "", ANYONE),
    ("load_registry_status", "", ANYONE),
    ("registry_address", "", ANYONE),
    ("setup_catalogue", "language=en", ANYONE),
    ("setup_merge", "asked[target]=&asked[address]=registry.example.com", ANYONE),
    ("setup_steps", "asked[target]=&asked[address]=registry.example.com", ANYONE),
    ("sign_in", "user_name=ghost&password=ghost&return_to=", [422; 4]),
    ("sign_out", "", ANYONE),
    (
        "create_administrator",
        "setup_code=X&user_name=eve&password=correct+horse&password_again=correct+horse",
        [422; 4],
    ),
    ("problems", "language=en", ANYONE),
    ("troubleshoot", r#"{"trouble":{"message":"x509","problem":"","address":"","language":"en"}}"#, ANYONE),
    ("proxy_check", "", ANYONE),
    ("proxy_configurations", "address=&language=en", ANYONE),
    // Administrators see everyone's visits, others their own address's.
    ("recent_visits", "", ANYONE),
    // As much as the rules let one pull.
    ("read_home", "{}", ANYONE),
    ("list_repositories", LIST, ANYONE),
    ("repository", r#"{"name":"ghost","query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#, [404; 4]),
    ("manifest", r#"{"name":"ghost","reference":"latest"}"#, [404; 4]),
    ("nearest_repository", r#"{"name":"ghost"}"#, ANYONE),
    ("tag_history", r#"{"name":"ghost","tag":"","page":1}"#, [404; 4]),
    // Whoever may administer the repository.
    ("read_description", r#"{"name":"ghost"}"#, administrator(404)),
    ("save_description", "name=ghost&text=x", administrator(404)),
    ("preview_description", r#"{"content":"x"}"#, ACCOUNT),
    // One's own account.
    ("read_own_account", "{}", ACCOUNT),
    (
        "change_password",
        "present_password=wrong&new_password=another+horse&new_password_again=another+horse",
        [401, 422, 422, 401],
    ),
    ("end_session", "id=0123456789abcdef", ACCOUNT),
    ("end_other_sessions", "", ACCOUNT),
    ("create_access_token", "token_name=&lifetime=30", [401, 422, 422, 401]),
    ("revoke_access_token", "id=1", ACCOUNT),
    ("revoke_access_tokens", "", ACCOUNT),
    ("take_issued_token", "{}", ACCOUNT),
    // Administrators.
    ("tag_deletion", r#"{"repository":"ghost","tag":"latest"}"#, administrator(404)),
    ("delete_tag", "repository=ghost&tag=latest", administrator(404)),
    ("tags_deletion", r#"{"repository":"ghost","tags":["latest"]}"#, administrator(404)),
    ("delete_tags", "repository=ghost&tags[]=latest", administrator(404)),
    ("repository_deletion", r#"{"repository":"ghost"}"#, administrator(404)),
    ("delete_repository", "repository=ghost&confirmation=ghost", administrator(404)),
    ("tag_place", r#"{"repository":"ghost","reference":"latest"}"#, administrator(404)),
    (
        "put_tag",
        "repository=ghost&tag=a&digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        administrator(404),
    ),
    ("list_deletions", r#"{"page":1}"#, ADMINISTRATOR),
    ("restore_deletion", "id=1", administrator(404)),
    ("restore_tag", "id=1", administrator(404)),
    ("load_system_config", "", ADMINISTRATOR),
    ("save_system_config", "expected_version=0&private_registry_enabled=true&address=", ADMINISTRATOR),
    ("load_remote_registry", "{}", ADMINISTRATOR),
    ("save_remote_registry", "owner=ask", administrator(422)),
    ("load_notifications", "", ADMINISTRATOR),
    ("list_users", LIST, ADMINISTRATOR),
    ("read_user", r#"{"user_name":"ghost"}"#, administrator(404)),
    ("create_user", "user_name=admin&role=member&password=correct+horse", administrator(422)),
    ("set_user_role", "user_name=ghost&role=administrator", administrator(404)),
    ("set_user_enabled", "user_name=ghost&enabled=false", administrator(404)),
    ("reset_password", "user_name=ghost&password=correct+horse", administrator(404)),
    ("delete_user", "user_name=ghost", administrator(404)),
    ("take_issued_password", "{}", ADMINISTRATOR),
    ("load_access_rules", "{}", ADMINISTRATOR),
    ("try_access", r#"{"who":"user","name":"ghost","repository":"ghost"}"#, administrator(404)),
    ("save_access_rule", "expected_version=0&pattern=a&who=anyone&name=&effect=allow", administrator(422)),
    ("remove_access_rule", "expected_version=0&place=9", administrator(409)),
    ("apply_access_preset", "expected_version=9&preset=private", administrator(409)),
    ("list_groups", LIST, ADMINISTRATOR),
    (
        "read_group",
        r#"{"group":"ghost","query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#,
        administrator(404),
    ),
    ("create_group", "group_name=a+b", administrator(422)),
    ("rename_group", "group=ghost&group_name=other", administrator(404)),
    ("delete_group", "group=ghost", administrator(404)),
    ("add_group_member", "group=ghost&user_name=ann", administrator(404)),
    ("remove_group_member", "group=ghost&user_name=ann", administrator(404)),
    ("set_user_groups", "user_name=ghost&groups[]=dev", administrator(404)),
    ("revoke_user_token", "user_name=ghost&id=1", administrator(404)),
    ("revoke_user_tokens", "user_name=ghost", administrator(404)),
    ("list_robots", LIST, ADMINISTRATOR),
    ("read_robot", r#"{"robot":"ghost"}"#, administrator(404)),
    ("create_robot", "robot_name=ci&lifetime=never", administrator(422)),
    ("change_robot", "robot_name=ghost&lifetime=never&scope[0][pattern]=**&scope[0][pull]=true", administrator(404)),
    ("rotate_robot", "robot=ghost", administrator(404)),
    ("set_robot_enabled", "robot=ghost&enabled=false", administrator(404)),
    ("delete_robot", "robot=ghost", administrator(404)),
    ("take_issued_robot", "{}", ADMINISTRATOR),
    ("list_activity", r#"{"query":{"search":"","kind":null,"from":null,"to":null,"page":1}}"#, ADMINISTRATOR),
];

/// The pages: the route, an address of it, and the answers.
const PAGES: &[(&str, &str, Expected)] = &[
    ("/", "/", ANYONE),
    ("/repositories", "/repositories", ANYONE),
    ("/sign-in", "/sign-in", ANYONE),
    // There is an administrator already.
    ("/first-start", "/first-start", [303; 4]),
    ("/setup", "/setup", ANYONE),
    ("/setup/proxy", "/setup/proxy", ANYONE),
    ("/setup/troubleshooting", "/setup/troubleshooting", ANYONE),
    ("/setup/troubleshooting/{problem}", "/setup/troubleshooting/ghost", [404; 4]),
    ("/repositories/{*name}", "/repositories/ghost", [404; 4]),
    ("/manifests/{*name}", "/manifests/ghost?reference=latest", [404; 4]),
    ("/describe/{*name}", "/describe/ghost", MANAGE_MISSING),
    ("/delete-tag/{*name}", "/delete-tag/ghost?tag=latest", MANAGE_MISSING),
    ("/delete-tags/{*name}", "/delete-tags/ghost?tag=latest", MANAGE_MISSING),
    ("/delete-repository/{*name}", "/delete-repository/ghost", MANAGE_MISSING),
    ("/put-tag/{*name}", "/put-tag/ghost?reference=latest", MANAGE_MISSING),
    ("/tag-history/{*name}", "/tag-history/ghost", [404; 4]),
    ("/manage/deleted", "/manage/deleted", MANAGE_PAGE),
    ("/account", "/account", OWN_PAGE),
    ("/account/new-token", "/account/new-token", OWN_PAGE),
    ("/account/issued-token", "/account/issued-token", OWN_PAGE),
    ("/manage/system-config", "/manage/system-config", MANAGE_PAGE),
    ("/manage/notifications", "/manage/notifications", MANAGE_PAGE),
    ("/manage/users", "/manage/users", MANAGE_PAGE),
    ("/manage/new-user", "/manage/new-user", MANAGE_PAGE),
    ("/manage/user/{name}", "/manage/user/ann", MANAGE_PAGE),
    ("/manage/issued-password", "/manage/issued-password", MANAGE_PAGE),
    ("/manage/access", "/manage/access", MANAGE_PAGE),
    ("/manage/groups", "/manage/groups", MANAGE_PAGE),
    ("/manage/group/{name}", "/manage/group/ghost", MANAGE_MISSING),
    ("/manage/robots", "/manage/robots", MANAGE_PAGE),
    ("/manage/new-robot", "/manage/new-robot", MANAGE_PAGE),
    ("/manage/issued-robot", "/manage/issued-robot", MANAGE_PAGE),
    ("/manage/robot/{name}", "/manage/robot/ghost", MANAGE_MISSING),
    ("/manage/activity", "/manage/activity", MANAGE_PAGE),
];

/// What is served besides.
const FILES: &[(&str, Expected)] = &[
    (app::export::ACTIVITY, [303, 403, 200, 303]),
    ("/setup/proxy/nginx.conf", ANYONE),
    ("/api/probe/1", [403, 403, 204, 403]),
    ("/setup/debian.sh", ANYONE),
    ("/setup/ghost.sh", [404; 4]),
    ("/setup/ca.crt", [404; 4]),
    ("/no/such/page", [404; 4]),
];

/// Where the server functions are.
pub(super) fn function_paths() -> Vec<&'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect()
}

#[tokio::test]
async fn every_server_function_answers_everyone_as_the_table_says() {
    let world = World::new().await;
    let paths: Vec<(&str, _)> = leptos::server_fn::axum::server_fn_paths().collect();
    let path_of = |function: &str| {
        let ends = format!("/{function}");
        paths
            .iter()
            .map(|(path, _)| *path)
            .find(|path| path.ends_with(&ends))
            .unwrap_or_else(|| panic!("no {function}"))
    };
    let mut wrong = Vec::new();
    for (function, body, expected) in FUNCTIONS {
        for (caller, expected) in Caller::ALL.into_iter().zip(*expected) {
            let answer = world.call(path_of(function), &world.cookie(caller).await, body).await;
            if answer.status != expected {
                wrong.push(format!("{function} {caller:?}: {} instead of {expected}: {}", answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let rows: BTreeSet<_> = FUNCTIONS.iter().map(|(function, ..)| path_of(function)).collect();
    let registered: BTreeSet<_> = paths.iter().map(|(path, _)| *path).collect();
    assert_eq!(rows, registered, "a server function without a row, or twice");
    assert_eq!(rows.len(), FUNCTIONS.len());
}

#[tokio::test]
async fn every_page_answers_everyone_as_the_table_says() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    let pages = PAGES.iter().map(|(_, address, expected)| (*address, *expected));
    for (address, expected) in pages.chain(FILES.iter().copied()) {
        for (caller, expected) in Caller::ALL.into_iter().zip(expected) {
            let answer = world.get(address, &world.cookie(caller).await).await;
            if answer.status != expected {
                wrong.push(format!("{address} {caller:?}: {} instead of {expected}", answer.status));
            }
            if matches!(expected, 302) && !answer.header("location").starts_with("/sign-in") {
                wrong.push(format!("{address} {caller:?} leads to {}", answer.header("location")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let rows: BTreeSet<_> = PAGES.iter().map(|(route, ..)| (*route).to_owned()).collect();
    let routes: BTreeSet<_> = paths::listing().iter().map(|route| route.path().to_owned()).collect();
    assert_eq!(rows, routes, "a page without a row");
}

#[tokio::test]
async fn what_a_member_may_not_do_is_not_shown_to_him() {
    let world = World::new().await;
    let of = async |caller| world.get("/", &world.cookie(caller).await).await.body;
    let (member, administrator) = (of(Caller::Member).await, of(Caller::Administrator).await);
    for link in ["/manage/users", "/manage/activity", "/manage/system-config"] {
        let link = format!("href=\"{link}\"");
        assert!(administrator.contains(&link) && !member.contains(&link), "{link}");
    }
    assert!(member.contains("href=\"/account\"") && member.contains("href=\"/setup\""));
}

#[tokio::test]
async fn a_generated_password_is_on_its_page_once_and_in_no_address() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Administrator).await;
    let request = Request::post("/api/create_user")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::REFERER, format!("http://{HOST}/manage/new-user"))
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &cookie);
    let created = world.send(request.body(Body::from("user_name=Bob&role=member&password=")).unwrap()).await;
    assert_eq!((created.status.as_u16(), created.header("location")), (302, "/manage/issued-password"));

    let page = world.get("/manage/issued-password", &cookie).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let password =
        page.body.split_whitespace().flat_map(|word| word.split(['<', '>', '"'])).find(|word| {
            word.len() == 23 && word.split('-').count() == 4 && word.split('-').all(|group| group.len() == 5)
        });
    let password = password.expect("the password stands on the page").to_owned();
    assert!(world.console.auth.verify("bob", password.clone().into(), None).await.is_ok());
    let again = world.get("/manage/issued-password", &cookie).await;
    assert!(!again.body.contains(&password), "once");
}

#[tokio::test]
async fn the_export_is_one_line_a_deed_with_the_pages_own_filter() {
    let world = World::new().await;
    let cookie = world.cookie(Caller::Administrator).await;
    let all = world.get("/manage/activity.jsonl", &cookie).await;
    assert_eq!(all.header("content-type"), "application/jsonl; charset=utf-8");
    assert!(all.header("content-disposition").starts_with("attachment;"));
    let lines: Vec<serde_json::Value> = all.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6, "three accounts, one disabled, two sign-ins");
    assert_eq!((&lines[0]["action"], &lines[0]["actor"]), (&"session.opened".into(), &"admin".into()));
    let accounts = world.get("/manage/activity.jsonl?kind=account&q=dan", &cookie).await;
    let actions: Vec<_> =
        accounts.body.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    let actions: Vec<_> = actions.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["account.disabled", "account.created"]);
    assert!(!all.body.contains("argon2") && !all.body.contains(PASSWORD));
}
