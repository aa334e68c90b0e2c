//! The engines, one file each. A new one is a file here and a line in [`all`].

mod knowledge;

use macaw_app::{AiConnector, Search};
use std::sync::Arc;
use std::time::Duration;

/// What engines are made from.
pub struct Needs {
    /// The knowledge of tenants.
    pub search: Arc<dyn Search>,
    /// Between two pieces of a knowledge answer.
    pub pace: Duration,
}

/// All engines of this build.
pub fn all(needs: &Needs) -> Vec<Arc<dyn AiConnector>> {
    vec![Arc::new(knowledge::Knowledge::new(needs.search.clone(), needs.pace))]
}
