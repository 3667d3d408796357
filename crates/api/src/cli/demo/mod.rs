//! `tertulia demo`: everything in a folder of its own, alive from the first minute. Settings of the environment hold here too,
//! but for those of the folder itself: secret, database, mail.

mod accounts;
mod folder;
mod seed;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use tertulia_app::Clock;
use tertulia_domain::time::Instant;

use super::{Failure, Outcome, connect, migrate, tour};
use crate::{
    config::{Config, MailKind},
    rest::demo::Link,
    server::{self, Running, Told},
};
use folder::Folder;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The folder for database, accounts, mails and secret.
    #[arg(long, value_name = "DIR", default_value = "tertulia-demo")]
    data: PathBuf,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Run the README's tour of requests, show the answers, and stop.
    #[arg(long)]
    tour: bool,
    /// With --tour: print the answers the way the README has them.
    #[arg(long, requires = "tour")]
    markdown: bool,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let folder = Folder::open(&arguments.data)?;
    let clock = Clock::system();
    let (running, links) = start(&folder, arguments.listen, clock.clone()).await?;
    let base = format!("http://{}", running.address);
    if arguments.tour {
        let outcome = show_tour(&base, &folder, clock.now(), arguments.markdown).await;
        running.stop().await;
        return outcome;
    }
    let told = Told::listen()?;
    println!("Tertulia's demo serves on {base} from the folder {}.", folder.path().display());
    println!("Its accounts, one for each role, stand in {}.", folder.accounts().display());
    println!("{base}/ opens GraphiQL signed in as each of them, as these links do until the demo stops:");
    for link in links {
        println!("  {:<28} {base}{}", link.role, link.path());
    }
    println!("GraphQL is at {base}/graphql; the README's tour begins there. Stop it with Ctrl-C.");
    running.until(told).await;
    Ok(())
}

/// Fills the folder if it is new, and serves it.
async fn start(folder: &Folder, listen: SocketAddr, clock: Clock) -> Result<(Running, Vec<Link>), Failure> {
    let mut config = configuration(folder, listen)?;
    crate::telemetry::start(&config)?;
    let app = connect(&config, clock).await?;
    migrate::bring_up_to_date(&app).await?;
    if !folder.is_complete() {
        seed::directory(&app).await?;
        let accounts = accounts::make_all(folder, &app).await?;
        seed::fill(&app, &accounts).await?;
        folder.complete()?;
    }
    let links = accounts::links(&folder.accounts())?;
    config.demo_links.clone_from(&links);
    Ok((server::start(app, config).await?, links))
}

/// The README's tour, from a run in a new folder by this clock.
pub async fn tour_as_markdown(data: &Path, clock: Clock) -> Result<String, Failure> {
    let folder = Folder::open(data)?;
    let (running, _) = start(&folder, SocketAddr::from(([127, 0, 0, 1], 0)), clock.clone()).await?;
    let answers = tour::run(&format!("http://{}", running.address), &folder.accounts(), clock.now(), |_, _, _| {}).await;
    running.stop().await;
    Ok(tour::render(&answers?))
}

fn configuration(folder: &Folder, listen: SocketAddr) -> Result<Config, Failure> {
    let mut config = Config::load(None)?;
    config.demo = true;
    config.graphql.graphiql = true;
    config.secret = folder.secret()?.into();
    config.database.url = folder.database_url().into();
    config.server.listen = listen;
    config.mail.kind = MailKind::File;
    config.mail.directory = folder.mails().display().to_string();
    "warn".clone_into(&mut config.log.filter);
    Ok(config)
}

async fn show_tour(base: &str, folder: &Folder, now: Instant, markdown: bool) -> Outcome {
    let accounts = folder.accounts();
    let answers = tour::run(base, &accounts, now, |number, title, answer| {
        if !markdown {
            println!("{number}. {title}\n{}\n", tour::shown(answer));
        }
    })
    .await?;
    if markdown {
        print!("{}", tour::render(&answers));
    } else {
        println!("The tour is complete: {} requests were answered.", answers.len());
    }
    Ok(())
}
