//! Taking a person out of the tables that hold more about him than his id.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, LikeExpr, Query},
};
use tertulia_domain::{
    Error,
    dialogue::{MeetingStatus, ParticipationStatus, Speaker},
    directory::channel::ChannelKind,
    id::{ChannelId, ExpertId, FeedTokenId, Id, OrganisationId, ParticipationId, UserId},
    identity::{Person, is_named_in},
    text::ERASED,
    time::Instant,
};

use crate::{
    dialogue::{agenda, feed_token, meeting, participation},
    directory::channel,
    engagement::{attachment, contact_import, file},
    error::OrFail,
    identity::{api_client, invitation},
    json,
    store::{Executes, Session, Writer},
};

/// Rows that one statement names.
const AT_ONCE: usize = 500;

/// States of a participation that can be taken back.
const OPEN: [ParticipationStatus; 8] = [
    ParticipationStatus::Invited,
    ParticipationStatus::Accepted,
    ParticipationStatus::Tentative,
    ParticipationStatus::Declined,
    ParticipationStatus::Requested,
    ParticipationStatus::Approved,
    ParticipationStatus::Waitlisted,
    ParticipationStatus::Offered,
];

/// The participations of a person in meetings that are not over and were not called off, that can be taken back.
pub async fn ahead(session: &dyn Session, who: UserId, now: Instant) -> Result<Vec<ParticipationId>, Error> {
    use participation::{Column, Entity};
    let open = MeetingStatus::ALL.iter().filter(|status| status.can_cancel()).map(|status| status.as_str());
    let meetings = Query::select()
        .column(meeting::Column::Id)
        .from(meeting::Entity)
        .and_where(meeting::Column::EndsAt.gt(now))
        .and_where(meeting::Column::Status.is_in(open))
        .take();
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::UserId.eq(who.uuid()))
        .filter(Column::Status.is_in(OPEN.map(ParticipationStatus::as_str)))
        .filter(Column::MeetingId.in_subquery(meetings))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&session.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Forgets what a person needed at meetings, and that he consented to be listed.
pub async fn forget_needs(writer: &Writer, who: UserId) -> Result<(), Error> {
    use participation::{Column, Entity};
    participation::hold_meetings(writer, Column::UserId.eq(who.uuid())).await?;
    Entity::update_many()
        .col_expr(Column::AccessNeeds, Expr::val(None::<String>))
        .col_expr(Column::InterpretationNeeds, Expr::val("[]"))
        .col_expr(Column::Listed, Expr::val("NOBODY"))
        .filter(Column::UserId.eq(who.uuid()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Takes a person's address off the channels on which he was the one who answers; says which. Other channels keep theirs: they are a desk's.
pub async fn forget_channels(writer: &Writer, address: &str) -> Result<Vec<ChannelId>, Error> {
    use channel::{Column, Entity};
    let kind = ChannelKind::LiaisonPerson.to_string();
    let all: Vec<(Uuid, Option<String>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Address])
        .filter(Column::Kind.eq(kind))
        .into_tuple()
        .all(&writer.exec())
        .await
        .or_fail()?;
    let address = address.to_lowercase();
    let theirs = all.into_iter().filter(|(_, own)| own.as_ref().is_some_and(|own| own.to_lowercase().contains(&address)));
    let ids: Vec<Uuid> = theirs.map(|(id, _)| id).collect();
    Entity::update_many()
        .col_expr(Column::Address, Expr::val(ERASED))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Revokes every private calendar address of a person; says which were in use.
pub async fn revoke_feeds(writer: &Writer, who: UserId, at: Instant) -> Result<Vec<FeedTokenId>, Error> {
    use feed_token::{Column, Entity};
    let in_use = Condition::all().add(Column::UserId.eq(who.uuid())).add(Column::RevokedAt.is_null());
    let ids: Vec<Uuid> =
        Entity::find().select_only().column(Column::Id).filter(in_use.clone()).into_tuple().all(&writer.exec()).await.or_fail()?;
    if !ids.is_empty() {
        Entity::update_many().col_expr(Column::RevokedAt, Expr::val(at)).filter(in_use).exec(&writer.exec()).await.or_fail()?;
    }
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Takes a person out of the invitations to his address, and makes those void that are open. `nobody` is who stands there then.
pub async fn forget_invitations(writer: &Writer, who: &Person, nobody: &Person, at: Instant) -> Result<(), Error> {
    use invitation::{Column, Entity};
    let his = Column::Email.eq(who.email.as_str());
    Entity::update_many()
        .col_expr(Column::ReplacedAt, Expr::val(at))
        .filter(his.clone())
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::ReplacedAt.is_null())
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Entity::update_many()
        .col_expr(Column::Email, Expr::val(nobody.email.as_str()))
        .col_expr(Column::Name, Expr::val(nobody.name.as_str()))
        .filter(his)
        .exec(&writer.exec())
        .await
        .or_fail()?;
    Ok(())
}

/// Takes a person out of the names of what he uploaded, imported and made. A file that is attached to contacts keeps its name where that
/// names nobody of `names`, since it is what the parties told each other; so does an API client, which is its organisation's. Other files
/// and what was imported say nothing by their names that anybody needs.
pub async fn forget_titles(writer: &Writer, who: UserId, names: &[String]) -> Result<(), Error> {
    let (files, clients) = (file::Column::UploadedBy.eq(who.uuid()), api_client::Column::CreatedBy.eq(who.uuid()));
    let his = Query::select().column(file::Column::Id).from(file::Entity).and_where(files.clone()).take();
    let imports = Condition::any()
        .add(contact_import::Column::RequestedBy.eq(who.uuid()))
        .add(contact_import::Column::FileId.in_subquery(his.clone()));
    contact_import::Entity::update_many()
        .col_expr(contact_import::Column::FileName, Expr::val(ERASED))
        .filter(imports)
        .exec(&writer.exec())
        .await
        .or_fail()?;
    let attached = Query::select().column(attachment::Column::FileId).from(attachment::Entity).take();
    let kept = file::Entity::find()
        .select_only()
        .columns([file::Column::Id, file::Column::Name])
        .filter(files.clone())
        .filter(file::Column::Id.in_subquery(attached.clone()));
    let kept: Vec<(Uuid, String)> = kept.into_tuple().all(&writer.exec()).await.or_fail()?;
    let telling = kept.into_iter().filter(|(_, name)| is_named_in(names, name)).map(|(id, _)| id);
    for some in telling.collect::<Vec<_>>().chunks(AT_ONCE) {
        let those = file::Column::Id.is_in(some.iter().copied());
        file::Entity::update_many().col_expr(file::Column::Name, Expr::val(ERASED)).filter(those).exec(&writer.exec()).await.or_fail()?;
    }
    let others = Condition::all().add(files).add(file::Column::Id.not_in_subquery(attached));
    file::Entity::update_many().col_expr(file::Column::Name, Expr::val(ERASED)).filter(others).exec(&writer.exec()).await.or_fail()?;
    let made = api_client::Entity::find().select_only().columns([api_client::Column::Id, api_client::Column::Name]).filter(clients);
    let made: Vec<(Uuid, String)> = made.into_tuple().all(&writer.exec()).await.or_fail()?;
    for (id, _) in made.into_iter().filter(|(_, name)| is_named_in(names, name)) {
        let renamed = api_client::Entity::update_many().col_expr(api_client::Column::Name, Expr::val(ERASED));
        renamed.filter(api_client::Column::Id.eq(id)).exec(&writer.exec()).await.or_fail()?;
    }
    Ok(())
}

/// Takes a person out of the points of agendas at which he speaks: under his profile, or under one of `names` without an organisation
/// or for one of his.
pub async fn forget_speaker(writer: &Writer, names: &[String], expert: Option<ExpertId>, theirs: &[OrganisationId]) -> Result<(), Error> {
    use agenda::{Column, Entity};
    let mut marks: Vec<String> = expert.iter().map(ToString::to_string).collect();
    for name in names {
        marks.push(json::encode(name)?);
    }
    let holds = |mark: &String| {
        let escaped = mark.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Column::Speakers.like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
    };
    let any = marks.iter().fold(Condition::any(), |any, mark| any.add(holds(mark)));
    if any.is_empty() {
        return Ok(());
    }
    let is_his = |speaker: &Speaker| {
        let here = speaker.organisation.is_none_or(|organisation| theirs.contains(&organisation));
        (expert.is_some() && speaker.expert == expert) || (here && names.contains(&speaker.name))
    };
    // A meeting first and its points after it, as who revises an agenda holds them, so that neither writes over what the other said.
    let of = Entity::find().select_only().column(Column::MeetingId).distinct().filter(any.clone());
    let of: Vec<Uuid> = of.into_tuple().all(&writer.exec()).await.or_fail()?;
    meeting::hold_many(writer, &of.into_iter().map(Id::new).collect::<Vec<_>>()).await?;
    for item in Entity::find().filter(any).all(&writer.exec()).await.or_fail()? {
        let mut speakers: Vec<Speaker> = json::decode(&item.speakers, "agenda_item", "speakers")?;
        for speaker in speakers.iter_mut().filter(|speaker| is_his(speaker)) {
            *speaker = Speaker { name: ERASED.to_owned(), role: None, organisation: speaker.organisation, expert: None };
        }
        Entity::update_many()
            .col_expr(Column::Speakers, Expr::val(json::encode(&speakers)?))
            .filter(Column::Id.eq(item.id))
            .exec(&writer.exec())
            .await
            .or_fail()?;
    }
    Ok(())
}
