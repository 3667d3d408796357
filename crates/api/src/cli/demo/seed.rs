//! What the demo shows: fictional organisations and generated contacts. All through the use cases.

use tertulia_app::{App, directory::reference, engagement::generate};

use super::{super::Failure, accounts::Account};

/// Contacts that the demo begins with.
const CONTACTS: u64 = 200;
/// The seed from which they are made.
const SEED: u64 = 2025;

/// The fictional part of the directory.
pub(super) async fn directory(app: &App) -> Result<(), Failure> {
    reference::load_fictional(app, &app.system()).await?;
    Ok(())
}

/// Contacts among the fictional organisations.
pub(super) async fn fill(app: &App, _accounts: &[Account]) -> Result<(), Failure> {
    let ctx = app.system();
    let order = generate::Order { contacts: CONTACTS, seed: SEED, among_generated: true, before: ctx.now };
    generate::generate(app, &ctx, order, |_| {}).await?;
    Ok(())
}
