//! Addresses on the web and of mailboxes.

use serde::{Deserialize, Serialize};

use super::{URL, is_forbidden, line};
use crate::error::{Error, Reason, Result};

/// An absolute http or https address without user name or password.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WebUrl(String);

impl WebUrl {
    /// Reads and normalizes an address, as the WHATWG URL standard does.
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = |message: &str| Error::invalid(Reason::Malformed, "", message);
        let raw = raw.trim();
        if raw.len() > URL {
            return Err(Error::invalid(Reason::TooLong, "", format!("At most {URL} bytes.")));
        }
        if raw.chars().any(is_forbidden) {
            return Err(Error::invalid(Reason::ForbiddenCharacter, "", "An address holds no control characters."));
        }
        let url = url::Url::parse(raw).map_err(|_| malformed("This is not an absolute http or https address."))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(malformed("This is not an absolute http or https address."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(malformed("An address must not hold a user name or password."));
        }
        Ok(Self(url.into()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address in lower case, as `name@domain`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address. The mailbox must prove itself by receiving; this refuses only what cannot be one (RFC 5321, 4.5.3.1).
    pub fn parse(raw: &str) -> Result<Self> {
        let malformed = || Error::invalid(Reason::Malformed, "", "This is not an e-mail address.");
        let text = line(raw, 254)?.to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or_else(malformed)?;
        let labels_fit =
            domain.split('.').all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'));
        let fits = !local.is_empty() && local.len() <= 64 && domain.contains('.') && labels_fit;
        if !fits
            || text.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | ':' | '"' | '(' | ')' | '\\'))
            || local.contains('@')
        {
            return Err(malformed());
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
