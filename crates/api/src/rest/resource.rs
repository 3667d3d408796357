//! What REST serves, by the fields of the schema that answer it.

use async_graphql::parser::types::BaseType;

use super::contract::Contract;

/// Something that is read as a list and one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    /// Its path.
    pub(super) path: &'static str,
    /// What the description files it under.
    pub(super) tag: &'static str,
    /// The field of the schema that answers the list.
    pub(super) list: &'static str,
    /// The field of the schema that answers one.
    pub(super) one: &'static str,
    /// The prefix of its ids.
    pub(super) prefix: &'static str,
    /// The shape of a list's item.
    pub(super) item: &'static str,
    /// The shape of one.
    pub(super) whole: &'static str,
    /// Whether only who has signed in reads it.
    pub(super) signed_in: bool,
}

const fn public(path: &'static str, tag: &'static str, list: &'static str, one: &'static str, shape: &'static str) -> Resource {
    Resource { path, tag, list, one, prefix: "organisation", item: shape, whole: shape, signed_in: false }
}

/// Electoral bodies.
pub(super) const ELECTORAL_BODIES: Resource =
    public("/v1/electoral-bodies", "Directory", "electoralBodies", "electoralBody", "ElectoralBody");
/// Platforms with their services.
pub(super) const PLATFORMS: Resource = public("/v1/platforms", "Directory", "platforms", "platform", "Platform");
/// Elections.
pub(super) const ELECTIONS: Resource =
    Resource { prefix: "election", ..public("/v1/elections", "Directory", "elections", "election", "Election") };
/// Dialogues.
pub(super) const DIALOGUES: Resource =
    Resource { prefix: "dialogue", ..public("/v1/dialogues", "Dialogues", "dialogues", "dialogue", "Dialogue") };
/// Their meetings.
pub(super) const MEETINGS: Resource =
    Resource { prefix: "meeting", ..public("/v1/meetings", "Dialogues", "meetings", "meeting", "Meeting") };
/// The contact log.
pub(super) const CONTACTS: Resource = Resource {
    prefix: "contact",
    item: "ContactSummary",
    signed_in: true,
    ..public("/v1/contacts", "Contacts", "contacts", "contact", "Contact")
};

/// Statistic releases.
pub(super) const STATISTIC_RELEASES: Resource = Resource {
    prefix: "release",
    item: "StatisticReleaseSummary",
    ..public("/v1/statistic-releases", "Statistics", "statisticReleases", "statisticRelease", "StatisticRelease")
};

/// All of them.
pub(super) const RESOURCES: [Resource; 7] = [ELECTORAL_BODIES, PLATFORMS, ELECTIONS, DIALOGUES, MEETINGS, CONTACTS, STATISTIC_RELEASES];

/// The mutation that logs a contact.
pub(super) const LOG: &str = "contactLog";
/// Members of an act's input that REST takes from elsewhere: the path and the headers.
pub(super) const ELSEWHERE: [&str; 3] = ["contactId", "version", "idempotencyKey"];

/// An act on a contact.
#[derive(Clone, Debug)]
pub(super) struct Act {
    /// Its name in the path.
    pub(super) name: String,
    /// Its mutation.
    pub(super) mutation: String,
    /// The type of the mutation's input.
    pub(super) input: String,
}

/// Every act on a contact that the schema has.
pub(super) fn acts(contract: &Contract) -> Vec<Act> {
    let mutations = contract.fields("Mutation").iter().map(|field| &field.node);
    let act = |field: &async_graphql::parser::types::FieldDefinition| {
        let mutation = field.name.node.to_string();
        let name = kebab(mutation.strip_prefix("contact")?);
        let BaseType::Named(input) = &field.arguments.first()?.node.ty.node.base else { return None };
        let is_act = contract.members(input)?.iter().any(|member| member.node.name.node == "contactId");
        is_act.then(|| Act { name, input: input.to_string(), mutation })
    };
    mutations.filter_map(act).collect()
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}
