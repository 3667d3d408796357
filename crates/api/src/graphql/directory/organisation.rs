//! Organisations: an interface and its three kinds.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, SimpleObject};
use tertulia_domain::{
    Result,
    directory::{organisation as words, organisation::OrganisationKind as Kind},
    page::Page,
    text::CountryCode,
};

use super::{
    country::Country,
    election::Election,
    load::{self, ElectionsOf, ServicesOf},
    nested::cut,
    platform::PlatformService,
    provenance::Provenance,
    words::{BodyLevel, ElectionOrder, ElectoralModel, Mandate, MemberBasis, OrganisationKind, OrganisationStatus},
};
use crate::graphql::{
    Resolving,
    connection::{Connection, page},
    identity::{OrganisationLock, lock_on},
    scalar::{DateTime, LanguageTag, TimeZone, Url},
    text::{self, LocalizedText},
};

/// An identifier that another register gives an organisation.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExternalId {
    /// The register, as `wikidata`.
    scheme: String,
    /// The identifier there.
    value: String,
}

/// An organisation of the directory: an electoral body, a platform company, or another.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Its id."),
    field(name = "kind", ty = "OrganisationKind", desc = "What it is."),
    field(
        name = "name",
        ty = "Result<String>",
        desc = "Its name in your language.",
        arg(name = "language", ty = "Option<LanguageTag>", desc = "The language wanted.")
    ),
    field(name = "names", ty = "Vec<LocalizedText>", desc = "Its names in every language that there is."),
    field(name = "short_name", ty = "Option<&str>", desc = "Its abbreviation."),
    field(name = "country", ty = "Option<Result<Country>>", desc = "The country it serves or sits in."),
    field(name = "website", ty = "Option<Url>", desc = "Its website."),
    field(name = "status", ty = "OrganisationStatus", desc = "Whether it is at work."),
    field(name = "provenance", ty = "Provenance", desc = "Where its entry comes from."),
    field(
        name = "lock",
        ty = "Option<Result<OrganisationLock>>",
        desc = "The lock that lasts on it, so that nobody acts for it now; null without one, and for who has no role in any organisation."
    ),
    field(name = "generated", ty = "bool", desc = "Whether a generator made it: it is fictional."),
    field(name = "version", ty = "i32", desc = "The entry's version, for edits.")
)]
pub enum Organisation {
    /// An electoral body.
    ElectoralBody(ElectoralBody),
    /// A platform company.
    Platform(Platform),
    /// Any other.
    OtherOrganisation(OtherOrganisation),
}

impl From<words::Organisation> for Organisation {
    fn from(entry: words::Organisation) -> Self {
        Arc::new(entry).into()
    }
}

impl From<Arc<words::Organisation>> for Organisation {
    fn from(entry: Arc<words::Organisation>) -> Self {
        match entry.kind {
            Kind::ElectoralBody => Self::ElectoralBody(ElectoralBody(entry)),
            Kind::PlatformCompany => Self::Platform(Platform(entry)),
            _ => Self::OtherOrganisation(OtherOrganisation(entry)),
        }
    }
}

impl Organisation {
    /// Where it is.
    pub fn country_code(&self) -> Option<CountryCode> {
        let (Self::ElectoralBody(ElectoralBody(entry))
        | Self::Platform(Platform(entry))
        | Self::OtherOrganisation(OtherOrganisation(entry))) = self;
        entry.country
    }

    /// Its names in every language that there is.
    pub fn texts(&self) -> &tertulia_domain::text::LocalizedText {
        let (Self::ElectoralBody(ElectoralBody(entry))
        | Self::Platform(Platform(entry))
        | Self::OtherOrganisation(OtherOrganisation(entry))) = self;
        &entry.names
    }
}

/// The version as GraphQL's `Int` holds it.
pub fn version(version: i64) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}

// One macro for what the three kinds share: async-graphql asks each object of an interface for every field.
macro_rules! organisation {
    ($(#[doc = $doc:literal])+ $name:ident { $($own:tt)* }) => {
        $(#[doc = $doc])+
        pub struct $name(pub Arc<words::Organisation>);

        impl From<words::Organisation> for $name {
            fn from(entry: words::Organisation) -> Self {
                Self(Arc::new(entry))
            }
        }

        $(#[doc = $doc])+
        #[Object]
        impl $name {
            /// Its id.
            pub async fn id(&self) -> ID {
                self.0.id.to_string().into()
            }

            /// What it is.
            async fn kind(&self) -> OrganisationKind {
                self.0.kind.into()
            }

            /// Its name in your language: that of `language`, else those of `Accept-Language`, else English, else any.
            async fn name(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
                text::best(ctx, &self.0.names, language.as_ref())
            }

            /// Its names in every language that there is.
            async fn names(&self) -> Vec<LocalizedText> {
                text::all(&self.0.names)
            }

            /// Its abbreviation.
            async fn short_name(&self) -> Option<&str> {
                self.0.short_name.as_deref()
            }

            /// The country it serves or sits in.
            async fn country(&self, ctx: &Context<'_>) -> Option<Result<Country>> {
                load::country(ctx, self.0.country).await.transpose()
            }

            /// Its website.
            async fn website(&self) -> Option<Url> {
                self.0.website.as_ref().map(|url| Url::from(url.as_str()))
            }

            /// Whether it is at work.
            async fn status(&self) -> OrganisationStatus {
                self.0.status.into()
            }

            /// Languages it works in.
            async fn languages(&self) -> Vec<LanguageTag> {
                self.0.languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
            }

            /// Its time zone.
            async fn time_zone(&self) -> Option<TimeZone> {
                self.0.time_zone.as_ref().map(TimeZone::from)
            }

            /// The organisation that it belongs to.
            async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
                load::organisation(ctx, self.0.parent).await.transpose()
            }

            /// Its identifiers in other registers.
            async fn external_ids(&self) -> Vec<ExternalId> {
                let id = |id: &words::ExternalId| ExternalId { scheme: id.scheme.clone(), value: id.value.clone() };
                self.0.external_ids.iter().map(id).collect()
            }

            /// The year it was founded in.
            async fn founded_year(&self) -> Option<i32> {
                self.0.founded_year
            }

            /// What else a reader should know, in English.
            async fn remark(&self) -> Option<&str> {
                self.0.remark.as_deref()
            }

            /// Where its entry comes from.
            async fn provenance(&self) -> Provenance {
                Provenance::from(&self.0.provenance)
            }

            /// The lock that lasts on it, so that nobody acts for it now; null without one, and for who has no role in any organisation.
            async fn lock(&self, ctx: &Context<'_>) -> Option<Result<OrganisationLock>> {
                lock_on(ctx, self.0.id).await.transpose()
            }

            /// Whether a generator made it: it is fictional.
            async fn generated(&self) -> bool {
                self.0.generated
            }

            /// The entry's version, for edits.
            async fn version(&self) -> i32 {
                version(self.0.version)
            }

            /// When it was entered.
            async fn created_at(&self) -> DateTime {
                DateTime(self.0.created_at)
            }

            /// When its entry was last changed.
            async fn updated_at(&self) -> DateTime {
                DateTime(self.0.updated_at)
            }

            $($own)*
        }
    };
}

organisation! {
    /// A body with a mandate in elections: commissions, ministries' departments, courts, supervisors.
    ElectoralBody {
        /// How the country's elections are managed, in International IDEA's classes; null where no source says.
        async fn model(&self) -> Option<ElectoralModel> {
            self.0.body.as_ref().and_then(|body| body.model).map(Into::into)
        }

        /// How much of the country it serves.
        async fn level(&self) -> Option<BodyLevel> {
            self.0.body.as_ref().map(|body| body.level.into())
        }

        /// What it is charged with; empty where no source says.
        async fn mandates(&self) -> Vec<Mandate> {
            self.0.body.iter().flat_map(|body| &body.mandates).map(|mandate| (*mandate).into()).collect()
        }

        /// The parts of the country it serves (ISO 3166-2); empty: the whole.
        async fn jurisdictions(&self) -> Vec<String> {
            self.0.body.iter().flat_map(|body| body.jurisdictions.clone()).collect()
        }

        /// How many members it has.
        async fn member_count(&self) -> Option<i32> {
            self.0.body.as_ref().and_then(|body| body.member_count)
        }

        /// By what its members are chosen.
        async fn member_basis(&self) -> Option<MemberBasis> {
            self.0.body.as_ref().and_then(|body| body.member_basis).map(Into::into)
        }

        /// A member's term, in years.
        async fn term_years(&self) -> Option<i32> {
            self.0.body.as_ref().and_then(|body| body.term_years)
        }

        /// The elections of its country; none for a supranational body.
        #[expect(clippy::too_many_arguments, reason = "Relay's four and the order")]
        async fn elections(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The order; the earliest first if left out.")] order_by: Option<ElectionOrder>,
            #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
            #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
            #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
            #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        ) -> Option<Result<Connection<Election>>> {
            let list = async {
                let page = page(first, after.as_deref(), last, before.as_deref())?;
                let order = order_by.unwrap_or(ElectionOrder::PollingDay).into();
                let all = match self.0.country {
                    Some(country) => ctx.loaders().load_one(ElectionsOf(country, order)).await?.unwrap_or_default(),
                    None => std::sync::Arc::default(),
                };
                let count = all.len() as u64;
                Ok(Connection::new(cut(&all, &page).map(Election), move || async move { Ok(count) }))
            };
            Some(list.await)
        }
    }
}

organisation! {
    /// A company that runs online platforms.
    Platform {
        /// Its services by name; those that are no longer offered are left out.
        async fn services(&self, ctx: &Context<'_>) -> Option<Result<Vec<PlatformService>>> {
            let found = ctx.loaders().load_one(ServicesOf(self.0.id)).await;
            Some(found.map(|services| services.iter().flat_map(|services| services.iter().cloned()).map(PlatformService::from).collect()))
        }
    }
}

organisation! {
    /// An organisation that is neither an electoral body nor a platform company.
    OtherOrganisation {}
}

/// The electoral body with this id; null if there is none, or it is another kind of organisation.
pub async fn electoral_body(ctx: &Context<'_>, id: Option<tertulia_domain::id::OrganisationId>) -> Result<Option<ElectoralBody>> {
    Ok(match load::organisation(ctx, id).await? {
        Some(Organisation::ElectoralBody(body)) => Some(body),
        _ => None,
    })
}

/// The platform company with this id; null if there is none, or it is another kind of organisation.
pub async fn platform(ctx: &Context<'_>, id: Option<tertulia_domain::id::OrganisationId>) -> Result<Option<Platform>> {
    Ok(match load::organisation(ctx, id).await? {
        Some(Organisation::Platform(platform)) => Some(platform),
        _ => None,
    })
}

/// A page of organisations as GraphQL shows them.
pub(super) fn shown(page: Page<words::Organisation>) -> Page<Organisation> {
    page.map(Organisation::from)
}
