//! An administrator at the console, who has no scripts: his forms and pages.

use std::net::SocketAddr;

use crate::http::{Request, Response};

/// His session.
pub struct Console {
    addr: SocketAddr,
    pub cookie: String,
}

impl Console {
    /// Signs in as `admin`, whom the server was given at its start.
    pub fn sign_in(addr: SocketAddr, password: &str) -> Self {
        let mut console = Self { addr, cookie: String::new() };
        let entered = console.form("sign_in", &format!("user_name=admin&password={}", password.replace(' ', "+")));
        assert_eq!(entered.status, 302, "{}", entered.text());
        console.cookie = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        console
    }

    /// A form as a page without scripts sends it.
    pub fn form(&self, function: &str, body: &str) -> Response {
        let request = Request::new("POST", &format!("/api/{function}"))
            .header("origin", format!("http://{}", self.addr))
            .header("referer", format!("http://{}/account", self.addr))
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &self.cookie);
        request.body(body).send(self.addr)
    }

    /// A page.
    pub fn page(&self, path: &str) -> String {
        Request::new("GET", path).header("accept", "text/html").header("cookie", &self.cookie).send(self.addr).text()
    }
}
