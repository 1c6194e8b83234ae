//! Clusters that are set up from outside their nodes.

use super::{
    super::{
        Condition, Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
    },
    Site, ca,
    hosts::{self, FOLDER},
    shared::reach,
};

/// kind: nodes are containers, and containerd's folder is inside of each.
pub(in crate::setup_guide) fn kind(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    if site.trust == Trust::PrivateCa {
        steps.push(ca::get(site));
    }
    if site.trust != Trust::Tls {
        let prefix = site.prefix();
        let authority = match site.trust {
            Trust::PrivateCa => "\n  docker cp ca.crt \"$node:$d/ca.crt\"",
            _ => "",
        };
        let commands = format!(
            "d={FOLDER}/'{prefix}'\n\
             for node in $(kind get nodes); do\n  \
             docker exec \"$node\" mkdir -p \"$d\"{authority}\n  \
             docker exec -i \"$node\" cp /dev/stdin \"$d/hosts.toml\" <<'EOF'\n{}\nEOF\n\
             done",
            hosts::hosts_toml(site)
        );
        steps.push(Step::new(StepKind::KindNodes, [Snippet::run(commands)]).notes(&[
            Note::KindBefore027,
            Note::EveryNode,
            Note::HostTable,
        ]));
    }
    steps.push(run_pod(site));
    steps
}

/// Starts something from the registry: what counts in the end.
fn run_pod(site: &Site) -> Step {
    let command =
        format!("kubectl run hello-registry --rm -i --restart=Never --image='{}/hello-world:latest'", site.prefix());
    Step::new(StepKind::FirstPull, [Snippet::run(command)])
}

/// minikube: the flag counts when the cluster is made.
pub(in crate::setup_guide) fn minikube(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    match site.trust {
        Trust::Plain => {
            let command = format!("minikube start --insecure-registry '{}'", site.prefix());
            steps.push(Step::new(StepKind::NewCluster, [Snippet::run(command)]).note(Note::NewClusterOnly));
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            let name = ca::file_name(site);
            let commands = format!(
                "mkdir -p ~/.minikube/certs\ncp ca.crt ~/.minikube/certs/'{name}'\nminikube start --embed-certs"
            );
            steps.push(Step::new(StepKind::NewCluster, [Snippet::run(commands)]).note(Note::Reported));
        }
        Trust::Tls => {}
    }
    steps.push(run_pod(site));
    steps
}

/// OpenShift 4: the cluster's own image configuration, which its operator writes to every node.
pub(in crate::setup_guide) fn openshift(site: &Site) -> Vec<Step> {
    let prefix = site.prefix();
    let mut steps = vec![reach(site)];
    match site.trust {
        Trust::Plain => {
            let text = format!(
                "apiVersion: config.openshift.io/v1\nkind: Image\nmetadata:\n  name: cluster\nspec:\n  \
                 registrySources:\n    insecureRegistries:\n      - \"{prefix}\""
            );
            steps.push(
                Step::new(
                    StepKind::ClusterImage,
                    [
                        Snippet::run("oc edit image.config.openshift.io/cluster"),
                        Snippet::content("image.config.openshift.io/cluster", Language::Yaml, text),
                    ],
                )
                .notes(&[Note::AllowedRegistries, Note::NodesDrained]),
            );
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            // A ConfigMap's keys take no colon: `..` stands for it (OpenShift, image configuration resources).
            let key = match prefix.rsplit_once(':') {
                Some((host, port)) if !port.ends_with(']') => format!("{host}..{port}"),
                _ => prefix.to_owned(),
            };
            let commands = format!(
                "oc create configmap registry-ca -n openshift-config --from-file='{key}'=ca.crt\n\
                 oc patch image.config.openshift.io/cluster --type merge \
                 --patch '{{\"spec\":{{\"additionalTrustedCA\":{{\"name\":\"registry-ca\"}}}}}}'"
            );
            steps.push(Step::new(StepKind::ClusterCa, [Snippet::run(commands)]).note(Note::Reported));
        }
        Trust::Tls => {}
    }
    let command = format!("oc run hello-registry --rm -i --restart=Never --image='{prefix}/hello-world:latest'");
    steps.push(Step::new(StepKind::FirstPull, [Snippet::run(command)]));
    steps
}

/// containerd's folder, which nerdctl reads, too.
pub(in crate::setup_guide) fn nerdctl_files(site: &Site) -> Vec<Existing> {
    vec![Existing::new(format!("{FOLDER}/{}/hosts.toml", site.prefix()), Format::HostsToml)]
}

/// nerdctl: a flag, or containerd's folder, which it reads by itself.
pub(in crate::setup_guide) fn nerdctl(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    match site.trust {
        Trust::Plain => {
            let command = format!("nerdctl --insecure-registry pull '{}/hello-world:latest'", site.prefix());
            steps.push(Step::new(StepKind::Flags, [Snippet::run(command)]).notes(&[Note::OneCommand]));
            let text = hosts::hosts_toml(site);
            let file = format!("{FOLDER}/{}/hosts.toml", site.prefix());
            let commands = format!(
                "d={}\nmkdir -p \"$d\"\ncat > \"$d/hosts.toml\" <<'EOF'\n{text}\nEOF",
                ca::folder(FOLDER, site.prefix())
            );
            steps.push(
                Step::new(
                    StepKind::HostsToml,
                    [Snippet::content(file.clone(), Language::Toml, text), Snippet::run(commands)],
                )
                .only(Condition::WholeMachine)
                .value("file", file)
                .notes(&[Note::HostTable, Note::NoRestart]),
            );
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            steps.push(ca::install(site, FOLDER).note(Note::NoRestart));
            steps.push(ca::verify(site, FOLDER));
        }
        Trust::Tls => {}
    }
    steps.push(super::shared::first_push(site, "nerdctl"));
    steps
}
