//! buildkitd.toml (BuildKit docs/buildkitd.toml.md).

use toml_edit::{Array, value};

use super::{Merged, Refusal, Refused, Wish, toml};
use crate::setup_guide::Trust;

pub(super) fn merge(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    let mut document = toml::parse(text)?;
    let path = ["registry", wish.site.prefix()];
    if wish.site.trust != Trust::Tls || toml::get(&document, &path).is_some() {
        let registry = toml::table(&mut document, &path)?;
        match wish.site.trust {
            Trust::Plain => {
                toml::set(registry, "http", true);
                // The two are not meant to stand together.
                registry.remove("insecure");
            }
            Trust::PrivateCa => {
                registry.remove("http");
                registry.remove("insecure");
                let list = registry.entry("ca").or_insert_with(|| value(Array::new()));
                let list = list.as_array_mut().ok_or_else(|| Refused::new(Refusal::NotAList))?;
                if !list.iter().any(|file| file.as_str() == Some(wish.path)) {
                    list.push(wish.path);
                }
            }
            Trust::Tls => {
                registry.remove("http");
                registry.remove("insecure");
            }
        }
    }
    let merged = toml::write(&document);
    Ok(Merged::new(text, merged, Vec::new()))
}
