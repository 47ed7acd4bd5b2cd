//! What one shell process knows at one moment: variables, directory, functions, standard input.
//!
//! A subshell works on a copy; branches are joined. Cheap to copy: the maps are shared until they
//! are written to.

use crate::classify::flow::Stream;
use crate::classify::syntax::tree::Command;
use crate::classify::value::{Known, Value, add_taint};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

/// The directories a shell may be in; empty when nothing is known.
pub(in crate::classify) type Directories = Vec<PathBuf>;

/// More directories than this are as good as unknown.
const MAX_DIRECTORIES: usize = 4;

/// More positional parameters than this are as good as unknown: each use of one looks at all.
const MAX_POSITIONAL: usize = 1024;

/// What a variable holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Variable {
    /// It was unset by the text.
    Unset,
    /// One value.
    Scalar(Value),
    /// Keys and values of an array, indexed or associative.
    Array(Vec<(String, Value)>),
}

/// What a name was declared to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Attribute {
    /// `declare -i`: what is assigned is an expression.
    Integer,
    /// `declare -A`: keys are text.
    Associative,
    /// `declare -n`: another name for that variable.
    Reference(String),
    /// `declare -l`: what is assigned becomes small letters.
    Lower,
    /// `declare -u`: or capital ones.
    Upper,
}

/// The state of one shell.
#[derive(Debug, Clone)]
pub(in crate::classify) struct State {
    /// Variables the text has set or unset; the rest are those of the invocation.
    pub(in crate::classify) variables: Rc<BTreeMap<String, Variable>>,
    /// What names were declared to be.
    pub(in crate::classify) attributes: Rc<BTreeMap<String, Attribute>>,
    /// What runs when this shell ends, or at signals.
    pub(in crate::classify) traps: Rc<Vec<Value>>,
    /// Names that were exported: what a shell started from this one sees.
    pub(in crate::classify) exported: Rc<BTreeSet<String>>,
    /// Options of the shell that were switched on, for all that is known (`dotglob`).
    pub(in crate::classify) options: Rc<BTreeSet<String>>,
    /// `$0`, where it was given.
    pub(in crate::classify) zero: Option<Value>,
    /// `$_`, the last word of the command before.
    pub(in crate::classify) last: Option<Value>,
    /// Names that the function at hand has made its own, of which there may be none.
    pub(in crate::classify) locals: Vec<String>,
    /// Functions.
    pub(in crate::classify) functions: Rc<BTreeMap<String, Rc<Command>>>,
    /// Aliases.
    pub(in crate::classify) aliases: Rc<BTreeMap<String, Value>>,
    /// `$1`, `$2`...
    pub(in crate::classify) positional: Rc<Vec<Value>>,
    /// The directories it may be in.
    pub(in crate::classify) directories: Directories,
    /// Whether it is somewhere below those instead (`find -execdir`).
    pub(in crate::classify) scattered: bool,
    /// `OLDPWD`.
    pub(in crate::classify) previous: Directories,
    /// The stack of `pushd`.
    pub(in crate::classify) stack: Vec<Directories>,
    /// Where it would be if the last command failed, when that is somewhere else.
    pub(in crate::classify) if_failed: Option<Directories>,
    /// Whether the last command is certain to succeed.
    pub(in crate::classify) succeeds: bool,
    /// Whether control has left this list (`exit`, `return`).
    pub(in crate::classify) ended: bool,
    /// Whether the command at hand never starts, because its words fail to expand (`${x:?}`).
    pub(in crate::classify) halted: bool,
    /// Whether code that was not seen ran in this very shell: then unset means unknown.
    pub(in crate::classify) blind: bool,
    /// Standard input.
    pub(in crate::classify) input: Rc<Stream>,
    /// Which streams other descriptors were opened on (`exec 3<file`).
    pub(in crate::classify) descriptors: Rc<BTreeMap<i32, Descriptor>>,
}

/// What a descriptor is connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Descriptor {
    /// The standard output of its surroundings.
    Out,
    /// Nowhere, or a screen.
    Screen,
    /// Files.
    Files(Vec<PathBuf>),
    /// A network peer.
    Host(Option<String>),
    /// Data to be read.
    Data(Rc<Stream>),
}

impl State {
    /// A fresh shell.
    pub(in crate::classify) fn new(directory: PathBuf) -> Self {
        Self {
            variables: Rc::default(),
            attributes: Rc::default(),
            traps: Rc::default(),
            exported: Rc::default(),
            options: Rc::default(),
            zero: None,
            last: None,
            locals: Vec::new(),
            functions: Rc::default(),
            aliases: Rc::default(),
            positional: Rc::default(),
            directories: vec![directory],
            scattered: false,
            previous: Vec::new(),
            stack: Vec::new(),
            if_failed: None,
            succeeds: false,
            ended: false,
            halted: false,
            blind: false,
            input: Rc::default(),
            descriptors: Rc::default(),
        }
    }

    /// Sets the positional parameters; of too many none is known. What they were before.
    pub(in crate::classify) fn give(&mut self, words: &[Value]) -> Rc<Vec<Value>> {
        let given = if words.len() > MAX_POSITIONAL {
            let all = words.iter().flat_map(|word| &word.taint);
            let mut any = Value::unknown(crate::model::finding::Span::default());
            all.for_each(|taint| add_taint(&mut any.taint, std::slice::from_ref(taint)));
            vec![any]
        } else {
            words.to_vec()
        };
        std::mem::replace(&mut self.positional, Rc::new(given))
    }

    /// Sets a variable.
    pub(in crate::classify) fn set(&mut self, name: &str, variable: Variable) {
        if self.attributes.is_empty() {
            return self.put(name, variable);
        }
        let name = self.referred(name);
        let variable = match (self.attributes.get(&name), variable) {
            (Some(Attribute::Lower), Variable::Scalar(mut value)) => {
                value.known = value.known.map(<[u8]>::to_ascii_lowercase);
                Variable::Scalar(value)
            }
            (Some(Attribute::Upper), Variable::Scalar(mut value)) => {
                value.known = value.known.map(<[u8]>::to_ascii_uppercase);
                Variable::Scalar(value)
            }
            (_, other) => other,
        };
        self.put(&name, variable);
    }

    fn put(&mut self, name: &str, variable: Variable) {
        if name.is_empty() || self.variables.get(name) == Some(&variable) {
            return;
        }
        Rc::make_mut(&mut self.variables).insert(name.to_owned(), variable);
    }

    /// The variable a name stands for: another one's, where it was declared so.
    pub(in crate::classify) fn referred(&self, name: &str) -> String {
        let mut name = name;
        for _ in 0..4 {
            match self.attributes.get(name) {
                Some(Attribute::Reference(other)) => name = other,
                _ => break,
            }
        }
        name.to_owned()
    }

    /// Marks a name as one that programs see.
    pub(in crate::classify) fn export(&mut self, name: &str) {
        if !self.exported.contains(name) {
            Rc::make_mut(&mut self.exported).insert(name.to_owned());
        }
    }

    /// The state of a shell started from this one, which inherits what `inherits` says and what was
    /// exported: no other variables, functions or aliases.
    pub(in crate::classify) fn child(&self, inherits: &dyn Fn(&str) -> bool) -> Self {
        let mut child = self.clone();
        child.aliases = Rc::default();
        child.traps = Rc::default();
        child.attributes = Rc::default();
        let seen = |name: &String| self.exported.contains(name) || inherits(name);
        if !self.is_on("allexport") {
            if !child.variables.keys().all(seen) {
                Rc::make_mut(&mut child.variables).retain(|name, _| seen(name));
            }
            if !child.functions.keys().all(seen) {
                Rc::make_mut(&mut child.functions).retain(|name, _| seen(name));
            }
        }
        child
    }

    /// Whether an option may be on.
    pub(in crate::classify) fn is_on(&self, option: &str) -> bool {
        self.options.contains(option)
    }

    /// Sets a variable to one value.
    pub(in crate::classify) fn assign(&mut self, name: &str, value: Value) {
        self.set(name, Variable::Scalar(value));
    }

    /// The command is over and nobody asked whether it succeeded.
    pub(in crate::classify) fn settle(&mut self) {
        if let Some(other) = self.if_failed.take() {
            self.directories = either(&self.directories, &other);
        }
    }

    /// What is known when control came from here or from `other`.
    pub(in crate::classify) fn join(&mut self, other: &Self, unset: &dyn Fn(&str) -> Variable) {
        if other.ended && !self.ended {
            return;
        }
        if self.ended && !other.ended {
            *self = other.clone();
            return;
        }
        if !Rc::ptr_eq(&self.variables, &other.variables) {
            self.join_variables(other, unset);
        }
        for (name, function) in &*other.functions {
            if !self.functions.contains_key(name) {
                Rc::make_mut(&mut self.functions).insert(name.clone(), Rc::clone(function));
            }
        }
        for (name, alias) in &*other.aliases {
            if !self.aliases.contains_key(name) {
                Rc::make_mut(&mut self.aliases).insert(name.clone(), alias.clone());
            }
        }
        if self.traps.is_empty() {
            self.traps = Rc::clone(&other.traps);
        }
        if !Rc::ptr_eq(&self.exported, &other.exported) {
            Rc::make_mut(&mut self.exported).extend(other.exported.iter().cloned());
        }
        if !Rc::ptr_eq(&self.options, &other.options) {
            Rc::make_mut(&mut self.options).extend(other.options.iter().cloned());
        }
        for (name, attribute) in &*other.attributes {
            if !self.attributes.contains_key(name) {
                Rc::make_mut(&mut self.attributes).insert(name.clone(), attribute.clone());
            }
        }
        if self.positional != other.positional {
            self.positional = Rc::new(vec![Value::unknown(crate::model::finding::Span::default())]);
        }
        self.directories = either(&self.directories, &other.directories);
        self.blind |= other.blind;
        self.succeeds &= other.succeeds;
        self.if_failed = None;
    }

    fn join_variables(&mut self, other: &Self, unset: &dyn Fn(&str) -> Variable) {
        let mut joined = BTreeMap::new();
        let names = self.variables.keys().chain(other.variables.keys());
        for name in names {
            if joined.contains_key(name) {
                continue;
            }
            let left = self.variables.get(name).cloned().unwrap_or_else(|| unset(name));
            let right = other.variables.get(name).cloned().unwrap_or_else(|| unset(name));
            joined.insert(name.clone(), left.or(&right));
        }
        self.variables = Rc::new(joined);
    }

    /// Forgets the values of what differs from `before`: for loops that do not come to rest.
    pub(in crate::classify) fn widen(&mut self, before: &Self) {
        let changed: Vec<String> = self
            .variables
            .iter()
            .filter(|(name, value)| before.variables.get(*name) != Some(*value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in changed {
            let unknown = Value::unknown(crate::model::finding::Span::default());
            let taint = match self.variables.get(&name) {
                Some(Variable::Scalar(value)) => value.taint.clone(),
                _ => Vec::new(),
            };
            self.assign(&name, unknown.tainted_by(&taint));
        }
        if self.directories != before.directories {
            self.directories.clear();
        }
    }
}

impl Variable {
    /// The value `$x` gives.
    pub(in crate::classify) fn scalar(&self) -> Option<Value> {
        match self {
            Self::Unset => None,
            Self::Scalar(value) => Some(value.clone()),
            Self::Array(all) => {
                all.iter().find(|(key, _)| key == "0").map(|(_, value)| value.clone())
            }
        }
    }

    fn or(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let empty = Known::Const(Vec::new());
        let (left, right) = (self.scalar(), other.scalar());
        let known = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| empty.clone(), |value| value.known.clone())
        };
        let joined = known(&left).or(&known(&right));
        let Some(mut value) = left.clone().or_else(|| right.clone()) else {
            return self.clone();
        };
        value.known = joined;
        for side in [left, right].into_iter().flatten() {
            add_taint(&mut value.taint, &side.taint);
        }
        Self::Scalar(value)
    }
}

/// The directories of both; unknown when they are too many, or when either is unknown.
pub(in crate::classify) fn either(left: &Directories, right: &Directories) -> Directories {
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    let mut all = left.clone();
    all.extend(right.iter().filter(|path| !left.contains(path)).cloned());
    if all.len() > MAX_DIRECTORIES {
        all.clear();
    }
    all
}
