//! The demo's folder: what lies where, readable by its owner alone.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rand::{RngExt, distr::Alphanumeric};

use super::super::Failure;

/// The folder.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder, making it if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| Failure::new(format!("Cannot make the folder {}: {error}. Choose another with --data DIR.", path.display())))?;
        Ok(Self(path.to_owned()))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn accounts(&self) -> PathBuf {
        self.0.join("accounts.json")
    }

    /// The accounts while the demo's data is not complete.
    pub(super) fn planned_accounts(&self) -> PathBuf {
        self.0.join("accounts.planned.json")
    }

    /// Whether a first start has come to its end.
    pub(super) fn is_complete(&self) -> bool {
        self.accounts().exists()
    }

    /// Shows the accounts: everything is there.
    pub(super) fn complete(&self) -> Result<(), Failure> {
        Ok(fs::rename(self.planned_accounts(), self.accounts())?)
    }

    pub(super) fn mails(&self) -> PathBuf {
        self.0.join("mails")
    }

    pub(super) fn database_url(&self) -> String {
        format!("sqlite:{}", self.0.join("tertulia.db").display())
    }

    /// The demo's secret, made at its first start.
    pub(super) fn secret(&self) -> Result<String, Failure> {
        let path = self.0.join("secret");
        if !path.exists() {
            write_private(&path, &random_text(64))?;
        }
        Ok(fs::read_to_string(&path)?)
    }
}

/// Writes a file whole or not at all, with mode 0600.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let unfinished = path.with_extension("unfinished");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(&unfinished, path)?)
}

/// Random letters and digits.
pub(super) fn random_text(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}
