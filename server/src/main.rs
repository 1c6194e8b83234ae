//! The binary: command line, wiring, listeners, shutdown.

fn main() {}
