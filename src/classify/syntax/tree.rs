//! The tree of a shell text: commands, words and their parts, each with its span.
//!
//! Plain data. Words keep what was quoted apart from what was not, because that decides splitting,
//! globbing and tildes; they are not expanded here.

use crate::model::finding::Span;
use crate::model::gap::Gap;
use std::rc::Rc;

/// A text that was read, with what could not be.
#[derive(Debug, Clone, Default)]
pub(in crate::classify) struct Script {
    /// The commands in order.
    pub(in crate::classify) body: Block,
    /// What was not understood.
    pub(in crate::classify) gaps: Vec<Gap>,
}

/// Commands one after the other.
pub(in crate::classify) type Block = Vec<Command>;

/// One command with its redirections.
#[derive(Debug, Clone)]
pub(in crate::classify) struct Command {
    /// What it is.
    pub(in crate::classify) node: Node,
    /// Redirections around all of it.
    pub(in crate::classify) redirections: Vec<Redirection>,
    /// Where it stands.
    pub(in crate::classify) span: Span,
}

/// The forms a command can take.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Node {
    /// Assignments and words.
    Simple(Simple),
    /// `a | b | c`.
    Pipeline(Vec<Command>),
    /// `a && b`.
    And(Box<Command>, Box<Command>),
    /// `a || b`.
    Or(Box<Command>, Box<Command>),
    /// `a &`, and coprocesses.
    Background(Box<Command>),
    /// `( ... )`: its changes stay inside.
    Subshell(Block),
    /// `{ ...; }`, `time ...`.
    Group(Block),
    /// `! ...`: it succeeds where the other fails.
    Not(Box<Command>),
    /// `if`: condition and body of each arm, then `else`.
    If(Vec<(Block, Block)>, Option<Block>),
    /// `for` and `select`; without words it walks `"$@"`.
    For(String, Option<Vec<Word>>, Block),
    /// `while` and `until`, and `for ((..))` after its first expression.
    Loop(Block, Block),
    /// `case`: the subject, then patterns and body of each arm.
    Case(Word, Vec<(Vec<Word>, Block)>),
    /// A function: its names and its body.
    Function(Vec<Word>, Rc<Command>),
    /// `[[ ... ]]`: only the words in it matter.
    Test(Vec<Word>),
    /// `(( ... ))`.
    Arithmetic(Word),
}

/// `A=1 name words...`.
#[derive(Debug, Clone, Default)]
pub(in crate::classify) struct Simple {
    /// Assignments before the words.
    pub(in crate::classify) assignments: Vec<Assignment>,
    /// The words, the command's own first; may be empty.
    pub(in crate::classify) words: Vec<Word>,
    /// Assignments among the words of `export`, `declare`, `local`...
    pub(in crate::classify) declared: Vec<Assignment>,
}

/// `name[index]+=value`.
#[derive(Debug, Clone)]
pub(in crate::classify) struct Assignment {
    /// The variable.
    pub(in crate::classify) name: String,
    /// Its subscript.
    pub(in crate::classify) index: Option<Word>,
    /// What it gets.
    pub(in crate::classify) value: Assigned,
    /// Whether the value is added to what was there.
    pub(in crate::classify) append: bool,
    /// Where it stands.
    pub(in crate::classify) span: Span,
}

/// The right-hand side of an assignment.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Assigned {
    /// One word.
    Scalar(Word),
    /// `( ... )`: elements with their keys, if given.
    Array(Vec<(Option<Word>, Word)>),
}

/// A redirection.
#[derive(Debug, Clone)]
pub(in crate::classify) struct Redirection {
    /// The descriptor named before the operator.
    pub(in crate::classify) descriptor: Option<i32>,
    /// What is done.
    pub(in crate::classify) kind: Redirect,
    /// The file, the descriptor or the text.
    pub(in crate::classify) target: Word,
    /// Where it stands.
    pub(in crate::classify) span: Span,
}

/// The kinds of redirection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Redirect {
    /// `>`, `>|`, `&>`.
    Output,
    /// `>>`, `&>>`.
    Append,
    /// `<`.
    Input,
    /// `<>`.
    ReadWrite,
    /// `>&N`, `<&N`.
    Duplicate,
    /// `<<EOF`: the target is the body.
    HereDocument,
    /// `<<<word`.
    HereString,
}

/// One word, not yet expanded.
#[derive(Debug, Clone, Default)]
pub(in crate::classify) struct Word {
    /// Its parts in order.
    pub(in crate::classify) parts: Vec<Part>,
    /// Where it stands.
    pub(in crate::classify) span: Span,
}

/// A piece of a word.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Part {
    /// Text outside quotes: braces, tildes and patterns are alive in it.
    Plain(String),
    /// Text that means itself.
    Quoted(String),
    /// Something to be expanded; the flag says whether it stands in double quotes.
    Expansion(Box<Expansion>, Quoting),
}

/// Whether an expansion is protected from splitting and globbing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Quoting {
    /// It is split and globbed.
    Bare,
    /// It stands in double quotes.
    Double,
}

/// `$...` and its kin.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Expansion {
    /// `$x`, `${x...}`.
    Parameter(Parameter, Operation),
    /// `$(...)` and back-ticks.
    Command(Rc<Script>),
    /// `<(...)` and `>(...)`.
    Process(Rc<Script>, Direction),
    /// `$((...))`.
    Arithmetic(Word),
    /// Text that opens an expansion but was not understood.
    Opaque,
}

/// Which way data goes through a process substitution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Direction {
    /// `<(...)`: its output is read.
    In,
    /// `>(...)`: it is fed.
    Out,
}

/// What a parameter expansion names.
#[derive(Debug, Clone)]
pub(in crate::classify) struct Parameter {
    /// The variable, or a special name such as `@`, `#`, `1`.
    pub(in crate::classify) name: String,
    /// `[...]`.
    pub(in crate::classify) index: Option<Index>,
    /// `${!x}`: the value is a name in its turn.
    pub(in crate::classify) indirect: bool,
    /// How it is written.
    pub(in crate::classify) written: Written,
}

/// How a parameter expansion is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Written {
    /// `$x`: whatever comes to stand behind it may be part of the name.
    Bare,
    /// `${x}`.
    Braced,
}

/// A subscript.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Index {
    /// `[@]`, `[*]`.
    All,
    /// The same, one word between double quotes (`[*]`).
    Joined,
    /// `[expr]`.
    At(Word),
}

/// What is done with the value of a parameter.
#[derive(Debug, Clone)]
pub(in crate::classify) enum Operation {
    /// Nothing.
    Plain,
    /// `${#x}`.
    Length,
    /// `${!prefix*}`, `${!a[@]}`.
    Names,
    /// `${x-w}` and kin: the operator, whether empty counts as unset, the word.
    Default(u8, EmptyIs, Word),
    /// `${x#p}`, `${x%p}`: which end, how much.
    Trim(End, Greed, Word),
    /// `${x/a/b}`.
    Replace(Anchor, Word, Word),
    /// `${x:o:l}`.
    Slice(Word, Option<Word>),
    /// `${x^^}` and kin: the operator and whether all letters change.
    Case(u8, Greed),
    /// `${x@Q}` and kin.
    Transform(char),
}

/// Whether an empty value counts as unset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum EmptyIs {
    /// `${x:-w}`.
    Unset,
    /// `${x-w}`.
    Set,
}

/// Which end of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum End {
    /// `#`.
    Front,
    /// `%`.
    Back,
}

/// How much is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Greed {
    /// One operator: the shortest, or the first letter.
    Short,
    /// Two operators: the longest, or every letter.
    Long,
}

/// Where a replacement may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Anchor {
    /// `/`: the first match.
    First,
    /// `//`: every match.
    Every,
    /// `/#`: at the front.
    Front,
    /// `/%`: at the back.
    Back,
}

impl Word {
    /// A word that means itself.
    pub(in crate::classify) fn literal(text: impl Into<String>, span: Span) -> Self {
        Self { parts: vec![Part::Quoted(text.into())], span }
    }

    /// The text, when nothing in it is expanded.
    pub(in crate::classify) fn as_text(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(piece) | Part::Quoted(piece) => text.push_str(piece),
                Part::Expansion(..) => return None,
            }
        }
        Some(text)
    }
}
