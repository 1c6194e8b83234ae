//! containerd: hosts.toml of one registry, and config.toml, which names the folder of registries (docs/hosts.md).

use toml_edit::{Array, Item, value};

use super::{Merged, Refusal, Refused, Remark, Wish, toml};
use crate::setup_guide::Trust;

/// hosts.toml: the host's table, which is what counts, and `server`.
pub(super) fn hosts_toml(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    let mut document = toml::parse(text)?;
    let url = wish.site.place.url();
    toml::set(document.as_table_mut(), "server", url.as_str());
    // The same registry by the other scheme would be asked first: in the clear, or in vain.
    let other = format!("{}://{}", if wish.site.is_plain() { "https" } else { "http" }, wish.site.prefix());
    if let Some(hosts) = document.get_mut("host").and_then(Item::as_table_like_mut) {
        hosts.remove(&other);
    }
    let host = toml::table(&mut document, &["host", &url])?;
    if !host.contains_key("capabilities") {
        host.insert("capabilities", value(Array::from_iter(["pull", "resolve", "push"])));
    }
    match wish.site.trust {
        Trust::PrivateCa => {
            toml::set(host, "ca", "ca.crt");
            host.remove("skip_verify");
        }
        Trust::Tls => {
            host.remove("skip_verify");
        }
        Trust::Plain => {}
    }
    let merged = toml::write(&document);
    Ok(Merged::new(text, merged, Vec::new()))
}

/// config.toml: `config_path` in the table of the file's version.
pub(super) fn config_toml(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    let mut document = toml::parse(text)?;
    if text.trim().is_empty() {
        // containerd 2 reads version 2, too, and moves what stands in it.
        document.insert("version", value(2));
    }
    let plugin = match document.get("version").and_then(Item::as_integer) {
        Some(2) => "io.containerd.grpc.v1.cri",
        Some(3) => "io.containerd.cri.v1.images",
        _ => return Err(Refused::new(Refusal::ConfigVersion)),
    };
    for old in ["mirrors", "configs"] {
        if let Some(item) = toml::get(&document, &["plugins", plugin, "registry", old])
            && item.as_table_like().is_some_and(|table| !table.is_empty())
        {
            return Err(match item.span() {
                Some(span) => Refused::at(Refusal::Mirrors, text, span.start),
                None => Refused::new(Refusal::Mirrors),
            });
        }
    }
    let path = ["plugins", plugin, "registry", "config_path"];
    let mut remarks = Vec::new();
    match toml::get(&document, &path).map(|item| item.as_str().unwrap_or_default().to_owned()) {
        Some(folder) if !folder.is_empty() => {
            // Several folders may stand there, with colons between.
            if !folder.split(':').any(|folder| folder == wish.path) {
                remarks.push(Remark::OtherFolder);
            }
        }
        _ => {
            let registry = toml::table(&mut document, &path[..3])?;
            toml::set(registry, "config_path", wish.path);
        }
    }
    let merged = toml::write(&document);
    Ok(Merged::new(text, merged, remarks))
}
