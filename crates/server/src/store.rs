//! Which store the configuration asks for.

use crate::config::Secret;
use crate::data;
use anyhow::Result;
use macaw_app::{Clock, Committed, Store};
use macaw_store::Sqlite;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// SQLite in the data folder, or the server that `url` names.
pub(crate) async fn open(
    url: &Secret,
    folder: &Path,
    clock: Arc<dyn Clock>,
    told: mpsc::Sender<Vec<Committed>>,
) -> Result<Arc<dyn Store>> {
    if url.0.is_empty() {
        return Ok(Arc::new(Sqlite::open(&folder.join(data::DATABASE), clock, told)?));
    }
    open_server(&url.0, clock, told).await
}

#[cfg(feature = "mysql")]
async fn open_server(url: &str, clock: Arc<dyn Clock>, told: mpsc::Sender<Vec<Committed>>) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(macaw_store::Mysql::open(url, clock, told).await?))
}

#[cfg(not(feature = "mysql"))]
async fn open_server(_: &str, _: Arc<dyn Clock>, _: mpsc::Sender<Vec<Committed>>) -> Result<Arc<dyn Store>> {
    anyhow::bail!("store.url: this Macaw was built without MySQL; leave it empty, or build with the feature `mysql`")
}

/// Whether serving failed because the database is not there, which another start may cure.
pub(crate) fn is_out_of_reach(error: &anyhow::Error) -> bool {
    #[cfg(feature = "mysql")]
    {
        use macaw_store::MysqlOpenError::{Address, Down, Migrating};
        matches!(error.downcast_ref(), Some(Address(_) | Down { .. } | Migrating))
    }
    #[cfg(not(feature = "mysql"))]
    {
        let _ = error;
        false
    }
}
