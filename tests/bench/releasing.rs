//! How long the servers work at a statistic release: the same count, of the generated contacts of the last twelve months. A release itself
//! counts none of these.

use std::{fs, time::Instant};

use chrono::{Datelike, Months, Utc};
use tertulia_app::engagement::statistic_release::Counting;
use tertulia_domain::{
    engagement::{
        statistic_release::{MOST_MONTHS, MOST_PLATFORMS, Period},
        suppression::Thresholds,
    },
    id::OrganisationId,
};

use crate::{
    prepare::{self, Look},
    process::Meter,
};

/// As it is chosen by name.
pub(crate) const NAME: &str = "working out a statistic release";

/// Measures one count, over as many platforms as a release may name.
pub(crate) async fn measure(url: &str) {
    let sql =
        format!("SELECT id FROM organisation WHERE kind = 'PLATFORM_COMPANY' AND slug IS NOT NULL ORDER BY id LIMIT {MOST_PLATFORMS}");
    let mut platforms: Vec<OrganisationId> = Look::connect(url).await.ids(&sql).await.into_iter().map(OrganisationId::new).collect();
    platforms.sort_unstable();
    let now = Utc::now();
    let to = now.date_naive().with_day(1).expect("a first day");
    let months = u32::try_from(MOST_MONTHS).expect("a few months");
    let period = Period { from: to - Months::new(months), to };
    let app = prepare::connect(url).await;
    let ctx = app.system();
    let meters = [Meter::of(std::process::id()), Meter::database(url)];
    let before: Vec<_> = meters.iter().map(Meter::read).collect();
    let (started, held) = (Instant::now(), memory());
    let mut counting = Counting::begin(&app, &ctx, &platforms, (period, now), true).await.expect("a count");
    let mut contacts = 0;
    while let counted @ 1.. = counting.page(&app, &ctx).await.expect("a page") {
        contacts += counted;
    }
    let counted = started.elapsed();
    let cells = counting.into_cube().told(&Thresholds::configured(10, 3).expect("thresholds"), &[]).expect("numbers");
    let took = started.elapsed();
    let used: f64 = meters.iter().zip(before).map(|(meter, before)| meter.read().saturating_sub(before).as_secs_f64()).sum();
    let told = cells.iter().filter(|cell| cell.cell.value.is_some()).count();
    println!(
        "\nA release of {} platforms: {contacts} contacts counted in {:.1} s, what can be told ({told} of {} numbers) in {:.2} s more; \
         CPU {used:.1} s, memory {} MB more.",
        platforms.len(),
        counted.as_secs_f64(),
        cells.len(),
        took.saturating_sub(counted).as_secs_f64(),
        memory().saturating_sub(held) / 1_024,
    );
    app.close().await.expect("closing the database");
}

/// The most memory that this process ever had, in KB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
