//! The binary `humpback-registry`: command line, wiring, listener, logs, shutdown. Decides nothing about images.

use std::process::ExitCode;

mod announce;
mod answer_headers;
mod assets;
mod cli;
mod config_command;
mod configuration;
mod console;
mod cors;
mod debug;
mod documents;
mod first_administrator;
mod first_byte;
mod guard;
mod health;
mod listener;
mod maintenance;
mod metrics;
mod privileges;
mod probe;
mod request_log;
mod root_lock;
mod serve;
mod shutdown;
mod telemetry;
#[cfg(test)]
mod test_authority;
mod tls;

fn main() -> ExitCode {
    cli::run()
}
