//! Single programs, and what configures many machines.

use crate::setup_guide::{
    Group, Note, Step,
    recipe::{Ipv6, Own, Recipe, Shell, Site, shared::no_files, tools},
    target::{Edition, Entry},
};

const fn entry(slug: &'static str, search: &'static str, versions: &'static [Edition]) -> Entry {
    Entry { slug, group: Group::Tools, search, question: "", versions }
}

const fn own(steps: fn(&Site) -> Vec<Step>, notes: &'static [Note]) -> Edition {
    let own = Own {
        steps,
        files: no_files,
        script: None,
        notes,
        shell: Shell::User,
        inside: false,
        ipv6: Ipv6::Differs,
        tls_is_alike: false,
    };
    Edition::only(Recipe::Own(own))
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry("helm", "helm charts kubernetes oci", &[own(tools::helm, &[Note::HelmSince])]),
    entry("oras", "oras artifacts", &[own(tools::oras, &[])]),
    entry("crane", "crane go-containerregistry ggcr", &[own(tools::crane, &[])]),
    entry("ansible", "ansible playbook automation", &[own(tools::ansible, &[])]),
];
