//! `tertulia directory import` and `export`: reference data as files that an operator corrects in a spreadsheet.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use tertulia_app::directory::reference::{self, File, Loaded};

use super::{Configured, Failure, Outcome, connect_current};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Load the CSV files of a folder, in the form that `export` writes; any subset of them. A fault in one row loads nothing.
    Import {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Replace also what people edited since; what is replaced stays in each entry's history.
        #[arg(long)]
        overwrite: bool,
        #[command(flatten)]
        configured: Configured,
    },
    /// Write the directory as CSV files into a folder, without channels, experts and generated entries.
    Export {
        /// The folder; it is made if there is none.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        configured: Configured,
    },
}

pub(super) async fn run(arguments: &Arguments) -> Outcome {
    match &arguments.act {
        Act::Import { folder, overwrite, configured } => import(folder, *overwrite, configured).await,
        Act::Export { folder, configured } => export(folder, configured).await,
    }
}

async fn import(folder: &Path, overwrite: bool, configured: &Configured) -> Outcome {
    let files = read(folder)?;
    let app = connect_current(configured).await?;
    let report = reference::import(&app, &app.system(), &files, overwrite).await?;
    app.close().await?;
    for loaded in &report {
        println!("{}: {} new, {} changed, {} unchanged.", loaded.file, loaded.new, loaded.changed, loaded.unchanged);
        tell(loaded);
    }
    Ok(())
}

/// Names the entries in which a row met a person's edit.
fn tell(loaded: &Loaded) {
    if !loaded.kept.is_empty() {
        println!("  Kept as people edited them: {}. Give --overwrite to replace them.", loaded.kept.join(", "));
    }
    if !loaded.overwritten.is_empty() {
        println!("  Replaced although people had edited them: {}.", loaded.overwritten.join(", "));
    }
}

async fn export(folder: &Path, configured: &Configured) -> Outcome {
    let app = connect_current(configured).await?;
    let files = reference::export(&app, &app.system()).await?;
    app.close().await?;
    fs::create_dir_all(folder)?;
    for file in &files {
        fs::write(folder.join(&file.name), &file.bytes)?;
    }
    println!("{} files are written into {}.", files.len(), folder.display());
    Ok(())
}

/// The CSV files of a folder.
fn read(folder: &Path) -> Result<Vec<File>, Failure> {
    let unreadable = |error| Failure::new(format!("The folder {} cannot be read: {error}.", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(File { name: name.to_owned(), bytes: fs::read(&path).map_err(unreadable)? });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
