//! Clock, descriptors, port.

use super::dial::{self, Target};
use super::{Check, StatusAnswer};
use crate::clock::WallClock;
use crate::data::DATABASE;
use macaw_app::Clock;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;

/// A clock this far behind what is stored was set back, milliseconds.
const BEHIND_MS: i64 = 60_000;
/// Before this the clock was never set: the first day of 2026.
const BUILT_MS: i64 = 1_767_225_600_000;
/// Database, logs, listeners and outgoing connections.
const DESCRIPTORS_OF_OURS: u64 = 100;
/// Fewer visitors than this at once are soon there.
const FEW: u64 = 2_000;

pub(super) fn clock(folder: &Path) -> Check {
    let (name, now) = ("clock", WallClock.now());
    let newest = macaw_store::inspect(&folder.join(DATABASE)).ok().and_then(|seen| seen.newest_at);
    let todo = "set the clock and keep it right with NTP (timedatectl set-ntp true)";
    if now < BUILT_MS {
        return Check::problem(name, "the clock was never set", todo);
    }
    match newest {
        Some(newest) if newest > now + BEHIND_MS => {
            let what = format!("the newest message is {} s in the future", (newest - now) / 1_000);
            Check::problem(name, what, todo)
        }
        _ => Check::ok(name, "not behind what is stored"),
    }
}

pub(super) fn descriptors(status: Option<&StatusAnswer>) -> Check {
    let name = "descriptors";
    let own = || rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let (limit, whose) = match status {
        Some(status) => (status.descriptors, "the server"),
        None => (own(), "this shell"),
    };
    let Some(limit) = limit else { return Check::ok(name, "no limit") };
    let sockets = limit.saturating_sub(DESCRIPTORS_OF_OURS);
    let what = format!("{whose} may open {limit} files: about {sockets} sockets at once");
    if sockets < FEW {
        Check::warning(name, what, "raise it: LimitNOFILE=65536 in the unit, or ulimit -n 65536 before the start")
    } else {
        Check::ok(name, what)
    }
}

pub(super) async fn port(listen: SocketAddr, status: Option<&StatusAnswer>) -> Check {
    let name = "port";
    if let Some(url) = status.and_then(|status| status.url.as_deref()) {
        let Ok(target) = Target::parse(url) else { return Check::ok(name, format!("the server is at {url}")) };
        return match dial::get(&target, "/readyz").await {
            Ok(answer) if answer.status == 200 => Check::ok(name, format!("{url} answers and is ready")),
            Ok(answer) => Check::problem(name, format!("{url} answers {}", answer.status), "look at the server's log"),
            Err(error) => Check::problem(name, format!("{url}: {error}"), "look at the server's log"),
        };
    }
    match TcpListener::bind(listen).await {
        Ok(_) => Check::ok(name, format!("{listen} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => taken(listen).await,
        Err(error) => {
            let todo = "choose another address with --listen; ports below 1024 need a right of their own";
            Check::problem(name, format!("{listen}: {error}"), todo)
        }
    }
}

async fn taken(listen: SocketAddr) -> Check {
    let target = Target::parse(&format!("http://{listen}"));
    let macaw = match &target {
        Ok(target) => dial::is_macaw(target).await,
        Err(_) => false,
    };
    if macaw {
        let what = format!("{listen} is answered by a Macaw with another data folder");
        return Check::warning("port", what, "name its folder with --data, or listen elsewhere");
    }
    Check::problem("port", format!("{listen} is taken by another program"), "stop it, or listen elsewhere")
}
