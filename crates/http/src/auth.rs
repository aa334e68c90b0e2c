//! Who asks. Handlers take one of these in their signature; that is their permission.

use crate::problem::Problem;
use crate::proxies::Client;
use crate::state::App;
use crate::tokens::{Grace, token_hash};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use macaw_app::{Agent, Session, Visitor};
use macaw_domain::{AccountId, Member, Millis};
use macaw_wire::Code;
use std::net::IpAddr;

/// The cookie of a signed-in browser. Where the browser speaks https it is `Secure` and carries
/// the prefix by which a browser takes it from this host alone, over https alone.
pub(crate) const COOKIE: &str = "macaw_session";
const SECURE_COOKIE: &str = "__Host-macaw_session";
/// A session ends after this long without use.
pub(crate) const SESSION_MS: Millis = 12 * 3_600 * 1_000;
/// How often use is written down.
const SEEN_EVERY_MS: Millis = 60_000;

/// A visitor with a valid token.
pub(crate) struct AsVisitor(pub(crate) Visitor);

/// A signed-in agent.
pub(crate) struct AsAgent {
    pub(crate) agent: Agent,
    pub(crate) member: Member,
}

/// Whoever is signed in: an agent, or an operator who need not be a member of any tenant.
pub(crate) struct AsPerson {
    pub(crate) session: Session,
    pub(crate) member: Option<Member>,
}

/// Whoever operates the installation. It has no tenant, so no conversation can be reached with it.
pub(crate) struct AsOperator(pub(crate) AccountId);

/// A signed-in manager or owner.
pub(crate) struct AsManager(pub(crate) Agent);

/// Where the request comes from.
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<App> for AsVisitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = header_text(&parts.headers, header::AUTHORIZATION.as_str())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::unauthorized("send Authorization: Bearer with the visitor's token"))?;
        visitor(app, token).map(Self)
    }
}

/// The visitor of a token that may act.
pub(crate) fn visitor(app: &App, token: &str) -> Result<Visitor, Problem> {
    let visitor = app
        .signer
        .verify(token, app.clock.now(), Grace::None)
        .ok_or_else(|| Problem::unauthorized("the visitor's token is not valid any more; ask for a new one"))?;
    if app.tenants.is_suspended(visitor.tenant) { Err(Problem::suspended()) } else { Ok(visitor) }
}

impl FromRequestParts<App> for AsPerson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // A foreign page can send the cookie along, but not this header without asking first.
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        if !reads && !parts.headers.contains_key("x-macaw") {
            return Err(Problem::new(Code::Forbidden, "send the header X-Macaw: 1 with every change"));
        }
        person(app, &Client::of(parts), &parts.headers).await
    }
}

/// Whoever the session cookie belongs to.
async fn person(app: &App, client: &Client, headers: &HeaderMap) -> Result<AsPerson, Problem> {
    let refusal = || Problem::unauthorized("sign in first");
    let token = token_hash(cookie(client, headers).ok_or_else(refusal)?);
    let now = app.clock.now();
    let (mut session, member) = match app.store.session(token, now).await? {
        Some((session, member)) => (session, Some(member)),
        None => (app.store.operator_session(token, now).await?.ok_or_else(refusal)?, None),
    };
    if now - session.seen_at >= SEEN_EVERY_MS {
        session.seen_at = now;
        session.expires_at = now + SESSION_MS;
        app.store.put_session(session.clone()).await?;
    }
    Ok(AsPerson { session, member })
}

impl AsPerson {
    fn agent(self) -> Result<AsAgent, Problem> {
        let words = "you operate this installation and are a member of no tenant here; its conversations are not yours";
        let member = self.member.ok_or_else(|| Problem::new(Code::Forbidden, words))?;
        let agent = Agent { tenant: member.tenant, account: member.account, role: member.role };
        Ok(AsAgent { agent, member })
    }
}

impl FromRequestParts<App> for AsAgent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        AsPerson::from_request_parts(parts, app).await?.agent()
    }
}

/// The agent of the session cookie.
pub(crate) async fn signed_in(app: &App, client: &Client, headers: &HeaderMap) -> Result<AsAgent, Problem> {
    person(app, client, headers).await?.agent()
}

impl FromRequestParts<App> for AsOperator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let account = AsPerson::from_request_parts(parts, app).await?.session.account;
        if app.store.is_operator(account).await? {
            Ok(Self(account))
        } else {
            Err(Problem::new(Code::Forbidden, "only whoever operates the installation may do that"))
        }
    }
}

impl FromRequestParts<App> for AsManager {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let AsAgent { agent, .. } = AsAgent::from_request_parts(parts, app).await?;
        if agent.may_manage() {
            Ok(Self(agent))
        } else {
            Err(Problem::new(Code::Forbidden, "only a manager may do that"))
        }
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        Ok(Self(Client::of(parts).address))
    }
}

pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn cookie<'a>(client: &Client, headers: &'a HeaderMap) -> Option<&'a str> {
    // Over https the plain name is not read: a page of a sister host could have set it.
    let wanted = if client.secure { SECURE_COOKIE } else { COOKIE };
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The header that sets the session cookie for `seconds`; 0 removes it.
pub(crate) fn session_cookie(client: &Client, token: &str, seconds: Millis) -> String {
    let (name, secure) = if client.secure { (SECURE_COOKIE, "; Secure") } else { (COOKIE, "") };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}
