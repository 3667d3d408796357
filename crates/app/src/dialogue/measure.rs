//! What of commitments the contact log shows: before and after, counted in one statement, and told as far as the counts are thick enough.

use tertulia_domain::{
    Result,
    dialogue::{Commitment, Figure, Measure, Nearness},
    policy::{Act, ContactSight, Coverage, DialogueSight},
};
use tertulia_persistence::engagement::answered;

use crate::{App, Ctx};

/// The two numbers of a measure, as the caller may have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// In the time before.
    pub before: Figure,
    /// In the time for which the promise holds.
    pub after: Figure,
}

/// The numbers of these commitments' measures, in their order; none for one without a measure.
pub async fn figures(app: &App, ctx: &Ctx, commitments: &[Commitment]) -> Result<Vec<Option<Figures>>> {
    ctx.may(Act::DialogueRead)?;
    let measured: Vec<(&Commitment, &Measure)> = commitments.iter().filter_map(|one| Some((one, one.measure.as_ref()?))).collect();
    let ask = |(one, measure): &(&Commitment, &Measure)| {
        [measure.baseline, measure.period].map(|period| measure.question(period, one.committed_by, one.generated))
    };
    let questions: Vec<_> = measured.iter().flat_map(ask).collect();
    let sight = ctx.contacts();
    let counted = answered::count(&app.reader(ctx), &questions, sight.bodies(), ctx.now).await?;
    let mut pairs = counted.as_chunks::<2>().0.iter();
    let of_each = |one: &Commitment| {
        let measure = one.measure.as_ref()?;
        let [before, after] = pairs.next()?;
        let nearness = nearness(&sight, &ctx.dialogues(), one, measure);
        Some(Figures {
            before: measure.figure(measure.baseline, before, nearness, ctx.now),
            after: measure.figure(measure.period, after, nearness, ctx.now),
        })
    };
    Ok(commitments.iter().map(of_each).collect())
}

/// How near the caller is to what a measure counts. Who acts for a platform in some countries or for some services alone is no party to
/// all of it.
fn nearness(contacts: &ContactSight, dialogues: &DialogueSight, one: &Commitment, measure: &Measure) -> Nearness {
    let covers_all = contacts.platforms().iter().filter(|sight| sight.platform == one.committed_by).any(|sight| {
        let countries = match (&sight.countries, measure.country) {
            (Coverage::All, _) => true,
            (covered, Some(country)) => covered.covers(&country),
            (Coverage::Only(_), None) => false,
        };
        countries && sight.services == Coverage::All
    });
    if covers_all {
        Nearness::Receiver
    } else if dialogues.everything() {
        Nearness::Coordinator
    } else {
        Nearness::Other
    }
}
