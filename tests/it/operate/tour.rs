//! The README's tour against the demo.

use tertulia_api::cli::demo;

tertulia_tests::checks![the_readme_shows_the_tour_as_it_is];

const BEGIN: &str = "a test holds this section to them -->\n";
const END: &str = "<!-- end of tour -->";

fn the_readme_shows_the_tour_as_it_is() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let (_, after) = readme.split_once(BEGIN).expect("the tour begins");
    let (shown, _) = after.split_once(END).expect("the tour ends");
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let run = runtime.block_on(demo::tour_as_markdown(&folder.path().join("demo"))).expect("the tour runs");
    assert!(
        shown.trim() == run.trim(),
        "The README's tour differs from what the demo does. Put the output of\n\n  cargo run -- demo --data $(mktemp -d) --listen 127.0.0.1:0 --tour --markdown\n\n\
         between its markers. It is:\n{run}"
    );
}
