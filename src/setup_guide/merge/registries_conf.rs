//! registries.conf and its drop-ins, in either version (containers-registries.conf(5)).

use toml_edit::{Array, ArrayOfTables, Item, Table, value};

use super::{Merged, Refusal, Refused, Wish, toml};

pub(super) fn merge(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    let mut document = toml::parse(text)?;
    let (first, second) = (document.contains_key("registries"), document.contains_key("registry"));
    match (first, second) {
        (true, true) => return Err(Refused::new(Refusal::MixedVersions)),
        (true, false) => version_1(&mut document, wish)?,
        (false, _) => version_2(&mut document, wish)?,
    }
    let merged = toml::write(&document);
    Ok(Merged::new(text, merged, Vec::new()))
}

/// `[registries.insecure]` with a list of names.
fn version_1(document: &mut toml_edit::DocumentMut, wish: &Wish<'_>) -> Result<(), Refused> {
    let prefix = wish.site.prefix();
    if !wish.site.is_plain() && toml::get(document, &["registries", "insecure", "registries"]).is_none() {
        return Ok(());
    }
    let table = toml::table(document, &["registries", "insecure"])?;
    let list = table.entry("registries").or_insert_with(|| value(Array::new()));
    let list = list.as_array_mut().ok_or_else(|| Refused::new(Refusal::NotAList))?;
    let at = list.iter().position(|entry| entry.as_str() == Some(prefix));
    match (wish.site.is_plain(), at) {
        (true, None) => list.push(prefix),
        (false, Some(at)) => {
            list.remove(at);
        }
        _ => {}
    }
    Ok(())
}

/// A `[[registry]]` of its own.
fn version_2(document: &mut toml_edit::DocumentMut, wish: &Wish<'_>) -> Result<(), Refused> {
    let prefix = wish.site.prefix();
    if !wish.site.is_plain() && !document.contains_key("registry") {
        return Ok(());
    }
    let tables = document.entry("registry").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tables = tables.as_array_of_tables_mut().ok_or_else(|| Refused::new(Refusal::NotATable).saying("registry"))?;
    // The prefix is the location where none is written.
    let names = |table: &Table| {
        let text = |key| table.get(key).and_then(Item::as_str);
        text("prefix").or_else(|| text("location")) == Some(prefix)
    };
    let at = tables.iter().position(names);
    match at.and_then(|at| tables.get_mut(at)) {
        Some(table) if wish.site.is_plain() => toml::set(table, "insecure", true),
        Some(table) if table.contains_key("insecure") => toml::set(table, "insecure", false),
        Some(_) => {}
        None if wish.site.is_plain() => {
            let mut table = Table::new();
            table.insert("location", value(prefix));
            table.insert("insecure", value(true));
            tables.push(table);
        }
        None => {}
    }
    Ok(())
}
