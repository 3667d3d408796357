//! `tertulia organisation lock`: shuts an organisation when nobody can sign in to do it.

use clap::{Args, Subcommand};
use tertulia_app::{
    identity::organisation_lock::{self, Concerned},
    record,
};
use tertulia_domain::Code;

use super::{Configured, Failure, Outcome, connect_current};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Lock an organisation at once: nobody acts or reads for it any more, on any server.
    ///
    /// For the operator, when nobody who may lock it can sign in; it is what `organisationLock` of GraphQL does, and stands in the audit log
    /// as done by no person. Its people are signed out, and the tokens of its programs are good no longer; passwords, secrets and all that
    /// is recorded stay. Its administrators and the coordinators are told by mail.
    ///
    /// No command unlocks. That takes two persons of the coordinator's desk, each by `organisationUnlock` of GraphQL within seven days, so
    /// that one stolen account, or one stolen server, opens nothing. Where none of them can sign in, `tertulia create-admin --another` makes
    /// a coordinator.
    Lock(Lock),
}

#[derive(Args, Debug)]
struct Lock {
    /// The organisation, by its id: `organisation_01j…`.
    #[arg(value_name = "ID")]
    organisation: String,
    /// Why: 1 to 1,000 characters, for the coordinators, the auditors and the letters that tell of it.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    configured: Configured,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let Act::Lock(Lock { organisation, reason, configured }) = arguments.act;
    let app = connect_current(&configured).await?;
    let concerned = Concerned { organisation, reason, idempotency_key: None };
    let locked = organisation_lock::lock(&app, &app.system(), &concerned).await.map_err(|error| match error.code {
        Code::NotFound => Failure::new(format!("There is no organisation {}.", concerned.organisation)),
        _ => Failure::from(error),
    })?;
    record::drain(&app).await?;
    app.close().await?;
    if let Some(ended) = locked.ended {
        println!("{} is locked: nobody acts or reads for it any more, on any server.", ended.organisation);
        println!("Sessions of its people that ended: {}. Its API clients whose tokens ended: {}.", ended.sessions, ended.clients);
    }
    println!(
        "Two persons of the coordinator's desk unlock it, each by `organisationUnlock`. Where none of them can sign in, \
         `tertulia create-admin --another` makes a coordinator."
    );
    Ok(())
}
