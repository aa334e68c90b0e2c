//! The way of a browser: page, scripts, a visitor's session, sockets, the cookie of an agent.

use super::dial::{self, Answer, Failure, Target};
use super::{Check, Probe, socket};
use crate::EXIT_DEPENDENCY;
use crate::control::ask_server;
use axum::http::{Method, header};
use http_body_util::Full;
use serde_json::json;
use std::path::Path;

/// What to walk.
pub(super) struct Walk<'a> {
    pub(super) target: Target,
    /// Where a visitor begins.
    pub(super) site: Option<String>,
    /// A page that shall embed the widget.
    pub(super) page: Option<String>,
    /// The folder of the server behind the address, if it runs here.
    pub(super) data: Option<&'a Path>,
}

impl Walk<'_> {
    pub(super) async fn run(self, checks: &mut Vec<Check>) {
        let target = &self.target;
        let first = match dial::get(target, "/").await {
            Ok(first) => first,
            Err(failure) => {
                checks.push(unreachable(&failure));
                return;
            }
        };
        checks.push(secure(target));
        checks.push(page(target, &first).await);
        checks.push(expect(target, "ready", "/readyz", "text/plain").await);
        checks.push(expect(target, "widget", "/widget.js", "javascript").await);
        match &self.site {
            Some(site) => self.visitor(site, checks).await,
            None => checks.push(Check::warning(
                "visitor",
                "not tried: no site is known",
                "name one with --site, or the folder of the running server with --data",
            )),
        }
        checks.push(socket::host(target).await);
        if let Some(data) = self.data {
            checks.push(cookie(target, data).await);
        }
    }

    async fn visitor(&self, site: &str, checks: &mut Vec<Check>) {
        let own = self.target.origin();
        match session(&self.target, site, &own).await {
            Ok(answer) if answer.status == 200 => {
                checks.push(Check::ok("visitor", "a session was opened"));
                let token = answer.field("token").unwrap_or_default();
                checks.push(socket::visitor(&self.target, &token).await);
            }
            Ok(answer) => checks.push(Check::problem("visitor", refusal(&answer), "see the words of the server")),
            Err(failure) => checks.push(Check::problem("visitor", failure.to_string(), "look at the proxy's log")),
        }
        let Some(page) = &self.page else { return };
        checks.push(match session(&self.target, site, page).await {
            Ok(answer) if answer.status == 200 => Check::ok("page", format!("{page} may embed the widget")),
            Ok(answer) => {
                let todo = "add its host to the domains of the site in the workbench";
                Check::problem("page", refusal(&answer), todo)
            }
            Err(failure) => Check::problem("page", failure.to_string(), "look at the proxy's log"),
        });
    }
}

fn unreachable(failure: &Failure) -> Check {
    match failure {
        Failure::Unreachable(what) => {
            let todo = "look at the name, the firewall, and whether proxy and server run";
            Check::problem("address", what, todo).with_code(EXIT_DEPENDENCY)
        }
        Failure::Certificate(what) => {
            let todo = "give the proxy a certificate for this name with its whole chain, and renew it in time";
            Check::problem("certificate", what, todo).with_code(EXIT_DEPENDENCY)
        }
        Failure::Broken(what) => Check::problem("address", what, "look at the proxy's log").with_code(EXIT_DEPENDENCY),
    }
}

fn secure(target: &Target) -> Check {
    let local = matches!(target.host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if target.tls {
        Check::ok("certificate", format!("valid for {}", target.host))
    } else if local {
        Check::ok("certificate", "none needed on this machine")
    } else {
        let what = "plain http: passwords and messages travel in clear text, and browsers keep notifications off";
        Check::warning("certificate", what, "put TLS in front")
    }
}

async fn page(target: &Target, first: &Answer) -> Check {
    let name = "page";
    if (300..400).contains(&first.status) {
        let what = format!("the address redirects to {}", first.header("location"));
        return Check::problem(name, what, "use that address everywhere, or stop the redirect");
    }
    if !dial::is_macaw(target).await {
        let what = format!("something else than Macaw answers here ({})", first.status);
        let todo = "look at which server the proxy passes this name to; all paths have to arrive, /api/ too";
        return Check::problem(name, what, todo).with_code(EXIT_DEPENDENCY);
    }
    if first.status == 200 && first.header("content-type").starts_with("text/html") {
        return match first.header("content-security-policy") {
            "" => Check::warning(name, "the proxy takes away Content-Security-Policy", "let it pass that header on"),
            _ => Check::ok(name, "the sign-in page is there"),
        };
    }
    let words: String = String::from_utf8_lossy(&first.body).trim().chars().take(120).collect();
    Check::problem(name, format!("no sign-in page ({}): {words}", first.status), "use a whole build: make build")
}

async fn expect(target: &Target, name: &'static str, path: &str, kind: &str) -> Check {
    match dial::get(target, path).await {
        Ok(answer) if answer.status == 200 && answer.header("content-type").contains(kind) => {
            Check::ok(name, format!("{path} answers"))
        }
        Ok(answer) => {
            let what = format!("{path} answers {} {}", answer.status, answer.header("content-type"));
            Check::problem(name, what, "let the proxy pass all paths on unchanged, and look at the server's log")
        }
        Err(failure) => Check::problem(name, format!("{path}: {failure}"), "look at the proxy's log"),
    }
}

async fn session(target: &Target, site: &str, origin: &str) -> Result<Answer, Failure> {
    let request = dial::request(target, Method::POST, "/api/v1/visitor/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, origin)
        .body(Full::from(json!({ "site": site }).to_string()));
    dial::send(target, request.map_err(|error| Failure::Broken(error.to_string()))?).await
}

fn refusal(answer: &Answer) -> String {
    let detail = answer.field("detail").unwrap_or_else(|| "no words".to_owned());
    format!("refused with {}: {detail}", answer.status)
}

/// Signs a session of its own out through the proxy: the answer sets the cookie just like signing in does.
async fn cookie(target: &Target, data: &Path) -> Check {
    let name = "cookie";
    let token = match ask_server(data, Probe {}).await {
        Ok(Some(probe)) => probe.token,
        Ok(None) => return Check::warning(name, "not tried: the server stopped", "try again"),
        Err(error) => return Check::warning(name, format!("not tried: {error:#}"), "try again"),
    };
    let request = dial::request(target, Method::POST, "/api/v1/auth/sign-out")
        .header(header::ORIGIN, target.origin())
        .header("x-macaw", "1")
        .header(header::COOKIE, format!("macaw_session={token}; __Host-macaw_session={token}"))
        .body(Full::default());
    let Ok(request) = request else { return Check::warning(name, "not tried", "look at the address") };
    match dial::send(target, request).await {
        Ok(answer) => judge_cookie(target, &answer),
        Err(failure) => Check::problem(name, failure.to_string(), "look at the proxy's log"),
    }
}

fn judge_cookie(target: &Target, answer: &Answer) -> Check {
    let name = "cookie";
    match answer.status {
        204 => {}
        401 => return Check::problem(name, "the cookie does not arrive at the server", "let the proxy pass Cookie on"),
        403 => return Check::problem(name, "the header X-Macaw does not arrive", "let the proxy pass X-Macaw on"),
        _ => return Check::problem(name, refusal(answer), "look at the server's log"),
    }
    let set = answer.header("set-cookie").to_lowercase();
    if set.is_empty() {
        return Check::problem(name, "Set-Cookie does not come back", "let the proxy pass Set-Cookie on");
    }
    if !set.contains("httponly") {
        return Check::problem(name, "HttpOnly is lost on the way", "let the proxy pass Set-Cookie on unchanged");
    }
    if target.tls && !set.contains("secure") {
        let todo = "let the server know that it is behind https, or let the proxy mark the cookie; nginx: \
                    proxy_cookie_flags macaw_session secure";
        return Check::problem(name, "the session cookie is not Secure although this is https", todo);
    }
    Check::ok(name, "arrives and comes back as it should")
}
