//! What somebody typed of a webhook endpoint: to make it, or to change it.

use std::collections::BTreeSet;

use crate::{
    error::{Faults, Reason, Result},
    policy::Actor,
    record::{
        event::Topic,
        public_address,
        webhook::{TOPICS, WebhookEndpoint, scope_of},
    },
    text::{SHORT, WebUrl, line},
};

/// An endpoint to be made, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct WebhookEndpointDraft {
    /// The address.
    pub url: String,
    /// The events by name.
    pub topics: Vec<String>,
    /// What its keepers call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What an endpoint is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The address.
    pub url: WebUrl,
    /// The events.
    pub topics: BTreeSet<Topic>,
    /// What its keepers call it.
    pub description: Option<String>,
}

impl WebhookEndpointDraft {
    /// Checks everything at once. `loopback` lets addresses of this machine pass, for development.
    pub fn check(&self, actor: &Actor, loopback: bool) -> Result<Said> {
        let mut faults = Faults::default();
        let url = address(&self.url, loopback, &mut faults);
        let topics = topics(&self.topics, actor, &mut faults);
        let description = self.description.as_deref().and_then(|text| faults.check("description", line(text, SHORT)));
        faults.finish_with(url.map(|url| Said { url, topics, description }))
    }
}

/// What is to change of an endpoint, as somebody typed it; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookEndpointPatch {
    /// Another address.
    pub url: Option<String>,
    /// Other events, all of them, by name.
    pub topics: Option<Vec<String>>,
    /// Another description, or none.
    pub description: Option<Option<String>>,
}

/// What is to change of an endpoint; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookEndpointChange {
    /// Another address.
    pub url: Option<WebUrl>,
    /// Other events, all of them.
    pub topics: Option<BTreeSet<Topic>>,
    /// Another description, or none.
    pub description: Option<Option<String>>,
}

impl WebhookEndpointChange {
    /// Whether the endpoint gets the rights of who changes it: when he says where it leads or what it is told of, even if that is what it
    /// was before.
    pub fn takes_over(&self) -> bool {
        self.url.is_some() || self.topics.is_some()
    }
}

impl WebhookEndpointPatch {
    /// Checks everything at once, as when an endpoint is made. Who gives it his rights must have them for every event that it is told of.
    pub fn check(&self, before: &WebhookEndpoint, actor: &Actor, loopback: bool) -> Result<WebhookEndpointChange> {
        let mut faults = Faults::default();
        if *self == Self::default() {
            faults.add(Reason::Required, "", "Name something that is to change.");
        }
        let url = self.url.as_deref().and_then(|raw| address(raw, loopback, &mut faults));
        let topics = self.topics.as_deref().map(|words| topics(words, actor, &mut faults));
        if self.url.is_some() && topics.is_none() {
            let needed: BTreeSet<_> = before.topics.iter().map(|topic| scope_of(*topic)).collect();
            for scope in needed.into_iter().filter(|scope| actor.members_under(*scope).is_empty()) {
                faults.add(
                    Reason::NotPermitted,
                    "topics",
                    format!("The endpoint is told of events that need the scope {scope}; name others."),
                );
            }
        }
        let mut checked = |text: &Option<String>| text.as_deref().and_then(|text| faults.check("description", line(text, SHORT)));
        let description = self.description.as_ref().map(&mut checked);
        faults.finish_with(Some(WebhookEndpointChange { url, topics, description }))
    }
}

fn address(raw: &str, loopback: bool, faults: &mut Faults) -> Option<WebUrl> {
    let url = faults.check("url", WebUrl::parse(raw))?;
    faults.check("url", public_address::check(&url, loopback))?;
    Some(url)
}

fn topics(words: &[String], actor: &Actor, faults: &mut Faults) -> BTreeSet<Topic> {
    if words.is_empty() {
        faults.add(Reason::Required, "topics", "Name an event at least.");
    }
    let mut topics = BTreeSet::new();
    for (index, word) in words.iter().enumerate().take(TOPICS.len() + 1) {
        let path = format!("topics.{index}");
        match Topic::parse(word).filter(|topic| TOPICS.contains(topic)) {
            None => faults.add(Reason::NotAnOption, &path, "There is no such event that can be sent."),
            Some(topic) if actor.members_under(scope_of(topic)).is_empty() => {
                faults.add(Reason::NotPermitted, &path, format!("This needs the scope {}.", scope_of(topic)));
            }
            Some(topic) if !topics.insert(topic) => faults.add(Reason::Duplicate, &path, "This event stands twice."),
            Some(_) => {}
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_one_of_the_list_and_names_what_it_needs() {
        let everything = Actor::System;
        let draft = |topics: &[&str]| WebhookEndpointDraft {
            url: "https://partner.example/hook".to_owned(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            description: None,
        };
        let paths = |draft: WebhookEndpointDraft| {
            let faults = draft.check(&everything, false).expect_err("faults").faults;
            faults.into_iter().map(|fault| (fault.path.join("."), fault.reason)).collect::<Vec<_>>()
        };
        assert_eq!(paths(draft(&["session.started"])), [("topics.0".to_owned(), Reason::NotAnOption)]);
        assert_eq!(paths(draft(&["contact.logged"])), [("topics.0".to_owned(), Reason::NotPermitted)]);
        assert_eq!(paths(draft(&[])), [("topics".to_owned(), Reason::Required)]);
        assert!(TOPICS.iter().all(|topic| ["contact", "meeting"].contains(&topic.as_str().split('.').next().unwrap_or_default())));
    }
}
