//! The contract of the store on MySQL or MariaDB, with one node and with two on one database.
//!
//! `MACAW_TEST_MYSQL` names a server, `mysql://USER@HOST:PORT`, whose user may make databases;
//! `scripts/mariadb.sh` starts one. Without it these tests say that they are skipped.
#![expect(clippy::unwrap_used, reason = "test code")]

use macaw_app::testkit::{ManualClock, World, a_consumer_goes_on_after_reopening, files_contract, store_contract};
use macaw_app::{AppendError, Clock, Committed, Store, StoreError};
use macaw_store::{Mysql, MysqlOpenError};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// The server to test on. Written past the capture of the test harness, so that it is seen.
fn server() -> Option<String> {
    let server = std::env::var("MACAW_TEST_MYSQL").ok();
    if server.is_none() {
        let name = std::thread::current().name().unwrap_or("a test").to_owned();
        let _ = writeln!(std::io::stderr(), "SKIPPED {name}: MACAW_TEST_MYSQL names no server; see scripts/mariadb.sh");
    }
    server
}

/// An empty database of a test.
struct Database {
    server: String,
    url: String,
    name: String,
}

impl Database {
    async fn make(server: &str) -> Self {
        static N: AtomicUsize = AtomicUsize::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let name = format!("macaw_test_{}_{n}", std::process::id());
        let database = Self { server: server.to_owned(), url: format!("{server}/{name}"), name };
        // What the tables need they say themselves, whatever the default is.
        let create = format!("create database {} character set latin1", database.name);
        connect(server).await.execute(AssertSqlSafe(create)).await.unwrap();
        database
    }

    async fn open(&self, clock: Arc<ManualClock>) -> (Arc<dyn Store>, mpsc::Receiver<Vec<Committed>>) {
        let (told, committed) = mpsc::channel(1_000);
        (Arc::new(Mysql::open(&self.url, clock, told).await.unwrap()), committed)
    }

    async fn world(&self) -> World {
        let clock = Arc::new(ManualClock::default());
        let (store, committed) = self.open(clock.clone()).await;
        World::new(store, clock, committed).await
    }

    async fn drop(self) {
        connect(&self.server).await.execute(AssertSqlSafe(format!("drop database {}", self.name))).await.unwrap();
    }
}

async fn connect(url: &str) -> MySqlConnection {
    MySqlConnection::connect(url).await.unwrap()
}

async fn contract(server: &str, nodes: usize) {
    let made = Mutex::new(Vec::new());
    let make = async || {
        let database = Database::make(server).await;
        let mut world = database.world().await;
        if nodes > 1 {
            let (second, mut told) = database.open(world.clock.clone()).await;
            tokio::spawn(async move { while told.recv().await.is_some() {} });
            world = world.with_second(second);
        }
        made.lock().unwrap().push(database);
        world
    };
    store_contract(make).await;
    files_contract(make).await;
    for database in made.into_inner().unwrap() {
        database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_keeps_the_contract() {
    let Some(server) = server() else { return };
    contract(&server, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_one_database_keep_the_contract() {
    let Some(server) = server() else { return };
    contract(&server, 2).await;
}

#[tokio::test]
async fn a_consumer_of_mysql_goes_on_after_reopening() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    a_consumer_goes_on_after_reopening(|clock| database.open(clock)).await;
    database.drop().await;
}

#[tokio::test]
async fn nodes_that_open_together_migrate_once_and_share_the_epoch() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let clock = Arc::new(ManualClock::default());
    let (one, two, three) =
        tokio::join!(database.open(clock.clone()), database.open(clock.clone()), database.open(clock.clone()));
    assert_eq!(one.0.epoch(), two.0.epoch());
    assert_eq!(one.0.epoch(), three.0.epoch());
    one.0.close().await;
    assert_eq!(database.open(clock).await.0.epoch(), two.0.epoch());
    assert!(one.0.ping().await.is_err(), "closed");
    database.drop().await;
}

/// What docs/guide/operate.md says to do with a dump that was loaded.
#[tokio::test]
async fn a_restored_dump_without_its_epoch_begins_a_new_one() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = database.world().await;
    let id = world.begin_conversation().await;
    let before = world.store.epoch();
    world.store.close().await;
    connect(&database.url).await.execute("delete from meta where name = 'epoch'").await.unwrap();
    let (store, _told) = database.open(world.clock.clone()).await;
    assert_ne!(store.epoch(), before);
    assert!(store.conversation(world.tenant, id).await.unwrap().is_some());
    database.drop().await;
}

#[tokio::test]
async fn a_migration_that_was_cut_off_is_run_again() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = database.world().await;
    let id = world.begin_conversation().await;
    world.store.close().await;
    // As after a crash before the number was written: all that it changed is there.
    let mut db = connect(&database.url).await;
    for seen in ["0", "1", "3"] {
        sqlx::query("update meta set value = ? where name = 'schema'").bind(seen).execute(&mut db).await.unwrap();
        let (store, _told) = database.open(world.clock.clone()).await;
        assert_eq!(store.conversation(world.tenant, id).await.unwrap().unwrap().head, 1);
        store.close().await;
    }
    database.drop().await;
}

#[tokio::test]
async fn a_job_of_a_node_that_died_is_due_when_its_lease_ends() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = database.world().await;
    let id = world.begin_conversation().await;
    let (now, waits) = (world.clock.now(), world.store.conversation(world.tenant, id).await.unwrap().unwrap());
    world.store.commit(waits.offer(world.owner, now + 10, now).unwrap()).await.unwrap();
    let due = world.store.due_jobs(now + 10, 9).await.unwrap().0[0];
    let lost = world.store.take_job(due, now + 500).await.unwrap().unwrap();
    // Another node opens, and cannot know whether the first one lives.
    let (other, _told) = database.open(world.clock.clone()).await;
    assert_eq!(other.due_jobs(now + 499, 9).await.unwrap(), (vec![], Some(now + 500)));
    let again = other.due_jobs(now + 500, 9).await.unwrap().0[0];
    let taken = other.take_job(again, now + 1_000).await.unwrap().unwrap();
    assert_eq!((again.attempt, taken.attempt), (1, 2));
    // It did live, and comes too late.
    world.store.finish_job(lost).await.unwrap();
    world.store.give_job_back(lost, now).await.unwrap();
    assert_eq!(other.due_jobs(now + 999, 9).await.unwrap(), (vec![], Some(now + 1_000)));
    other.finish_job(taken).await.unwrap();
    assert_eq!(other.due_jobs(now + 1_000, 9).await.unwrap(), (vec![], None));
    database.drop().await;
}

#[tokio::test]
async fn a_newer_schema_on_the_server_is_refused() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    drop(database.open(Arc::default()).await);
    let mut db = connect(&database.url).await;
    db.execute("update meta set value = '999' where name = 'schema'").await.unwrap();
    let (told, _committed) = mpsc::channel(1);
    let refused = Mysql::open(&database.url, Arc::new(ManualClock::default()), told).await;
    assert!(matches!(refused.err(), Some(MysqlOpenError::Newer { found: 999, .. })));
    database.drop().await;
}

#[tokio::test]
async fn a_refused_sign_in_is_told_without_the_password() {
    let Some(server) = server() else { return };
    let stranger = server.replace("//root@", "//root:canary@") + "/macaw";
    assert_ne!(stranger, server);
    let (told, _committed) = mpsc::channel(1);
    let error = Mysql::open(&stranger, Arc::new(ManualClock::default()), told).await.err().unwrap();
    assert!(matches!(error, MysqlOpenError::Down { .. }), "{error}");
    for words in [error.to_string(), format!("{error:?}")] {
        assert!(words.contains("Access denied") && !words.contains("canary"), "{words}");
    }
}

#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = Arc::new(database.world().await);
    let id = world.begin_conversation().await;
    let mut rival = connect(&database.url).await;
    // Heavier than an append, so that the server undoes the append: it takes the lighter one.
    rival.execute("start transaction").await.unwrap();
    for n in 0..100 {
        let insert = sqlx::query("insert into log_cursor (consumer, tenant_id, position) values (?, ?, 0)");
        insert.bind(format!("rival {n}")).bind(id.0).execute(&mut rival).await.unwrap();
    }
    rival.execute("update log_head set position = position + 0 where id = 1").await.unwrap();
    rival.execute("select position from log_head where id = 1 for update").await.unwrap();
    let appending = tokio::spawn({
        let world = world.clone();
        async move { world.say(id, "second", "hi").await }
    });
    // The append holds the header and waits for the counter.
    let mut watcher = connect(&server).await;
    waiting(&mut watcher, &database.name, "update log_head", || false).await;
    let close = sqlx::query("select id from conversation where id = ? for update").bind(id.0);
    close.fetch_one(&mut rival).await.expect("the append is undone, not the rival");
    rival.execute("commit").await.unwrap();
    assert_eq!(appending.await.unwrap().unwrap().entry.seq, 2);
    database.drop().await;
}

#[tokio::test]
async fn no_cursor_skips_an_entry_that_commits_late() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = database.world().await;
    let (second, _told) = database.open(world.clock.clone()).await;
    let world = Arc::new(world.with_second(second));
    let (late, early) = (world.begin_conversation().await, world.begin_conversation().await);
    assert_eq!(world.consume("test").await.len(), 2);
    // The row that the late append will write is written, and not committed, by a rival: the append
    // waits for it after it took its position.
    let mut rival = connect(&database.url).await;
    rival.execute("start transaction").await.unwrap();
    let row = "insert into message (position, tenant_id, conversation_id, log, seq, id, author, at, content)
               values (1000000, ?, ?, 0, 2, ?, 'system', 0, '{}')";
    sqlx::query(row).bind(world.tenant.0).bind(late.0).bind(late.0).execute(&mut rival).await.unwrap();
    let saying = tokio::spawn({
        let world = world.clone();
        async move { world.say(late, "late", "hi").await.unwrap() }
    });
    let mut watcher = connect(&server).await;
    waiting(&mut watcher, &database.name, "insert into message", || false).await;
    let elsewhere = tokio::spawn({
        let world = world.clone();
        async move { world.say_elsewhere(early, "early").await.unwrap() }
    });
    // Either it waits for the late one, or it is through: then the consumer meets it first.
    waiting(&mut watcher, &database.name, "update log_head", || elsewhere.is_finished()).await;
    let mut seen = world.consume("test").await;
    rival.execute("rollback").await.unwrap();
    assert_eq!((saying.await.unwrap().entry.seq, elsewhere.await.unwrap().entry.seq), (2, 2));
    seen.extend(world.consume("test").await);
    let seen: Vec<_> = seen.iter().map(|logged| logged.entry.conversation).collect();
    assert_eq!(seen, [late, early], "both, and the one that took its position first is first");
    database.drop().await;
}

/// Until a connection to the database is at a statement that begins so, or it is `over`.
async fn waiting(watcher: &mut MySqlConnection, database: &str, statement: &str, over: impl Fn() -> bool) {
    let ask = "select count(*) from information_schema.processlist where db = ? and info like concat(?, '%')";
    let count = || sqlx::query_scalar::<_, i64>(ask).bind(database).bind(statement);
    let reached = async {
        while !over() && count().fetch_one(&mut *watcher).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reached).await.unwrap_or_else(|_| panic!("nobody is at {statement}"));
}

#[tokio::test]
async fn a_connection_that_the_server_cut_is_made_again() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = database.world().await;
    let id = world.begin_conversation().await;
    let mut killer = connect(&server).await;
    let open =
        sqlx::query_scalar::<_, i64>("select cast(id as signed) from information_schema.processlist where db = ?");
    let open = open.bind(&database.name).fetch_all(&mut killer).await.unwrap();
    assert!(open.len() >= 2, "the writer and a reader");
    for connection in open {
        killer.execute(AssertSqlSafe(format!("kill {connection}"))).await.unwrap();
    }
    assert_eq!(world.say(id, "second", "hi").await.unwrap().entry.seq, 2);
    assert!(world.store.conversation(world.tenant, id).await.unwrap().is_some());
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_long_texts_fits_the_packets_of_the_server() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let world = Arc::new(database.world().await);
    let id = world.begin_conversation().await;
    // Each takes six times its length in the column.
    let text = "\u{1}".repeat(macaw_domain::MAX_TEXT_BYTES);
    let mut writers = JoinSet::new();
    for n in 0..256 {
        let (world, text) = (world.clone(), text.clone());
        writers.spawn(async move { world.say(id, &format!("m{n}"), &text).await.unwrap().entry.seq });
    }
    let mut seqs = writers.join_all().await;
    seqs.sort_unstable();
    assert_eq!(seqs, (2..=257).collect::<Vec<_>>());
    database.drop().await;
}

/// Stands between a store and its server, and can be as good as unplugged.
struct Cable {
    url: String,
    plugged: watch::Sender<bool>,
}

impl Cable {
    async fn to(database: &Database) -> Self {
        let server = database.url.split(['@', '/']).nth(3).unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = database.url.replace(&server, &listener.local_addr().unwrap().to_string());
        let (plugged, seen) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (server, mut seen) = (server.clone(), seen.clone());
                tokio::spawn(async move {
                    if !*seen.borrow() {
                        return;
                    }
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = seen.wait_for(|plugged| !plugged) => {}
                    }
                });
            }
        });
        Self { url, plugged }
    }
}

#[tokio::test]
async fn a_server_out_of_reach_is_said_to_be_and_used_again_when_it_is_back() {
    let Some(server) = server() else { return };
    let database = Database::make(&server).await;
    let cable = Cable::to(&database).await;
    let clock = Arc::new(ManualClock::default());
    let (told, committed) = mpsc::channel(1_000);
    let store: Arc<dyn Store> = Arc::new(Mysql::open(&cable.url, clock.clone(), told).await.unwrap());
    let world = World::new(store, clock, committed).await;
    let id = world.begin_conversation().await;
    cable.plugged.send_replace(false);
    let refused = world.say(id, "second", "hi").await;
    assert!(matches!(refused, Err(AppendError::Store(StoreError::OutOfReach(_)))), "{refused:?}");
    let unread = world.store.conversation(world.tenant, id).await;
    assert!(matches!(unread, Err(StoreError::OutOfReach(_))), "{unread:?}");
    cable.plugged.send_replace(true);
    assert_eq!(world.say(id, "second", "hi").await.unwrap().entry.seq, 2);
    assert!(world.say(id, "second", "hi").await.unwrap().duplicate);
    assert_eq!(world.store.conversation(world.tenant, id).await.unwrap().unwrap().head, 2);
    database.drop().await;
}
