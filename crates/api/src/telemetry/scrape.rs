//! `GET /metrics`, on an address of its own.

use std::{fs, io, net::SocketAddr, time::Duration};

use actix_web::{
    App as Actix, HttpResponse, HttpServer,
    dev::Server,
    web::{self, Data},
};
use prometheus_client::encoding::text;
use tertulia_app::record;
use tertulia_domain::time::Instant;

use super::metrics::{Connections, Metrics, age};
use crate::server::State;

/// How long the database may take to say what waits.
const PATIENCE: Duration = Duration::from_secs(3);

/// Serves the metrics on `listen`, and where that is.
pub fn serve(state: Data<State>, listen: SocketAddr) -> io::Result<(Server, SocketAddr)> {
    let app = move || Actix::new().app_data(state.clone()).service(web::resource("/metrics").route(web::get().to(answer)));
    let server = HttpServer::new(app).workers(1).disable_signals().bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok((server.run(), address))
}

async fn answer(state: Data<State>) -> HttpResponse {
    look(&state).await;
    let mut body = String::new();
    match text::encode(&mut body, &state.metrics.registry) {
        Ok(()) => HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(body),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// Looks up what is not counted as it happens.
async fn look(state: &State) {
    let (app, metrics) = (&state.app, &state.metrics);
    metrics.sockets.set(count(state.places.open()));
    metrics.replica_serves.set(i64::from(app.replica_serves()));
    metrics.memory.set(memory().unwrap_or(f64::NAN));
    for pool in app.pools() {
        for (name, value) in [("used", pool.open.saturating_sub(pool.idle)), ("idle", pool.idle), ("limit", pool.limit)] {
            metrics.connections.get_or_create(&Connections { pool: pool.name, state: name }).set(count(value));
        }
    }
    let waiting = tokio::time::timeout(PATIENCE, record::backlog(app)).await.ok().and_then(Result::ok);
    metrics.database_up.set(i64::from(waiting.is_some()));
    metrics.webhooks.look(app, waiting.as_ref());
    backlog(metrics, waiting, app.clock.now());
}

fn backlog(metrics: &Metrics, waiting: Option<record::Backlog>, now: Instant) {
    let (mut event, mut mail, mut mails) = (f64::NAN, f64::NAN, f64::NAN);
    if let Some(waiting) = waiting {
        (event, mail, mails) = (age(waiting.oldest_event, now), age(waiting.oldest_mail, now), f64::from(waiting.mails));
    }
    metrics.oldest_event.set(event);
    metrics.oldest_mail.set(mail);
    metrics.mails.set(mails);
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The memory that the process holds, in bytes, where the system says so.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}
