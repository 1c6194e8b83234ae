//! Whole files, explained and in force.

use crate::settings::{Sources, explain, load};

/// What `config check` and `config show` tell of a file.
fn told(text: &str) -> String {
    let mut out = String::new();
    for finding in explain("config.yml", text) {
        out.push_str(&format!("{finding}\n"));
    }
    out.push_str("\nIn force:\n");
    match load(Sources { file: Some(("config.yml", text)), ..Sources::default() }) {
        Ok(loaded) => {
            for effective in loaded.effective().into_iter().filter(|effective| !effective.origin.is_default()) {
                out.push_str(&format!("{effective}\n"));
            }
        }
        Err(problems) => out.push_str(&format!("nothing:\n{problems}\n")),
    }
    out
}

macro_rules! snapshots {
    ($($name:ident: $path:literal;)*) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(told(include_str!(concat!("files/", $path))));
        }
    )* };
}

snapshots! {
    distributions_example: "example.yml";
    distributions_development: "development.yml";
    everything: "everything.yml";
    another_store: "another_store.yml";
    broken_values: "broken_values.yml";
    broken_yaml: "broken_yaml.yml";
}
