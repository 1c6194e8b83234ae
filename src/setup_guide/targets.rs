//! Every target, in the order in which they are offered. One table a group; a line says what is particular.

use super::target::Entry;

mod build;
mod containers;
mod desktop;
mod docker_elsewhere;
mod docker_engine;
mod kubernetes;
mod tools;

pub(super) const TABLES: [&[Entry]; 7] = [
    docker_engine::TARGETS,
    docker_elsewhere::TARGETS,
    desktop::TARGETS,
    containers::TARGETS,
    kubernetes::TARGETS,
    build::TARGETS,
    tools::TARGETS,
];
