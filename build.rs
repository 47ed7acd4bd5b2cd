//! Embeds the program models: one sorted table from names to slices of `profiles/programs/*.toml`.
//!
//! A file holds `[[program]]` blocks. A block opens with `names = [...]`, then says what the
//! program does, and ends with its examples from `match = [` on. Only the middle part is ever
//! parsed on the launch path, so the table keeps the offsets of all three.

#![expect(clippy::expect_used, reason = "a build may fall over")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

struct Block {
    file: usize,
    names: Vec<String>,
    body: usize,
    examples: usize,
    end: usize,
}

/// The strings of a `names = [...]` list, and where it ends.
fn names(text: &str, from: usize) -> (Vec<String>, usize) {
    let open = from + text[from..].find('[').expect("a list of names");
    let close = open + text[open..].find(']').expect("the list of names ends");
    let list = text[open + 1..close].split(',').map(|n| n.trim().trim_matches('"').to_owned());
    (list.filter(|n| !n.is_empty()).collect(), close + 1)
}

fn blocks(file: usize, text: &str) -> Vec<Block> {
    const HEAD: &str = "[[program]]\n";
    let starts: Vec<usize> = text.match_indices(HEAD).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let (names, body) = names(text, start + HEAD.len());
            let examples = text[body..end].find("\nmatch = [").map_or(end, |at| body + at + 1);
            Block { file, names, body, examples, end }
        })
        .collect()
}

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = root.join("profiles").join("programs");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("profiles/programs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let all: Vec<Block> = files
        .iter()
        .enumerate()
        .flat_map(|(at, path)| {
            println!("cargo::rerun-if-changed={}", path.display());
            blocks(at, &fs::read_to_string(path).expect("a readable model"))
        })
        .collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("programs.rs"), table(&files, &all)).expect("a writable OUT_DIR");
}

/// The Rust source of the table.
fn table(files: &[PathBuf], all: &[Block]) -> String {
    let mut source = String::from("static FILES: &[(&str, &str)] = &[\n");
    for path in files {
        let name = path.file_name().map(Path::new).expect("a file name").display();
        writeln!(source, "({:?}, include_str!({path:?})),", name.to_string()).expect("memory");
    }
    source.push_str("];\nstatic BLOCKS: &[Block] = &[\n");
    let mut names: Vec<(&str, usize)> = Vec::new();
    for (at, b) in all.iter().enumerate() {
        let Block { file, body, examples, end, .. } = b;
        writeln!(
            source,
            "Block {{ file: {file}, body: {body}, examples: {examples}, end: {end} }},"
        )
        .expect("memory");
        names.extend(b.names.iter().map(|name| (name.as_str(), at)));
    }
    names.sort_unstable();
    for pair in names.windows(2) {
        assert!(pair[0].0 != pair[1].0, "two models for `{}`", pair[0].0);
    }
    source.push_str("];\nstatic NAMES: &[(&str, usize)] = &[\n");
    for (name, at) in names {
        writeln!(source, "({name:?}, {at}),").expect("memory");
    }
    source.push_str("];\n");
    source
}
