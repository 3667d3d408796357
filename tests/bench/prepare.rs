//! People and a dialogue in a database that `tertulia generate` filled, made by the application's own use cases.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tertulia_api::config::Config;
use tertulia_app::{
    App, Clock, Ctx, directory,
    identity::user::{self, NewAccount},
};
use tertulia_domain::{
    directory::organisation::OrganisationDraft,
    id::OrganisationId,
    identity::{Cover, Person},
    policy::{OrganisationKind, Role},
};
use uuid::Uuid;

/// The secret under which the server opens the keys in the database.
pub(crate) const SECRET: &str = "a secret for benchmarks, which guards nothing at all";
/// The password of everybody in the benchmark.
pub(crate) const PASSWORD: &str = "a fine long phrase for benchmarks";
/// How deep the deep page lies; at nine tenths of a shorter list.
pub(crate) const DEEP: u64 = 900_000;

/// What the requests are about.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) contacts: u64,
    pub(crate) coordinator: String,
    pub(crate) officer: String,
    /// Who reads the figures of a body in the directory, and of the platform to which most was sent.
    pub(crate) readers: [(OrganisationId, String); 2],
    pub(crate) desk: OrganisationId,
    pub(crate) bodies: Vec<Uuid>,
    pub(crate) service: Uuid,
    /// Where pages of contacts begin: near the top, and deep down.
    pub(crate) top: Vec<(DateTime<Utc>, Uuid)>,
    pub(crate) deep: Vec<(DateTime<Utc>, Uuid)>,
}

/// Makes the accounts and looks up what the requests need.
pub(crate) async fn prepare(url: &str) -> World {
    let app = connect(url).await;
    app.migrate().await.expect("the tables");
    let ctx = app.system();
    let desk = organisation(&app, &ctx, OrganisationKind::UnEntity, "The benchmark's desk").await;
    let body = organisation(&app, &ctx, OrganisationKind::ElectoralBody, "The benchmark's electoral body").await;
    let coordinator = account(&app, &ctx, desk, Role::Coordinator).await;
    let officer = account(&app, &ctx, body, Role::ElectoralBodyOfficer).await;
    let look = Look::connect(url).await;
    let readers = [
        reader(&app, &ctx, look.busiest("electoral_body_id").await, Role::ElectoralBodyOfficer).await,
        reader(&app, &ctx, look.busiest("platform_id").await, Role::PlatformRepresentative).await,
    ];
    app.close().await.expect("closing the database");
    let contacts = look.count("contact").await;
    let deep = DEEP.min(contacts * 9 / 10);
    World {
        contacts,
        coordinator,
        officer,
        readers,
        desk,
        bodies: look.ids("SELECT id FROM organisation WHERE kind = 'ELECTORAL_BODY' AND slug IS NOT NULL ORDER BY id LIMIT 100").await,
        service: look.ids("SELECT id FROM platform_service ORDER BY id LIMIT 1").await[0],
        top: look.places(100).await,
        deep: look.places(deep).await,
        url: url.to_owned(),
    }
}

/// The application on the benchmark's database.
pub(crate) async fn connect(url: &str) -> App {
    let mut config = Config::defaults().expect("the default configuration");
    config.secret = SECRET.into();
    config.database.url = url.into();
    App::connect(config.settings(Clock::system())).await.expect("a database")
}

async fn reader(app: &App, ctx: &Ctx, organisation: OrganisationId, role: Role) -> (OrganisationId, String) {
    (organisation, account(app, ctx, organisation, role).await)
}

async fn organisation(app: &App, ctx: &Ctx, kind: OrganisationKind, name: &str) -> OrganisationId {
    let draft = OrganisationDraft {
        kind: Some(kind),
        names: vec![("en".to_owned(), name.to_owned())],
        country: (kind == OrganisationKind::ElectoralBody).then(|| "PE".to_owned()),
        ..OrganisationDraft::default()
    };
    directory::organisation::create(app, ctx, Ok(draft), None).await.expect("an organisation").id
}

async fn account(app: &App, ctx: &Ctx, organisation: OrganisationId, role: Role) -> String {
    let email = format!("{}@benchmark.example", app.ids.uuid());
    let person = Person::parse(&email, "Benchmark").expect("a person");
    let password = SecretString::from(PASSWORD);
    let cover = if role.is_platform() { Cover::everything() } else { Cover::default() };
    let account = NewAccount { person, organisation, role, cover, password, generated: false };
    user::create(app, ctx, account).await.expect("an account");
    email
}

/// Looks into the tables, beside the application.
pub(crate) struct Look(sea_orm::DatabaseConnection);

impl Look {
    pub(crate) async fn connect(url: &str) -> Self {
        Self(sea_orm::Database::connect(url).await.expect("a database"))
    }

    async fn rows(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        use sea_orm::ConnectionTrait;
        let statement = sea_orm::Statement::from_string(self.0.get_database_backend(), sql);
        self.0.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub(crate) async fn count(&self, table: &str) -> u64 {
        let count: i64 = self.rows(&format!("SELECT COUNT(*) AS n FROM {table}")).await[0].try_get("", "n").expect("a number");
        u64::try_from(count).expect("a number of rows")
    }

    /// The party of most counted contacts of the directory's organisations.
    async fn busiest(&self, party: &str) -> OrganisationId {
        let sql = format!(
            "SELECT {party} AS id FROM counted WHERE {party} IN (SELECT id FROM organisation WHERE slug IS NOT NULL)
             GROUP BY {party} ORDER BY COUNT(*) DESC, {party} LIMIT 1"
        );
        let busiest = self.ids(&sql).await;
        OrganisationId::new(*busiest.first().expect("counted contacts: `tertulia generate` counts what it makes"))
    }

    pub(crate) async fn ids(&self, sql: &str) -> Vec<Uuid> {
        self.rows(sql).await.iter().map(|row| row.try_get("", "id").expect("an id")).collect()
    }

    /// Twenty places of the list of contacts from `offset` on.
    async fn places(&self, offset: u64) -> Vec<(DateTime<Utc>, Uuid)> {
        let sql = format!(
            "SELECT listed_at, id FROM contact WHERE sent_at IS NOT NULL AND visibility = 'PARTIES'
             ORDER BY listed_at DESC, id DESC LIMIT 20 OFFSET {offset}"
        );
        let place = |row: &sea_orm::QueryResult| (row.try_get("", "listed_at").expect("an instant"), row.try_get("", "id").expect("an id"));
        self.rows(&sql).await.iter().map(place).collect()
    }

    /// Gives each meeting ten points on its agenda.
    pub(crate) async fn agendas(&self, meetings: &[Uuid]) {
        use sea_orm::{ConnectionTrait, Statement};
        for meeting in meetings {
            for position in 1..=10_i64 {
                let values = [
                    Uuid::now_v7().into(),
                    (*meeting).into(),
                    position.into(),
                    format!(r#"[{{"language":"en","text":"Point {position}"}}]"#).into(),
                    (5 * position).into(),
                    "[]".into(),
                ];
                let sql = "INSERT INTO agenda_item (id, meeting_id, position, titles, duration_minutes, speakers) VALUES ($1, $2, $3, $4, $5, $6)";
                let statement = Statement::from_sql_and_values(self.0.get_database_backend(), sql, values);
                self.0.execute_raw(statement).await.expect("a point");
            }
        }
    }
}
