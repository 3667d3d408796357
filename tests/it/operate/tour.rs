//! The README's tour against the demo.

use tertulia_api::cli::demo;
use tertulia_app::Clock;

tertulia_tests::checks![the_readme_shows_the_tour_as_it_is];

const BEGIN: &str = "a test holds this section to them -->\n";
const END: &str = "<!-- end of tour -->";

fn the_readme_shows_the_tour_as_it_is() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let (_, after) = readme.split_once(BEGIN).expect("the tour begins");
    let (shown, _) = after.split_once(END).expect("the tour ends");
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    // The day on which the README's answers were given, so that they are the same on any other.
    let clock = Clock::set("2026-11-27T09:00:00.5Z".parse().unwrap());
    let run = runtime.block_on(demo::tour_as_markdown(&folder.path().join("demo"), clock)).expect("the tour runs");
    assert!(shown.trim() == run.trim(), "The README's tour differs from what the demo does. Between its markers belongs:\n{run}");
}
