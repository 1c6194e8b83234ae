//! Gives root's rights away in a container: the process goes on as the owner of the data folder.
//!
//! A container starts as root, for nobody knows beforehand whose the folder is that is mounted into it. A new volume
//! belongs to the image's own user, and a folder of the machine to whoever made it; where that is root, so it stays.

use std::{fs, io, os::unix::fs::MetadataExt as _, os::unix::process::CommandExt as _, path::Path, process::Command};

/// Set in the image.
const VARIABLE: &str = "HUMPBACK_RUN_AS_OWNER";

/// Starts this program anew as the owner of `root`, if it was asked for by the environment, this is root and the owner
/// is not. Returns only if nothing is to be done, or it failed.
///
/// # Errors
/// The system refused it.
pub fn give_away(root: &Path) -> io::Result<()> {
    // Whose the process is: there is no safe call that tells it.
    if std::env::var_os(VARIABLE).is_none() || fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(());
    }
    let Ok(folder) = fs::metadata(root) else { return Ok(()) };
    if folder.uid() == 0 {
        return Ok(());
    }
    let program = std::env::current_exe()?;
    Err(Command::new(program).args(std::env::args_os().skip(1)).uid(folder.uid()).gid(folder.gid()).exec())
}
