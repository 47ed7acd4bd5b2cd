//! Words that come out of variables.

use super::words::{given, respelled};
use super::{Transform, same};
use crate::spelling::{Spelling, quoted};

pub const ALL: &[Transform] = &[
    same("variable.whole", "a variable gives what was assigned", |s, d| {
        respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(w)));
            Some(given(&format!("${v}"), w))
        })
    }),
    same("variable.halves", "two variables side by side are one word", |s, d| {
        respelled(s, d, |w, setup, dice| {
            let (left, right) = cut(w, 1 + dice.below(w.chars().count().max(2) - 1))?;
            let (a, b) = (setup.name("v"), setup.name("v"));
            setup.first(&format!("{a}={} {b}={}", quoted(left), quoted(right)));
            Some(given(&format!("${a}${b}"), w))
        })
    }),
    same("variable.appended", "+= adds to what is there", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}="));
            for c in w.chars() {
                setup.first(&format!("{v}+={}", quoted(&c.to_string())));
            }
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.substring", "${x:o:l} takes a piece", |s, d| {
        bash(respelled(s, d, |w, setup, dice| {
            let v = setup.name("v");
            let before = *dice.pick(&["", "x", "zzz"]);
            setup.first(&format!("{v}={}", quoted(&format!("{before}{w}yy"))));
            let (from, length) = (before.len(), w.chars().count());
            Some(given(&format!("${{{v}:{from}:{length}}}"), w))
        }))
    }),
    same("variable.end", "${x: -n} takes the end", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("xyz{w}"))));
            Some(given(&format!("${{{v}: -{}}}", w.chars().count()), w))
        }))
    }),
    same("variable.letters", "each letter by its place in another text", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let all = "abcdefghijklmnopqrstuvwxyz";
            if !w.chars().all(|c| c.is_ascii_lowercase()) {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("{v}={all}"));
            let place = |c| all.find(c).unwrap();
            Some(w.chars().map(|c| format!("${{{v}:{}:1}}", place(c))).collect())
        }))
    }),
    same("variable.suffix", "${x%p} cuts the end off", |s, d| {
        respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("{w}.exe"))));
            Some(given(&format!("${{{v}%.exe}}"), w))
        })
    }),
    same("variable.long-suffix", "${x%%p} cuts the longest end off", |s, d| {
        respelled(s, d, |w, setup, _| {
            if w.contains('@') {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("{w}@a@b"))));
            Some(given(&format!("${{{v}%%@*}}"), w))
        })
    }),
    same("variable.prefix", "${x#p} cuts the beginning off", |s, d| {
        respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("xx:{w}"))));
            Some(given(&format!("${{{v}#??:}}"), w))
        })
    }),
    same("variable.long-prefix", "${x##p} cuts the longest beginning off", |s, d| {
        respelled(s, d, |w, setup, _| {
            if w.contains('@') {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("a@b@{w}"))));
            Some(given(&format!("${{{v}##*@}}"), w))
        })
    }),
    same("variable.replaced", "${x/a/b} replaces once", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.contains("QQ") {
                return None;
            }
            let (left, right) = cut(w, 1)?;
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&format!("{left}QQ{right}"))));
            Some(given(&format!("${{{v}/QQ/}}"), w))
        }))
    }),
    same("variable.removed", "${x//a} removes every one", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.contains('Q') {
                return None;
            }
            let filled: String = w.chars().flat_map(|c| [c, 'Q']).collect();
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&filled)));
            Some(given(&format!("${{{v}//Q/}}"), w))
        }))
    }),
    same("variable.indirect", "${!x} is the variable that x names", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let (v, p) = (setup.name("v"), setup.name("p"));
            setup.first(&format!("{v}={}; {p}={v}", quoted(w)));
            Some(given(&format!("${{!{p}}}"), w))
        }))
    }),
    same("variable.nameref", "declare -n makes another name", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let (v, p) = (setup.name("v"), setup.name("p"));
            setup.first(&format!("{v}={}; declare -n {p}={v}", quoted(w)));
            Some(given(&format!("${p}"), w))
        }))
    }),
    same("variable.declared", "declare assigns", |s, d| {
        bash(respelled(s, d, |w, setup, dice| {
            let v = setup.name("v");
            let word = *dice.pick(&["declare", "declare -r", "export", "readonly", "typeset -x"]);
            setup.first(&format!("{word} {v}={}", quoted(w)));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.element", "an array gives the element asked for", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let v = setup.name("a");
            setup.first(&format!("{v}=(x {} y)", quoted(w)));
            Some(given(&format!("${{{v}[1]}}"), w))
        }))
    }),
    same("variable.counted", "an index may be computed", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let (v, i) = (setup.name("a"), setup.name("i"));
            setup.first(&format!("{v}=(x y {}); {i}=1", quoted(w)));
            Some(given(&format!("${{{v}[{i}+1]}}"), w))
        }))
    }),
    same("variable.keyed", "an associative array gives the value of a key", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let v = setup.name("m");
            setup.first(&format!("declare -A {v}=([k]={} [l]=x)", quoted(w)));
            Some(given(&format!("${{{v}[k]}}"), w))
        }))
    }),
    same("variable.printed", "printf -v assigns what it would print", |s, d| {
        bash(respelled(s, d, |w, setup, dice| {
            let (left, right) = cut(w, 1 + dice.below(2))?;
            let v = setup.name("v");
            let (left, right) = (quoted(left), quoted(right));
            setup.first(&format!("printf -v {v} '%s%s' {left} {right}"));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.read", "read assigns a line", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.contains('\n') || w.trim() != w {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("read -r {v} <<< {}", quoted(w)));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.read-field", "read gives each name a field", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.contains([' ', '\t', '\n']) {
                return None;
            }
            let (v, x) = (setup.name("v"), setup.name("x"));
            setup.first(&format!("read -r {x} {v} {x} <<< {}", quoted(&format!("one {w} two"))));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.default", "${x:-w} is the word where x is unset", |s, d| {
        respelled(s, d, |w, setup, dice| {
            let v = setup.name("unset");
            let sign = *dice.pick(&[":-", "-", ":=", "="]);
            Some(given(&format!("${{{v}{sign}{}}}", inner(w)?), w))
        })
    }),
    same("variable.alternative", "${x:+w} is the word where x is set", |s, d| {
        respelled(s, d, |w, setup, dice| {
            let v = setup.name("v");
            setup.first(&format!("{v}=1"));
            let sign = *dice.pick(&[":+", "+"]);
            Some(given(&format!("${{{v}{sign}{}}}", inner(w)?), w))
        })
    }),
    same("variable.lowered", "${x,,} lowers the case", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.chars().any(|c| c.is_uppercase()) {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&w.to_uppercase())));
            Some(given(&format!("${{{v},,}}"), w))
        }))
    }),
    same("variable.lower-declared", "declare -l lowers what is assigned", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            if w.chars().any(|c| c.is_uppercase()) {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("declare -l {v}={}", quoted(&w.to_uppercase())));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.escaped", "${x@E} decodes escapes", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}='{}'", crate::spelling::octal(w.as_bytes())));
            Some(given(&format!("${{{v}@E}}"), w))
        }))
    }),
    same("variable.looped", "a loop adds the letters one by one", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let (v, c) = (setup.name("v"), setup.name("c"));
            let letters: Vec<String> = w.chars().map(|c| quoted(&c.to_string())).collect();
            let letters = letters.join(" ");
            setup.first(&format!("{v}=; for {c} in {letters}; do {v}=\"${v}${c}\"; done"));
            Some(given(&format!("${v}"), w))
        }))
    }),
    same("variable.out-of-function", "a function sets variables of its caller", |s, d| {
        respelled(s, d, |w, setup, _| {
            let (f, v) = (setup.name("f"), setup.name("v"));
            setup.first(&format!("{f}() {{ {v}=\"$1\"; }}; {f} {}", quoted(w)));
            Some(given(&format!("${v}"), w))
        })
    }),
    same("variable.assigned-twice", "the last assignment counts", |s, d| {
        respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}=echo; {v}={}", quoted(w)));
            Some(given(&format!("${v}"), w))
        })
    }),
    same("variable.nested", "an operation on the result of another", |s, d| {
        bash(respelled(s, d, |w, setup, _| {
            let (v, x) = (setup.name("v"), setup.name("x"));
            setup.first(&format!("{v}={}; {x}=${{{v}#pre}}", quoted(&format!("pre{w}post"))));
            Some(given(&format!("${{{x}%post}}"), w))
        }))
    }),
];

fn bash(spelling: Option<Spelling>) -> Option<Spelling> {
    spelling.map(Spelling::for_bash)
}

/// Both halves of a word, neither of them empty.
fn cut(word: &str, at: usize) -> Option<(&str, &str)> {
    let (at, _) = word.char_indices().nth(at)?;
    Some(word.split_at(at))
}

/// A word that may stand within `${..}` in or outside double quotes.
fn inner(word: &str) -> Option<&str> {
    crate::spelling::plain(word).then_some(word)
}
