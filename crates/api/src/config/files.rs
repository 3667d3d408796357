//! What an operator can set about uploaded files.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use serde::Deserialize;
use tertulia_app::engagement::file::Settings;
use tertulia_domain::engagement::attachment::Bounds;

/// What an operator can set about uploaded files; `config.default.toml` explains each field, once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub folder: String,
    pub bytes: u64,
    pub organisation_bytes: u64,
    pub attachments: u8,
    pub attachment_bytes: u64,
    pub unused_hours: u32,
    pub import_rows: u32,
}

impl Files {
    /// For a server on this database.
    pub(super) fn settings(&self, database: &str) -> Settings {
        let set = Some(PathBuf::from(&self.folder)).filter(|_| !self.folder.is_empty());
        let beside = || {
            let path = database.strip_prefix("sqlite:")?.split('?').next()?;
            Some(Path::new(path.strip_prefix("//").unwrap_or(path)).parent()?.join("files"))
        };
        Settings {
            folder: set.or_else(beside),
            bytes: self.bytes,
            organisation_bytes: self.organisation_bytes,
            attached: Bounds { files: usize::from(self.attachments.clamp(1, 100)), bytes: self.attachment_bytes },
            import_rows: self.import_rows,
            unused: TimeDelta::hours(self.unused_hours.max(1).into()),
        }
    }
}
