//! What shells read differently: which shell a program is, and what of a text another one than bash takes
//! for something else. It does not interpret: a text for dash is written anew so that bash's grammar reads it as
//! dash does, and what zsh and fish alone have is named.

/// A grammar a text may be read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Dialect {
    /// bash, and what reads as it does: ksh, mksh.
    Bash,
    /// What `/bin/sh` is on this machine.
    Sh,
    /// dash and busybox: the standard and little else.
    Dash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
}

/// What another shell makes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Otherwise {
    /// The same as bash does of this text.
    Like(String),
    /// Something by rules that are not known here, because of this.
    Unread(&'static str),
}

/// Written with blanks where they must stand. zsh runs code in patterns and parameters, and counts from one.
const ZSH: &[&str] = &[
    "${(", "${=", "${~", "${^", "$=", "$~", "$^", "*(", "?(", "](", "=(", "<->", ";|", "=~", " =/",
    "repeat ", "foreach ", "always", "noglob ", "[1]", "[-1]", "[0]", "[(", ":h}", ":t}", ":r}",
    ":e}", "zmodload", "setopt", "%~",
];
const FISH: &[&str] = &[
    "(",
    "set ",
    "begin",
    " end",
    ";end",
    "\nend",
    "function ",
    "and ",
    "or ",
    "not ",
    "$$",
    "%self",
];

impl Dialect {
    /// The dialect of a shell by its name; `None` when it is no shell.
    pub(in crate::classify) fn of(name: &str) -> Option<Self> {
        Some(match name.rsplit('/').next().unwrap_or(name) {
            "bash" | "rbash" | "ksh" | "mksh" => Self::Bash,
            "sh" => Self::Sh,
            "dash" | "ash" | "busybox" => Self::Dash,
            "zsh" => Self::Zsh,
            "fish" => Self::Fish,
            _ => return None,
        })
    }

    /// The dialect of a script by its first line.
    pub(in crate::classify) fn of_script(code: &[u8]) -> Option<Self> {
        let line = code.strip_prefix(b"#!")?.split(|c| *c == b'\n').next()?;
        let line = std::str::from_utf8(line).ok()?;
        line.split_ascii_whitespace().find_map(Self::of)
    }

    /// Its name for a reader.
    pub(in crate::classify) const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Sh => "sh",
            Self::Dash => "dash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// What it makes of a text otherwise than bash; `None` when nothing in it is read differently.
    pub(in crate::classify) fn otherwise(self, text: &str) -> Option<Otherwise> {
        let among =
            |signs: &[&'static str]| signs.iter().find(|sign| text.contains(**sign)).copied();
        match self {
            Self::Bash | Self::Sh => None,
            Self::Dash => like_bash(text).map(Otherwise::Like),
            Self::Zsh => among(ZSH).map(Otherwise::Unread),
            Self::Fish => among(FISH).map(Otherwise::Unread),
        }
    }
}

/// The text for bash that means what `text` means for dash: `$'` is a dollar before a quote, `[[` a program
/// like any other, `((` two subshells, and `function` a word. Inside quotes it does not matter.
fn like_bash(text: &str) -> Option<String> {
    let mut told = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut before = '\n';
    let mut differs = false;
    while let Some(c) = rest.chars().next() {
        let ends = |sign: &str| {
            let next = rest.get(sign.len()..).and_then(|rest| rest.chars().next());
            next.is_some_and(char::is_whitespace)
        };
        let begins = before.is_whitespace() || ";&|(`{".contains(before);
        let found = [
            ("$'", "%'", before != '\\'),
            ("[[", "test", begins && ends("[[")),
            ("((", "( (", before != '$' && before != '\\'),
            ("))", ") )", true),
            ("function", "%function", begins && ends("function")),
        ];
        let hit = found.iter().find(|(sign, _, here)| *here && rest.starts_with(sign));
        match hit {
            Some((sign, instead, _)) => {
                // Ends of arithmetic stand in both.
                differs |= *sign != "))";
                told.push_str(instead);
                before = sign.chars().next_back().unwrap_or(c);
                rest = rest.get(sign.len()..).unwrap_or_default();
            }
            None => {
                told.push(c);
                before = c;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    differs.then_some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dash_reads_otherwise_is_written_for_bash() {
        for (text, wanted) in [
            ("rm x", None),
            ("echo $((1 + 2)) \"$(ls)\"", None),
            ("[ a ] && case x in [[:alpha:]]) ;; esac", None),
            ("echo $'\\'; rm x #'", Some("echo %'\\'; rm x #'")),
            ("[[ a || rm x ]]", Some("test a || rm x ]]")),
            ("((rm x))", Some("( (rm x) )")),
            ("function f {\nrm x\n}", Some("%function f {\nrm x\n}")),
        ] {
            let wanted = wanted.map(|text| Otherwise::Like(text.to_owned()));
            assert_eq!(Dialect::Dash.otherwise(text), wanted, "{text}");
            assert_eq!(Dialect::Bash.otherwise(text), None, "{text}");
        }
        assert_eq!(Dialect::of_script(b"#!/usr/bin/env -S dash\n"), Some(Dialect::Dash));
        assert_eq!(Dialect::of_script(b"#!/usr/bin/python3\n"), None);
    }
}
