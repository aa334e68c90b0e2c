//! `macaw admin`: operators, tenants, passwords and sessions, by whoever owns the data folder.

mod accounts;
mod operator;
mod tenants;

use super::{Place, run};
use crate::control::{House, ask, on};
use crate::print;
use anyhow::{Context, Result};
use axum::Router;
use clap::{Args, Subcommand};
use macaw_app::Reset;
use macaw_domain::{Account, AccountId};
use macaw_http::{RESET_MS, email_address, random_token, token_hash};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    place: Place,
    /// As JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make somebody an operator: makes tenants, sees no conversations.
    Operator {
        /// The e-mail address; an unknown one gets an account and a link that sets its password.
        email: String,
        /// End it instead.
        #[arg(long)]
        revoke: bool,
    },
    /// Make, list, suspend and resume tenants.
    Tenant {
        #[command(subcommand)]
        action: TenantAction,
    },
    /// Print a one-time link that sets a new password and ends all sessions.
    ResetPassword {
        /// The e-mail address.
        email: String,
    },
    /// List somebody's sessions, or end them all.
    Sessions {
        /// The e-mail address.
        email: String,
        /// End them, and close the sockets.
        #[arg(long)]
        end: bool,
    },
}

#[derive(Debug, Subcommand)]
enum TenantAction {
    /// Make a tenant with a site, and print a one-time invitation for its owner.
    Create {
        /// Its name.
        name: String,
        /// The owner's e-mail address.
        #[arg(long)]
        owner: String,
        /// An IANA name such as Asia/Shanghai.
        #[arg(long)]
        time_zone: Option<String>,
    },
    /// List all tenants.
    List,
    /// Let nobody sign in or chat there.
    Suspend {
        /// Its id, or its name.
        tenant: String,
    },
    /// Undo a suspension.
    Resume {
        /// Its id, or its name.
        tenant: String,
    },
}

/// Everything that a server does for `macaw admin`.
pub(super) fn requests() -> Router<Arc<House>> {
    Router::new()
        .merge(on::<operator::SetOperator>())
        .merge(on::<tenants::Create>())
        .merge(on::<tenants::List>())
        .merge(on::<tenants::Suspend>())
        .merge(on::<accounts::ResetPassword>())
        .merge(on::<accounts::Sessions>())
}

pub(crate) fn command(options: Options) -> ExitCode {
    let folder = match options.place.data() {
        Ok(folder) => folder,
        Err(code) => return code,
    };
    let json = options.json;
    run("admin", async {
        match options.action {
            Action::Operator { email, revoke } => {
                show(json, &ask(&folder, operator::SetOperator { email, operator: !revoke }).await?)
            }
            Action::Tenant { action } => match action {
                TenantAction::Create { name, owner, time_zone } => {
                    show(json, &ask(&folder, tenants::Create { name, owner, time_zone }).await?)
                }
                TenantAction::List => show(json, &ask(&folder, tenants::List {}).await?),
                TenantAction::Suspend { tenant } => {
                    show(json, &ask(&folder, tenants::Suspend { tenant, suspended: true }).await?)
                }
                TenantAction::Resume { tenant } => {
                    show(json, &ask(&folder, tenants::Suspend { tenant, suspended: false }).await?)
                }
            },
            Action::ResetPassword { email } => show(json, &ask(&folder, accounts::ResetPassword { email }).await?),
            Action::Sessions { email, end } => show(json, &ask(&folder, accounts::Sessions { email, end }).await?),
        }
    })
}

fn show(json: bool, answer: &(impl Serialize + Display)) -> Result<ExitCode> {
    Ok(print(&if json { serde_json::to_string(answer)? } else { answer.to_string() }))
}

/// A link that works once.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OneTime {
    link: String,
    expires_at: i64,
}

impl House {
    /// The address of a page of ours; only the path when no server runs that could tell it.
    fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.url.as_deref().unwrap_or_default())
    }

    /// A link that sets this account's password.
    async fn reset_link(&self, account: AccountId) -> Result<OneTime> {
        let token = fresh_token()?;
        let expires_at = self.clock.now() + RESET_MS;
        self.store.put_reset(Reset { token_hash: token_hash(&token), account, expires_at }).await?;
        Ok(OneTime { link: self.link("reset", &token), expires_at })
    }

    async fn account(&self, email: &str) -> Result<Account> {
        let email = address(email)?;
        let account = self.store.account_by_email(&email).await?;
        account.with_context(|| format!("{email}: there is no such account"))
    }
}

fn fresh_token() -> Result<String> {
    random_token().map_err(|error| anyhow::anyhow!("no randomness: {error}"))
}

fn address(text: &str) -> Result<String> {
    email_address(text).with_context(|| format!("{text}: write an address such as name@shop.example"))
}
