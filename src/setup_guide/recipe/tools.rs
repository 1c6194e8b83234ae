//! Single programs: they have no configuration for it, only flags.

use super::{
    super::{Language, Note, Snippet, Step, StepKind, Trust},
    Site, ca,
    shared::{reach, sign_in},
};

/// A program that takes a flag for HTTP and another one for an authority.
fn tool(site: &Site, plain: &str, authority: &str, commands: impl Fn(&str) -> String) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    let flag = match site.trust {
        Trust::Plain => plain,
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            authority
        }
        Trust::Tls => "",
    };
    let step = Step::new(StepKind::Flags, [Snippet::run(commands(flag))]);
    steps.push(if flag.is_empty() { step } else { step.note(Note::OneCommand) });
    steps
}

/// Helm, which keeps charts in registries.
pub(in crate::setup_guide) fn helm(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let mut steps = tool(site, " --plain-http", " --ca-file ca.crt", |flag| {
        format!(
            "helm create hello\nhelm package hello\nhelm push hello-0.1.0.tgz 'oci://{prefix}/charts'{flag}\n\
             helm pull 'oci://{prefix}/charts/hello' --version 0.1.0{flag}"
        )
    });
    steps.insert(1, sign_in(site, "helm registry login"));
    steps
}

/// ORAS, for artifacts of any kind.
pub(in crate::setup_guide) fn oras(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let mut steps = tool(site, " --plain-http", " --ca-file ca.crt", |flag| {
        format!(
            "echo hello > hello.txt\noras push{flag} '{prefix}/hello-oras:latest' hello.txt\n\
             oras pull{flag} '{prefix}/hello-oras:latest'"
        )
    });
    steps.insert(1, sign_in(site, "oras login"));
    steps
}

/// crane, of go-containerregistry.
pub(in crate::setup_guide) fn crane(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let environment = if site.trust == Trust::PrivateCa { "export SSL_CERT_FILE=ca.crt\n" } else { "" };
    let mut steps = tool(site, " --insecure", "", |flag| {
        format!(
            "{environment}crane{flag} copy hello-world:latest '{prefix}/hello-world:latest'\n\
             crane{flag} manifest '{prefix}/hello-world:latest'"
        )
    });
    steps.insert(1, sign_in(site, "crane auth login"));
    steps
}

/// Ansible, for many Docker machines at once. The playbook was run against missing, empty and filled files.
pub(in crate::setup_guide) fn ansible(site: &Site) -> Vec<Step> {
    let (file, text) = match site.trust {
        Trust::Plain => ("registry.yml", PLAYBOOK.replace("@PREFIX@", site.prefix())),
        _ => ("registry.yml", PLAYBOOK_CA.replace("@PREFIX@", site.prefix())),
    };
    let mut steps = vec![reach(site)];
    if site.trust == Trust::Tls {
        return steps;
    }
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
    }
    steps.push(Step::new(StepKind::Playbook, [Snippet::content(file, Language::Yaml, text)]).value("file", file));
    let commands = format!("ansible-playbook -i inventory {file} --check --diff\nansible-playbook -i inventory {file}");
    steps.push(Step::new(StepKind::RunPlaybook, [Snippet::run(commands)]));
    steps
}

const PLAYBOOK: &str = r#"- hosts: docker_hosts
  become: true
  vars:
    registry: "@PREFIX@"
    daemon_json: /etc/docker/daemon.json
  tasks:
    - name: Make the folder
      ansible.builtin.file:
        path: "{{ daemon_json | dirname }}"
        state: directory
        mode: "0755"
    - name: Read what is there
      ansible.builtin.slurp:
        src: "{{ daemon_json }}"
      register: found
      failed_when: false
    - name: Add the registry
      ansible.builtin.set_fact:
        merged: "{{ current | combine({'insecure-registries': (current['insecure-registries'] | default([])) | union([registry])}) }}"
      vars:
        text: "{{ (found.content | default('')) | b64decode | trim }}"
        current: "{{ (text | from_json) if text | length > 0 else {} }}"
    - name: Write it
      ansible.builtin.copy:
        dest: "{{ daemon_json }}"
        content: "{{ merged | to_nice_json }}\n"
        mode: "0644"
        backup: true
      notify: Reload Docker
  handlers:
    - name: Reload Docker
      ansible.builtin.systemd_service:
        name: docker
        state: reloaded"#;

const PLAYBOOK_CA: &str = r#"- hosts: docker_hosts
  become: true
  vars:
    registry: "@PREFIX@"
  tasks:
    - name: Make the registry's folder
      ansible.builtin.file:
        path: "/etc/docker/certs.d/{{ registry }}"
        state: directory
        mode: "0755"
    - name: Install the authority
      ansible.builtin.copy:
        src: ca.crt
        dest: "/etc/docker/certs.d/{{ registry }}/ca.crt"
        mode: "0644""#;
