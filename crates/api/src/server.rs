//! The server: routes, start and graceful stop. `serve`, `demo` and the tests start the same one.

use std::{any::Any, io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App as Actix, HttpServer,
    dev::ServerHandle,
    guard::fn_guard,
    middleware::{Compress, Condition, from_fn},
    web::{self, Data, PayloadConfig, ServiceConfig},
};
use socket2::SockRef;
use tertulia_app::{App, record::Worker};
use tertulia_domain::Result;
use tokio::{
    net::TcpStream,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};
use tracing::{info, warn};

use crate::{
    config::Config,
    envelope,
    graphql::{self, Documents, Places},
    rest,
    telemetry::{self, Metrics},
};

/// What every handler finds.
pub struct State {
    /// The use cases.
    pub app: Arc<App>,
    /// The configuration.
    pub config: Config,
    /// The schema.
    pub schema: graphql::Schema,
    /// The documents that clients registered or may run.
    pub documents: Documents,
    /// The connections that stay open: sockets and event streams.
    pub places: Arc<Places>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/health/live").route(web::get().to(rest::health::live)));
    routes.service(web::resource("/health/ready").route(web::get().to(rest::health::ready)));
    rest::identity::configure(routes);
    rest::token::configure(routes);
    rest::person::configure(routes);
    rest::dialogue::configure(routes);
    rest::engagement::configure(routes);
    rest::export::configure(routes);
    rest::file::configure(routes);
    rest::template::configure(routes);
    rest::demo::configure(routes);
    graphql::graphiql::configure(routes);
    rest::read::configure(routes);
    rest::contact::configure(routes);
    rest::openapi::configure(routes);
    rest::docs::configure(routes);
    routes.service(
        web::resource("/graphql")
            .route(web::get().guard(fn_guard(graphql::ws::wanted)).to(graphql::ws::open))
            .route(web::get().to(graphql::http::answer))
            .route(web::post().to(graphql::http::answer))
            .default_service(web::to(graphql::http::other_method)),
    );
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it answers with its metrics, if it does.
    pub metrics: Option<SocketAddr>,
    watched: Option<ServerHandle>,
    handle: ServerHandle,
    server: JoinHandle<io::Result<()>>,
    worker: JoinHandle<()>,
    stop: watch::Sender<bool>,
    places: Arc<Places>,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("Cannot listen on {0}: {1}. Choose another address with --listen ADDRESS:PORT.")]
    Listen(SocketAddr, io::Error),
    /// The database failed.
    #[error("The database failed: {0}")]
    Database(#[from] tertulia_domain::Error),
    /// The list of documents cannot be used.
    #[error("{0}")]
    Documents(#[from] graphql::documents::Unreadable),
}

/// Starts the worker and the server on the configured address (port 0 takes a free one).
pub async fn start(app: Arc<App>, config: Config) -> Result<Running, StartError> {
    let documents = Documents::load(&config.documents)?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(Worker::new(Arc::clone(&app)).await?.run(stopped));
    let (listen, watch) = (config.server.listen, config.metrics.listen);
    let body = config.server.body_bytes;
    let (workers, shutdown) = (config.server.threads(), config.server.shutdown_seconds);
    let patience = Duration::from_secs(config.limits.slow_reader_seconds);
    let schema = graphql::build(Arc::clone(&app), &config);
    let places = Arc::new(Places::default());
    let state = Data::new(State { app, config, schema, documents, places: Arc::clone(&places), metrics: Arc::default() });
    let (watched, metrics) = match watch {
        Some(listen) => {
            let watch = telemetry::serve_metrics(state.clone(), listen);
            let (watch, address) = watch.map_err(|error| StartError::Listen(listen, error))?;
            let handle = watch.handle();
            tokio::spawn(watch);
            (Some(handle), Some(address))
        }
        None => (None, None),
    };
    let factory = move || {
        state.app.serve_here();
        let origins = &state.config.server;
        // From the inside out.
        Actix::new()
            .app_data(PayloadConfig::new(body))
            .app_data(state.clone())
            .wrap(from_fn(rest::refusal::shaped))
            .wrap(Condition::new(!origins.allowed_origins.is_empty(), envelope::cors(origins)))
            .wrap(from_fn(envelope::leave_plain))
            .wrap(Compress::default())
            .wrap(from_fn(envelope::secure))
            .wrap(from_fn(telemetry::record))
            .configure(configure)
    };
    let server = HttpServer::new(factory)
        .workers(workers)
        .on_connect(move |connection, _| drop_slow_readers(connection, patience))
        .shutdown_timeout(shutdown)
        .keep_alive(Duration::from_secs(75))
        .disable_signals();
    let server = server.bind(listen).map_err(|error| StartError::Listen(listen, error))?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    let handle = server.handle();
    info!(%address, "the server listens");
    Ok(Running { address, metrics, watched, handle, server: tokio::spawn(server), worker, stop, places })
}

/// Has the system break off a connection whose client takes nothing for so long: what was written for him would otherwise wait
/// for ever, and with it its memory.
fn drop_slow_readers(connection: &dyn Any, patience: Duration) {
    if let Some(connection) = connection.downcast_ref::<TcpStream>()
        && let Err(error) = SockRef::from(connection).set_tcp_user_timeout(Some(patience))
    {
        warn!(%error, "slow readers of a connection are not dropped");
    }
}

impl Running {
    /// Stops taking requests, closes sockets and event streams, finishes the requests that run, then stops the worker.
    pub async fn stop(self) {
        self.places.close();
        self.handle.stop(true).await;
        let _ = self.server.await;
        let _ = self.stop.send(true);
        let _ = self.worker.await;
        if let Some(watched) = self.watched {
            watched.stop(false).await;
        }
        info!("the server has stopped");
    }

    /// Serves until the process is told to stop, then stops.
    pub async fn until(self, mut told: Told) {
        tokio::select! {
            _ = told.interrupt.recv() => {}
            _ = told.terminate.recv() => {}
        }
        self.stop().await;
    }
}

/// The signals that tell the process to stop. Listened to before the server says that it is there, so that none is missed.
pub struct Told {
    interrupt: Signal,
    terminate: Signal,
}

impl Told {
    /// Listens for SIGINT and SIGTERM from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }
}
