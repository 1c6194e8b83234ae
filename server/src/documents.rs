//! What is made of the command line: completions for shells, and manual pages.

use std::{io, path::Path};

use clap::Command;
use clap_complete::Shell;

const NAME: &str = "humpback-registry";

/// Writes the completions for `shell` to the standard output.
pub fn completions(mut command: Command, shell: Shell) {
    clap_complete::generate(shell, &mut command, NAME, &mut io::stdout());
}

/// Writes the manual page to the standard output, or one for each verb into `folder`.
///
/// # Errors
/// It can't be written.
pub fn manual(command: Command, folder: Option<&Path>) -> io::Result<()> {
    match folder {
        None => clap_mangen::Man::new(command).render(&mut io::stdout()),
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            clap_mangen::generate_to(command, folder)
        }
    }
}
