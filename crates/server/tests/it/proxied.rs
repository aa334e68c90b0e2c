//! Behind a real nginx with TLS, configured as docs/guide/operate.md says.

use crate::raw::{Answer, ask, certify, connect, encrypt, visitor_socket};
use crate::socket::next;
use crate::world::World;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio_rustls::rustls::pki_types::CertificateDer;

/// The proxy's own address, which Macaw trusts.
const PROXY: &str = "127.0.0.9";

struct Nginx {
    dir: tempfile::TempDir,
    child: Child,
    address: SocketAddr,
    certificate: CertificateDer<'static>,
}

impl Nginx {
    fn start(backend: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let certificate = certify(dir.path());
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        std::fs::write(dir.path().join("nginx.conf"), configuration(dir.path(), address, backend)).unwrap();
        let child = Command::new("nginx")
            .args(["-e", "stderr", "-p"])
            .arg(dir.path())
            .args(["-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(dir.path().join("log")).unwrap())
            .spawn()
            .expect("nginx is installed (scripts/test.sh does that)");
        let mut nginx = Self { dir, child, address, certificate };
        nginx.await_ready();
        nginx
    }

    fn await_ready(&mut self) {
        let since = Instant::now();
        while std::net::TcpStream::connect(self.address).is_err() {
            let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap();
            assert!(self.child.try_wait().unwrap().is_none() && since.elapsed() < Duration::from_secs(20), "{log}");
            std::thread::yield_now();
        }
    }

    async fn ask(&self, from: &str, line: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let stream = encrypt(connect(from, self.address).await, &self.certificate).await.unwrap();
        ask(stream, line, headers, body).await
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(dir: &Path, address: SocketAddr, backend: &str) -> String {
    let dir = dir.display();
    format!(
        "daemon off; master_process off; pid {dir}/pid; events {{}}
         http {{
           access_log off;
           client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
           uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
           map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
           server {{
             listen {address} ssl;
             ssl_certificate {dir}/certificate.pem;
             ssl_certificate_key {dir}/key.pem;
             location / {{
               proxy_pass http://{backend};
               proxy_bind {PROXY};
               proxy_http_version 1.1;
               proxy_set_header Host $http_host;
               proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
               proxy_set_header X-Forwarded-Proto $scheme;
               proxy_set_header X-Forwarded-Host $http_host;
               proxy_set_header Upgrade $http_upgrade;
               proxy_set_header Connection $connection_upgrade;
               proxy_read_timeout 120s;
               proxy_buffering off;
             }}
           }}
         }}"
    )
}

fn behind_nginx(more: &[(&'static str, &str)]) -> (World, Nginx) {
    let world = World::start_in(|_| {
        let trusted = ("MACAW__SERVER__TRUSTED_PROXIES", format!("[\"{PROXY}\"]"));
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).chain([trusted]).collect()
    });
    let nginx = Nginx::start(world.url.strip_prefix("http://").unwrap());
    (world, nginx)
}

#[tokio::test]
async fn signing_in_and_sockets_work_through_nginx_and_the_cookie_is_secure() {
    let (world, nginx) = behind_nginx(&[]);
    let body = json!({ "email": world.login, "password": world.password });
    let signed_in = nginx.ask("127.0.0.2", "POST /api/v1/auth/sign-in", &[], &body).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.head);
    let cookie = signed_in.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-macaw_session=") && cookie.ends_with("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(nginx.ask("127.0.0.2", "GET /api/v1/me", &[("cookie", cookie)], &Value::Null).await.status, 200);
    // The same host, seen by the browser as an origin, opens an agent's socket; another does not.
    for (origin, status) in [("https://localhost", 101), ("http://localhost", 403), ("https://evil.example", 403)] {
        let upgrade = [
            ("cookie", cookie),
            ("origin", origin),
            ("upgrade", "websocket"),
            ("connection", "upgrade"),
            ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("sec-websocket-version", "13"),
            ("sec-websocket-protocol", "macaw.v1"),
        ];
        let stream = encrypt(connect("127.0.0.2", nginx.address).await, &nginx.certificate).await.unwrap();
        assert_eq!(crate::raw::status(stream, "GET /api/v1/socket", &upgrade).await, status, "{origin}");
    }
    let site = json!({ "site": world.site });
    let session = nginx.ask("127.0.0.2", "POST /api/v1/visitor/session", &[], &site).await;
    let stream = encrypt(connect("127.0.0.2", nginx.address).await, &nginx.certificate).await.unwrap();
    let mut socket = visitor_socket(stream, session.body["token"].as_str().unwrap()).await;
    assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");
}

#[tokio::test]
async fn a_peer_that_is_no_trusted_proxy_gets_no_secure_cookie_by_claiming_https() {
    let (world, _nginx) = behind_nginx(&[]);
    let address = world.url.strip_prefix("http://").unwrap().parse().unwrap();
    let body = json!({ "email": world.login, "password": world.password });
    let claims = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.1")];
    let answer = ask(connect("127.0.0.3", address).await, "POST /api/v1/auth/sign-in", &claims, &body).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("macaw_session=") && !cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn limits_see_the_visitors_behind_the_proxy_and_no_forged_address() {
    let (world, nginx) = behind_nginx(&[("MACAW__LIMITS__TOKENS_PER_ADDRESS", "2/10m")]);
    let site = json!({ "site": world.site });
    let line = "POST /api/v1/visitor/session";
    for (from, expected) in [("127.0.0.2", [200, 200, 429]), ("127.0.0.3", [200, 200, 429])] {
        for (n, status) in expected.into_iter().enumerate() {
            let forged = format!("198.51.100.{n}");
            let claims = [("x-forwarded-for", forged.as_str()), ("forwarded", "for=198.51.100.9")];
            let answer = nginx.ask(from, line, &claims, &site).await;
            assert_eq!(answer.status, status, "{from} {n}");
            assert_eq!(answer.header("retry-after").is_some(), status == 429);
        }
    }
    // Past the proxy nobody is believed either, not even one who names a fresh address each time.
    let address = world.url.strip_prefix("http://").unwrap().parse().unwrap();
    let mut statuses = Vec::new();
    for n in 0..3 {
        let forged = format!("198.51.100.{n}");
        let stream = connect("127.0.0.4", address).await;
        statuses.push(ask(stream, line, &[("x-forwarded-for", forged.as_str())], &site).await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
}
