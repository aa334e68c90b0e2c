//! How many connections this process can hold, out of how many files it may open.

use crate::config::Server;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Database, log, listener, outgoing connections and the runtime.
const OWN: usize = 128;

/// What there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capacity {
    /// Parts that drive sockets.
    pub(crate) shards: u16,
    /// Sockets at once.
    pub(crate) sockets: usize,
    /// Requests at once, beside the sockets.
    pub(crate) requests: usize,
    /// Files that may be open at once, in one descriptor table.
    pub(crate) files: usize,
}

impl Capacity {
    /// Raises the soft limit of open files to the hard one, and counts.
    pub(crate) fn of(server: &Server) -> Self {
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
            tracing::warn!(%error, "the limit of open files stays as it is");
        }
        let files =
            getrlimit(Resource::Nofile).current.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::count(server, files, cores)
    }

    fn count(server: &Server, files: usize, cores: usize) -> Self {
        let shards = match server.shards {
            0 => u16::try_from(cores).unwrap_or(u16::MAX),
            n => n,
        };
        let (sockets, requests) = if server.descriptors_per_shard {
            let own = OWN.min(files / 2);
            ((files - own).saturating_mul(usize::from(shards)), files / 2)
        } else {
            let beside = (files / 8).clamp(2 * OWN, 16 * OWN).min(files / 2);
            (files - beside, beside.saturating_sub(OWN).max(beside / 2))
        };
        let sockets = match server.max_connections {
            0 => sockets,
            most => sockets.min(most),
        };
        Self { shards, sockets, requests, files }
    }

    /// For whoever starts it.
    pub(crate) fn log(&self) {
        let Self { shards, sockets, requests, files } = self;
        tracing::info!(shards, sockets, requests, files, "there is room for this many sockets and requests at once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    fn server(pairs: &[(&str, &str)]) -> Server {
        let pairs = pairs.iter().map(|(key, value)| (format!("MACAW__SERVER__{key}"), (*value).to_owned()));
        load(None, pairs.collect::<Vec<_>>().into_iter()).expect("loads").server
    }

    #[test]
    fn sockets_and_requests_fit_into_the_files_with_room_for_our_own() {
        for files in [64, 256, 1_024, 20_000, 1_048_576] {
            let room = Capacity::count(&server(&[]), files, 2);
            assert!(room.shards == 2 && room.sockets > 0 && room.requests > 0, "{room:?}");
            assert!(room.sockets + room.requests + OWN.min(files / 4) <= files, "{room:?}");
        }
        assert_eq!(Capacity::count(&server(&[]), 20_000, 2).sockets, 17_952);
    }

    #[test]
    fn tables_multiply_the_room_and_the_configuration_bounds_it() {
        let tables = [("DESCRIPTORS_PER_SHARD", "true"), ("SHARDS", "6")];
        assert_eq!(Capacity::count(&server(&tables), 20_000, 2).sockets, 119_232);
        let bounded = Capacity::count(&server(&[("MAX_CONNECTIONS", "100")]), 20_000, 2);
        assert_eq!(bounded.sockets, 100);
    }
}
