//! The engines that a tenant can ask, made when they are first needed and again when they changed.

use super::vault::{Secrets, Vault, VaultError};
use crate::{AiConnector, EngineKinds, Engines, Recipe, Routes, Store, StoreError, StoredEngine};
use macaw_domain::TenantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Tenants whose engines are kept; beyond it the table starts afresh, which only costs time.
const MOST_KEPT: usize = 1_000;

/// An engine of a tenant.
#[derive(Clone)]
pub struct OwnEngine {
    /// As it is stored.
    pub stored: StoredEngine,
    /// The keys of the secrets that are set.
    pub secrets: Vec<String>,
    /// It, or in words why it cannot be made.
    pub made: Result<Arc<dyn AiConnector>, String>,
}

/// What a tenant can ask. A turn keeps the one that it began with.
#[derive(Default)]
pub struct Shelved {
    version: u64,
    /// Its own, by name.
    pub own: Vec<OwnEngine>,
    /// The installation's and those of its own that may be asked.
    pub engines: Engines,
    /// Its rules; they come before those of the installation.
    pub rules: Arc<Routes>,
    /// Which text of rules that is; 0 for none.
    rules_version: u64,
}

impl Shelved {
    /// A tenant's that has configured nothing.
    pub(crate) fn plain(engines: Engines) -> Self {
        Self { engines, ..Self::default() }
    }
}

/// Makes engines of tenants and keeps them.
pub struct Shelf {
    store: Arc<dyn Store>,
    kinds: Arc<dyn EngineKinds>,
    vault: Vault,
    installed: Engines,
    kept: Mutex<HashMap<TenantId, Arc<Shelved>>>,
}

impl Shelf {
    /// Over this store; `installed` are there for every tenant.
    pub fn new(store: Arc<dyn Store>, kinds: Arc<dyn EngineKinds>, vault: Vault, installed: Engines) -> Self {
        Self { store, kinds, vault, installed, kept: Mutex::default() }
    }

    /// What a tenant can ask now: a change is seen at the next question, whichever node it was made at.
    pub async fn of(&self, tenant: TenantId) -> Result<Arc<Shelved>, StoreError> {
        // Read before what it is the version of: what is newer than it is read again the next time.
        let version = self.store.ai_version(tenant).await?;
        let kept = self.kept().get(&tenant).cloned();
        if let Some(kept) = kept.as_ref().filter(|kept| kept.version == version) {
            return Ok(kept.clone());
        }
        let stored = if version == 0 { Vec::new() } else { self.store.engines(tenant).await? };
        let mut own = Vec::with_capacity(stored.len());
        for engine in stored {
            let same = kept.as_ref().and_then(|kept| kept.own.iter().find(|old| old.stored == engine));
            own.push(same.cloned().unwrap_or_else(|| self.make(engine)));
        }
        let engines = self.installed.with_own(own.iter().map(|own| (own.stored.name.clone(), own.ready())));
        let (rules_version, rules) = self.rules(tenant, version, kept.as_deref()).await?;
        let shelved = Arc::new(Shelved { version, own, engines, rules, rules_version });
        let mut all = self.kept();
        if all.len() >= MOST_KEPT {
            all.clear();
        }
        all.insert(tenant, shelved.clone());
        Ok(shelved)
    }

    /// The rules of a tenant and their version.
    async fn rules(
        &self,
        tenant: TenantId,
        version: u64,
        kept: Option<&Shelved>,
    ) -> Result<(u64, Arc<Routes>), StoreError> {
        let stored = if version == 0 { None } else { self.store.rules(tenant, None).await? };
        let Some(stored) = stored else { return Ok((0, Arc::default())) };
        let newest = stored.stamp.version;
        if let Some(kept) = kept.filter(|kept| kept.rules_version == newest) {
            return Ok((newest, kept.rules.clone()));
        }
        match read_apart(stored.text).await {
            Ok(rules) => Ok((newest, Arc::new(rules))),
            Err(error) => {
                // It was read when it was written; another version of Macaw may read it otherwise.
                tracing::error!(tenant.id = %tenant, %error, "the rules of a tenant cannot be read; those before them stay");
                Ok(kept.map_or((0, Arc::default()), |kept| (kept.rules_version, kept.rules.clone())))
            }
        }
    }

    /// The secrets of an engine.
    pub(super) fn secrets(&self, engine: &StoredEngine) -> Result<Secrets, VaultError> {
        self.vault.open(&whose(engine), &engine.secrets)
    }

    /// The engine with these secrets; an error says in words what is wrong with its settings.
    pub(super) fn sealed(&self, mut engine: StoredEngine, secrets: &Secrets) -> Result<StoredEngine, String> {
        self.make_with(&engine, secrets)?;
        engine.secrets = self.vault.seal(&whose(&engine), secrets).map_err(|error| error.to_string())?;
        Ok(engine)
    }

    pub(super) fn kinds(&self) -> &dyn EngineKinds {
        &*self.kinds
    }

    fn make(&self, stored: StoredEngine) -> OwnEngine {
        let secrets = self.secrets(&stored);
        let made = match &secrets {
            Ok(secrets) => self.make_with(&stored, secrets),
            Err(error) => Err(error.to_string()),
        };
        if made.is_err() {
            // Why is shown to the tenant's managers; it may quote what they wrote.
            tracing::warn!(tenant.id = %stored.tenant, engine = stored.name, "an engine of a tenant cannot be made");
        }
        let secrets = secrets.unwrap_or_default().iter().map(|(key, _)| key.to_owned()).collect();
        OwnEngine { stored, secrets, made }
    }

    fn make_with(&self, engine: &StoredEngine, secrets: &Secrets) -> Result<Arc<dyn AiConnector>, String> {
        let StoredEngine { name, kind, settings, .. } = engine;
        self.kinds.make(Recipe { name, kind, settings, secrets })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Arc<Shelved>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OwnEngine {
    /// It, if it may be asked.
    fn ready(&self) -> Result<Arc<dyn AiConnector>, String> {
        if self.stored.enabled { self.made.clone() } else { Err("it is switched off".to_owned()) }
    }
}

/// What secrets are bound to: a row that is copied to another tenant or engine opens nothing.
fn whose(engine: &StoredEngine) -> String {
    format!("{}/{}", engine.tenant, engine.id)
}

/// Reads rules on a thread of its own: hundreds of patterns take a while to compile.
pub(crate) async fn read_apart(text: String) -> Result<Routes, crate::RouteFileError> {
    let read = tokio::task::spawn_blocking(move || Routes::read_of_tenant(&text)).await;
    read.unwrap_or_else(|_| {
        let place = crate::Place { line: 1, column: 1 };
        Err(crate::RouteFileError { place, message: "it could not be read".to_owned() })
    })
}
