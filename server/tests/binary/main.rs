//! The binary as its users meet it: started, talked to over a socket, stopped, killed and started again.

#![allow(clippy::unwrap_used)]

mod attacks;
mod authority;
mod bad_input;
mod behind_proxy;
mod command_line;
mod configuration;
mod console;
mod crash;
mod docker_1_8;
mod framing;
mod http;
mod logs;
mod maintenance;
mod memory;
mod proxy_check;
mod server;
mod setup_script;
mod shutdown;
mod storage;
mod troubleshooting;
mod visits;
mod watching;
