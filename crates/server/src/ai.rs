//! The wiring of AI: the engines of the installation and of its tenants, and the rules between them.

use crate::config::{self, Engine, make_engines};
use crate::routing::Watch;
use anyhow::Result;
use macaw_app::{AiHub, Clock, Engines, Routing, Shelf, Store, TenantEngines, TenantRules, Vault};
use macaw_connectors::engines::{Needs, TenantKinds, built_in};
use std::sync::Arc;

/// What answers, and what managers set about it.
pub(crate) struct Ai {
    pub(crate) hub: AiHub,
    pub(crate) engines: Arc<TenantEngines>,
    pub(crate) rules: Arc<TenantRules>,
    /// Looks at the file of rules, if there is one.
    pub(crate) watch: Option<Watch>,
}

impl Ai {
    /// `secret` is the installation's; a key of its own for secrets takes its place.
    pub(crate) fn wire(
        (ai, engines): (&config::Ai, &[Engine]),
        needs: &Needs,
        store: &Arc<dyn Store>,
        clock: &Arc<dyn Clock>,
        secret: &[u8],
    ) -> Result<Self> {
        let outside = make_engines(engines, needs)?;
        let installed = Engines::new(built_in(needs).into_iter().chain(outside));
        let own = ai.secrets_key.0.as_bytes();
        let vault = Vault::new(if own.is_empty() { secret } else { own });
        let kinds = Arc::new(TenantKinds::new(needs.clone(), ai.allow_networks.clone()));
        let shelf = Arc::new(Shelf::new(store.clone(), kinds, vault, installed.clone()));
        let routing = Arc::new(Routing::default());
        let file = &ai.routing;
        let watch = match file.as_os_str().is_empty() {
            true => None,
            false => Some(Watch::begin(file, ai.reload, routing.clone(), installed.clone())?),
        };
        let hub = AiHub::new(installed, routing, shelf.clone());
        let engines = Arc::new(TenantEngines::new(store.clone(), clock.clone(), hub.clone(), shelf));
        let rules = Arc::new(TenantRules::new(store.clone(), clock.clone(), hub.clone()));
        Ok(Self { hub, engines, rules, watch })
    }
}
