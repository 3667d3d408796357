//! A new password for who has lost the old one, by a link in a mail.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use tertulia_domain::{
    Error, Reason, Result,
    id::PasswordResetId,
    identity::{User, password, session::SessionEnd, token},
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::EmailAddress,
};
use tertulia_persistence::identity::{
    password_reset::{self, PasswordReset},
    session, user,
};

use super::{
    opaque::{self, Opaque},
    session::signing_in,
};
use crate::{
    App, Ctx,
    mail::{Mail, letters},
};

/// Sends a link to the account of that address, if there is one that has a password. The answer is the same whether there is
/// or not, and each way commits one transaction with one line of audit, so that time tells little as well.
pub async fn request(app: &App, ctx: &Ctx, from: Option<IpAddr>, email: &str) -> Result<()> {
    ctx.may(Act::PasswordResetRequest)?;
    let email = EmailAddress::parse(email).map_err(|error| error.under("email"))?;
    app.identity.throttle.present(from, ctx.now)?;
    let found = user::find_by_email(&app.reader(ctx), &email).await?.filter(User::can_sign_in);
    let may_mail = app.identity.throttle.may_mail(&email, ctx.now);
    let (id, token): (PasswordResetId, _) = (app.ids.new_id(), Opaque::generate()?);
    let grant = ctx.allow(Act::PasswordResetRequest, &Scope::default())?;
    let work = app.begin(ctx).await?;
    if let Some(user) = found.filter(|_| may_mail) {
        let reset = PasswordReset { id, user: user.id, created_at: ctx.now, expires_at: ctx.now + token::RESET_LIFETIME };
        password_reset::insert(work.writer(), reset, &token.hash).await?;
        work.mail([letters::password_reset(email, &app.identity.links.reset(&token.secret))]).await?;
    }
    work.commit(grant, [Event::new(Topic::PasswordResetRequested, id.any())]).await
}

/// Sets a new password with the token of the link, and signs every device out. The link works once.
pub async fn confirm(app: &App, ctx: &Ctx, from: Option<IpAddr>, presented: &SecretString, new: SecretString) -> Result<()> {
    ctx.may(Act::PasswordReset)?;
    app.identity.throttle.present(from, ctx.now)?;
    let hash = opaque::hash(presented).ok_or_else(expired)?;
    let id = password_reset::find(&app.reader(ctx), &hash, ctx.now).await?.ok_or_else(expired)?;
    let ctx = &signing_in(app, ctx, id).await?;
    let user = user::find(&app.reader(ctx), id).await?.ok_or_else(expired)?;
    password::check(new.expose_secret(), &user.email).map_err(|error| error.under("password"))?;
    let new = app.identity.passwords.hash(&new).await?;
    let grant = ctx.allow(Act::PasswordReset, &Scope::of_user(id))?;
    let work = app.begin(ctx).await?;
    // The account first, then its links, as whoever erases it holds them.
    user::lock(work.writer(), id).await?;
    // Locked and looked at again: two requests with one link cannot both use it.
    password_reset::lock(work.writer(), &hash, ctx.now).await?.ok_or_else(expired)?;
    password_reset::use_up(work.writer(), id, ctx.now).await?;
    user::set_password(work.writer(), id, &user.name, &new, ctx.now).await?;
    session::end_all(work.writer(), id, SessionEnd::PasswordChanged, ctx.now).await?;
    let told: Mail = letters::password_changed(user.email.clone());
    work.mail([told]).await?;
    work.commit(grant, [Event::new(Topic::PasswordChanged, id.any())]).await?;
    // Whoever reads the account's mail owns it: from here the owner gets in while others guess.
    app.identity.throttle.signed_in(from, &user.email);
    Ok(())
}

fn expired() -> Error {
    Error::invalid(Reason::Expired, "token", "This link has expired or was used. Ask for another one.")
}
