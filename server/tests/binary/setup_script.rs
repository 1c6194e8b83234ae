//! The setup guide's scripts over the wire: what a machine fetches that is to be set up.

use crate::server::{Server, folder};

#[test]
fn a_script_holds_the_address_that_it_was_asked_for_with() {
    let root = folder();
    let server = Server::start(root.path());
    let script = server.get("/setup/debian.sh?version=docker-1.13&trust=ca&address=registry.example.com%3A5000");
    assert_eq!(script.status, 200);
    // A browser shows it, and does not take it for anything else.
    assert_eq!(script.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(script.header("x-content-type-options"), Some("nosniff"));
    let text = script.text();
    assert!(text.starts_with("#!/bin/sh\n") && text.ends_with("\nmain \"$@\"\n"), "{text}");
    assert!(
        text.contains("\nREGISTRY='registry.example.com:5000'\nURL='https://registry.example.com:5000'\n"),
        "{text}"
    );

    // Without an address it is where the request came to; an IPv6 address arrives whole.
    let here = server.get("/setup/podman.sh").text();
    assert!(here.contains(&format!("\nREGISTRY='{}'\n", server.addr)), "{here}");
    let script = server.get("/setup/podman.sh?address=%5B2001%3Adb8%3A%3A1%5D%3A5000").text();
    assert!(script.contains("\nREGISTRY='[2001:db8::1]:5000'\n"), "{script}");
    assert!(server.get("/setup/windows-server.ps1").text().contains("param("));
}

#[test]
fn nothing_of_a_request_gets_into_a_script_unread() {
    let root = folder();
    let server = Server::start(root.path());
    for address in
        ["%27%3Breboot%3B%27", "a%0Areboot%0A%3A5000", "%24%28reboot%29%3A5000", "a%2F..%2Fb", "x%60reboot%60%3A1"]
    {
        let refused = server.get(&format!("/setup/debian.sh?address={address}"));
        assert_eq!(refused.status, 400, "{address}");
        assert!(!refused.text().contains("reboot"), "{}", refused.text());
    }
    // Words that are not known choose nothing, and do not get into it either.
    let script = server.get("/setup/debian.sh?address=r%3A1&version=%27reboot&trust=%27reboot&target=%27reboot");
    assert!(script.status == 200 && !script.text().contains("reboot"), "{}", script.text());
    for missing in ["/setup/debian.ps1", "/setup/debian", "/setup/nothing.sh", "/setup/helm.sh", "/setup/.sh"] {
        assert_eq!(server.get(&format!("{missing}?address=r%3A1")).status, 404, "{missing}");
    }
}
