//! The organisations, experts and countries of dialogues, as the directory shows them. Placeholders until it does.
use async_graphql::{Context, ID, InputObject, SimpleObject};
use tertulia_domain::{Result, id::*, text::CountryCode};

/// placeholder
#[derive(SimpleObject)]
pub struct Organisation {
    id: ID,
    name: String,
}
/// placeholder
#[derive(SimpleObject)]
pub struct Country {
    code: String,
}
/// placeholder
#[derive(SimpleObject)]
pub struct Expert {
    id: ID,
}
/// placeholder
#[derive(InputObject)]
pub struct LocalizedTextInput {
    language: String,
    text: String,
}
impl LocalizedTextInput {
    pub(super) fn pair(self) -> (String, String) {
        (self.language, self.text)
    }
}
pub(super) async fn country(_: &Context<'_>, code: CountryCode) -> Result<Option<Country>> {
    Ok(Some(Country { code: code.to_string() }))
}
pub(super) async fn expert(_: &Context<'_>, id: ExpertId) -> Result<Option<Expert>> {
    Ok(Some(Expert { id: id.to_string().into() }))
}
pub(super) async fn organisation(_: &Context<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    Ok(Some(Organisation { id: id.to_string().into(), name: "x".into() }))
}
pub(super) async fn organisations(_: &Context<'_>, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    Ok(ids.iter().map(|id| Organisation { id: id.to_string().into(), name: "x".into() }).collect())
}
