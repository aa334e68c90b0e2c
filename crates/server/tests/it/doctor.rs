//! `macaw doctor` on a healthy installation, on a broken folder, and through proxies that are broken on purpose.

use crate::proxy::{certificate, proxy};
use crate::world::World;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Diagnosis {
    code: Option<i32>,
    checks: Vec<Value>,
}

impl Diagnosis {
    fn check(&self, name: &str) -> (&str, &str) {
        let found = self.checks.iter().find(|check| check["name"] == name);
        let check = found.unwrap_or_else(|| panic!("{name} was not looked at: {:?}", self.checks));
        (check["result"].as_str().unwrap(), check["what"].as_str().unwrap())
    }

    fn todo(&self, name: &str) -> &str {
        self.checks.iter().find(|check| check["name"] == name).unwrap()["todo"].as_str().unwrap()
    }
}

fn blocking(data: &Path, more: &[&str], roots: Option<&Path>) -> Diagnosis {
    let mut command = Command::new(env!("CARGO_BIN_EXE_macaw"));
    command.args(["doctor", "--json", "--data"]).arg(data).args(more).stdin(Stdio::null());
    // Free whatever the default port is used for on this machine.
    command.env("MACAW__SERVER__LISTEN", "127.0.0.1:0");
    if let Some(roots) = roots {
        command.env("SSL_CERT_FILE", roots);
    }
    let done = command.output().unwrap();
    let printed = String::from_utf8(done.stdout).unwrap();
    let report: Value =
        serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}{}", String::from_utf8_lossy(&done.stderr)));
    Diagnosis { code: done.status.code(), checks: report["checks"].as_array().unwrap().clone() }
}

async fn doctor(world: &World, more: &[&str], roots: Option<PathBuf>) -> Diagnosis {
    let (data, more) = (world.data(), more.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>());
    let work = move || {
        let more: Vec<_> = more.iter().map(String::as_str).collect();
        blocking(&data, &more, roots.as_deref())
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn a_healthy_server_has_no_problem_but_missing_pages_in_a_build_without_them() {
    let world = World::start();
    let seen = doctor(&world, &["--url", &world.url], None).await;
    for name in
        ["server", "schema", "database", "secret", "clock", "port", "ready", "visitor", "socket", "host", "cookie"]
    {
        assert_eq!(seen.check(name).0, "ok", "{name}: {:?}", seen.check(name));
    }
    // The front ends may not be built where these tests run; then the doctor says just that.
    for name in ["page", "widget"] {
        let (result, what) = seen.check(name);
        assert!(result == "ok" || what.contains("404"), "{name}: {what}");
    }
    // The session of the walk has ended, and it was the only one.
    assert_eq!(world.admin(&["sessions", &world.login])["sessions"], serde_json::json!([]));
}

#[tokio::test]
async fn a_proxy_that_drops_upgrade_is_named_with_what_to_write_into_its_configuration() {
    let world = World::start();
    let drops = |line: &str| {
        let lower = line.to_lowercase();
        (!lower.starts_with("upgrade:") && !lower.starts_with("connection:")).then(|| line.to_owned())
    };
    let front = proxy(&world, None, drops).await;
    let seen = doctor(&world, &["--url", &front.url], None).await;
    let (result, what) = seen.check("socket");
    assert_eq!(result, "problem");
    assert!(what.contains("does not pass Upgrade on"), "{what}");
    assert!(seen.todo("socket").contains("proxy_set_header Upgrade $http_upgrade"));
    assert_eq!(seen.check("visitor").0, "ok", "what works is not called broken");
    assert_eq!(seen.code, Some(1));
}

#[tokio::test]
async fn a_proxy_that_rewrites_host_or_drops_headers_is_named() {
    let world = World::start();
    let rewrites = |line: &str| {
        let host = line.to_lowercase().starts_with("host:");
        Some(if host { "host: backend:8080".to_owned() } else { line.to_owned() })
    };
    let front = proxy(&world, None, rewrites).await;
    let seen = doctor(&world, &["--url", &front.url], None).await;
    assert_eq!(seen.check("host").0, "problem");
    assert!(seen.check("host").1.contains("rewrites Host"), "{:?}", seen.check("host"));

    let drops = |line: &str| {
        let lower = line.to_lowercase();
        let dropped = ["sec-websocket-protocol:", "cookie:"].iter().any(|name| lower.starts_with(name));
        (!dropped).then(|| line.to_owned())
    };
    let front = proxy(&world, None, drops).await;
    let seen = doctor(&world, &["--url", &front.url], None).await;
    assert_eq!(seen.check("socket").0, "problem");
    assert_eq!(seen.check("cookie"), ("problem", "the cookie does not arrive at the server"));
}

#[tokio::test]
async fn certificates_are_judged_and_a_cookie_that_is_not_secure_over_https_is_a_problem() {
    let world = World::start();
    let (pem, tls) = certificate("localhost");
    let front = proxy(&world, Some(tls), |line| Some(line.to_owned())).await;
    let seen = doctor(&world, &["--url", &front.url], None).await;
    assert_eq!(seen.code, Some(4));
    assert!(seen.check("certificate").1.contains("does not trust"), "{:?}", seen.check("certificate"));

    let roots = world.dir.path().join("roots.pem");
    std::fs::write(&roots, pem).unwrap();
    let seen = doctor(&world, &["--url", &front.url], Some(roots.clone())).await;
    assert_eq!(seen.check("certificate").0, "ok");
    assert_eq!(seen.check("socket").0, "ok", "{:?}", seen.check("socket"));
    let (result, what) = seen.check("cookie");
    assert_eq!((result, what), ("problem", "the session cookie is not Secure although this is https"));

    let (other, tls) = certificate("elsewhere.example");
    std::fs::write(&roots, other).unwrap();
    let front = proxy(&world, Some(tls), |line| Some(line.to_owned())).await;
    let seen = doctor(&world, &["--url", &front.url], Some(roots)).await;
    assert!(seen.check("certificate").1.contains("for another name"), "{:?}", seen.check("certificate"));
}

#[tokio::test]
async fn a_page_that_may_not_embed_and_an_address_where_nobody_is_are_told() {
    use reqwest::Method;
    let world = World::start();
    let owner = world.sign_in().await;
    let settings = serde_json::json!({ "name": "Shop", "colour": "#112233", "domains": ["shop.example"] });
    let path = format!("/api/v1/sites/{}", world.site);
    crate::world::ok(world.by(&owner, Method::PUT, &path).json(&settings).send().await.unwrap()).await;
    let seen = doctor(&world, &["--url", &world.url, "--page", "https://other.example"], None).await;
    let (result, what) = seen.checks.iter().rfind(|c| c["name"] == "page").map(|c| (&c["result"], &c["what"])).unwrap();
    assert_eq!(result, "problem");
    assert!(what.as_str().unwrap().contains("not among the domains"), "{what}");
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let seen = doctor(&world, &["--url", &format!("http://{free}")], None).await;
    assert_eq!((seen.code, seen.check("address").0), (Some(4), "problem"));
}

#[tokio::test]
async fn a_broken_folder_is_told_piece_by_piece() {
    let mut world = World::start();
    world.terminate();
    let healthy = doctor(&world, &[], None).await;
    assert_eq!(healthy.code, Some(0), "{:?}", healthy.checks);
    assert_eq!(healthy.check("server"), ("ok", "none runs on this folder"));
    let data = world.data();
    std::fs::set_permissions(data.join("secret.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o777)).unwrap();
    std::fs::write(data.join("restoring"), "").unwrap();
    let seen = doctor(&world, &[], None).await;
    assert_eq!(seen.code, Some(1));
    for name in ["secret", "data folder", "restore"] {
        assert_eq!(seen.check(name).0, "problem", "{name}");
    }
    // Rubbish behind the first page of the database, and no log that has the pages once more.
    for log in ["macaw.db-wal", "macaw.db-shm"] {
        let _ = std::fs::remove_file(data.join(log));
    }
    let file = std::fs::OpenOptions::new().write(true).open(data.join("macaw.db")).unwrap();
    let behind = usize::try_from(file.metadata().unwrap().len()).unwrap() - 4_096;
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0x5a; behind], 4_096).unwrap();
    assert_eq!(doctor(&world, &[], None).await.check("database").0, "problem");
    let bad = world.dir.path().join("bad.toml");
    std::fs::write(&bad, "[chat]\nring = \"soon\"\n").unwrap();
    let seen = doctor(&world, &["--config", bad.to_str().unwrap()], None).await;
    assert_eq!((seen.code, seen.check("configuration").0), (Some(3), "problem"));
}

#[tokio::test]
async fn a_migration_is_shown_before_it_is_made() {
    let mut world = World::start();
    let data = world.data();
    let migrate = |more: &[&str]| {
        let mut args = vec!["migrate", "--json", "--data", data.to_str().unwrap()];
        args.extend(more);
        crate::world::macaw(&args)
    };
    let (code, printed) = migrate(&["--dry-run"]);
    let report: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &report["from"], &report["done"]), (Some(0), &report["to"], &Value::Bool(false)));
    assert!(world.terminate().success());
    assert_eq!(migrate(&[]).0, Some(0));
}
