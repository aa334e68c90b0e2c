//! Files: uploaded by visitors to their own conversation and by agents to one that they answer;
//! served only for saving, or as a picture to our own pages.

mod download;
mod range;
mod upload;

use super::Routes;
use crate::problem::Problem;
use macaw_app::{BlobError, FileError};
use macaw_wire::Code;
use utoipa_axum::routes;

pub(super) fn router() -> Routes {
    // A body is read part by part here and counted as it comes, so the limit of the other routes does not count.
    Routes::of("files")
        .with(routes!(upload::visitor_upload))
        .with(routes!(upload::agent_upload))
        .with(routes!(download::visitor_download))
        .with(routes!(download::agent_download))
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let detail = error.to_string();
        match error {
            FileError::NotFound => Self::new(Code::NotFound, detail),
            FileError::NotOwner => Self::new(Code::NotOwner, detail),
            FileError::Empty | FileError::Image(_) => Self::new(Code::Invalid, detail),
            FileError::TooLarge(limit) => Self::new(Code::TooLarge, detail).with_limit(limit),
            FileError::Type(_) => Self::new(Code::TypeNotAllowed, detail),
            FileError::Quota(limit) => Self::new(Code::QuotaExceeded, detail).with_limit(limit),
            FileError::Busy => Self::new(Code::Unavailable, detail),
            FileError::Blob(error) => error.into(),
            FileError::Store(error) => error.into(),
        }
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => Self::new(Code::StorageFull, "there is no room for files; messages go on"),
            error @ BlobError::Other(_) => {
                tracing::error!(%error, "a request failed in the files");
                Self::new(Code::Internal, "the server failed; the log says why")
            }
        }
    }
}
