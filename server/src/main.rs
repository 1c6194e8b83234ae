//! The binary `humpback-registry`: command line, wiring, listener, logs, shutdown. Decides nothing about images.

use std::process::ExitCode;

mod announce;
mod assets;
mod cli;
mod console;
mod cors;
mod first_administrator;
mod first_byte;
mod health;
mod listener;
mod maintenance;
mod request_log;
mod root_lock;
mod serve;
mod shutdown;
mod telemetry;

fn main() -> ExitCode {
    cli::run()
}
