//! Docker 1.8.3 where not everyone may do everything: each preset, with and without an account.

use super::{client::Docker, image};
use crate::{
    console::Console,
    server::{Server, command, folder},
};

const ADMIN: &str = "administrators horse battery";
const MEMBER: &str = "members horse battery";

/// Puts a preset in force, by the form of the page.
fn apply(console: &Console, preset: &str) {
    let page = console.page("/manage/access");
    let (_, version) = page.split_once("name=\"expected_version\" value=\"").expect("a form");
    let version = version.split('"').next().unwrap();
    let answer = console.form("apply_access_preset", &format!("expected_version={version}&preset={preset}"));
    assert_eq!(answer.status, 302, "{}", answer.text());
    assert!(answer.header("location").unwrap().contains("done=preset"), "{:?}", answer.header("location"));
}

#[test]
fn each_preset_gives_an_old_docker_what_it_gives_a_new_one() {
    let root = folder();
    let server = Server::run(root.path(), command(root.path()).env("HUMPBACK_ADMIN_PASSWORD", ADMIN));
    let console = Console::sign_in(server.addr, ADMIN);
    let made = console.form("create_user", &format!("user_name=ann&role=member&password={}", MEMBER.replace(' ', "+")));
    assert_eq!(made.status, 302, "{}", made.text());
    let stranger = Docker::new(server.addr);
    let member = Docker::new(server.addr).of("ann", MEMBER);
    let mistaken = Docker::new(server.addr).of("ann", "not her password");

    // Open, as the registry is at first.
    stranger.push("team/old", "1.0", &image(1));
    assert_eq!(member.login(), 200);

    apply(&console, "sign-in-to-push");
    assert_eq!(stranger.pull("team/old", "1.0").layers, image(1).layers, "it asks for a token to push, and may pull");
    assert_eq!(stranger.begins_push("team/old"), 401);
    assert_eq!((member.login(), mistaken.login()), (200, 401));
    member.push("team/old", "2.0", &image(2));
    assert_eq!(member.tags("team/old"), ["1.0", "2.0"]);
    assert_eq!(mistaken.begins_push("team/old"), 401);

    apply(&console, "private");
    assert_eq!((stranger.begins_pull("team/old", "1.0"), stranger.begins_push("team/old")), (401, 401));
    assert_eq!(stranger.begins_pull("team/none", "1.0"), 401, "no other answer where there is nothing");
    assert_eq!(member.pull("team/old", "2.0").layers, image(2).layers);
    assert_eq!(member.push("team/old", "3.0", &image(1)).uploaded, 0);
    assert_eq!(mistaken.begins_pull("team/old", "1.0"), 401);

    apply(&console, "open");
    assert_eq!(stranger.push("team/old", "4.0", &image(2)).uploaded, 0);
}
