//! What an operator can set about uploaded files.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tertulia_app::engagement::file::{BucketSettings, Place, Settings};
use tertulia_domain::engagement::attachment::Bounds;

use super::{ConfigError, is_origin};

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
    pub s3: S3,
}

/// Which bucket of an S3-compatible service takes the files, if one does.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub prefix: String,
    pub access_key: String,
    pub secret_key: SecretString,
    pub path_style: bool,
    pub timeout_seconds: u32,
}

/// The texts about a bucket in the environment, by their settings: what looks like a number is none, and a key of digits keeps its zeros.
pub(super) fn as_written(environment: &HashMap<String, String>) -> impl Iterator<Item = (String, String)> {
    let own = ["endpoint", "region", "bucket", "prefix", "access_key", "secret_key"];
    own.into_iter().filter_map(|name| {
        let text = environment.get(&format!("TERTULIA_FILES__S3__{}", name.to_uppercase()))?;
        Some((format!("files.s3.{name}"), text.clone()))
    })
}

impl Files {
    /// Refuses two places, half a bucket, and what is no part of an address.
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(1..=120).contains(&self.s3.timeout_seconds) {
            return Err(ConfigError::Unusable("files.s3.timeout_seconds is none of 1 to 120."));
        }
        if !self.s3.is_set() {
            return Ok(());
        }
        if !self.folder.is_empty() {
            return Err(ConfigError::Unusable("Files go into files.folder or into the bucket of files.s3: empty one of them."));
        }
        self.s3.validate()
    }

    /// For a server on this database.
    pub(super) fn settings(&self, database: &str) -> Settings {
        let folder = Some(PathBuf::from(&self.folder)).filter(|_| !self.folder.is_empty());
        let bucket = self.s3.is_set().then(|| self.s3.settings());
        let beside = || {
            let path = database.strip_prefix("sqlite:")?.split('?').next()?;
            Some(Place::Folder(Path::new(path.strip_prefix("//").unwrap_or(path)).parent()?.join("files")))
        };
        Settings {
            place: folder.map(Place::Folder).or(bucket.map(Place::Bucket)).or_else(beside),
            bytes: self.bytes,
            organisation_bytes: self.organisation_bytes,
            attached: Bounds { files: usize::from(self.attachments.clamp(1, 100)), bytes: self.attachment_bytes },
            import_rows: self.import_rows,
            unused: TimeDelta::hours(self.unused_hours.max(1).into()),
        }
    }
}

impl S3 {
    /// Whether anything says which bucket it is.
    fn is_set(&self) -> bool {
        let secret = self.secret_key.expose_secret();
        [self.endpoint.as_str(), &self.region, &self.bucket, &self.prefix, &self.access_key, secret].iter().any(|text| !text.is_empty())
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let secret = self.secret_key.expose_secret();
        for (text, lacking) in [
            (self.bucket.as_str(), "Files go into a bucket, but files.s3.bucket is empty."),
            (&self.region, "Files go into a bucket, but files.s3.region is empty."),
            (&self.access_key, "Files go into a bucket, but files.s3.access_key is empty."),
            (secret, "Files go into a bucket, but files.s3.secret_key is empty. Set it as TERTULIA_FILES__S3__SECRET_KEY."),
        ] {
            if text.is_empty() {
                return Err(ConfigError::Unusable(lacking));
            }
        }
        if !self.endpoint.is_empty() && !is_origin(&self.endpoint) {
            return Err(ConfigError::Unusable("files.s3.endpoint is no address: https://HOST or https://HOST:PORT, without a path."));
        }
        let is_part = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            (1..=200).contains(&text.len()) && text.bytes().all(fits) && !text.bytes().all(|byte| byte == b'.')
        };
        if !is_part(&self.bucket) {
            return Err(ConfigError::Unusable("files.s3.bucket is no name of a bucket: letters, digits, dots and hyphens."));
        }
        let is_prefix = self.prefix.is_empty() || self.prefix.len() <= 200 && self.prefix.split('/').all(is_part);
        if !is_prefix {
            return Err(ConfigError::Unusable(
                "files.s3.prefix is no prefix: letters, digits, dots and hyphens between slashes, none at its ends, at most 200.",
            ));
        }
        Ok(())
    }

    fn settings(&self) -> BucketSettings {
        BucketSettings {
            endpoint: Some(self.endpoint.clone()).filter(|endpoint| !endpoint.is_empty()),
            region: self.region.clone(),
            bucket: self.bucket.clone(),
            prefix: self.prefix.clone(),
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            path_style: self.path_style,
            timeout: Duration::from_secs(self.timeout_seconds.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, DEFAULTS};

    const WHOLE: [(&str, &str); 4] = [("BUCKET", "007"), ("REGION", "auto"), ("ACCESS_KEY", "0012"), ("SECRET_KEY", "1e3")];

    fn read(s3: &[(&str, &str)], folder: &str) -> Config {
        let own = [("TERTULIA_SECRET", "a secret of more than thirty-two characters"), ("DATABASE_URL", "sqlite:x.db")];
        let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let s3 = s3.iter().map(|(name, value)| (format!("TERTULIA_FILES__S3__{name}"), (*value).to_owned()));
        let folder = [("TERTULIA_FILES__FOLDER".to_owned(), folder.to_owned())];
        Config::read(None, own.chain(s3).chain(folder).collect()).expect("settings that can be read")
    }

    fn refusal(s3: &[(&str, &str)], folder: &str) -> String {
        read(s3, folder).validate().expect_err("a refusal").to_string()
    }

    #[test]
    fn a_whole_bucket_is_taken_as_it_is_written_and_half_of_one_is_refused() {
        let config = read(&WHOLE, "");
        assert!(config.validate().is_ok());
        assert!(DEFAULTS.contains("[files.s3]"));
        let settings = config.files.s3.settings();
        assert_eq!((settings.bucket.as_str(), settings.access_key.as_str(), settings.endpoint), ("007", "0012", None));
        assert_eq!(secrecy::ExposeSecret::expose_secret(&settings.secret_key), "1e3");
        assert!(!format!("{config:?} {:?}", config.files.s3.settings()).contains("1e3"), "the secret is never printed");
        for (place, (name, _)) in WHOLE.iter().enumerate() {
            let mut half = WHOLE.to_vec();
            half.remove(place);
            let refused = refusal(&half, "");
            assert!(refused.contains(&format!("files.s3.{} is empty", name.to_lowercase())), "{refused}");
        }
        assert!(refusal(&WHOLE, "/files").contains("empty one of them"));
        assert!(refusal(&[("ENDPOINT", "https://s3.example")], "").contains("files.s3.bucket is empty"));
    }

    #[test]
    fn what_is_no_part_of_an_address_is_refused() {
        for (name, value) in [
            ("ENDPOINT", "s3.example"),
            ("ENDPOINT", "https://s3.example/path"),
            ("BUCKET", "a/b"),
            ("BUCKET", ".."),
            ("PREFIX", "/a"),
            ("PREFIX", "a/"),
            ("PREFIX", "a/../b"),
            ("PREFIX", "a?b"),
            ("TIMEOUT_SECONDS", "0"),
            ("TIMEOUT_SECONDS", "121"),
        ] {
            let refused = refusal(&[WHOLE.as_slice(), &[(name, value)]].concat(), "");
            assert!(refused.contains(&format!("files.s3.{}", name.to_lowercase())), "{name} {value}: {refused}");
        }
        let fine = [("ENDPOINT", "http://127.0.0.1:9000"), ("PREFIX", "a/b-c"), ("PATH_STYLE", "false"), ("TIMEOUT_SECONDS", "120")];
        assert!(read(&[WHOLE.as_slice(), &fine].concat(), "").validate().is_ok());
    }
}
