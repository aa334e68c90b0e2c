//! `macaw serve`: the wiring, read from top to bottom, and the end.

use crate::clock::WallClock;
use crate::config::{Config, warnings};
use crate::first_start::{first_start, secret};
use anyhow::{Context, Result};
use macaw_app::{
    Assigner, Blob, Clock, Conversations, Directory, Fanout, FileRules, Files, Messages, Sites, Store, Timers, tell,
};
use macaw_gateway::{Calls, Gateway, Hub, HubSettings};
use macaw_http::{App, Parts, Passwords, Signer};
use macaw_store::{Folder, Sqlite};
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Batches that may wait to be told; beyond it the writer waits, and with it the senders.
const TOLD_BATCHES: usize = 256;
/// Open requests and sockets get this long to end.
const DRAIN: Duration = Duration::from_secs(10);

pub(crate) struct Options {
    pub(crate) config: Config,
    pub(crate) demo: bool,
    pub(crate) ready_file: Option<PathBuf>,
}

pub(crate) async fn serve(options: Options) -> Result<()> {
    let Options { config, demo, ready_file } = options;
    for warning in warnings(&config) {
        tracing::warn!("{warning}");
    }
    let data = &config.server.data;
    std::fs::create_dir_all(data).with_context(|| format!("{}: cannot be made", data.display()))?;
    let lock = lock(data)?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("{}: cannot listen there; is another Macaw running?", config.server.listen))?;
    let address = listener.local_addr()?;

    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let (told, committed) = mpsc::channel(TOLD_BATCHES);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&data.join("macaw.db"), clock.clone(), told)?);
    let folder = data.join("files");
    let blob = Folder::open(&folder, config.files.keep_free, clock.clone())
        .with_context(|| format!("{}: cannot be used for files", folder.display()))?;
    let blob: Arc<dyn Blob> = Arc::new(blob);
    let passwords = Passwords::default();
    let credentials = first_start(&*store, &*clock, &passwords).await?;
    let signer = Signer::new(&secret(&data.join("secret.key"))?);

    let shards = std::thread::available_parallelism().map_or(1, usize::from);
    let settings = HubSettings { heartbeat: config.chat.heartbeat, limits: config.limits.enable, shards };
    let hub = Arc::new(Hub::new(settings, clock.clone()));
    let fanout: Arc<dyn Fanout> = hub.clone();
    let directory = Arc::new(Directory::default());
    let sites = Arc::new(Sites::new(store.clone(), clock.clone()));
    let messages = Arc::new(Messages::new(store.clone(), sites.clone(), clock.clone()));
    let conversations = Arc::new(Conversations::new(store.clone(), sites.clone(), directory.clone(), clock.clone()));
    let rules =
        FileRules { max_size: config.files.max_size, quota: config.files.quota, types: config.files.types.clone() };
    let files = Arc::new(Files::new(store.clone(), blob, clock.clone(), rules));
    let ring_ms = i64::try_from(config.chat.ring.as_millis()).unwrap_or(i64::MAX);
    let assigner = Arc::new(Assigner::new(store.clone(), fanout.clone(), clock.clone(), ring_ms));
    let timers = Arc::new(Timers::new(store.clone(), clock.clone()));
    let calls = Arc::new(Calls {
        store: store.clone(),
        directory: directory.clone(),
        messages: messages.clone(),
        conversations: conversations.clone(),
    });
    let gateway = Arc::new(Gateway { hub: hub.clone(), calls, assigner: assigner.clone() });
    let app = App::new(Parts {
        clock,
        store: store.clone(),
        sites,
        directory: directory.clone(),
        messages,
        files: files.clone(),
        conversations: conversations.clone(),
        assigner: assigner.clone(),
        gateway,
        signer,
        passwords,
        limits: config.limits.enable,
        demo,
    });

    let mut tasks = JoinSet::new();
    let telling = tokio::spawn(tell(
        committed,
        store.clone(),
        directory,
        conversations,
        fanout,
        assigner.clone(),
        timers.clone(),
    ));
    tasks.spawn(async move { assigner.run().await });
    tasks.spawn(async move { timers.run().await });
    tasks.spawn(async move { files.run().await });
    let beating = hub.clone();
    tasks.spawn(async move { beating.beat().await });

    let site = store.first_site().await?.map(|site| site.id.to_string());
    let mut ready = json!({ "url": format!("http://{address}"), "site": site });
    if let (Some(made), Some(ready)) = (&credentials, ready.as_object_mut()) {
        ready.insert("login".to_owned(), made.login.clone().into());
        ready.insert("password".to_owned(), made.password.clone().into());
    }
    if let Some(path) = &ready_file {
        write_whole(path, &ready.to_string())?;
    }
    announce(address, demo, &ready);

    let router = macaw_http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async {
                // A sender that is gone means the same.
                let _ = stopped.await;
            })
            .await
    });
    terminated().await?;
    tracing::info!("draining: no new connections, open ones are asked to come again");
    app.drain();
    drop(stop);
    hub.drain(DRAIN);
    if tokio::time::timeout(DRAIN, serving).await.is_err() {
        tracing::warn!(connections = hub.connections(), "some connections did not end in time");
    }
    tasks.shutdown().await;
    store.close().await;
    drop((store, app));
    // What the store told last reaches nobody any more; the task ends with the store's channel.
    telling.abort();
    drop(lock);
    tracing::info!("stopped");
    Ok(())
}

/// Two servers on one folder would each believe to be the only writer.
fn lock(data: &Path) -> Result<std::fs::File> {
    let path = data.join("lock");
    let file = std::fs::File::create(&path).with_context(|| format!("{}: cannot be written", path.display()))?;
    file.try_lock().map_err(|_| anyhow::anyhow!("{}: another Macaw uses this data folder", data.display()))?;
    Ok(file)
}

/// Readers see the whole file or none.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, path))
        .with_context(|| format!("{}: cannot be written", path.display()))
}

async fn terminated() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // A second signal ends the process at once.
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(1);
    });
    Ok(())
}

fn announce(address: SocketAddr, demo: bool, ready: &serde_json::Value) {
    use std::fmt::Write;
    let field = |name: &str| ready.get(name).and_then(serde_json::Value::as_str);
    let mut text = format!("\n  Macaw 金刚鹦鹉 is ready\n\n  Workbench  http://{address}/\n");
    if demo {
        text += &format!("  Demo shop  http://{address}/demo\n");
    }
    if let Some(site) = field("site") {
        text += &format!("  Chat page  http://{address}/chat/{site}\n");
    }
    if let (Some(login), Some(password)) = (field("login"), field("password")) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n  Sign in    {login}\n  Password   {password}   (shown once; change it after signing in)"
        );
    }
    eprintln!("{text}");
}
