//! Names as they are written: the same file in many spellings of the shell, some of which need text before.

use crate::random::Random;

/// A text that is being written.
#[derive(Debug)]
pub struct Writer<'r> {
    pub random: &'r mut Random,
    /// Commands that come first: variables, functions.
    pub before: Vec<String>,
    /// The directory the words are seen from, as an index of `PLACES`.
    pub here: usize,
    /// Whether the work is a repository.
    pub with_git: bool,
    names: usize,
}

/// Directories by name, with the files and directories one finds in them.
pub const PLACES: &[(&str, &[&str], &[&str])] = &[
    (
        ".",
        &[
            "a",
            "b.txt",
            "c.txt",
            "sp ace.txt",
            ".hidden",
            "d1/x",
            "d1/y.c",
            "d2/deep/z",
            "d2/n",
            "link",
            "list",
            "d1/sub/p",
            "dlink/z.c",
            "far/m.txt",
            "out",
            "built/o",
            "old.log",
            "missing",
            "d1/../a",
        ],
        &["d1", "d2", "empty", "d1/sub", "d2/deep", "built", "dlink", "nodir"],
    ),
    (
        "d1",
        &["x", "y.c", "z.c", ".dot", "sub/p", "sub/q.c", "../a", "../b.txt", "missing"],
        &["sub", "../d2", "../empty"],
    ),
    ("d2", &["n", "z", "deep/z", "deep/m.txt", "../c.txt"], &["deep", "../d1"]),
    ("far", &["z", "m.txt", "../n", "../z", "../../a"], &["..", "../deep"]),
    ("nodir", &["a", "x", "b.txt"], &["d1", "sub"]),
];

impl<'r> Writer<'r> {
    pub fn new(random: &'r mut Random, with_git: bool) -> Self {
        Self { random, before: Vec::new(), here: 0, with_git, names: 0 }
    }

    /// A name nobody has used.
    pub fn variable(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// A file that is there, most of the time.
    pub fn file(&mut self) -> String {
        let name = self.random.pick(PLACES[self.here].1).to_owned();
        self.spell(&name)
    }

    /// The same, as it stands.
    pub fn plain_file(&mut self) -> &'static str {
        let files = PLACES[self.here].1;
        loop {
            let name = self.random.pick(files);
            if !name.contains(' ') {
                return name;
            }
        }
    }

    /// A directory that is there, most of the time.
    pub fn dir(&mut self) -> String {
        let name = self.random.pick(PLACES[self.here].2).to_owned();
        self.spell(&name)
    }

    pub fn plain_dir(&mut self) -> &'static str {
        self.random.pick(PLACES[self.here].2)
    }

    /// A file that is not there yet.
    pub fn new_file(&mut self) -> String {
        let names = [
            "new",
            "new.txt",
            "n w",
            "d1/new",
            "d2/new.c",
            "empty/new",
            ".new",
            "nodir/new",
            "dlink/new",
            "broken",
            "\u{fc}",
        ];
        let name = self.random.pick(&names).to_owned();
        self.spell(&name)
    }

    /// A pattern.
    pub fn pattern(&mut self) -> &'static str {
        let all = if self.here == 0 {
            &[
                "*.txt",
                "d1/*",
                "d1/*.c",
                "d?/z",
                ".h*",
                "*",
                "d1/.*t",
                "[a-c]*",
                "*/z*",
                "no*such",
                "d1/{x,y.c}",
                "d*/*/z",
                "./*.log",
                "\"sp \"*",
                "d1/[!y]*",
                "~/n*",
            ] as &[&str]
        } else {
            &["*", "*.c", ".*t", "?", "[x-z]*", "no*such", "{x,y.c,z}", "../*.txt", "*/*"]
        };
        self.random.pick(all)
    }

    /// A name in some spelling.
    pub fn spell(&mut self, name: &str) -> String {
        let quoted = |c: char| format!("{c}{name}{c}");
        let escaped: String = name
            .chars()
            .flat_map(|c| (c == ' ' || c == '-').then_some('\\').into_iter().chain([c]))
            .collect();
        match self.random.below(22) {
            0..=7 => escaped,
            8 => quoted('\''),
            9 => quoted('"'),
            10 => format!("./{escaped}"),
            11 => format!("\"$PWD/{name}\""),
            12 | 13 => {
                let variable = self.variable();
                self.before.push(format!("{variable}='{name}'"));
                self.random
                    .pick(&["\"$V\"", "\"${V}\"", "\"${V:-no}\"", "\"${V%}\"", "\"${V/#/}\""])
                    .replace('V', &variable)
            }
            14 => format!("\"$(echo '{name}')\""),
            15 => format!("\"$(printf %s '{name}')\""),
            16 => {
                let (head, tail) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
                format!("'{head}'\"{tail}\"")
            }
            17 => {
                let variable = self.variable();
                self.before.push(format!("{variable}=(q '{name}' r)"));
                format!("\"${{{variable}[1]}}\"")
            }
            18 => {
                let variable = self.variable();
                self.before.push(format!("read -r {variable} <<< '{name}'"));
                format!("\"${variable}\"")
            }
            19 => format!("\"{name}\"''"),
            20 => {
                let variable = self.variable();
                self.before.push(format!("printf -v {variable} %s '{name}'"));
                format!("\"${{{variable}}}\"")
            }
            _ => format!("$'{name}'"),
        }
    }
}
