//! What a contact points at: a piece of content, by reference and never copied.

use crate::{
    engagement::vocabulary::ContentType,
    error::{Error, Faults, Reason, Result},
    id::ContentItemId,
    text::{self, LanguageTag, WebUrl},
    time::{self, Instant},
};

/// Items that one contact can list.
pub const MOST: usize = 200;

/// A piece of content as a caller describes it.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct NewContentItem {
    /// Its address; one of this, the id and the description is needed.
    pub url: Option<String>,
    /// The platform's own id for it.
    pub platform_content_id: Option<String>,
    /// What it is, where it has neither address nor id.
    pub description: Option<String>,
    /// Its types.
    pub content_types: Vec<ContentType>,
    /// Its language.
    pub language: Option<String>,
    /// When it was seen.
    pub seen_at: Option<Instant>,
    /// A copy in a web archive.
    pub archived_url: Option<String>,
}

/// A piece of content of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentItem {
    /// Its id.
    pub id: ContentItemId,
    /// Its normalized address.
    pub url: Option<WebUrl>,
    /// The platform's own id for it.
    pub platform_content_id: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Its types, each once.
    pub content_types: Vec<ContentType>,
    /// Its language.
    pub language: Option<LanguageTag>,
    /// When it was seen.
    pub seen_at: Option<Instant>,
    /// A copy in a web archive.
    pub archived_url: Option<WebUrl>,
}

impl NewContentItem {
    /// Checks everything at once; paths stand below the item.
    pub fn check(&self, id: ContentItemId, now: Instant) -> Result<ContentItem> {
        let mut faults = Faults::default();
        let url = self.url.as_deref().and_then(|raw| faults.check("url", WebUrl::parse(raw)));
        let platform_content_id =
            self.platform_content_id.as_deref().and_then(|raw| faults.check("platformContentId", text::line(raw, text::SHORT)));
        let description = self.description.as_deref().and_then(|raw| faults.check("description", text::block(raw, text::LONG)));
        let language = self.language.as_deref().and_then(|raw| faults.check("language", LanguageTag::parse(raw)));
        let archived_url = self.archived_url.as_deref().and_then(|raw| faults.check("archivedUrl", WebUrl::parse(raw)));
        if self.url.is_none() && self.platform_content_id.is_none() && self.description.is_none() {
            faults.add(Reason::Required, "url", "An item needs an address, the platform's id or a description.");
        }
        if let Some((reason, message)) = self.seen_at.and_then(|at| time::fault_of(at, now)) {
            faults.add(reason, "seenAt", message);
        }
        let mut content_types = self.content_types.clone();
        content_types.sort_unstable();
        content_types.dedup();
        faults.finish()?;
        let seen_at = self.seen_at.map(time::to_micros);
        Ok(ContentItem { id, url, platform_content_id, description, content_types, language, seen_at, archived_url })
    }
}

/// Checks a list of items, `ids` giving as many new ids; an address or platform id that stands twice is a fault.
pub fn check_all(raw: &[NewContentItem], mut ids: impl FnMut() -> ContentItemId, now: Instant) -> Result<Vec<ContentItem>> {
    if raw.len() > MOST {
        return Err(Error::invalid(Reason::TooLong, "", format!("At most {MOST} items.")));
    }
    let mut faults = Faults::default();
    let mut items: Vec<ContentItem> = Vec::with_capacity(raw.len());
    for (index, new) in raw.iter().enumerate() {
        let Some(item) = faults.check(&index.to_string(), new.check(ids(), now)) else { continue };
        if item.url.is_some() && items.iter().any(|known| known.url == item.url) {
            faults.add(Reason::Duplicate, &format!("{index}.url"), "This address stands in the list twice.");
        } else if item.platform_content_id.is_some() && items.iter().any(|known| known.platform_content_id == item.platform_content_id) {
            faults.add(Reason::Duplicate, &format!("{index}.platformContentId"), "This id stands in the list twice.");
        }
        items.push(item);
    }
    faults.finish()?;
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_fault_of_every_item() {
        let now = chrono::DateTime::UNIX_EPOCH;
        let raw = [
            NewContentItem { url: Some("HTTP://Example.org/a".into()), ..Default::default() },
            NewContentItem::default(),
            NewContentItem {
                url: Some("ftp://x".into()),
                language: Some("??".into()),
                seen_at: Some(now + chrono::TimeDelta::hours(1)),
                ..Default::default()
            },
            NewContentItem { url: Some("http://example.org/a".into()), ..Default::default() },
        ];
        let error = check_all(&raw, || ContentItemId::new(uuid::Uuid::nil()), now).expect_err("faults");
        let paths: Vec<String> = error.faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
        assert_eq!(paths, ["1.url REQUIRED", "2.url MALFORMED", "2.language MALFORMED", "2.seenAt IN_FUTURE", "3.url DUPLICATE"]);
    }
}
