//! Logos of sites: small pictures that everybody may see.

use crate::{Agent, ImageRefusal, SiteError, Sites, StoreError, files};
use macaw_domain::{Site, SiteId};
use sha2::{Digest, Sha256};

/// The longest logo that is taken, in bytes as it comes.
pub const MOST_LOGO_BYTES: usize = 2 * 1024 * 1024;

/// A logo as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLogo {
    /// `image/png` or `image/jpeg`.
    pub kind: String,
    /// Its bytes, at most 192 pixels wide and high.
    pub bytes: Vec<u8>,
}

impl Sites {
    /// Takes a picture as the logo of a site, decoded and written anew. The site with its look.
    pub async fn set_logo(&self, actor: &Agent, id: SiteId, bytes: Vec<u8>) -> Result<Site, SiteError> {
        let mut site = self.own(actor, id).await?;
        if !actor.may_manage() {
            return Err(SiteError::NotAllowed);
        }
        if bytes.len() > MOST_LOGO_BYTES {
            return Err(ImageRefusal::TooManyPixels.into());
        }
        let permit = self.decoding.acquire().await.map_err(|_| StoreError::Closed)?;
        let rewriting = tokio::task::spawn_blocking(move || files::logo(&bytes));
        let (kind, bytes) = rewriting.await.map_err(|error| StoreError::Other(error.to_string()))??;
        drop(permit);
        let version =
            Sha256::digest(&bytes).iter().take(6).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let logo = SiteLogo { kind: kind.to_owned(), bytes };
        self.store.put_site_logo(site.tenant, id, Some(logo)).await?;
        site.settings.look.logo = Some(version);
        self.write(actor, site).await
    }

    /// Removes the logo of a site.
    pub async fn drop_logo(&self, actor: &Agent, id: SiteId) -> Result<Site, SiteError> {
        let mut site = self.own(actor, id).await?;
        site.settings.look.logo = None;
        // The look first: nobody is shown a picture that is no longer there.
        let site = self.write(actor, site).await?;
        self.store.put_site_logo(site.tenant, id, None).await?;
        Ok(site)
    }

    /// The logo of a site, of whatever tenant: this is what visitors see.
    pub async fn logo(&self, id: SiteId) -> Result<Option<SiteLogo>, StoreError> {
        self.store.site_logo(id).await
    }
}
