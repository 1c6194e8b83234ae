//! What someone who means harm sends: nothing of it becomes a line of the log or a part of a page, and no secret that the
//! server has seen is found in what it writes.

use std::fs;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    console::Console,
    http::{Request, Response},
    server::{Server, command, folder, until},
    storage::digest,
};

const PASSWORD: &str = "correct horse battery";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const SCRIPT: &str = "<script>alert(document.cookie)</script>";

/// A server that logs all that it can, with the administrator `admin`; and his session.
struct World {
    root: tempfile::TempDir,
    server: Server,
    console: Console,
}

impl World {
    fn new() -> Self {
        let root = folder();
        let mut command = command(root.path());
        command.args(["--log-level", "debug"]).env("HUMPBACK_ADMIN_PASSWORD", PASSWORD);
        let server = Server::run(root.path(), &mut command);
        let console = Console::sign_in(server.addr, PASSWORD);
        Self { root, server, console }
    }

    fn form(&self, function: &str, body: &str) -> Response {
        self.console.form(function, body)
    }

    fn page(&self, path: &str) -> String {
        self.console.page(path)
    }

    /// The secret that a page shows, once.
    fn issued(&self, page: &str, prefix: &str) -> String {
        let page = self.page(page);
        let start = page.find(prefix).unwrap_or_else(|| panic!("no {prefix} in {page}"));
        page[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    }

    fn basic(&self, path: &str, name: &str, secret: &str) -> Response {
        let credentials = BASE64_STANDARD.encode(format!("{name}:{secret}"));
        self.server.ask(&Request::new("GET", path).header("authorization", format!("Basic {credentials}")))
    }

    fn push(&self, annotations: Value, labels: Value) {
        let blob = |content: &[u8]| {
            let target = format!("/v2/team/app/blobs/uploads/?digest={}", digest(content));
            assert_eq!(self.server.ask(&Request::new("POST", &target).body(content)).status, 201);
            digest(content)
        };
        let config = json!({
            "architecture": SCRIPT, "os": SCRIPT, "created": "2026-01-02T03:04:05Z",
            "config": { "Env": [SCRIPT], "Labels": labels, "Cmd": [SCRIPT], "Entrypoint": [SCRIPT] },
            "rootfs": { "type": "layers", "diff_ids": [] },
            "history": [{ "created_by": SCRIPT, "author": SCRIPT, "comment": SCRIPT }],
        });
        let config = config.to_string();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "annotations": annotations,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": blob(config.as_bytes()), "size": config.len(),
            },
            "layers": [{
                "mediaType": format!("application/{SCRIPT}"), "digest": blob(b"{}"), "size": 2,
                "annotations": { "org.opencontainers.image.title": SCRIPT },
            }],
        });
        let put = Request::new("PUT", "/v2/team/app/manifests/1.0").header("content-type", MANIFEST);
        let put = self.server.ask(&put.body(manifest.to_string()));
        assert_eq!(put.status, 201, "{}", put.text());
    }
}

#[test]
fn no_secret_is_found_in_the_log_or_the_database() {
    let world = World::new();
    let mut secrets = vec![PASSWORD.to_owned(), world.console.cookie.split_once('=').unwrap().1.to_owned()];
    let made = world.form("create_access_token", "token_name=laptop&lifetime=30&limited=false");
    assert_eq!(made.header("location"), Some("/account/issued-token"), "{}", made.text());
    let token = world.issued("/account/issued-token", "hbp_");
    let made = world.form("create_robot", "robot_name=ci&lifetime=never&scope[0][pattern]=**&scope[0][pull]=true");
    assert_eq!(made.header("location"), Some("/manage/issued-robot"), "{}", made.text());
    let robot = world.issued("/manage/issued-robot", "hbr_");
    assert_eq!((token.len(), robot.len()), (40, 40));

    for (name, secret) in [("admin", PASSWORD), ("admin", token.as_str()), ("robot+ci", robot.as_str())] {
        assert_eq!(world.basic("/v2/", name, secret).status, 200, "{name}");
        let given = world.basic("/token?service=127.0.0.1&scope=repository:team/app:pull", name, secret);
        if let Some(token) = given.text().split('"').find(|part| part.starts_with("ey")) {
            let token = token.to_owned();
            let bearer = Request::new("GET", "/v2/").header("authorization", format!("Bearer {token}"));
            world.server.ask(&bearer);
            secrets.push(token);
        }
        secrets.push(BASE64_STANDARD.encode(format!("{name}:{secret}")));
    }
    // Wrong ones, too: a typing error is close to the right one.
    world.basic("/v2/", "admin", "a-mistyped-password");
    world.basic("/v2/", "a-password-typed-as-name", "x");
    world.form("sign_in", "user_name=a-password-typed-as-name&password=a-mistyped-password");
    world.form("change_password", "present_password=a-mistyped-password&new_password=b&new_password_again=b");
    world.form("reset_password", "user_name=admin&password=another-secret-of-mine");
    secrets.extend(["a-mistyped-password", "a-password-typed-as-name", "another-secret-of-mine"].map(str::to_owned));
    secrets.extend([token, robot]);

    until("the last request is logged", || world.server.log().contains("reset_password"));
    let log = world.server.log();
    // What SQLite has written, in the file and the log beside it.
    let files = ["humpback.db", "humpback.db-wal"].map(|file| fs::read(world.root.path().join("humpback").join(file)));
    let database: Vec<u8> = files.into_iter().flatten().flatten().collect();
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} in the log");
        assert!(!database.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in the database");
    }
}

#[test]
fn nothing_that_is_sent_begins_a_line_of_the_log_or_moves_a_terminal() {
    let world = World::new();
    // What a header may not hold, a name in HTTP Basic may; and what is no control character to HTTP is one to a terminal.
    let forged = "admin\r\n2026-01-01T00:00:00Z  INFO forged: all is well\u{1b}[2J\u{9b}2J\u{202e}\u{2028}";
    world.basic("/v2/", forged, "x");
    world.basic("/token?service=x&scope=repository:a%0d%0aforged:pull", forged, "x");
    let agent = "docker/1.8.3 \u{9b}2J\u{202e}forged \u{85}";
    for target in ["/v2/", "/v2/team%0a%1b%5b2Jforged/app/tags/list", "/v2/_catalog?last=%0d%0aforged", "/%0aforged"] {
        let request = Request::new("GET", target).header("user-agent", agent).header("x-request-id", "a\u{9b}forged");
        world.server.ask(&request.header("x-forwarded-for", "\u{9b}forged").header("referer", agent));
    }
    world.form("sign_in", "user_name=%0d%0aforged%1b%5b2J&password=x");
    world.form("create_user", "user_name=%0d%0aforged&role=member&password=");
    world.form("create_access_token", "token_name=%0d%0aforged%1b%5b2J&lifetime=30");
    world.form("create_robot", "robot_name=ci&description=%0d%0aforged&lifetime=30&scope[0][pattern]=%0aforged");
    world.server.get("/last-of-all");
    until("the last request is logged", || world.server.log().contains("last-of-all"));
    let log = world.server.log();
    for line in log.lines() {
        assert!(line.starts_with("20") && line.as_bytes().get(4) == Some(&b'-'), "no line of ours: {line:?}");
        assert!(!line.starts_with("2026-01-01T00:00:00Z"), "{line:?}");
    }
    let harmful =
        |c: &char| (c.is_control() && *c != '\n') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}');
    let found: Vec<char> = log.chars().filter(harmful).collect();
    assert!(found.is_empty(), "{found:?} in {log}");
}

#[test]
fn nothing_that_was_pushed_or_typed_runs_in_the_console() {
    let world = World::new();
    let evil = json!({ "org.opencontainers.image.title": SCRIPT, SCRIPT: "\"><img src=x onerror=alert(1)>", "a": "</textarea>" });
    world.push(evil.clone(), evil);
    let encoded = "%3Cscript%3Ealert%28document.cookie%29%3C%2Fscript%3E";
    let made = world.form("create_access_token", &format!("token_name={encoded}&lifetime=30"));
    assert_eq!(made.status, 302);
    let made = world.form(
        "create_robot",
        &format!("robot_name=ci&description={encoded}&lifetime=30&scope[0][pattern]=**&scope[0][pull]=true"),
    );
    assert_eq!(made.header("location"), Some("/manage/issued-robot"), "{}", made.text());
    // A session from a browser that calls itself so.
    let request = Request::new("POST", "/api/sign_in")
        .header("user-agent", SCRIPT)
        .header("content-type", "application/x-www-form-urlencoded");
    let entered = world.server.ask(&request.body(format!("user_name=admin&password={}", PASSWORD.replace(' ', "+"))));
    assert_eq!(entered.status, 200, "{}", entered.text());

    for path in [
        "/manifests/team/app?reference=1.0",
        "/repositories/team/app",
        "/",
        "/account",
        "/manage/user/admin",
        "/manage/robots",
        "/manage/robot/ci",
        "/manage/activity",
        &format!("/repositories/{encoded}"),
        // What stands in the address is a page's title.
        &format!("/repositories/%3C%2Ftitle%3E{encoded}"),
        &format!("/manage/user/%3C%2Ftitle%3E{encoded}"),
        &format!("/manifests/team/app?reference={encoded}"),
        &format!("/?q={encoded}"),
        &format!("/manage/users?q={encoded}&done={encoded}"),
        &format!("/manage/groups?q={encoded}&done={encoded}"),
        &format!("/manage/robots?q={encoded}&done={encoded}"),
        &format!("/manage/group/{encoded}"),
        &format!("/manage/activity?q={encoded}"),
        &format!("/sign-in?return_to={encoded}&__path=%2Fapi%2Fsign_in&__err={encoded}"),
    ] {
        let page = world.page(path);
        assert!(page.contains("</html>"), "{path}: {page}");
        for evil in ["<script>alert", "</script>\"", "<img src=x", "</textarea>\""] {
            assert!(!page.contains(evil), "{evil} in {path}: {page}");
        }
    }
}

#[test]
fn nothing_that_is_sent_becomes_a_header_of_the_answer() {
    let world = World::new();
    let evil = "x%0d%0aSet-Cookie:%20forged=1";
    let answers = [
        world.form("sign_in", &format!("user_name=admin&password={}&return_to=%2F{evil}", PASSWORD.replace(' ', "+"))),
        world.form("create_user", &format!("user_name={evil}&role=member&password=")),
        world.form("delete_user", &format!("user_name={evil}")),
        world.form("create_group", &format!("group_name={evil}")),
        world.form("set_language", &format!("language={evil}")),
        world.form("set_theme", &format!("theme={evil}")),
        world.server.get(&format!("/v2/{evil}/manifests/latest")),
        world.server.get(&format!("/v2/team/app/tags/list?n=1&last={evil}")),
        world.server.get(&format!("/manage/users?return_to={evil}")),
        world.server.ask(&Request::new("POST", &format!("/v2/team/app/blobs/uploads/?from={evil}&mount={evil}"))),
    ];
    for answer in answers {
        let forged = answer.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("forged"));
        assert_eq!(forged, None, "{:?}", answer.headers);
    }
}
