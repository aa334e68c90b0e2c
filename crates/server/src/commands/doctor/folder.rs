//! The data folder: rights, room, who holds it, database, secret.

use super::Check;
use super::StatusAnswer;
use crate::data::{self, DATABASE, RESTORING, SECRET};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

const MIB: u64 = 1024 * 1024;
/// Below this chat may stop at any moment.
const LEAST_FREE: u64 = 200 * MIB;

pub(super) fn checks(folder: &Path, status: Option<&StatusAnswer>) -> Vec<Check> {
    let Ok(seen) = std::fs::metadata(folder) else {
        let what = format!("{}: there is no such folder", folder.display());
        return vec![Check::warning("data folder", what, "`macaw serve` makes it; or name the right one with --data")];
    };
    let mut checks = vec![rights(folder, &seen), space(folder), holder(folder, status)];
    if folder.join(RESTORING).exists() {
        let todo = "run `macaw restore … --force` again; no server starts before";
        checks.push(Check::problem("restore", "a restore was cut off in this folder", todo));
    }
    checks.extend(database(folder));
    checks.push(secret(folder));
    checks
}

fn rights(folder: &Path, seen: &std::fs::Metadata) -> Check {
    use rustix::fs::{Access, access};
    let place = folder.display();
    if !seen.is_dir() {
        return Check::problem("data folder", format!("{place}: is no folder"), "name a folder with --data");
    }
    if access(folder, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let todo = format!("run as its owner (user id {}), or change the owner", seen.uid());
        return Check::problem("data folder", format!("{place}: this user may not read and write it"), todo);
    }
    let mode = seen.permissions().mode() & 0o777;
    if mode & 0o002 != 0 {
        let what = format!("{place}: every user of this machine may write it (mode {mode:o})");
        return Check::problem("data folder", what, format!("chmod 700 {place}"));
    }
    if mode & 0o005 != 0 {
        let what = format!("{place}: every user of this machine may read it (mode {mode:o})");
        return Check::warning("data folder", what, format!("chmod 700 {place}"));
    }
    Check::ok("data folder", format!("{place}, mode {mode:o}"))
}

fn space(folder: &Path) -> Check {
    let name = "disk";
    let free = match rustix::fs::statvfs(folder) {
        Ok(system) => system.f_bavail.saturating_mul(system.f_frsize),
        Err(error) => return Check::warning(name, format!("free space is not known: {error}"), "look with df"),
    };
    let words = format!("{} MiB free", free / MIB);
    // A migration copies the database first, and so does a backup beside it.
    let database = std::fs::metadata(folder.join(DATABASE)).map_or(0, |file| file.len());
    if free < LEAST_FREE {
        Check::problem(name, words, "make room: when the disk is full nothing can be written any more")
    } else if free < database + database / 4 + LEAST_FREE {
        let todo = "make room: a migration copies the database first, and there is no room for that";
        Check::warning(name, format!("{words}, the database has {} MiB", database / MIB), todo)
    } else {
        Check::ok(name, words)
    }
}

fn holder(folder: &Path, status: Option<&StatusAnswer>) -> Check {
    let name = "server";
    if let Some(status) = status {
        let (ours, theirs) = ((env!("CARGO_PKG_VERSION"), env!("MACAW_COMMIT")), (&status.version, &status.commit));
        let what =
            format!("process {}, version {} ({}), {} sockets", status.pid, theirs.0, theirs.1, status.connections);
        return if (theirs.0.as_str(), theirs.1.as_str()) == ours {
            Check::ok(name, what)
        } else {
            let what = format!("{what}; this binary is {} ({})", ours.0, ours.1);
            Check::warning(name, what, "restart the server if you meant to update it")
        };
    }
    match data::try_lock(folder) {
        Ok(Some(_)) => Check::ok(name, "none runs on this folder"),
        Ok(None) => {
            let todo = "it starts, stops or hangs; look at its log, and at `fuser` for who holds the file lock";
            Check::problem(name, "something holds the folder and does not answer", todo)
        }
        Err(error) => Check::problem(name, format!("{error:#}"), "run as the folder's owner"),
    }
}

fn database(folder: &Path) -> Vec<Check> {
    let (name, path) = ("database", folder.join(DATABASE));
    if !path.is_file() {
        return vec![Check::warning(name, "there is none yet", "`macaw serve` makes it; or name the right folder")];
    }
    let restore = "restore a backup into a new folder; keep this one";
    let seen = match macaw_store::inspect(&path) {
        Ok(seen) => seen,
        Err(error) => return vec![Check::problem(name, error.to_string(), restore)],
    };
    let (schema, known) = (seen.schema, seen.known);
    let mut checks = vec![match schema.cmp(&known) {
        std::cmp::Ordering::Greater => {
            let what = format!("schema {schema}, this Macaw knows up to {known}");
            Check::problem("schema", what, "use the newer Macaw, or restore an older backup")
        }
        std::cmp::Ordering::Less => {
            let todo = "the next start migrates it, with a copy before; or `macaw migrate`";
            Check::warning("schema", format!("schema {schema} of {known}"), todo)
        }
        std::cmp::Ordering::Equal => Check::ok("schema", format!("schema {schema}")),
    }];
    checks.push(match macaw_store::integrity(&path) {
        Ok(broken) if broken.is_empty() => Check::ok(name, "whole"),
        Ok(broken) => Check::problem(name, broken.join("; "), restore),
        Err(error) => Check::problem(name, error.to_string(), restore),
    });
    checks
}

fn secret(folder: &Path) -> Check {
    let (name, path) = ("secret", folder.join(SECRET));
    let Ok(seen) = std::fs::metadata(&path) else {
        return if folder.join(DATABASE).is_file() {
            let todo = "put it back from a backup; the next start makes a new one, and all visitors start anew";
            Check::problem(name, "secret.key is missing", todo)
        } else {
            Check::ok(name, "none yet")
        };
    };
    let mode = seen.permissions().mode() & 0o777;
    if seen.len() != 32 {
        return Check::problem(name, "secret.key has not 32 bytes", "put it back from a backup");
    }
    if mode & 0o077 != 0 {
        let what = format!("others may read secret.key (mode {mode:o}) and be any visitor");
        return Check::problem(name, what, format!("chmod 600 {}", path.display()));
    }
    Check::ok(name, format!("mode {mode:o}"))
}
