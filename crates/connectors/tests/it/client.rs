//! The one way out keeps its promises: times, sizes, addresses, redirects.

use crate::fake::{Fake, KEY, Says, Step};
use macaw_app::{EngineError, ErrorClass};
use macaw_connectors::outgoing::{Allowed, Call, Method, Outgoing, StopCall, StopGuard, Stops, Times, Url};
use std::time::Duration;

const SOON: Duration = Duration::from_millis(300);

fn times() -> Times {
    Times { connect: SOON, first_byte: SOON, between: SOON, total: Duration::from_secs(2) }
}

fn out() -> Outgoing {
    Outgoing::new(Allowed::new(["127.0.0.0/8".parse().unwrap()]), times()).unwrap()
}

fn call(url: &str) -> Call {
    Call::new(Method::POST, Url::parse(url).unwrap()).bearer(KEY)
}

async fn body_of(says: Says) -> Result<Vec<u8>, EngineError> {
    let fake = Fake::start(move |_| says.clone()).await;
    out().send(call(&fake.url)).await?.bytes().await
}

fn says(steps: Vec<Step>) -> Says {
    Says { status: 200, headers: Vec::new(), steps, run: None }
}

#[tokio::test]
async fn private_addresses_are_not_connected_to_unless_allowed() {
    let fake = Fake::start(|_| Says::page()).await;
    let strict = Outgoing::new(Allowed::default(), times()).unwrap();
    let port = fake.url.rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "169.254.169.254"] {
        let error = strict.send(call(&format!("http://{host}:{port}/"))).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Refused, "{host}: {error}");
        assert!(error.message.contains("allow_networks"), "{error}");
    }
    assert!(fake.seen().is_empty());
    assert!(out().send(call(&fake.url)).await.unwrap().is_success());
}

#[tokio::test]
async fn a_redirect_leads_nowhere_but_to_the_same_host() {
    let other = Fake::start(|_| Says::page()).await;
    let away = other.url.clone();
    let fake = Fake::start(move |seen| {
        let to = |status, to: &str| Says { status, ..Says::default() }.header("location", to);
        match seen.path.as_str() {
            "/metadata" => to(307, "http://169.254.169.254/latest/meta-data"),
            "/away" => to(308, &away),
            "/circle" => to(307, "/circle"),
            "/as-get" => to(302, "/fine"),
            "/moved" => to(308, "/fine"),
            _ => Says::page(),
        }
    })
    .await;
    for path in ["/metadata", "/away", "/circle", "/as-get"] {
        let error = out().send(call(&format!("{}{path}", fake.url))).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Refused, "{path}");
    }
    assert!(other.seen().is_empty(), "the key did not travel");
    assert!(out().send(call(&format!("{}/moved", fake.url))).await.unwrap().is_success());
    assert_eq!(fake.calls("/fine")[0].method, "POST");
}

#[tokio::test]
async fn each_of_the_times_is_kept() {
    let begun = std::time::Instant::now();
    // A listener whose queue is full does not answer the first packet of a connection.
    let full = tokio::net::TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = full.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(SOON, tokio::net::TcpStream::connect(address)).await {
        queued.push(stream);
        assert!(queued.len() < 1_000, "the queue has no end here");
    }
    let error = out().send(call(&format!("http://{address}"))).await.unwrap_err();
    assert!(error.class == ErrorClass::Unavailable && error.message.contains("no connection"), "{error}");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(out().send(call(&url)).await.unwrap_err().class, ErrorClass::Timeout, "no head");
    let hangs = body_of(says(vec![Step::Send(b"x".to_vec()), Step::Hang])).await;
    assert_eq!(hangs.unwrap_err().class, ErrorClass::Timeout, "nothing between two pieces");
    let drips = body_of(says(vec![Step::Repeat(b"x".to_vec(), Duration::from_millis(100))])).await;
    assert_eq!(drips.unwrap_err().class, ErrorClass::Timeout, "a drip ends with the total");
    assert!(begun.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn a_body_of_many_megabytes_is_given_up() {
    let flood = vec![Step::Repeat(vec![b'x'; 1 << 16], Duration::ZERO)];
    assert_eq!(body_of(says(flood)).await.unwrap_err().class, ErrorClass::BrokenStream);
}

#[tokio::test]
async fn compressed_bytes_are_not_blown_up() {
    let bomb = says(vec![Step::Send(vec![0x1f, 0x8b, 8, 0, 0, 0])]).header("content-encoding", "gzip");
    assert_eq!(body_of(bomb).await.unwrap(), [0x1f, 0x8b, 8, 0, 0, 0]);
}

#[tokio::test]
async fn all_that_was_handed_in_to_be_stopped_is_waited_for() {
    let fake = Fake::start(|_| Says::page()).await;
    let (stops, working) = Stops::new();
    for n in 0..20 {
        let call = call(&format!("{}/stop/{n}", fake.url));
        let mut guard = StopGuard::new(stops.clone());
        guard.arm(StopCall { by: out(), call });
    }
    let mut ended = StopGuard::new(stops.clone());
    ended.arm(StopCall { by: out(), call: call(&format!("{}/ended", fake.url)) });
    ended.ended();
    drop(ended);
    let working = tokio::spawn(working);
    stops.idle().await;
    assert_eq!((fake.calls("/stop/").len(), fake.calls("/ended").len()), (20, 0));
    working.abort();
}

#[tokio::test]
async fn nothing_of_a_call_shows_its_key_or_its_query() {
    let call = call("http://127.0.0.1:1/path?token=canary-query");
    let shown = format!("{call:?}");
    assert!(!shown.contains("canary"), "{shown}");
    let error = out().send(call).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Unavailable);
    assert!(!error.message.contains("canary"), "{error}");
}
