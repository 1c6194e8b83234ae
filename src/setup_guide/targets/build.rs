//! What builds images, and continuous integration.

use crate::setup_guide::{
    Group, Note, Step,
    recipe::{Ipv6, Own, Recipe, Shell, Site, build, shared::no_files},
    script::Plan,
    target::{Edition, Entry},
};

const fn entry(slug: &'static str, search: &'static str, versions: &'static [Edition]) -> Entry {
    Entry { slug, group: Group::Build, search, question: "", versions }
}

const fn own(steps: fn(&Site) -> Vec<Step>, shell: Shell, inside: bool) -> Own {
    Own {
        steps,
        files: no_files,
        script: None,
        notes: &[Note::Reported],
        shell,
        inside,
        ipv6: Ipv6::Differs,
        tls_is_alike: false,
    }
}

const fn only(own: Own) -> Edition {
    Edition::only(Recipe::Own(own))
}

const BUILDX: Own = Own { files: build::buildx_files, ..own(build::buildx, Shell::User, true) };
const BUILDKIT: Own =
    Own { files: build::buildkit_files, script: Some(Plan::Buildkitd), ..own(build::buildkit, Shell::Root, false) };

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry("buildx", "buildx docker-container docker buildx build multi-platform", &[only(BUILDX)]),
    entry("buildkit", "buildkit buildkitd buildctl", &[only(BUILDKIT)]),
    entry("docker-in-docker", "docker in docker dind", &[only(own(build::dind, Shell::User, true))]),
    entry("gitlab-runner", "gitlab runner gitlab ci dind pipeline", &[only(own(build::gitlab, Shell::Root, true))]),
    entry("jenkins", "jenkins pipeline jenkinsfile agent", &[only(own(build::jenkins, Shell::User, false))]),
    entry("kaniko", "kaniko executor google", &[only(own(build::kaniko, Shell::User, true))]),
];
