//! A server process of a test's own: a free port, a folder, and an end.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::http::{Request, Response};

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The command line of a server on a free port of this machine.
pub fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    command.args(["serve", "--addr", "127.0.0.1:0", "--root"]).arg(root);
    // Not this machine's own configuration.
    command.env("REGISTRY_CONFIGURATION_PATH", "");
    command
}

/// A folder that is removed at the end, on the disk that builds are on: the system's own may be in memory.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// A server that runs until it is told otherwise; killed when dropped.
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
    /// What it has said at start.
    pub said: String,
    log: PathBuf,
}

impl Server {
    /// Starts one on the data in `root`.
    pub fn start(root: &Path) -> Self {
        Self::run(root, &mut command(root))
    }

    /// Starts one with a command that serves `root` and announces itself as text.
    pub fn run(root: &Path, command: &mut Command) -> Self {
        let log = root.with_extension("log");
        let stderr = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        let addr = loop {
            let start = said.len();
            let read = lines.read_line(&mut said).unwrap();
            assert_ne!(read, 0, "the server ended at start: {}", fs::read_to_string(&log).unwrap_or_default());
            if let Some(addr) = said[start..].trim().strip_prefix("Registry ") {
                break addr.trim().parse().unwrap();
            }
        };
        // The rest of the announcement ends with an empty line.
        while !said.ends_with("\n\n") || !said.contains("Data ") {
            assert_ne!(lines.read_line(&mut said).unwrap(), 0, "{said}");
        }
        Self { child, addr, said, log }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks and waits for the answer.
    pub fn ask(&self, request: &Request) -> Response {
        request.send(self.addr)
    }

    /// `GET`.
    pub fn get(&self, target: &str) -> Response {
        self.ask(&Request::new("GET", target))
    }

    /// Begins a chunk of a new upload and returns once the server asks for its body: the upload, and where to write.
    pub fn begin_chunk(&self, length: usize) -> (String, TcpStream) {
        let location = self.ask(&Request::new("POST", "/v2/team/app/blobs/uploads/")).location();
        let patch = Request::new("PATCH", &location).header("content-length", length);
        let stream = patch.header("expect", "100-continue").open(self.addr).unwrap();
        let asked = Response::read_head(&mut BufReader::new(stream.try_clone().unwrap())).unwrap();
        assert_eq!(asked.status, 100);
        (location, stream)
    }

    /// `kill -9`: nothing more is done, not even a buffer written.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("the server has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// What it has written to the standard error so far.
    pub fn log(&self) -> String {
        let mut log = String::new();
        File::open(&self.log).unwrap().read_to_string(&mut log).unwrap();
        log
    }

    /// Whether it takes new connections.
    pub fn accepts(&self) -> bool {
        TcpStream::connect(self.addr).is_ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something to become true, and fails the test when it takes too long.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::yield_now();
    }
}
