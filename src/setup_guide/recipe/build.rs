//! What builds images: BuildKit by itself or below buildx, and continuous integration.

use super::{
    super::{
        Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
    },
    Site, ca,
    shared::{first_push, reach, restart},
};

/// buildkitd.toml for this registry (BuildKit docs/buildkitd.toml.md).
pub(in crate::setup_guide) fn buildkitd_toml(site: &Site, ca: &str) -> String {
    let setting = if site.is_plain() { "http = true".to_owned() } else { format!("ca = [\"{ca}\"]") };
    format!("[registry.\"{}\"]\n  {setting}", site.prefix())
}

fn buildkitd(site: &Site, file: &'static str, ca: &str) -> Step {
    let content = Snippet::content(file, Language::Toml, buildkitd_toml(site, ca));
    let step = Step::new(StepKind::BuildkitdToml, [content]).value("file", file);
    if site.is_plain() { step.note(Note::HttpOrInsecure) } else { step }
}

/// What buildx copies into a builder.
pub(in crate::setup_guide) fn buildx_files(_: &Site) -> Vec<Existing> {
    vec![Existing::new("buildkitd.toml", Format::BuildkitdToml).naming("ca.crt")]
}

/// buildkitd's own file.
pub(in crate::setup_guide) fn buildkit_files(site: &Site) -> Vec<Existing> {
    let ca = format!("/etc/buildkit/certs.d/{}/ca.crt", site.prefix());
    vec![Existing::new("/etc/buildkit/buildkitd.toml", Format::BuildkitdToml).naming(ca)]
}

/// buildx with a builder of its own.
pub(in crate::setup_guide) fn buildx(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
    }
    if site.trust != Trust::Tls {
        steps.push(buildkitd(site, "buildkitd.toml", "ca.crt").note(Note::BuilderApart));
        let command = "docker buildx create --use --bootstrap --name humpback --driver docker-container \
                       --buildkitd-config buildkitd.toml";
        steps.push(Step::new(StepKind::NewBuilder, [Snippet::run(command)]));
    }
    let commands = format!(
        "cd \"$(mktemp -d)\"\n\
         printf 'FROM scratch\\nCOPY Dockerfile /\\n' > Dockerfile\n\
         docker buildx build --push -t '{}/hello-buildx:latest' .",
        site.prefix()
    );
    steps.push(Step::new(StepKind::FirstBuild, [Snippet::run(commands)]));
    steps
}

/// buildkitd by itself.
pub(in crate::setup_guide) fn buildkit(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    let authority = format!("/etc/buildkit/certs.d/{}/ca.crt", site.prefix());
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
        steps.push(ca::install(site, "/etc/buildkit/certs.d"));
    }
    if site.trust != Trust::Tls {
        steps.push(buildkitd(site, "/etc/buildkit/buildkitd.toml", &authority));
        steps.push(restart("systemctl restart buildkit"));
    }
    let commands = format!(
        "cd \"$(mktemp -d)\"\n\
         printf 'FROM scratch\\nCOPY Dockerfile /\\n' > Dockerfile\n\
         buildctl build --frontend dockerfile.v0 --local context=. --local dockerfile=. \
         --output type=image,name='{}/hello-buildkit:latest',push=true",
        site.prefix()
    );
    steps.push(Step::new(StepKind::FirstBuild, [Snippet::run(commands)]));
    steps
}

/// Docker in Docker: the daemon inside takes flags only.
pub(in crate::setup_guide) fn dind(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let option = match site.trust {
        Trust::Plain => String::new(),
        Trust::PrivateCa => format!("  -v \"$PWD\"/ca.crt:/etc/docker/certs.d/'{prefix}'/ca.crt:ro \\\n"),
        Trust::Tls => String::new(),
    };
    let flag = if site.is_plain() { format!(" --insecure-registry '{prefix}'") } else { String::new() };
    let mut steps = vec![reach(site)];
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
    }
    let start =
        format!("docker run -d --privileged --name dind \\\n{option}  -e DOCKER_TLS_CERTDIR= docker:dind{flag}");
    steps.push(Step::new(StepKind::Flags, [Snippet::run(start)]).note(Note::TwoDaemons));
    steps.push(first_push(site, "docker exec dind docker"));
    steps
}

/// GitLab CI with Docker in Docker as a service.
pub(in crate::setup_guide) fn gitlab(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let mut steps = vec![reach(site)];
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
        let text = format!(
            "[[runners]]\n  [runners.docker]\n    privileged = true\n    volumes = [\"/cache\", \
             \"/etc/docker/certs.d/{prefix}/ca.crt:/etc/docker/certs.d/{prefix}/ca.crt:ro\"]"
        );
        let content = Snippet::content("/etc/gitlab-runner/config.toml", Language::Toml, text);
        steps.push(ca::install(site, "/etc/docker/certs.d"));
        steps.push(Step::new(StepKind::RunnerVolume, [content]));
    }
    let flag = if site.is_plain() {
        format!("\n      command: [\"--insecure-registry\", \"{prefix}\"]")
    } else {
        String::new()
    };
    let text = format!(
        "build:\n  image: docker:27\n  services:\n    - name: docker:27-dind{flag}\n  variables:\n    \
         DOCKER_TLS_CERTDIR: \"/certs\"\n  script:\n    - docker build -t {prefix}/app:$CI_COMMIT_SHORT_SHA .\n    \
         - docker push {prefix}/app:$CI_COMMIT_SHORT_SHA"
    );
    steps.push(
        Step::new(StepKind::Pipeline, [Snippet::content(".gitlab-ci.yml", Language::Yaml, text)])
            .value("file", ".gitlab-ci.yml")
            .note(Note::TwoDaemons),
    );
    steps
}

/// Jenkins: the agent's Docker does the work.
pub(in crate::setup_guide) fn jenkins(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let text = format!(
        "pipeline {{\n  agent any\n  stages {{\n    stage('Image') {{\n      steps {{\n        \
         sh \"docker build -t {prefix}/app:${{BUILD_NUMBER}} .\"\n        \
         sh \"docker push {prefix}/app:${{BUILD_NUMBER}}\"\n      }}\n    }}\n  }}\n}}"
    );
    vec![
        reach(site),
        Step::new(StepKind::ConfigureAgent, []).note(Note::AgentsDaemon),
        Step::new(StepKind::Pipeline, [Snippet::content("Jenkinsfile", Language::Text, text)])
            .value("file", "Jenkinsfile"),
    ]
}

/// Kaniko: flags of its executor (its README, "Additional Flags").
pub(in crate::setup_guide) fn kaniko(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let flags = match site.trust {
        Trust::Plain => format!(" \\\n  --insecure --insecure-pull --insecure-registry '{prefix}'"),
        Trust::PrivateCa => format!(" \\\n  --registry-certificate '{prefix}'=/kaniko/ssl/certs/ca.crt"),
        Trust::Tls => String::new(),
    };
    let mount = match site.trust {
        Trust::PrivateCa => " -v \"$PWD\"/ca.crt:/kaniko/ssl/certs/ca.crt:ro",
        _ => "",
    };
    let command = format!(
        "docker run --rm -v \"$PWD\":/workspace{mount} gcr.io/kaniko-project/executor:latest \\\n  \
         --context dir:///workspace --destination '{prefix}/hello-kaniko:latest'{flags}"
    );
    let mut steps = vec![reach(site)];
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
    }
    steps.push(Step::new(StepKind::Flags, [Snippet::run(command)]).note(Note::OneCommand));
    steps
}
