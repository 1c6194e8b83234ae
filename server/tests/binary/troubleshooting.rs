//! An error message is explained without scripts, and a problem's page can be linked to.

use crate::{
    http::Request,
    server::{Server, command, folder},
};

#[test]
fn a_message_in_the_address_is_explained_in_the_readers_language() {
    let root = folder();
    let server = Server::run(root.path(), command(root.path()).env("HUMPBACK_ADMIN_PASSWORD", "correct horse"));
    let page = |target: &str, language: &str| {
        let request = Request::new("GET", target).header("accept", "text/html").header("accept-language", language);
        let answer = server.ask(&request);
        (answer.status, answer.text())
    };
    let message = "/setup/troubleshooting?error=Get+%22https%3A%2F%2F192.168.1.10%3A5000%2Fv2%2F%22%3A+http%3A+server+gave+\
                   HTTP+response+to+HTTPS+client";
    let (status, english) = page(message, "en");
    assert_eq!(status, 200);
    assert!(english.contains("The client speaks HTTPS, the registry speaks HTTP"));
    assert!(english.contains("192.168.1.10:5000&quot;]") || english.contains("\"192.168.1.10:5000\"]"), "{english}");
    let (_, chinese) = page(message, "zh-CN");
    assert!(chinese.contains("客户端使用 HTTPS，而镜像仓库使用 HTTP"));
    // What was pasted is shown, never run.
    let (_, page_with_markup) = page("/setup/troubleshooting?error=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)", "en");
    assert!(!page_with_markup.contains("<script>alert"));
    for field in ["paste", "paste_flags"] {
        let (status, merged) = page(&format!("/setup?{field}=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)"), "en");
        assert!(status == 200 && !merged.contains("<script>alert"), "{field}");
    }
    assert_eq!(page("/setup/troubleshooting/no-space-left", "en").0, 200);
    assert_eq!(page("/setup/troubleshooting/no-such-problem", "en").0, 404);
}
