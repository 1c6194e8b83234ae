//! A registry's process: started on a free port with a folder of its own, ended with the value.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::Result;
use crate::client::Client;

/// Whose program it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Humpback,
    Distribution,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Humpback => "humpback",
            Kind::Distribution => "distribution",
        }
    }
}

/// A registry that serves.
pub struct Registry {
    pub kind: Kind,
    pub address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Registry {
    /// Starts the program and returns when it answers.
    pub async fn start(kind: Kind, program: &Path) -> Result<Registry> {
        let folder = tempfile::tempdir()?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let root = folder.path().join("data");
        let mut command = Command::new(program);
        match kind {
            Kind::Humpback => {
                command.env("REGISTRY_CONFIGURATION_PATH", "");
                command.args(["serve", "--addr", &address.to_string(), "--log-level", "warn", "--root"]).arg(&root);
            }
            Kind::Distribution => {
                let config = folder.path().join("config.yml");
                fs::write(&config, distribution_config(address, &root))?;
                command.arg("serve").arg(&config);
            }
        }
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let registry = Registry { kind, address, process, _folder: folder };
        for _ in 0..200 {
            if let Ok(mut client) = Client::connect(address).await
                && client.get("/v2/").await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(registry);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("{} does not answer", program.display()).into())
    }

    /// The processor's time that the server has used, in seconds.
    pub fn processor(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name in parentheses may hold spaces: fields are counted after it (proc(5): utime is 14, stime 15).
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        Ok(ticks as f64 / 100.0)
    }

    /// The memory that the server has in use, in MiB.
    pub fn memory(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = text.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What makes the comparison fair: deleting on, no access log, blob descriptors cached in memory.
fn distribution_config(address: SocketAddr, root: &Path) -> String {
    format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage:\n  filesystem: {{rootdirectory: {}}}\n  cache: {{blobdescriptor: inmemory}}\n  delete: {{enabled: true}}\n\
         http: {{addr: '{address}'}}\n",
        root.display()
    )
}
