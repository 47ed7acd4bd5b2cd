//! A git configuration file read as git reads it (git-config(1), "Syntax"), and what may be new in one.
//!
//! How a repository may be configured without being armed: the new file is compared with the old.
//! What the old one said may stay; everything new must be a setting known to name no program and
//! to lead git nowhere else (`keys.rs`). The supervisor reads the content from the file that is to
//! be renamed, and then writes *what it read* to a fresh file which takes the name: nobody can
//! hold a descriptor of that one.

use super::keys;

/// More than this no configuration says.
pub const MAX_BYTES: usize = 1 << 20;

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `section.variable` or `section.subsection.variable`: the first and the last in lower case.
    pub section: String,
    /// The part in quotes.
    pub subsection: Option<String>,
    /// The name of the variable, in lower case.
    pub variable: String,
    /// The value; `None` when it is left out, which means true.
    pub value: Option<String>,
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.subsection {
            Some(subsection) => write!(f, "{}.{subsection}.{}", self.section, self.variable),
            None => write!(f, "{}.{}", self.section, self.variable),
        }
    }
}

/// Why new configuration is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offence {
    /// It cannot be read as configuration, or is too long.
    Unreadable,
    /// A new setting that is not known to be harmless.
    Setting(String),
}

/// Whether `new` may replace `old`. `leads_inside` says whether a work tree that a setting names
/// lies in the workspace.
///
/// # Errors
/// The first setting that is not harmless.
pub fn check(new: &[u8], old: &[u8], leads_inside: &dyn Fn(&str) -> bool) -> Result<(), Offence> {
    let wanted = parse(new).ok_or(Offence::Unreadable)?;
    // An old file that cannot be read vouches for nothing.
    let known = parse(old).unwrap_or_default();
    for setting in wanted {
        if !known.contains(&setting) && !keys::is_harmless(&setting, leads_inside) {
            return Err(Offence::Setting(setting.to_string()));
        }
    }
    Ok(())
}

/// Every setting in order; `None` for anything git would not read, or might read differently.
#[must_use]
pub fn parse(text: &[u8]) -> Option<Vec<Setting>> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = std::str::from_utf8(text).ok()?.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return None;
    }
    let mut reader = Reader { rest: text.as_str() };
    let (mut settings, mut section) = (Vec::new(), None);
    while let Some(c) = reader.next_meaningful() {
        if c == '[' {
            section = Some(reader.section()?);
            continue;
        }
        let (section, subsection): &(String, Option<String>) = section.as_ref()?;
        let (variable, value) = reader.variable()?;
        settings.push(Setting {
            section: section.clone(),
            subsection: subsection.clone(),
            variable,
            value,
        });
    }
    Some(settings)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The next character that is neither space nor comment, not consumed unless it is `[`.
    fn next_meaningful(&mut self) -> Option<char> {
        loop {
            let c = self.peek()?;
            if c.is_ascii_whitespace() {
                self.next();
            } else if matches!(c, '#' | ';') {
                self.line();
            } else {
                if c == '[' {
                    self.next();
                }
                return Some(c);
            }
        }
    }

    fn line(&mut self) {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        self.rest = self.rest.get(end..).unwrap_or("");
    }

    /// `name]`, `name "sub"]`, or the old `name.sub]`.
    fn section(&mut self) -> Option<(String, Option<String>)> {
        let mut name = String::new();
        loop {
            match self.next()? {
                ']' => break,
                c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') => {
                    name.push(c.to_ascii_lowercase());
                }
                ' ' | '\t' => {
                    while matches!(self.peek(), Some(' ' | '\t')) {
                        self.next();
                    }
                    return Some((name, Some(self.quoted()?)));
                }
                _ => return None,
            }
        }
        let (section, subsection) = match name.split_once('.') {
            Some((section, sub)) => (section.to_owned(), Some(sub.to_owned())),
            None => (name, None),
        };
        (!section.is_empty()).then_some((section, subsection))
    }

    /// `"sub"]`: a backslash takes the next character as it is.
    fn quoted(&mut self) -> Option<String> {
        if self.next()? != '"' {
            return None;
        }
        let mut name = String::new();
        loop {
            match self.next()? {
                '"' => break,
                '\n' => return None,
                '\\' => name.push(self.next().filter(|c| *c != '\n')?),
                c => name.push(c),
            }
        }
        (self.next()? == ']').then_some(name)
    }

    fn variable(&mut self) -> Option<(String, Option<String>)> {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '-') {
            name.push(c.to_ascii_lowercase());
            self.next();
        }
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.next();
        }
        match self.peek() {
            None | Some('\n') => Some((name, None)),
            Some('#' | ';') => {
                self.line();
                Some((name, None))
            }
            Some('=') => {
                self.next();
                Some((name, Some(self.value()?)))
            }
            Some(_) => None,
        }
    }

    fn value(&mut self) -> Option<String> {
        let (mut value, mut spaces, mut quoted) = (String::new(), String::new(), false);
        loop {
            match self.next() {
                None | Some('\n') => return (!quoted).then_some(value),
                Some('#' | ';') if !quoted => {
                    self.line();
                    return Some(value);
                }
                Some(c @ (' ' | '\t')) if !quoted => {
                    if !value.is_empty() {
                        spaces.push(c);
                    }
                }
                Some('"') => quoted = !quoted,
                Some('\\') => {
                    let c = match self.next()? {
                        '\n' => continue,
                        'n' => '\n',
                        't' => '\t',
                        'b' => '\u{8}',
                        c @ ('\\' | '"') => c,
                        _ => return None,
                    };
                    value.push_str(&std::mem::take(&mut spaces));
                    value.push(c);
                }
                Some(c) => {
                    value.push_str(&std::mem::take(&mut spaces));
                    value.push(c);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Offence, check, parse};

    fn verdict(new: &str, old: &str) -> Result<(), Offence> {
        check(new.as_bytes(), old.as_bytes(), &|tree| !tree.starts_with('/'))
    }

    #[test]
    fn what_git_writes_by_itself_is_harmless() {
        let fresh = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\
                     \tlogallrefupdates = true\n[remote \"origin\"]\n\turl = /srv/a.git\n\
                     \tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\
                     \tremote = origin\n\tmerge = refs/heads/main\n[submodule \"a/b\"]\n\
                     \turl = ../x\n\tactive = true\n[user]\n\tname = A B # me\n";
        assert_eq!(verdict(fresh, ""), Ok(()));
        assert_eq!(verdict("[core]\n\tworktree = ../../../sub\n", ""), Ok(()));
    }

    #[test]
    fn what_runs_a_program_is_not() {
        for armed in [
            "[core]\nfsmonitor = /tmp/x",
            "[core] hooksPath=/tmp",
            "[CORE]\n\tFsMonitor\n",
            "[alias]\nst = !id",
            "[alias]\nst = status",
            "[filter \"x\"]\nclean = id",
            "[diff \"x\"]\ntextconv = id",
            "[diff]\nexternal = id",
            "[include]\npath = x",
            "[includeIf \"gitdir:/\"]\npath = x",
            "[core]\npager = id",
            "[core]\nsshCommand = id",
            "[remote \"o\"]\nurl = ext::sh -c id",
            "[remote \"o\"]\nuploadpack = id",
            "[submodule \"x\"]\nupdate = !id",
            "[credential]\nhelper = !id",
            "[gpg]\nprogram = id",
            "[core]\nworktree = /home/u",
            "[merge \"x\"]\ndriver = id",
            "[core]\n x = 1\\\n2",
            "[url \"ext::sh\"]\ninsteadOf = https",
            "[core]\ngitProxy = id",
            "[sequence]\neditor=id",
            "[core \"x\"]\nfilemode = 1",
            "[core.x]\nfsmonitor = y",
            "[pager]\nlog = id",
        ] {
            assert!(verdict(armed, "").is_err(), "{armed}");
            // but what was there may stay
            if parse(armed.as_bytes()).is_some() {
                assert_eq!(verdict(armed, armed), Ok(()), "{armed}");
            }
        }
        // the same key with another value is new
        assert!(verdict("[core]\nhooksPath = b", "[core]\nhooksPath = a").is_err());
    }

    #[test]
    fn syntax_is_read_as_git_reads_it() {
        let settings = parse(b"[a \"b\\\"c\"] d = \"x;y\" z ; c\ne=1\\\n2\n[F.G]h").unwrap();
        let shown: Vec<_> = settings.iter().map(|s| (s.to_string(), s.value.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("a.b\"c.d".to_owned(), Some("x;y z")),
                ("a.b\"c.e".to_owned(), Some("12")),
                ("f.g.h".to_owned(), None)
            ]
        );
        for broken in
            ["x = 1", "[a", "[a]\n1x = 2", "[a]\nb c", "[a]\nb = \"x", "[a]\nb = \\q", "[a\0]"]
        {
            assert_eq!(parse(broken.as_bytes()), None, "{broken}");
        }
    }
}
