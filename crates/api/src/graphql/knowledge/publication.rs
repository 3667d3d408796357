//! Publications.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Object, dataloader::Loader as Loads};
use tertulia_app::knowledge::publication;
use tertulia_domain::{Error, Faults, Result, id::PublicationId, knowledge::publication as words, text::SearchTerm};

use crate::graphql::{
    Loader, Resolving,
    connection::{Connection, page},
    directory::{
        load,
        organisation::{Organisation, version},
        partial_date::PartialDate,
        provenance::Provenance,
        words::{PublicationOrder, PublicationType, PublicationVisibility},
    },
    scalar::{LanguageTag, Url},
    text::{self, LocalizedText},
};

impl Loads<PublicationId> for Loader {
    type Value = words::Publication;
    type Error = Error;

    async fn load(&self, keys: &[PublicationId]) -> Result<HashMap<PublicationId, words::Publication>> {
        Ok(publication::by_ids(&self.app, &self.ctx, keys).await?.into_iter().map(|entry| (entry.id, entry)).collect())
    }
}

/// A publication.
pub struct Publication(pub words::Publication);

/// A published document: where it is, who published it.
#[Object]
impl Publication {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its title in your language.
    async fn title(&self, ctx: &Context<'_>, #[graphql(desc = "The language wanted.")] language: Option<LanguageTag>) -> Result<String> {
        text::best(ctx, &self.0.titles, language.as_ref())
    }

    /// Its titles in every language that there is.
    async fn titles(&self) -> Vec<LocalizedText> {
        text::all(&self.0.titles)
    }

    /// What it is.
    #[graphql(name = "type")]
    async fn kind(&self) -> PublicationType {
        self.0.kind.into()
    }

    /// Languages it is written in.
    async fn languages(&self) -> Vec<LanguageTag> {
        self.0.languages.iter().map(|tag| LanguageTag::from(tag.as_str())).collect()
    }

    /// When it was published.
    async fn published_on(&self) -> Option<PartialDate> {
        self.0.published_on.map(PartialDate::from)
    }

    /// Where it is.
    async fn url(&self) -> Option<Url> {
        self.0.url.as_ref().map(|url| Url::from(url.as_str()))
    }

    /// Its digital object identifier, as `10.1000/182`.
    async fn doi(&self) -> Option<&str> {
        self.0.doi.as_deref()
    }

    /// The organisations that published it.
    async fn publishers(&self, ctx: &Context<'_>) -> Option<Result<Vec<Organisation>>> {
        let publishers = async {
            let found = self.0.publishers.iter().map(|id| load::organisation(ctx, Some(*id)));
            Ok(futures::future::try_join_all(found).await?.into_iter().flatten().collect())
        };
        Some(publishers.await)
    }

    /// Its authors, as it names them.
    async fn authors(&self) -> &[String] {
        &self.0.authors
    }

    /// Who may read that it exists.
    async fn visibility(&self) -> PublicationVisibility {
        self.0.visibility.into()
    }

    /// Where its entry comes from.
    async fn provenance(&self) -> Provenance {
        Provenance::from(&self.0.provenance)
    }

    /// The entry's version, for edits.
    async fn version(&self) -> i32 {
        version(self.0.version)
    }
}

/// What a list of publications is narrowed to; everything given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PublicationFilter {
    /// Words found in any title; case and accents do not matter.
    search: Option<String>,
    /// Publications of any of these types.
    types: Option<Vec<PublicationType>>,
}

impl PublicationFilter {
    fn read(self) -> Result<words::PublicationFilter> {
        let mut faults = Faults::default();
        let search = self.search.and_then(|search| faults.check("filter.search", SearchTerm::parse(&search)));
        faults.finish()?;
        Ok(words::PublicationFilter { search, types: self.types.unwrap_or_default().into_iter().map(Into::into).collect() })
    }
}

/// Queries about publications.
#[derive(Default)]
pub struct PublicationQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "Relay's four arguments and the list's own")]
impl PublicationQuery {
    /// The coalition's publications that you may read. Who: anyone.
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<PublicationFilter>,
        #[graphql(desc = "The order; there is one.")] order_by: Option<PublicationOrder>,
        #[graphql(desc = "How many from the front, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Publication>>> {
        let PublicationOrder::PublishedOnDesc = order_by.unwrap_or(PublicationOrder::PublishedOnDesc);
        let list = async {
            let (filter, page) = (filter.unwrap_or_default().read()?, page(first, after.as_deref(), last, before.as_deref())?);
            let found = publication::list(ctx.app(), ctx.caller(), &filter, &page).await?;
            let (app, caller) = ctx.shared();
            Ok(Connection::new(found.map(Publication), move || {
                let (app, caller, filter) = (app.clone(), caller.clone(), filter.clone());
                async move { publication::count(&app, &caller, &filter).await }
            }))
        };
        Some(list.await)
    }
}
