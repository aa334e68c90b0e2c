//! `macaw serve`: the wiring, read from top to bottom, and the end.

use crate::ai::Ai;
use crate::capacity::Capacity;
use crate::clock::WallClock;
use crate::config::{Config, warnings};
use crate::control::{Control, House};
use crate::data;
use crate::demo;
use crate::first_start::{first_start, secret};
use crate::listen;
use crate::tls::Certificate;
use anyhow::{Context, Result};
use macaw_app::{
    Assigner, Blob, Canned, Clock, Conversations, Desks, Directory, Fanout, FileRules, Files, FirstSteps, Knowledge,
    Messages, Search, Sites, Store, Tenants, Timers, Turns, tell,
};
use macaw_connectors::engines;
use macaw_connectors::outgoing::Stops;
use macaw_gateway::{Calls, Gateway, Hub, HubSettings, Jobs, Live, Prepared, Seats};
use macaw_http::{App, Figures, Parts, Passwords, PublicUrl, Signer};
use macaw_search::KnowledgeSearch;
use macaw_store::Folder;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Batches that may wait to be told; beyond it the writer waits, and with it the senders.
const TOLD_BATCHES: usize = 256;
/// Open requests and sockets get this long to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs of engines that are given up at the end get this long to be stopped.
const STOPPING: Duration = Duration::from_secs(3);
/// What was measured is summed up this often.
const FIGURES: Duration = Duration::from_secs(5);

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
    let capacity = Capacity::of(&config.server);
    capacity.log();
    // Before anything else is opened: a shard with a descriptor table of its own begins with a copy of what is open.
    let prepared = Prepared::<Live>::new(capacity.shards, config.server.descriptors_per_shard)
        .context("the threads for sockets cannot be made")?;
    let folder = &config.server.data;
    std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    let lock = data::lock(folder)?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("{}: cannot listen there; is another Macaw running?", config.server.listen))?;
    let address = listener.local_addr()?;
    let edge = config.server.edge();
    let certificate = match config.tls.is_on() {
        true => Some(Arc::new(Certificate::load(config.tls).await?)),
        false => None,
    };
    let hung_up = signal(SignalKind::hangup())?;

    let (version, commit) = (env!("CARGO_PKG_VERSION"), env!("MACAW_COMMIT"));
    let figures = Arc::new(Figures::install(&config.metrics.token, version, commit)?);
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let (told, committed) = mpsc::channel(TOLD_BATCHES);
    let store: Arc<dyn Store> = crate::store::open(&config.store.url, folder, clock.clone(), told).await?;
    let in_files = folder.join(data::FILES);
    let blob = Folder::open(&in_files, config.files.keep_free, clock.clone())
        .with_context(|| format!("{}: cannot be used for files", in_files.display()))?;
    let blob: Arc<dyn Blob> = Arc::new(blob);
    let passwords = Passwords::default();
    let first_engine = Some(config.chat.engine.clone()).filter(|engine| !engine.is_empty());
    let credentials = first_start(&*store, &*clock, &passwords, first_engine.clone()).await?;
    let secret = secret(&folder.join(data::SECRET))?;
    let signer = Signer::new(&secret);

    let settings = HubSettings { heartbeat: config.chat.heartbeat, shards: usize::from(capacity.shards) };
    let limits = Arc::new(config.limits.counted()?);
    let hub = Arc::new(Hub::new(settings, clock.clone(), limits.clone()));
    let fanout: Arc<dyn Fanout> = hub.clone();
    let directory = Arc::new(Directory::default());
    let search: Arc<dyn Search> = Arc::new(KnowledgeSearch::new(store.clone()));
    let (stops, stopping) = Stops::new();
    let needs = engines::Needs {
        search: search.clone(),
        pace: config.chat.answer_pace,
        stops: stops.clone(),
        clock: clock.clone(),
    };
    let ai = Ai::wire((&config.ai, &config.engines), &needs, &store, &clock, &secret)?;
    let sites = Arc::new(Sites::new(store.clone(), ai.hub.clone(), clock.clone()));
    let messages = Arc::new(Messages::new(store.clone(), sites.clone(), clock.clone()));
    let (turns, turn_jobs) = Turns::new(store.clone(), fanout.clone(), clock.clone(), ai.hub, limits.clone());
    let knowledge = Arc::new(Knowledge::new(store.clone(), search, clock.clone()));
    if let (Some(made), true) = (&credentials, demo) {
        demo::knowledge(&knowledge, made.tenant).await?;
    }
    let conversations =
        Arc::new(Conversations::new(store.clone(), sites.clone(), directory.clone(), turns.clone(), clock.clone()));
    let rules =
        FileRules { max_size: config.files.max_size, quota: config.files.quota, types: config.files.types.clone() };
    let files = Arc::new(Files::new(store.clone(), blob, clock.clone(), rules));
    let ring_ms = i64::try_from(config.chat.ring.as_millis()).unwrap_or(i64::MAX);
    let assigner = Arc::new(Assigner::new(store.clone(), fanout.clone(), clock.clone(), ring_ms));
    let timers = Arc::new(Timers::new(store.clone(), turns.clone(), clock.clone()));
    let calls = Arc::new(Calls {
        store: store.clone(),
        directory: directory.clone(),
        messages: messages.clone(),
        conversations: conversations.clone(),
        turns: turns.clone(),
        limits: limits.clone(),
        clock: clock.clone(),
    });
    let tenants = Arc::new(Tenants::load(store.clone(), clock.clone(), first_engine.clone()).await?);
    let gateway = Arc::new(Gateway {
        hub: hub.clone(),
        calls,
        assigner: assigner.clone(),
        tenants: tenants.clone(),
        sockets: prepared.sockets(),
        seats: Seats::new(capacity.sockets),
        jobs: Jobs::default(),
    });
    // A thread with a table of its own may open nothing, and so runs no use case.
    let runtime = (!config.server.descriptors_per_shard).then(tokio::runtime::Handle::current);
    let driving = prepared.start(|shard| Live::new(gateway.clone(), shard, runtime.clone()));
    let control = Control::bind(House {
        store: store.clone(),
        clock: clock.clone(),
        tenants: tenants.clone(),
        hub: hub.clone(),
        passwords: passwords.clone(),
        data: folder.clone(),
        url: Some(format!("http://{address}")),
    })?;
    let canned = Arc::new(Canned::new(store.clone(), clock.clone()));
    let desks = Arc::new(Desks::new(store.clone(), conversations.clone(), clock.clone()));
    let first_steps = Arc::new(FirstSteps::new(store.clone(), clock.clone()));
    let app = App::new(Parts {
        clock,
        store: store.clone(),
        sites,
        tenants,
        first_steps,
        directory: directory.clone(),
        messages,
        files: files.clone(),
        conversations: conversations.clone(),
        canned,
        desks,
        knowledge,
        engines: ai.engines,
        rules: ai.rules,
        assigner: assigner.clone(),
        gateway: gateway.clone(),
        signer,
        passwords,
        first_engine,
        sign_up: config.accounts.sign_up,
        edge,
        figures: figures.clone(),
        limits,
        demo,
        bare: listen::bare,
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
    tasks.spawn(turns.run(turn_jobs));
    let stopping = tokio::spawn(stopping);
    if let Some(watch) = ai.watch {
        tasks.spawn(watch.run());
    }
    tasks.spawn(control.run());
    tasks.spawn(async move {
        let mut ticks = tokio::time::interval(FIGURES);
        loop {
            ticks.tick().await;
            figures.tidy();
        }
    });
    tasks.spawn(async move { files.run().await });
    tasks.spawn(gateway.run());

    let site = store.first_site().await?.map(|site| site.id.to_string());
    let url = format!("{}://{address}", if certificate.is_some() { "https" } else { "http" });
    let mut ready = json!({ "url": url, "site": site });
    if let (Some(made), Some(ready)) = (&credentials, ready.as_object_mut()) {
        ready.insert("login".to_owned(), made.login.clone().into());
        ready.insert("password".to_owned(), made.password.clone().into());
    }
    let ends = Ends::listen()?;
    if let Some(path) = &ready_file {
        write_whole(path, &ready.to_string())?;
    }
    announce(app.edge.public_url.as_ref().map_or(url.as_str(), PublicUrl::as_str), demo, &ready);

    if let Some(certificate) = certificate.clone() {
        tasks.spawn(async move { certificate.watch(hung_up).await });
    }
    let router = macaw_http::router(app.clone());
    let service =
        listen::Service { router, certificate, header_timeout: config.server.header_timeout, most: capacity.requests };
    let (stop, stopped) = watch::channel(false);
    let mut serving = JoinSet::new();
    serving.spawn(listen::serve(listener, service, stopped));
    ends.wait().await;
    tracing::info!("draining: no new connections, open ones are asked to come again");
    app.drain();
    stop.send_replace(true);
    hub.drain(DRAIN);
    let ended = async {
        serving.join_next().await;
        hub.empty().await;
    };
    if tokio::time::timeout(DRAIN, ended).await.is_err() {
        tracing::warn!(connections = hub.connections(), "some connections did not end in time");
    }
    serving.shutdown().await;
    tokio::task::spawn_blocking(|| driving.stop()).await?;
    tasks.shutdown().await;
    // Runs that ended with the turns are stopped where they run: they cost there.
    if tokio::time::timeout(STOPPING, stops.idle()).await.is_err() {
        tracing::warn!("some runs of engines could not be stopped in time");
    }
    stopping.abort();
    store.close().await;
    drop((store, app));
    // What the store told last reaches nobody any more; the task ends with the store's channel.
    telling.abort();
    drop(lock);
    tracing::info!("stopped");
    Ok(())
}

/// Readers see the whole file or none.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, path))
        .with_context(|| format!("{}: cannot be written", path.display()))
}

/// The signals that end a server. They are listened for before anybody is told that it is ready: one that comes
/// in between must drain too, not kill.
struct Ends {
    terminate: Signal,
    interrupt: Signal,
}

impl Ends {
    fn listen() -> Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn one(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for the first; a second one ends the process at once.
    async fn wait(mut self) {
        self.one().await;
        tokio::spawn(async move {
            self.one().await;
            std::process::exit(1);
        });
    }
}

fn announce(url: &str, demo: bool, ready: &serde_json::Value) {
    use std::fmt::Write;
    let field = |name: &str| ready.get(name).and_then(serde_json::Value::as_str);
    let mut text = format!("\n  Macaw 金刚鹦鹉 is ready\n\n  Workbench  {url}/\n");
    if demo {
        text += &format!("  Demo shop  {url}/demo\n");
    }
    if let Some(site) = field("site") {
        text += &format!("  Chat page  {url}/chat/{site}\n");
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
