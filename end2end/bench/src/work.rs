//! The work. Each step is done for every registry before the next begins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::json;

use crate::client::{CONFIG, Client, LAYER, MANIFEST, digest, expect};
use crate::registry::Registry;
use crate::report::{Better, Report};
use crate::{Result, Size};

const MIB: f64 = 1024.0 * 1024.0;
/// The repository that everything is pushed to.
const REPOSITORY: &str = "bench/one";

/// Adds a row with the memory that each server holds.
pub fn memory(registries: &[Registry], report: &mut Report, metric: &str) -> Result<()> {
    let values = registries.iter().map(Registry::memory).collect::<Result<_>>()?;
    report.add(metric, Better::Less, values);
    Ok(())
}

pub async fn run(registries: &[Registry], size: &Size, report: &mut Report) -> Result<()> {
    let big = content(size.big * 1024 * 1024, 1);
    let big_digest = digest(&big);
    push_big(registries, &big, &big_digest, report).await?;
    pull_big(registries, &big_digest, big.len(), report).await?;
    push_small(registries, size.small, report).await?;
    let manifest = tags(registries, size.small, &big_digest, big.len(), report).await?;
    mounts(registries, size.small, &big_digest, report).await?;
    let small = content(4096, 2);
    for registry in registries {
        let mut client = Client::connect(registry.address).await?;
        client.push_blob(REPOSITORY, small.clone(), &digest(&small)).await?;
        client.put_manifest(REPOSITORY, "latest", manifest.clone()).await?;
    }
    let requests = [
        ("manifest GET by tag, 32 clients", format!("/v2/{REPOSITORY}/manifests/latest"), 32),
        ("manifest GET by digest, 32 clients", format!("/v2/{REPOSITORY}/manifests/{}", digest(&manifest)), 32),
        ("blob GET of 4 KiB, 32 clients", format!("/v2/{REPOSITORY}/blobs/{}", digest(&small)), 32),
        ("tags/list n=100, 32 clients", format!("/v2/{REPOSITORY}/tags/list?n=100"), 32),
        ("_catalog n=100, 8 clients", "/v2/_catalog?n=100".to_owned(), 8),
    ];
    for (metric, path, clients) in requests {
        requests_per_second(registries, metric, &path, clients, size.time, report).await?;
    }
    Ok(())
}

/// Bytes that do not compress and are the same in each run.
fn content(length: usize, seed: u64) -> Bytes {
    // xorshift64* (Vigna, 2016).
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    bytes.truncate(length);
    bytes.into()
}

async fn push_big(registries: &[Registry], big: &Bytes, digest: &str, report: &mut Report) -> Result<()> {
    let (mut speeds, mut costs) = (Vec::new(), Vec::new());
    for registry in registries {
        let mut client = Client::connect(registry.address).await?;
        let (before, start) = (registry.processor()?, Instant::now());
        client.push_blob(REPOSITORY, big.clone(), digest).await?;
        let mib = big.len() as f64 / MIB;
        speeds.push(mib / start.elapsed().as_secs_f64());
        costs.push((registry.processor()? - before) / (mib / 1024.0));
    }
    report.add("push one large blob, MiB/s", Better::More, speeds);
    report.add("  processor, s/GiB", Better::Less, costs);
    Ok(())
}

async fn pull_big(registries: &[Registry], digest: &str, length: usize, report: &mut Report) -> Result<()> {
    const TIMES: usize = 4;
    let (mut speeds, mut costs) = (Vec::new(), Vec::new());
    for registry in registries {
        let (before, start) = (registry.processor()?, Instant::now());
        let mut pulls = tokio::task::JoinSet::new();
        for _ in 0..TIMES {
            let (address, path) = (registry.address, format!("/v2/{REPOSITORY}/blobs/{digest}"));
            pulls.spawn(async move {
                let answer = Client::connect(address).await?.get(&path).await?;
                expect(&answer, 200, &path)?;
                if answer.length == length { Ok(()) } else { Err("a blob came back cut off".into()) }
            });
        }
        for pull in pulls.join_all().await {
            let pull: Result<()> = pull;
            pull?;
        }
        let mib = (TIMES * length) as f64 / MIB;
        speeds.push(mib / start.elapsed().as_secs_f64());
        costs.push((registry.processor()? - before) / (mib / 1024.0));
    }
    report.add("pull it 4 times at once, MiB/s", Better::More, speeds);
    report.add("  processor, s/GiB", Better::Less, costs);
    Ok(())
}

async fn push_small(registries: &[Registry], count: usize, report: &mut Report) -> Result<()> {
    const CLIENTS: usize = 8;
    let mut speeds = Vec::new();
    for registry in registries {
        let start = Instant::now();
        let mut pushes = tokio::task::JoinSet::new();
        for part in 0..CLIENTS {
            let address = registry.address;
            pushes.spawn(async move {
                let mut client = Client::connect(address).await?;
                for number in (part..count).step_by(CLIENTS) {
                    let blob = content(4096, 1000 + number as u64);
                    client.push_blob(REPOSITORY, blob.clone(), &digest(&blob)).await?;
                }
                Ok(())
            });
        }
        for push in pushes.join_all().await {
            let push: Result<()> = push;
            push?;
        }
        speeds.push(count as f64 / start.elapsed().as_secs_f64());
    }
    report.add("push blobs of 4 KiB, 8 clients, 1/s", Better::More, speeds);
    Ok(())
}

/// Tags an image again and again; returns the image's manifest.
async fn tags(registries: &[Registry], count: usize, layer: &str, length: usize, report: &mut Report) -> Result<Bytes> {
    let config =
        Bytes::from_static(br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#);
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, "digest": digest(&config), "size": config.len()},
        "layers": [{"mediaType": LAYER, "digest": layer, "size": length}],
    });
    let manifest = Bytes::from(manifest.to_string());
    let mut speeds = Vec::new();
    for registry in registries {
        let mut client = Client::connect(registry.address).await?;
        client.push_blob(REPOSITORY, config.clone(), &digest(&config)).await?;
        let start = Instant::now();
        for number in 0..count {
            client.put_manifest(REPOSITORY, &format!("v{number}"), manifest.clone()).await?;
        }
        speeds.push(count as f64 / start.elapsed().as_secs_f64());
    }
    report.add("tag an image, one after the other, 1/s", Better::More, speeds);
    Ok(manifest)
}

async fn mounts(registries: &[Registry], count: usize, layer: &str, report: &mut Report) -> Result<()> {
    let mut speeds = Vec::new();
    for registry in registries {
        let mut client = Client::connect(registry.address).await?;
        let start = Instant::now();
        for number in 0..count {
            client.mount(&format!("bench/mounted-{number}"), REPOSITORY, layer).await?;
        }
        speeds.push(count as f64 / start.elapsed().as_secs_f64());
    }
    report.add("mount into a new repository, 1/s", Better::More, speeds);
    Ok(())
}

async fn requests_per_second(
    registries: &[Registry],
    metric: &str,
    path: &str,
    clients: usize,
    time: Duration,
    report: &mut Report,
) -> Result<()> {
    let path: Arc<str> = path.into();
    let (mut speeds, mut slow, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    for registry in registries {
        let (before, start) = (registry.processor()?, Instant::now());
        let mut loads = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let (address, path) = (registry.address, path.clone());
            loads.spawn(async move {
                let mut client = Client::connect(address).await?;
                let mut times = Vec::new();
                while start.elapsed() < time {
                    let sent = Instant::now();
                    expect(&client.get(&path).await?, 200, &path)?;
                    times.push(sent.elapsed());
                }
                Ok(times)
            });
        }
        let mut times = Vec::new();
        for load in loads.join_all().await {
            let load: Result<Vec<Duration>> = load;
            times.extend(load?);
        }
        let seconds = start.elapsed().as_secs_f64();
        times.sort_unstable();
        speeds.push(times.len() as f64 / seconds);
        slow.push(times[times.len() * 99 / 100].as_secs_f64() * 1000.0);
        costs.push((registry.processor()? - before) * 1e6 / times.len() as f64);
    }
    report.add(format!("{metric}, 1/s"), Better::More, speeds);
    report.add("  99 of 100 within, ms", Better::Less, slow);
    report.add("  processor, µs a request", Better::Less, costs);
    Ok(())
}
