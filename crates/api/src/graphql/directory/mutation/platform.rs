//! Services of platform companies.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use tertulia_app::directory::{Edit, platform};
use tertulia_domain::{
    Faults, Result,
    directory::platform::{PlatformServiceDraft, PlatformServicePatch},
    id::kinds,
};

use super::patch;
use crate::graphql::{
    Resolving,
    directory::{
        platform::PlatformService,
        provenance::ProvenanceInput,
        words::{DsaStatus, OrganisationStatus, PlatformServiceType},
    },
    ids,
    payload::{UserError, payload},
    scalar::{CountryCode, Date, Url},
    text::{self, LocalizedTextInput},
};

pub(super) fn codes(codes: Vec<CountryCode>) -> Vec<String> {
    codes.into_iter().map(|code| code.0).collect()
}

fn urls(urls: Vec<Url>) -> Vec<String> {
    urls.into_iter().map(|url| url.0).collect()
}

/// A new service of a platform company.
#[derive(Clone, Debug, InputObject)]
pub struct PlatformServiceCreateInput {
    /// The company that runs it.
    platform_id: ID,
    /// Its names, each language once.
    names: Vec<LocalizedTextInput>,
    /// What it is, in the main.
    #[graphql(name = "type")]
    kind: PlatformServiceType,
    /// Its website.
    website: Option<Url>,
    /// Whether it is offered; ACTIVE if left out.
    status: Option<OrganisationStatus>,
    /// Where it is offered; empty where that is not known or everywhere.
    countries_offered: Option<Vec<CountryCode>>,
    /// Pages with its rules.
    policy_urls: Option<Vec<Url>>,
    /// Pages with its transparency reports.
    transparency_urls: Option<Vec<Url>>,
    /// Its standing under the Digital Services Act; NONE if left out.
    dsa_status: Option<DsaStatus>,
    /// When it was designated.
    dsa_designated_on: Option<Date>,
    /// When its designation ended.
    dsa_ended_on: Option<Date>,
    /// Monthly users in the European Union in millions: `104.3`, or `>45` for more than that.
    eu_monthly_users_millions: Option<String>,
    /// What that figure means and where it stands.
    eu_users_note: Option<String>,
    /// Where the entry comes from.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl PlatformServiceCreateInput {
    fn draft(self) -> Result<PlatformServiceDraft> {
        let mut faults = Faults::default();
        let platform = ids::noted(&mut faults, "platformId", Some(&self.platform_id));
        let draft = PlatformServiceDraft {
            platform,
            names: text::raw(self.names),
            kind: Some(self.kind.into()),
            website: self.website.map(|value| value.0),
            status: self.status.map(Into::into),
            countries_offered: self.countries_offered.map(codes).unwrap_or_default(),
            policy_urls: self.policy_urls.map(urls).unwrap_or_default(),
            transparency_urls: self.transparency_urls.map(urls).unwrap_or_default(),
            dsa_status: self.dsa_status.map(Into::into),
            dsa_designated_on: self.dsa_designated_on.map(|value| value.0.to_string()),
            dsa_ended_on: self.dsa_ended_on.map(|value| value.0.to_string()),
            eu_monthly_users_millions: self.eu_monthly_users_millions,
            eu_users_note: self.eu_users_note,
            provenance: self.provenance.map(Into::into).unwrap_or_default(),
        };
        faults.finish_with(Some(draft))
    }
}

/// A change of a service; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct PlatformServiceUpdateInput {
    /// The service.
    id: ID,
    /// The version that you read; another one is refused with `VERSION_MISMATCH`.
    version: i32,
    /// Its names, each language once. All of them; left out: as they are.
    names: Option<Vec<LocalizedTextInput>>,
    /// What it is, in the main. Left out: as it is.
    #[graphql(name = "type")]
    kind: Option<PlatformServiceType>,
    /// Its website. Left out: as it is; null: emptied.
    website: MaybeUndefined<Url>,
    /// Whether it is offered. Left out: as it is.
    status: Option<OrganisationStatus>,
    /// Where it is offered; empty where that is not known or everywhere. All of them; left out: as they are.
    countries_offered: Option<Vec<CountryCode>>,
    /// Pages with its rules. All of them; left out: as they are.
    policy_urls: Option<Vec<Url>>,
    /// Pages with its transparency reports. All of them; left out: as they are.
    transparency_urls: Option<Vec<Url>>,
    /// Its standing under the Digital Services Act. Left out: as it is.
    dsa_status: Option<DsaStatus>,
    /// When it was designated. Left out: as it is; null: emptied.
    dsa_designated_on: MaybeUndefined<Date>,
    /// When its designation ended. Left out: as it is; null: emptied.
    dsa_ended_on: MaybeUndefined<Date>,
    /// Monthly users in the European Union in millions: `104.3`, or `>45` for more than that. Left out: as it is; null: emptied.
    eu_monthly_users_millions: MaybeUndefined<String>,
    /// What that figure means and where it stands. Left out: as it is; null: emptied.
    eu_users_note: MaybeUndefined<String>,
    /// Where the entry comes from. Left out: as it is.
    provenance: Option<ProvenanceInput>,
    /// A key of your own, at most 100 characters: sending the same input again under it changes nothing and answers the same
    /// object.
    idempotency_key: Option<String>,
}

impl PlatformServiceUpdateInput {
    fn edit(self) -> Edit<kinds::PlatformService, PlatformServicePatch> {
        let (id, version, key) = (ids::id(&self.id, "id"), self.version, self.idempotency_key.clone());
        let change = PlatformServicePatch {
            names: self.names.map(text::raw),
            kind: self.kind.map(Into::into),
            website: patch(self.website, |value| value.0),
            status: self.status.map(Into::into),
            countries_offered: self.countries_offered.map(codes),
            policy_urls: self.policy_urls.map(urls),
            transparency_urls: self.transparency_urls.map(urls),
            dsa_status: self.dsa_status.map(Into::into),
            dsa_designated_on: patch(self.dsa_designated_on, |value| value.0.to_string()),
            dsa_ended_on: patch(self.dsa_ended_on, |value| value.0.to_string()),
            eu_monthly_users_millions: patch(self.eu_monthly_users_millions, |value| value),
            eu_users_note: patch(self.eu_users_note, |value| value),
            provenance: self.provenance.map(Into::into),
        };
        Edit::new(id, version, Ok(change), key)
    }
}

/// What a change of a service answers.
#[derive(SimpleObject)]
pub struct PlatformServicePayload {
    /// The entry as it is now; null if the change was refused.
    platform_service: Option<PlatformService>,
    /// Why the change was refused; empty if it was made.
    user_errors: Vec<UserError>,
}

impl PlatformServicePayload {
    fn new(entry: Option<PlatformService>, user_errors: Vec<UserError>) -> Self {
        Self { platform_service: entry, user_errors }
    }
}

/// Mutations of services.
#[derive(Default)]
pub struct PlatformMutation;

#[Object]
impl PlatformMutation {
    /// Records a service of a platform company. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn platform_service_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service.")] input: PlatformServiceCreateInput,
    ) -> Option<Result<PlatformServicePayload>> {
        let key = input.idempotency_key.clone();
        let result = platform::create(ctx.app(), ctx.caller(), input.draft(), key.as_deref()).await;
        payload(result.map(PlatformService::from), PlatformServicePayload::new)
    }

    /// Edits a service. What the edit replaces stays in its history. Who: COORDINATOR, PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn platform_service_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: PlatformServiceUpdateInput,
    ) -> Option<Result<PlatformServicePayload>> {
        let result = platform::update(ctx.app(), ctx.caller(), input.edit()).await;
        payload(result.map(PlatformService::from), PlatformServicePayload::new)
    }
}
