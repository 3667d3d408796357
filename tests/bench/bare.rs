//! The least that an answer can cost here: an actix handler, one SQL statement written by hand, serde. No rights, no other
//! language, no history, no audit.

use actix_web::{App, HttpResponse, HttpServer, web};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use sea_orm::sqlx::{
    self, Row,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tertulia_domain::id::{ContactId, MeetingId, OrganisationId, PlatformServiceId};
use uuid::Uuid;

use crate::bare_figures::{self, Part};

#[derive(Deserialize)]
struct Ask {
    id: Option<Uuid>,
    after: Option<String>,
    dialogue: Option<Uuid>,
}

impl Ask {
    fn place(&self) -> (DateTime<Utc>, Uuid) {
        let bytes = URL_SAFE_NO_PAD.decode(self.after.as_deref().expect("a cursor")).expect("base64");
        let (id, key) = bytes.split_first_chunk::<16>().expect("an id");
        let micros = std::str::from_utf8(key).expect("digits").parse().expect("a number");
        (DateTime::from_timestamp_micros(micros).expect("an instant"), Uuid::from_bytes(*id))
    }
}

/// What a caller logs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    platform_service_id: PlatformServiceId,
    kind: String,
    legal_basis: String,
    sent_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Told {
    step: String,
    at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Point {
    position: i64,
    title: String,
    minutes: i64,
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn status_after(step: &str) -> &str {
    match step {
        "ASKED" => "AWAITING_SENDER",
        "REPLIED" => "ACKNOWLEDGED",
        other => other,
    }
}

fn answer(data: &Value) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "data": data }))
}

/// Serves on `BARE_LISTEN` until killed.
pub(crate) fn serve(url: &str) {
    let listen = std::env::var("BARE_LISTEN").expect("BARE_LISTEN");
    let url = url.to_owned();
    actix_web::rt::System::new().block_on(async move {
        if url.starts_with("sqlite:") {
            let options: SqliteConnectOptions = url.parse().expect("a URL");
            let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
            let read = SqlitePoolOptions::new().max_connections(8).connect_with(options.clone()).await.expect("a database");
            let write = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a database");
            let data = web::Data::new((read, write));
            let server = HttpServer::new(move || App::new().app_data(data.clone()).configure(sqlite::routes));
            server.bind(listen).expect("a free port").run().await.expect("a server");
        } else {
            let pool = PgPoolOptions::new().max_connections(8).connect(&url).await.expect("a database");
            let data = web::Data::new((pool.clone(), pool));
            let server = HttpServer::new(move || App::new().app_data(data.clone()).configure(postgres::routes));
            server.bind(listen).expect("a free port").run().await.expect("a server");
        }
    });
}

macro_rules! handlers {
    ($name:ident, $database:ty, json: $json:literal, facts: $facts:literal, points: $points:literal) => {
        mod $name {
            use super::*;

            type Pools = web::Data<(sqlx::Pool<$database>, sqlx::Pool<$database>)>;

            pub(super) fn routes(routes: &mut web::ServiceConfig) {
                routes
                    .route("/body", web::get().to(body))
                    .route("/contacts", web::get().to(contacts))
                    .route("/facts", web::get().to(facts))
                    .route("/meetings", web::get().to(meetings))
                    .route("/figures", web::get().to(figures))
                    .route("/log", web::post().to(log));
            }

            /// The calculation is the domain's on both sides; what is compared is the way to it.
            async fn figures(ask: web::Query<bare_figures::Asked>, pools: Pools) -> HttpResponse {
                let months = bare_figures::Asked::months();
                let rows = sqlx::query(ask.statement())
                    .bind(ask.own)
                    .bind(months.0)
                    .bind(months.1)
                    .fetch_all(&pools.0)
                    .await
                    .expect("counts");
                let part = |row: &<$database as sqlx::Database>::Row| Part {
                    cells: row.get(0),
                    phase: row.get(1),
                    kept: row.get(2),
                    kept_phase: row.get(3),
                };
                answer(&json!({ "responsiveness": { "cells": ask.cells(&rows.iter().map(part).collect::<Vec<_>>()) } }))
            }

            async fn body(ask: web::Query<Ask>, pools: Pools) -> HttpResponse {
                let row = sqlx::query(concat!(
                    "SELECT o.id, o.names", $json, "->0->>'text', o.short_name, o.model, o.status, o.website, c.code, c.names", $json, "->0->>'text'
                     FROM organisation o LEFT JOIN country c ON c.code = o.country_code WHERE o.id = $1"
                ))
                .bind(ask.id)
                .fetch_one(&pools.0)
                .await
                .expect("a body");
                let country = row.get::<Option<String>, _>(6).map(|code| json!({ "code": code, "name": row.get::<String, _>(7) }));
                answer(&json!({ "electoralBody": {
                    "id": OrganisationId::new(row.get(0)).to_string(), "name": row.get::<String, _>(1),
                    "shortName": row.get::<Option<String>, _>(2), "model": row.get::<Option<String>, _>(3),
                    "status": row.get::<String, _>(4), "website": row.get::<Option<String>, _>(5), "country": country,
                } }))
            }

            async fn contacts(ask: web::Query<Ask>, pools: Pools) -> HttpResponse {
                let (at, id) = ask.place();
                let rows = sqlx::query(concat!(
                    "SELECT c.id, c.reference, c.kind, c.urgency, c.status, c.subject, c.sent_at, c.generated, b.id, b.names", $json,
                    "->0->>'text', b.country_code, s.id, s.names", $json, "->0->>'text', p.id, p.names", $json, "->0->>'text'
                     FROM contact c JOIN organisation b ON b.id = c.electoral_body_id
                     JOIN platform_service s ON s.id = c.platform_service_id JOIN organisation p ON p.id = s.platform_id
                     WHERE c.sent_at IS NOT NULL AND c.visibility = 'PARTIES' AND (c.listed_at, c.id) < ($1, $2)
                     ORDER BY c.listed_at DESC, c.id DESC LIMIT 50"
                ))
                .bind(at)
                .bind(id)
                .fetch_all(&pools.0)
                .await
                .expect("contacts");
                let node = |row: &<$database as sqlx::Database>::Row| {
                    let country = row.get::<Option<String>, _>(10).map(|code| json!({ "code": code }));
                    json!({
                        "id": ContactId::new(row.get(0)).to_string(), "reference": row.get::<String, _>(1), "kind": row.get::<String, _>(2),
                        "urgency": row.get::<String, _>(3), "status": row.get::<String, _>(4), "subject": row.get::<String, _>(5),
                        "sentAt": row.get::<Option<DateTime<Utc>>, _>(6).map(instant), "generated": row.get::<bool, _>(7),
                        "electoralBody": {
                            "id": OrganisationId::new(row.get(8)).to_string(), "name": row.get::<String, _>(9), "country": country,
                        },
                        "platformService": {
                            "id": PlatformServiceId::new(row.get(11)).to_string(), "name": row.get::<String, _>(12),
                            "platform": { "id": OrganisationId::new(row.get(13)).to_string(), "name": row.get::<String, _>(14) },
                        },
                    })
                };
                answer(&json!({ "contacts": { "nodes": rows.iter().map(node).collect::<Vec<_>>() } }))
            }

            async fn facts(ask: web::Query<Ask>, pools: Pools) -> HttpResponse {
                let (at, id) = ask.place();
                let rows = sqlx::query(concat!(
                    "SELECT c.id, c.reference, c.status, ", $facts, "
                     FROM contact c WHERE c.sent_at IS NOT NULL AND c.visibility = 'PARTIES' AND (c.listed_at, c.id) < ($1, $2)
                     ORDER BY c.listed_at DESC, c.id DESC LIMIT 50"
                ))
                .bind(at)
                .bind(id)
                .fetch_all(&pools.0)
                .await
                .expect("contacts");
                let node = |row: &<$database as sqlx::Database>::Row| {
                    let told: Vec<Told> = serde_json::from_str(&row.get::<String, _>(3)).expect("facts");
                    let told: Vec<Value> =
                        told.iter().map(|told| json!({ "to": status_after(&told.step), "occurredAt": instant(told.at) })).collect();
                    json!({
                        "id": ContactId::new(row.get(0)).to_string(), "reference": row.get::<String, _>(1),
                        "status": row.get::<String, _>(2), "recentTransitions": told,
                    })
                };
                answer(&json!({ "contacts": { "nodes": rows.iter().map(node).collect::<Vec<_>>() } }))
            }

            async fn meetings(ask: web::Query<Ask>, pools: Pools) -> HttpResponse {
                let rows = sqlx::query(concat!(
                    "SELECT m.id, m.status, m.starts_at, m.ends_at, m.local_start, m.time_zone, ", $points, "
                     FROM meeting m JOIN dialogue d ON d.id = m.dialogue_id
                     WHERE m.dialogue_id = $1 AND d.visibility = 'PUBLIC' ORDER BY m.starts_at, m.id LIMIT 20"
                ))
                .bind(ask.dialogue)
                .fetch_all(&pools.0)
                .await
                .expect("meetings");
                let node = |row: &<$database as sqlx::Database>::Row| {
                    let points: Vec<Point> = serde_json::from_str(&row.get::<String, _>(6)).expect("points");
                    let point = |point: &Point| json!({ "position": point.position, "title": point.title, "duration": format!("PT{}M", point.minutes) });
                    json!({
                        "id": MeetingId::new(row.get(0)).to_string(), "status": row.get::<String, _>(1), "startsAt": instant(row.get(2)),
                        "endsAt": instant(row.get(3)),
                        "localStart": row.get::<NaiveDateTime, _>(4).format("%Y-%m-%dT%H:%M:%S").to_string(),
                        "timeZone": row.get::<String, _>(5), "agenda": points.iter().map(point).collect::<Vec<_>>(),
                    })
                };
                answer(&json!({ "meetings": { "nodes": rows.iter().map(node).collect::<Vec<_>>() } }))
            }

            async fn log(logged: web::Json<Logged>, pools: Pools) -> HttpResponse {
                let (id, now) = (Uuid::now_v7(), Utc::now());
                let reference = format!("PE-{}", id.simple());
                sqlx::query(
                    "INSERT INTO contact (id, reference, electoral_body_id, platform_id, platform_service_id, country_code, direction, owner_id,
                        kind, medium, legal_basis, urgency, issue_types, subject, search_text, visibility, visibility_chosen, named_readers,
                        shared_at, status, sent_at, acknowledgement_implied, listed_at, recorded_at, backfilled, generated, updated_at, version)
                     SELECT $1, $2, b.id, s.platform_id, s.id, 'PE', 'EB_TO_PLATFORM', b.id, $5, 'EMAIL', $6, 'NORMAL', '[]', $2, $2, 'PARTIES',
                        FALSE, '[]', $4, 'SENT', $4, FALSE, $4, $7, FALSE, FALSE, $7, 1
                     FROM platform_service s, (SELECT id FROM organisation WHERE kind = 'ELECTORAL_BODY' LIMIT 1) b WHERE s.id = $3",
                )
                .bind(id)
                .bind(&reference)
                .bind(logged.platform_service_id.uuid())
                .bind(logged.sent_at)
                .bind(&logged.kind)
                .bind(&logged.legal_basis)
                .bind(now)
                .execute(&pools.1)
                .await
                .expect("a contact");
                let contact = json!({ "id": ContactId::new(id).to_string(), "reference": reference, "status": "SENT" });
                answer(&json!({ "contactLog": { "contact": contact, "userErrors": [] } }))
            }
        }
    };
}

handlers!(
    postgres,
    sqlx::Postgres,
    json: "::json",
    facts: "(SELECT json_agg(json_build_object('step', f.step, 'at', f.occurred_at))::text
             FROM (SELECT step, occurred_at FROM fact WHERE contact_id = c.id ORDER BY seq DESC LIMIT 3) f)",
    points: "(SELECT json_agg(json_build_object('position', a.position, 'title', a.titles::json->0->>'text', 'minutes', a.duration_minutes)
              ORDER BY a.position)::text FROM agenda_item a WHERE a.meeting_id = m.id)"
);
handlers!(
    sqlite,
    sqlx::Sqlite,
    json: "",
    facts: "(SELECT json_group_array(json_object('step', f.step, 'at', f.occurred_at))
             FROM (SELECT step, occurred_at FROM fact WHERE contact_id = c.id ORDER BY seq DESC LIMIT 3) f)",
    points: "(SELECT json_group_array(json_object('position', a.position, 'title', a.titles->0->>'text', 'minutes', a.duration_minutes))
              FROM (SELECT * FROM agenda_item WHERE meeting_id = m.id ORDER BY position) a)"
);
