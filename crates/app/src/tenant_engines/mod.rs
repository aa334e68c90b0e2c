//! Engines that a tenant configures itself: written here, made when they are needed ([`Shelf`]), their secrets sealed
//! ([`Vault`]) and never shown again.

mod errors;
mod shelf;
mod trial;
mod vault;

use crate::turns::GuardedAs;
use crate::{Agent, AiHub, Answer, Clock, Profile, Store, StoreError, StoredEngine};
pub use errors::EngineSettingsError;
use macaw_domain::{EngineId, Millis, is_engine_name};
pub(crate) use shelf::read_apart;
pub use shelf::{OwnEngine, Shelf, Shelved};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
pub use trial::Trial;
pub use vault::{Secrets, Vault, VaultError};

/// Engines of one tenant.
const MOST_ENGINES: usize = 20;
/// The longest settings and the longest secret, in bytes.
const MOST_BYTES: usize = 32 * 1024;
/// Trials at once in this process.
const MOST_TRIALS: usize = 4;
/// The longest question of a trial, in characters.
const MOST_WORDS: usize = 500;

/// A new engine.
#[derive(Debug, Clone)]
pub struct EngineDraft {
    /// What sites and routes will call it.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// The rest.
    pub change: EngineChange,
}

/// What can be changed of an engine.
#[derive(Debug, Clone)]
pub struct EngineChange {
    /// The keys of its kind, a JSON object.
    pub settings: String,
    /// Secrets to be set; an empty one is taken away, one that is not named stays.
    pub secrets: BTreeMap<String, String>,
    /// Whether it may be asked.
    pub enabled: bool,
}

/// Where an engine is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineOrigin {
    /// Nowhere: it is always there.
    BuiltIn,
    /// In the installation's file.
    File,
    /// Here.
    Tenant,
}

/// An engine as a manager sees it.
#[derive(Debug, Clone)]
pub struct EngineRow {
    /// Its id, or the name of one that is not the tenant's.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Where it is configured.
    pub origin: EngineOrigin,
    /// Whether it may be asked.
    pub enabled: bool,
    /// The keys of its kind, a JSON object; of one that is not the tenant's an empty one.
    pub settings: String,
    /// The keys of the secrets that are set.
    pub secrets: Vec<String>,
    /// What it tells about itself, unless it cannot be made.
    pub profile: Option<Profile>,
    /// Why it cannot be made.
    pub fault: Option<String>,
    /// It failed again and again, and is left alone until then.
    pub resting_until: Option<Millis>,
    /// When it was written last.
    pub updated_at: Option<Millis>,
}

/// The engines of tenants.
pub struct TenantEngines {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hub: AiHub,
    shelf: Arc<Shelf>,
    trials: Semaphore,
}

impl TenantEngines {
    /// Over this store; `shelf` is that of `hub`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, hub: AiHub, shelf: Arc<Shelf>) -> Self {
        let hub = AiHub { shelf: Some(shelf.clone()), ..hub };
        Self { store, clock, hub, shelf, trials: Semaphore::new(MOST_TRIALS) }
    }

    /// The engines that the actor's tenant can choose: the built-in ones, those of the file, its own.
    pub async fn list(&self, actor: &Agent) -> Result<Vec<EngineRow>, EngineSettingsError> {
        allowed(actor)?;
        let shelved = self.shelf.of(actor.tenant).await?;
        let installed = self.hub.engines.all().filter(|engine| !shelved.engines.is_own(engine.name()));
        let mut rows: Vec<EngineRow> = installed.map(|engine| self.installed(actor, &shelved, &**engine)).collect();
        rows.sort_by_key(|row| row.origin != EngineOrigin::BuiltIn);
        rows.extend(shelved.own.iter().map(|own| self.own(actor, &shelved, own)));
        Ok(rows)
    }

    /// Adds an engine.
    pub async fn create(&self, actor: &Agent, draft: EngineDraft) -> Result<EngineRow, EngineSettingsError> {
        allowed(actor)?;
        let EngineDraft { name, kind, change } = draft;
        if !is_engine_name(&name) {
            return Err(EngineSettingsError::Name);
        }
        let shelved = self.shelf.of(actor.tenant).await?;
        if shelved.engines.names().any(|known| known == name) {
            return Err(EngineSettingsError::Taken(name));
        }
        if shelved.own.len() >= MOST_ENGINES {
            return Err(EngineSettingsError::Full);
        }
        let now = self.clock.now();
        let (id, tenant) = (EngineId(self.clock.fresh()), actor.tenant);
        let (settings, secrets, enabled) = (String::new(), Vec::new(), false);
        let blank =
            StoredEngine { id, tenant, name, kind, settings, secrets, enabled, created_at: now, updated_at: now };
        self.write(actor, blank, change, Secrets::default()).await
    }

    /// Replaces the settings of an engine; answers in the making keep the old ones.
    pub async fn update(
        &self,
        actor: &Agent,
        id: &str,
        change: EngineChange,
    ) -> Result<EngineRow, EngineSettingsError> {
        allowed(actor)?;
        let stored = self.find(actor, id).await?;
        let address = self.shelf.kinds().address(&stored.settings);
        // Whoever has lost the key of the installation enters the secrets again.
        let kept = self.shelf.secrets(&stored).unwrap_or_default();
        let moved = self.shelf.kinds().address(&change.settings) != address;
        if moved && kept.iter().any(|(key, _)| !change.secrets.contains_key(key)) {
            return Err(EngineSettingsError::AddressChanged);
        }
        let row = self.write(actor, stored, change, kept).await?;
        let shelved = self.shelf.of(actor.tenant).await?;
        self.hub.guards.forget(&GuardedAs::of(actor.tenant, &row.name, &shelved.engines));
        Ok(row)
    }

    /// Removes an engine that no site begins with; what is asked of it now is answered still.
    pub async fn remove(&self, actor: &Agent, id: &str) -> Result<(), EngineSettingsError> {
        allowed(actor)?;
        let stored = self.find(actor, id).await?;
        let sites = self.store.sites(actor.tenant).await?;
        let begins = |site: &&macaw_domain::Site| site.settings.engine.as_deref() == Some(stored.name.as_str());
        if let Some(site) = sites.iter().find(begins) {
            return Err(EngineSettingsError::InUse(site.settings.name.clone()));
        }
        let gone = self.store.delete_engine(actor.tenant, stored.id).await?;
        if gone { Ok(()) } else { Err(EngineSettingsError::NotFound) }
    }

    /// Asks an engine `words`, also one that is switched off or left alone. One that answers is not left alone any
    /// longer.
    pub async fn try_out(&self, actor: &Agent, id: &str, words: &str) -> Result<Trial, EngineSettingsError> {
        allowed(actor)?;
        if words.chars().count() > MOST_WORDS {
            return Err(EngineSettingsError::TooLong("text"));
        }
        let _permit = self.trials.try_acquire().map_err(|_| EngineSettingsError::Busy)?;
        let shelved = self.shelf.of(actor.tenant).await?;
        let own = shelved.own.iter().find(|own| own.stored.id.to_string() == id);
        let engine = match own {
            Some(own) => own.made.clone().map_err(EngineSettingsError::Settings)?,
            None if shelved.engines.is_own(id) => return Err(EngineSettingsError::NotFound),
            None => shelved.engines.find(id).map_err(|_| EngineSettingsError::NotFound)?.clone(),
        };
        let trial = trial::try_out(&*engine, actor.tenant, words, &*self.clock).await;
        let (guarded_as, now) = (GuardedAs::of(actor.tenant, engine.name(), &shelved.engines), self.clock.now());
        self.hub.guards.spent(actor.tenant, &guarded_as, trial.usage.input + trial.usage.output, now);
        if matches!(trial.ended, Ok(Answer::Given)) {
            self.hub.guards.ended(&guarded_as, None, now);
        }
        Ok(trial)
    }

    /// The engine of an id, which has to be the tenant's own.
    async fn find(&self, actor: &Agent, id: &str) -> Result<StoredEngine, EngineSettingsError> {
        let mut all = self.store.engines(actor.tenant).await?.into_iter();
        match all.find(|engine| engine.id.to_string() == id) {
            Some(engine) => Ok(engine),
            None if self.hub.engines.find(id).is_ok() => Err(EngineSettingsError::Installed),
            None => Err(EngineSettingsError::NotFound),
        }
    }

    async fn write(
        &self,
        actor: &Agent,
        stored: StoredEngine,
        change: EngineChange,
        mut secrets: Secrets,
    ) -> Result<EngineRow, EngineSettingsError> {
        let EngineChange { settings, secrets: changed, enabled } = change;
        if settings.len() > MOST_BYTES {
            return Err(EngineSettingsError::TooLong("settings"));
        }
        let known = self.shelf.kinds().secrets(&stored.kind);
        let known = known.ok_or_else(|| EngineSettingsError::Kind(stored.kind.clone()))?;
        for (key, value) in changed {
            if !known.contains(&key.as_str()) {
                return Err(EngineSettingsError::NoSecret(key));
            }
            if value.len() > MOST_BYTES {
                return Err(EngineSettingsError::TooLong("secrets"));
            }
            secrets.set(&key, value.trim());
        }
        let (id, updated_at) = (stored.id, self.clock.now());
        let engine = StoredEngine { settings, enabled, updated_at, ..stored };
        let engine = self.shelf.sealed(engine, &secrets).map_err(EngineSettingsError::Settings)?;
        let name = engine.name.clone();
        self.store.put_engine(engine).await.map_err(|error| match error {
            StoreError::Taken(_) => EngineSettingsError::Taken(name),
            error => error.into(),
        })?;
        let shelved = self.shelf.of(actor.tenant).await?;
        let own = shelved.own.iter().find(|own| own.stored.id == id).ok_or(EngineSettingsError::NotFound)?;
        Ok(self.own(actor, &shelved, own))
    }

    fn installed(&self, actor: &Agent, shelved: &Shelved, engine: &dyn crate::AiConnector) -> EngineRow {
        let profile = engine.profile();
        let origin = if profile.abilities.outside { EngineOrigin::File } else { EngineOrigin::BuiltIn };
        EngineRow {
            id: engine.name().to_owned(),
            name: engine.name().to_owned(),
            kind: profile.kind.to_owned(),
            origin,
            enabled: true,
            settings: "{}".to_owned(),
            secrets: Vec::new(),
            profile: Some(profile),
            fault: None,
            resting_until: self.resting_until(actor, shelved, engine.name()),
            updated_at: None,
        }
    }

    fn own(&self, actor: &Agent, shelved: &Shelved, own: &OwnEngine) -> EngineRow {
        let OwnEngine { stored, secrets, made } = own;
        EngineRow {
            id: stored.id.to_string(),
            name: stored.name.clone(),
            kind: stored.kind.clone(),
            origin: EngineOrigin::Tenant,
            enabled: stored.enabled,
            settings: stored.settings.clone(),
            secrets: secrets.clone(),
            profile: made.as_ref().ok().map(|engine| engine.profile()),
            fault: made.as_ref().err().cloned(),
            resting_until: self.resting_until(actor, shelved, &stored.name),
            updated_at: Some(stored.updated_at),
        }
    }

    fn resting_until(&self, actor: &Agent, shelved: &Shelved, engine: &str) -> Option<Millis> {
        let guarded_as = GuardedAs::of(actor.tenant, engine, &shelved.engines);
        self.hub.guards.resting_until(&guarded_as, self.clock.now())
    }
}

fn allowed(actor: &Agent) -> Result<(), EngineSettingsError> {
    if actor.may_manage() { Ok(()) } else { Err(EngineSettingsError::NotAllowed) }
}
