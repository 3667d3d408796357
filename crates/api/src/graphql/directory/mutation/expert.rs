//! Experts.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, expert};
use tertulia_domain::{
    Faults, Result,
    directory::expert::{ExpertDraft, ExpertPatch},
    id::kinds,
};

use super::{organisation::tags, patch};
use crate::graphql::{
    Resolving,
    directory::{expert::Expert, words::Listing},
    ids,
    payload::{UserError, payload},
    scalar::{DateTime, LanguageTag},
    text::{self, LocalizedTextInput},
};

/// A new expert, whom nobody finds until the expert consents.
#[derive(Clone, Debug, InputObject)]
pub struct ExpertRecordInput {
    /// The name, as the expert writes it.
    name: String,
    /// The address of the expert's account. Invite the expert under it with `userInvite` and the role EXPERT; the account that
    /// accepts can then consent.
    email: Option<String>,
    /// The organisation the expert works for.
    affiliation_id: Option<ID>,
    /// What the expert knows about, at most 30.
    topics: Option<Vec<String>>,
    /// Languages the expert works in.
    languages: Option<Vec<LanguageTag>>,
    /// Regions the expert knows (three digits of the M49).
    regions: Option<Vec<String>>,
    /// Methods the expert uses, at most 30.
    methods: Option<Vec<String>>,
    /// The expert's ORCID.
    orcid: Option<String>,
    /// Who the expert is, in a few lines.
    bio: Option<Vec<LocalizedTextInput>>,
    /// When the expert can be asked.
    availability_notes: Option<String>,
    /// Interests that might bias the expert.
    conflicts_of_interest: Option<String>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ExpertRecordInput {
    fn draft(self) -> Result<ExpertDraft> {
        let mut faults = Faults::default();
        let draft = ExpertDraft {
            name: self.name,
            affiliation: ids::noted(&mut faults, "affiliationId", self.affiliation_id.as_ref()),
            topics: self.topics.unwrap_or_default(),
            languages: self.languages.map(tags).unwrap_or_default(),
            regions: self.regions.unwrap_or_default(),
            methods: self.methods.unwrap_or_default(),
            orcid: self.orcid,
            bio: self.bio.map(text::raw).unwrap_or_default(),
            availability_notes: self.availability_notes,
            conflicts_of_interest: self.conflicts_of_interest,
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of an expert's profile; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ExpertUpdateInput {
    /// The expert.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// The name, as the expert writes it. Left out: as it is.
    name: Option<String>,
    /// The organisation the expert works for. Left out: as it is; null: emptied.
    affiliation_id: MaybeUndefined<ID>,
    /// What the expert knows about, at most 30. All of them; left out: as they are.
    topics: Option<Vec<String>>,
    /// Languages the expert works in. All of them; left out: as they are.
    languages: Option<Vec<LanguageTag>>,
    /// Regions the expert knows (three digits of the M49). All of them; left out: as they are.
    regions: Option<Vec<String>>,
    /// Methods the expert uses, at most 30. All of them; left out: as they are.
    methods: Option<Vec<String>>,
    /// The expert's ORCID. Left out: as it is; null: emptied.
    orcid: MaybeUndefined<String>,
    /// Who the expert is, in a few lines. All of them; left out: as they are.
    bio: Option<Vec<LocalizedTextInput>>,
    /// When the expert can be asked. Left out: as it is; null: emptied.
    availability_notes: MaybeUndefined<String>,
    /// Interests that might bias the expert. Left out: as it is; null: emptied.
    conflicts_of_interest: MaybeUndefined<String>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl ExpertUpdateInput {
    fn edit(self) -> Edit<kinds::Expert, ExpertPatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        Edit::new(id, version, self.patch(), key)
    }

    fn patch(self) -> Result<ExpertPatch> {
        let mut faults = Faults::default();
        let affiliation = patch(self.affiliation_id, |id| ids::noted(&mut faults, "affiliationId", Some(&id))).map(Option::flatten);
        let change = ExpertPatch {
            name: self.name,
            affiliation,
            topics: self.topics,
            languages: self.languages.map(tags),
            regions: self.regions,
            methods: self.methods,
            orcid: patch(self.orcid, |value| value),
            bio: self.bio.map(text::raw),
            availability_notes: patch(self.availability_notes, |value| value),
            conflicts_of_interest: patch(self.conflicts_of_interest, |value| value),
        };
        faults.finish_with(Some(change))
    }
}

/// Your own decision to be listed.
#[derive(Clone, Debug, InputObject)]
pub struct ExpertConsentInput {
    /// Who may find you.
    listed: Listing,
    /// When the consent ends, within three years; give it again then.
    until: DateTime,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// The end of a consent.
#[derive(Clone, Debug, InputObject)]
pub struct ExpertConsentWithdrawInput {
    /// The expert; left out: yourself.
    id: Option<ID>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

/// What a change of an expert's profile answers.
#[derive(SimpleObject)]
pub struct ExpertPayload {
    /// The entry as it is now; null if the change was refused.
    expert: Option<Expert>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl ExpertPayload {
    fn new(entry: Option<Expert>, user_errors: Vec<UserError>) -> Self {
        Self { expert: entry, user_errors }
    }
}

/// Mutations of experts.
#[derive(Default)]
pub struct ExpertMutation;

#[Object]
impl ExpertMutation {
    /// Records an expert, whom nobody else finds until the expert consents. Who: COORDINATOR.
    async fn expert_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The expert.")] input: ExpertRecordInput,
    ) -> Option<Result<ExpertPayload>> {
        let (key, email) = (input.idempotency_key.clone(), input.email.clone());
        let result = expert::record(ctx.app(), ctx.caller(), input.draft(), email.as_deref(), key.as_deref()).await;
        payload(result.map(Expert), ExpertPayload::new)
    }

    /// Edits an expert's profile. What the edit replaces stays in its history. Who: anyone signed in (about oneself), COORDINATOR.
    async fn expert_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: ExpertUpdateInput,
    ) -> Option<Result<ExpertPayload>> {
        let result = expert::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(Expert), ExpertPayload::new)
    }

    /// Consents to be listed: your own profile, which the coordinator recorded under the address of your account. Who: anyone
    /// signed in (about oneself).
    async fn expert_consent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The consent.")] input: ExpertConsentInput,
    ) -> Option<Result<ExpertPayload>> {
        let (listed, until) = (input.listed.into(), input.until.0);
        let result = expert::consent(ctx.app(), ctx.caller(), listed, until, input.idempotency_key.as_deref()).await;
        payload(result.map(Expert), ExpertPayload::new)
    }

    /// Ends a consent at once: the expert is found nowhere from now on. Who: anyone signed in (about oneself), COORDINATOR.
    async fn expert_consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose consent ends.")] input: ExpertConsentWithdrawInput,
    ) -> Option<Result<ExpertPayload>> {
        let id = input.id.as_ref().map(|id| ids::id(id, "id"));
        let result = expert::consent_withdraw(ctx.app(), ctx.caller(), id, input.idempotency_key.as_deref()).await;
        payload(result.map(Expert), ExpertPayload::new)
    }
}
