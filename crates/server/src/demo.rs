//! What a demo begins with: the knowledge of a small shop, in Chinese and English.

use anyhow::{Context, Result};
use macaw_app::{Knowledge, read_table};
use macaw_domain::TenantId;

const TABLE: &[u8] = include_bytes!("../demo/knowledge.csv");

/// Imports the demo shop's knowledge.
pub(crate) async fn knowledge(knowledge: &Knowledge, tenant: TenantId) -> Result<()> {
    let (drafts, _) = read_table(TABLE).context("the demo's knowledge")?;
    knowledge.import_into(tenant, drafts).await.context("the demo's knowledge")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_demo_is_an_entry() {
        let (drafts, refused) = read_table(TABLE).expect("a table");
        assert!(refused.is_empty(), "{refused:?}");
        assert!(drafts.len() >= 40, "{}", drafts.len());
    }
}
