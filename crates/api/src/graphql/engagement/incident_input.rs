//! What front ends send with acts on incidents.

use async_graphql::{ID, InputObject, MaybeUndefined};
use tertulia_app::{
    directory::Edit,
    engagement::incident::{Placing, Sharing},
};
use tertulia_domain::{
    Faults, Result,
    engagement::incident_draft::{IncidentDraft, IncidentPatch},
    id::kinds,
};

use super::{input::each, words::IssueType};
use crate::graphql::{
    directory::mutation::patch,
    ids,
    scalar::{DateTime, LanguageTag},
};

/// A new incident.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentOpenInput {
    /// The body that owns it; by default the one you act for.
    electoral_body_id: Option<ID>,
    /// One line that says what it is, at most 300 characters.
    title: String,
    /// The matter at length, at most 10,000 characters.
    summary: Option<String>,
    /// The election it belongs to.
    election_id: Option<ID>,
    /// What the matter is.
    issue_types: Option<Vec<IssueType>>,
    /// How it is done: ids of DISARM's techniques, as `T0086` or `T0086.002`; at most 50.
    techniques: Option<Vec<String>>,
    /// The languages in which it spreads, at most 50.
    languages: Option<Vec<LanguageTag>>,
    /// When it was first seen. Not in the future.
    first_seen_at: Option<DateTime>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    pub(super) idempotency_key: Option<String>,
}

impl IncidentOpenInput {
    pub(super) fn draft(self) -> Result<IncidentDraft> {
        let mut faults = Faults::default();
        let draft = IncidentDraft {
            electoral_body: ids::noted(&mut faults, "electoralBodyId", self.electoral_body_id.as_ref()),
            title: self.title,
            summary: self.summary,
            election: ids::noted(&mut faults, "electionId", self.election_id.as_ref()),
            issue_types: each(self.issue_types),
            techniques: self.techniques.unwrap_or_default(),
            languages: tags(self.languages.unwrap_or_default()),
            first_seen_at: self.first_seen_at.map(|at| at.0),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of an incident; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentUpdateInput {
    /// The incident.
    incident_id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// One line that says what it is, at most 300 characters. Left out: as it is.
    title: Option<String>,
    /// The matter at length, at most 10,000 characters. Left out: as it is; null: emptied.
    summary: MaybeUndefined<String>,
    /// The election it belongs to. Left out: as it is; null: emptied.
    election_id: MaybeUndefined<ID>,
    /// What the matter is. All of it; left out: as it is.
    issue_types: Option<Vec<IssueType>>,
    /// How it is done: ids of DISARM's techniques, at most 50. All of them; left out: as they are.
    techniques: Option<Vec<String>>,
    /// The languages in which it spreads, at most 50. All of them; left out: as they are.
    languages: Option<Vec<LanguageTag>>,
    /// When it was first seen. Not in the future. Left out: as it is; null: emptied.
    first_seen_at: MaybeUndefined<DateTime>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl IncidentUpdateInput {
    pub(super) fn edit(self) -> Edit<kinds::Incident, IncidentPatch> {
        let (id, version, key) = (ids::id(&self.incident_id, "incidentId"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<IncidentPatch> {
        let mut faults = Faults::default();
        let election = patch(self.election_id, |id| ids::noted(&mut faults, "electionId", Some(&id))).map(Option::flatten);
        let change = IncidentPatch {
            title: self.title,
            summary: patch(self.summary, |value| value),
            election,
            issue_types: self.issue_types.map(|issues| each(Some(issues))),
            techniques: self.techniques,
            languages: self.languages.map(tags),
            first_seen_at: patch(self.first_seen_at, |at| at.0),
        };
        faults.finish_with(Some(change))
    }
}

fn tags(tags: Vec<LanguageTag>) -> Vec<String> {
    tags.into_iter().map(|tag| tag.0).collect()
}

macro_rules! step {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)* })+) => {
        $($(#[doc = $doc])+
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The incident.
            incident_id: ID,
            /// The version that you read; another one is refused with `VERSION_MISMATCH`.
            version: i32,
            $($(#[doc = $field_doc])+ pub(super) $field: $type,)*
            /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the
            /// same object.
            idempotency_key: Option<String>,
        }

        impl $name {
            pub(super) fn edit(&self) -> Edit<kinds::Incident, ()> {
                Edit::new(ids::id(&self.incident_id, "incidentId"), self.version, Ok(()), self.idempotency_key.clone())
            }
        })+
    };
}

step! {
    /// Only watching an incident from now on.
    IncidentMonitorInput {}
    /// Closing an incident.
    IncidentCloseInput {
        /// Why, at most 10,000 characters.
        reason: String,
    }
    /// Opening an incident again.
    IncidentReopenInput {}
}

/// A body that takes part in an incident.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentShareInput {
    /// The incident.
    incident_id: ID,
    /// Another electoral body of the same country.
    electoral_body_id: ID,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A body that takes part in an incident no longer.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentUnshareInput {
    /// The incident.
    incident_id: ID,
    /// The body.
    electoral_body_id: ID,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A contact that is to belong to an incident.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentContactAddInput {
    /// The incident.
    incident_id: ID,
    /// The contact, of your own body.
    contact_id: ID,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// A contact that is to belong to an incident no longer.
#[derive(Clone, Debug, InputObject)]
pub struct IncidentContactRemoveInput {
    /// The incident.
    incident_id: ID,
    /// The contact, of your own body.
    contact_id: ID,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

macro_rules! as_typed {
    ($($input:ty => $typed:ident { $other:ident: $field:ident };)+) => {
        $(impl From<$input> for $typed {
            fn from(input: $input) -> Self {
                Self { incident: input.incident_id.to_string(), $other: input.$field.to_string(), idempotency_key: input.idempotency_key }
            }
        })+
    };
}

as_typed! {
    IncidentShareInput => Sharing { electoral_body: electoral_body_id };
    IncidentUnshareInput => Sharing { electoral_body: electoral_body_id };
    IncidentContactAddInput => Placing { contact: contact_id };
    IncidentContactRemoveInput => Placing { contact: contact_id };
}
