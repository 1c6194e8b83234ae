//! A layer larger than the memory passes through: 2 GiB, in and out, with 256 MiB to work with.

use std::{
    fs,
    io::{BufReader, Read as _, Write as _},
    process::Command,
};

use sha2::{Digest as _, Sha256};

use crate::{
    http::{Request, Response},
    server::{Server, command, folder},
    storage::noise,
};

const BLOCK: usize = 1024 * 1024;
const BLOCKS: usize = 2048;
const LIMIT_KIB: u64 = 256 * 1024;

#[test]
fn a_layer_of_2_gib_passes_through_256_mib() {
    let root = folder();
    // The limit on data counts heap and stacks, and an allocation beyond it fails; the address space, which threads
    // reserve without using it, is left alone.
    let serve = command(root.path());
    let mut limited = Command::new("prlimit");
    limited.arg(format!("--data={}", LIMIT_KIB * 1024)).arg(serve.get_program()).args(serve.get_args());
    limited.env("REGISTRY_CONFIGURATION_PATH", "");
    let server = Server::run(root.path(), &mut limited);

    let block = noise(1, BLOCK);
    let mut hasher = Sha256::new();
    let mut changed = block.clone();
    let start = server.ask(&Request::new("POST", "/v2/large/layer/blobs/uploads/"));

    // As docker does it: in one stream whose length is not told.
    let patch = Request::new("PATCH", &start.location()).header("transfer-encoding", "chunked");
    let mut stream = patch.open(server.addr).unwrap();
    for number in 0..BLOCKS as u64 {
        changed[..8].copy_from_slice(&number.to_le_bytes());
        hasher.update(&changed);
        write!(stream, "{BLOCK:x}\r\n").unwrap();
        stream.write_all(&changed).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let patched = Response::read(stream).unwrap();
    assert_eq!(patched.status, 202, "{}", patched.text());
    let expected = hasher.finalize();
    let hex: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
    let put = server.ask(&Request::new("PUT", &format!("{}?digest=sha256:{hex}", patched.location())));
    assert_eq!(put.status, 201, "{}", put.text());

    let mut reader = BufReader::new(Request::new("GET", &put.location()).open(server.addr).unwrap());
    let head = Response::read_head(&mut reader).unwrap();
    assert_eq!(head.header("content-length"), Some((BLOCKS * BLOCK).to_string().as_str()));
    let mut hasher = Sha256::new();
    for _ in 0..BLOCKS {
        reader.read_exact(&mut changed).unwrap();
        hasher.update(&changed);
    }
    assert_eq!(hasher.finalize(), expected);

    let peak = peak_kib(server.pid());
    assert!(peak < LIMIT_KIB, "{peak} KiB were used");
    eprintln!("a peak of {peak} KiB for a layer of {} MiB", BLOCKS * BLOCK / 1024 / 1024);
}

/// The most memory that the process has ever held, in KiB.
fn peak_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse().unwrap()
}
