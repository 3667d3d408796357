//! Two bodies, two platforms, and people of each, for the stories of the contact log. All of it is made up.

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tertulia_app::directory::platform;
use tertulia_domain::{
    directory::platform::{PlatformServiceDraft, PlatformServiceType},
    id::{OrganisationId, PlatformServiceId},
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, Reply, TestApp};

/// The documents of a front end.
pub(crate) const DOCUMENTS: &str = include_str!("../../operations/engagement.graphql");

/// What the stories are about.
pub(crate) struct World<'a> {
    pub(crate) app: &'a TestApp,
    /// A body in Peru.
    pub(crate) body: OrganisationId,
    /// A body in Chile.
    pub(crate) other_body: OrganisationId,
    pub(crate) platform: OrganisationId,
    pub(crate) rival_platform: OrganisationId,
    pub(crate) desk: OrganisationId,
    /// Two services of the platform, and one of its rival's.
    pub(crate) service: PlatformServiceId,
    pub(crate) second_service: PlatformServiceId,
    pub(crate) rival_service: PlatformServiceId,
}

impl<'a> World<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let body = app.organisation(OrganisationKind::ElectoralBody, "The Peruvian body").await;
        let other_body = app.organisation(OrganisationKind::ElectoralBody, "The Chilean body").await;
        let platform = app.organisation(OrganisationKind::PlatformCompany, "Parley").await;
        let rival_platform = app.organisation(OrganisationKind::PlatformCompany, "Murmur").await;
        let desk = app.organisation(OrganisationKind::UnEntity, "The desk").await;
        for (code, id) in [("PE", body), ("CL", other_body)] {
            let database = Database::connect(&app.database.url).await.unwrap();
            let update = sea_orm::sea_query::Query::update()
                .table("organisation")
                .value("country_code", code)
                .and_where(sea_orm::sea_query::ExprTrait::eq(sea_orm::sea_query::Expr::col("id"), id.uuid()))
                .to_owned();
            database.execute(&update).await.unwrap();
            database.close().await.unwrap();
        }
        let service = service_of(app, platform, "Parley Video").await;
        let second_service = service_of(app, platform, "Parley Chat").await;
        let rival_service = service_of(app, rival_platform, "Murmur").await;
        Self { app, body, other_body, platform, rival_platform, desk, service, second_service, rival_service }
    }

    /// An officer of the body in Peru.
    pub(crate) async fn officer(&self) -> Client {
        self.app.member("olga.officer@body.example", self.body, Role::ElectoralBodyOfficer).await
    }

    /// An administrator of the same body.
    pub(crate) async fn colleague(&self) -> Client {
        self.app.member("carla.colleague@body.example", self.body, Role::ElectoralBodyAdministrator).await
    }

    /// An officer of the body in Chile.
    pub(crate) async fn stranger(&self) -> Client {
        self.app.member("stranger@chile.example", self.other_body, Role::ElectoralBodyOfficer).await
    }

    /// A representative of the platform, for everything.
    pub(crate) async fn representative(&self) -> Client {
        self.app.member("rosa.representative@parley.example", self.platform, Role::PlatformRepresentative).await
    }

    /// A representative of the other platform.
    pub(crate) async fn rival(&self) -> Client {
        self.app.member("rival@murmur.example", self.rival_platform, Role::PlatformRepresentative).await
    }

    /// The coordinator.
    pub(crate) async fn coordinator(&self) -> Client {
        self.app.member("coordinator@desk.example", self.desk, Role::Coordinator).await
    }

    /// The auditor.
    pub(crate) async fn auditor(&self) -> Client {
        self.app.member("auditor@desk.example", self.desk, Role::Auditor).await
    }

    /// The smallest useful contact.
    pub(crate) fn smallest(&self) -> Value {
        json!({
            "platformServiceId": self.service.to_string(), "kind": "ESCALATION", "legalBasis": "PLATFORM_TERMS",
            "sentAt": "2026-03-02T08:00:00Z", "items": [{ "url": "https://parley.example/post/1" }],
        })
    }

    /// The smallest contact with other fields, null taking one away.
    pub(crate) fn contact(&self, change: &Value) -> Value {
        let mut input = self.smallest();
        for (name, value) in change.as_object().unwrap() {
            if value.is_null() {
                input.as_object_mut().unwrap().remove(name)
            } else {
                input.as_object_mut().unwrap().insert(name.clone(), value.clone())
            };
        }
        input
    }
}

pub(crate) async fn service_of(app: &TestApp, platform: OrganisationId, name: &str) -> PlatformServiceId {
    let names = vec![("en".to_owned(), name.to_owned())];
    let draft = PlatformServiceDraft { platform: Some(platform), names, kind: Some(PlatformServiceType::Social), ..Default::default() };
    platform::create(&app.app, &app.app.system(), Ok(draft), None).await.unwrap().id
}

/// Sends one of the front end's operations.
pub(crate) async fn operation(client: &Client, name: &str, variables: Value) -> Reply {
    client.operation(&documents(), name, variables).await
}

/// Sends one of the front end's acts, as `ContactAcknowledge`.
pub(crate) async fn act(client: &Client, name: &str, input: Value) -> Reply {
    operation(client, name, json!({ "input": input })).await
}

/// The same, which must be done; answers the contact.
pub(crate) async fn done(client: &Client, name: &str, input: Value) -> Value {
    let data = act(client, name, input).await.data();
    let payload = data.as_object().unwrap().values().next().unwrap();
    assert_eq!(payload["userErrors"], json!([]), "{name}: {payload}");
    payload["contact"].clone()
}

/// The contact as the caller reads it; null if he may not.
pub(crate) async fn read(client: &Client, id: &Value) -> Value {
    operation(client, "Contact", json!({ "id": id })).await.data()["contact"].clone()
}

/// The list as the caller reads it.
pub(crate) async fn list(client: &Client, variables: Value) -> Value {
    operation(client, "Contacts", variables).await.data()["contacts"].clone()
}

/// The references of a list.
pub(crate) fn references(list: &Value) -> Vec<String> {
    list["nodes"].as_array().unwrap().iter().map(|node| node["reference"].as_str().unwrap().to_owned()).collect()
}

fn documents() -> String {
    let to =
        if tertulia_api::graphql::sdl().contains("contactChanged") { DOCUMENTS.len() } else { DOCUMENTS.find("subscription").unwrap() };
    DOCUMENTS[..to].to_owned()
}
