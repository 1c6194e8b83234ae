//! containerd and the Kubernetes distributions.

use crate::setup_guide::{
    Group, Note, Step,
    recipe::{
        Ipv6, Own, Recipe, Shell, Site,
        hosts::{CONFIG_1, CONFIG_2, FOLDER, Hosts},
        kubernetes,
        registries_yaml::RegistriesYaml,
        shared::no_files,
    },
    script::Plan,
    target::{Edition, Entry},
};

const fn entry(
    slug: &'static str,
    search: &'static str,
    question: &'static str,
    versions: &'static [Edition],
) -> Entry {
    Entry { slug, group: Group::Kubernetes, search, question, versions }
}

const CONTAINERD_2: Hosts = Hosts {
    folder: FOLDER,
    config: Some(CONFIG_2),
    restart: None,
    pull: "crictl pull",
    inside: false,
    notes: &[Note::EveryNode],
};

const MICROK8S: Hosts = Hosts {
    folder: "/var/snap/microk8s/current/args/certs.d",
    config: None,
    restart: Some("snap restart microk8s"),
    pull: "microk8s ctr images pull --hosts-dir /var/snap/microk8s/current/args/certs.d",
    notes: &[Note::Reported, Note::EveryNode],
    ..CONTAINERD_2
};

const K3S: RegistriesYaml = RegistriesYaml {
    file: "/etc/rancher/k3s/registries.yaml",
    certs: "/etc/rancher/k3s/certs.d",
    restart: "systemctl restart k3s",
    pull: "k3s crictl pull",
    notes: &[Note::Reported],
};

const RKE2: RegistriesYaml = RegistriesYaml {
    file: "/etc/rancher/rke2/registries.yaml",
    certs: "/etc/rancher/rke2/certs.d",
    restart: "systemctl restart rke2-server",
    pull: "/var/lib/rancher/rke2/bin/crictl --config /var/lib/rancher/rke2/agent/etc/crictl.yaml pull",
    ..K3S
};

const fn own(steps: fn(&Site) -> Vec<Step>, inside: bool, shell: Shell) -> Own {
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

const NERDCTL: Own = Own {
    files: kubernetes::nerdctl_files,
    script: Some(Plan::Hosts { folder: FOLDER, config: false, restart: "" }),
    ..own(kubernetes::nerdctl, false, Shell::Root)
};

const KIND: Own = Own { script: Some(Plan::KindNodes { folder: FOLDER }), ..own(kubernetes::kind, true, Shell::User) };

const fn yaml(slug: &'static str, yaml: RegistriesYaml) -> Edition {
    Edition { slug, recipe: Recipe::RegistriesYaml(yaml) }
}

const NODE: &str = "node";

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry(
        "containerd",
        "containerd kubernetes kubeadm cri ctr crictl",
        "containerd",
        &[
            Edition { slug: "containerd-2", recipe: Recipe::Hosts(CONTAINERD_2) },
            Edition { slug: "containerd-1", recipe: Recipe::Hosts(Hosts { config: Some(CONFIG_1), ..CONTAINERD_2 }) },
        ],
    ),
    entry("nerdctl", "nerdctl containerd", "", &[only(NERDCTL)]),
    entry(
        "k3s",
        "k3s rancher kubernetes",
        NODE,
        &[yaml("server", K3S), yaml("agent", RegistriesYaml { restart: "systemctl restart k3s-agent", ..K3S })],
    ),
    entry(
        "rke2",
        "rke2 rancher kubernetes",
        NODE,
        &[yaml("server", RKE2), yaml("agent", RegistriesYaml { restart: "systemctl restart rke2-agent", ..RKE2 })],
    ),
    entry("kind", "kind kubernetes in docker", "", &[only(KIND)]),
    entry("minikube", "minikube kubernetes", "", &[only(own(kubernetes::minikube, true, Shell::User))]),
    entry("microk8s", "microk8s kubernetes snap canonical", "", &[Edition::only(Recipe::Hosts(MICROK8S))]),
    entry(
        "openshift",
        "openshift okd red hat kubernetes oc",
        "",
        &[only(own(kubernetes::openshift, true, Shell::User))],
    ),
];
