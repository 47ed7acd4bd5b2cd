//! Statements of the parser's tree to ours: simple commands, lists, redirections.
//!
//! Only structure and spans are taken from the parser; the text of every word is read again by
//! `word`. Compound commands are lowered in `compound`.

use super::documents::Document;
use super::parse::Origin;
use super::tree::{
    Assigned, Assignment, Block, Command, Node, Part, Redirect, Redirection, Simple, Word,
};
use super::word;
use crate::model::finding::Span;
use crate::model::gap::{Gap, GapKind};
use shuck_ast as ast;

/// Statements in statements, or joined by `&&`, `||` and `|`: deeper trees would take all the stack.
const MAX_LEVEL: usize = 250;

/// The work of lowering one parsed text.
pub(super) struct Lowering<'a> {
    pub(super) text: &'a str,
    pub(super) origin: Origin,
    pub(super) depth: usize,
    /// How many statements the one at hand stands in: a list of many is a deep tree.
    pub(super) level: usize,
    pub(super) gaps: Vec<Gap>,
    /// Bodies of here-documents that were read from the text itself.
    pub(super) documents: Vec<Document<'a>>,
    /// Where numbers stand that belong to a redirection, and are no words.
    numbers: Vec<(usize, usize)>,
}

impl<'a> Lowering<'a> {
    pub(super) const fn new(text: &'a str, (origin, depth): (Origin, usize)) -> Self {
        Self {
            text,
            origin,
            depth,
            level: 0,
            gaps: Vec::new(),
            documents: Vec::new(),
            numbers: Vec::new(),
        }
    }

    pub(super) fn block(&mut self, body: &ast::StmtSeq) -> Block {
        body.iter().map(|stmt| self.statement(stmt)).collect()
    }

    pub(super) fn statement(&mut self, stmt: &ast::Stmt) -> Command {
        let span = self.span(stmt.span);
        if self.level >= MAX_LEVEL {
            let what = "statements are nested or joined more often than is followed".to_owned();
            self.gaps.push(Gap { kind: GapKind::BudgetSpent, span, what });
            return Command { node: Node::Group(Vec::new()), redirections: vec![], span };
        }
        self.level += 1;
        for redirect in &stmt.redirects {
            let number = self.number_before(redirect);
            self.numbers.extend(number);
        }
        let node = self.command(&stmt.command, span);
        self.level -= 1;
        let redirections = stmt.redirects.iter().map(|r| self.redirection(r)).collect();
        let mut command = Command { node, redirections, span };
        if stmt.negated {
            command = Command { node: Node::Not(Box::new(command)), redirections: vec![], span };
        }
        if matches!(stmt.terminator, Some(ast::StmtTerminator::Background(_))) {
            let node = Node::Background(Box::new(command));
            command = Command { node, redirections: vec![], span };
        }
        command
    }

    /// The parser takes the number of `3<<END` and of `3<<<x` for a word.
    fn number_before(&self, redirect: &ast::Redirect) -> Option<(usize, usize)> {
        let document = matches!(
            redirect.kind,
            ast::RedirectKind::HereDoc
                | ast::RedirectKind::HereDocStrip
                | ast::RedirectKind::HereString
        );
        if redirect.fd.is_some() || !document {
            return None;
        }
        let (end, _) = self.range(redirect.span);
        let before = self.text.get(..end)?;
        let rest = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let begins = rest.is_empty() || rest.ends_with([' ', '\t', '\n', ';', '&', '|', '(', '`']);
        (begins && rest.len() < end).then_some((rest.len(), end))
    }

    pub(super) fn span(&self, span: ast::Span) -> Span {
        let (start, end) = self.range(span);
        self.origin.span(start, end)
    }

    pub(super) fn range(&self, span: ast::Span) -> (usize, usize) {
        let end = span.end.offset().min(self.text.len());
        (span.start.offset().min(end), end)
    }

    pub(super) fn word(&mut self, span: ast::Span) -> Word {
        let (start, end) = self.range(span);
        self.word_at(start, end)
    }

    pub(super) fn word_at(&mut self, start: usize, end: usize) -> Word {
        word::bare(self.text, (start, end), (self.origin, self.depth), &mut self.gaps)
    }

    pub(super) fn words(&mut self, words: &[ast::Word]) -> Vec<Word> {
        let mut read = Vec::with_capacity(words.len());
        for word in words {
            self.whole(word.span, &mut read);
        }
        read
    }

    /// What the parser takes for one word of a command; it is not believed. Two words run together
    /// are read as two; what ends a command leaves a gap. Each is read once: what is in it may hold
    /// words as well, and those again.
    fn whole(&mut self, span: ast::Span, words: &mut Vec<Word>) {
        if self.numbers.contains(&self.range(span)) {
            return;
        }
        let (range, place) = (self.range(span), (self.origin, self.depth));
        if range.0 == range.1 {
            return words.push(self.word(span));
        }
        for word in word::bare_words(self.text, range, place, &mut self.gaps) {
            // Patterns such as `!(a|b)` hold a bar.
            let ends = |text: &str| {
                text.contains(['\n', ';', '&']) || text.contains('|') && !text.contains('(')
            };
            if holds(&word, ends) {
                let what = "what ends a command stands within a word".to_owned();
                self.gaps.push(Gap { kind: GapKind::UnparsedText, span: word.span, what });
            }
            words.push(word);
        }
    }

    fn command(&mut self, command: &ast::Command, span: Span) -> Node {
        match command {
            ast::Command::Simple(simple) => Node::Simple(self.simple(simple)),
            ast::Command::Builtin(builtin) => Node::Simple(self.builtin(builtin)),
            ast::Command::Decl(clause) => Node::Simple(self.declaration(clause)),
            ast::Command::Binary(binary) => self.binary(binary),
            ast::Command::Compound(compound) => self.compound(compound, span),
            ast::Command::Function(function) => {
                let names = function.header.entries.iter();
                let names = names.map(|entry| self.word(entry.word.span)).collect();
                Node::Function(names, self.statement(&function.body).into())
            }
            ast::Command::AnonymousFunction(_) => self.foreign("an anonymous function", span),
        }
    }

    /// A form of another shell, which bash would read differently.
    pub(super) fn foreign(&mut self, name: &str, span: Span) -> Node {
        let what = format!("{name} is not a form of this shell");
        self.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
        Node::Group(Vec::new())
    }

    fn simple(&mut self, simple: &ast::SimpleCommand) -> Simple {
        let mut words = Vec::with_capacity(simple.args.len() + 1);
        let (start, end) = self.range(simple.name.span);
        if start < end {
            self.whole(simple.name.span, &mut words);
        }
        words.extend(self.words(&simple.args));
        let assignments = self.assignments(&simple.assignments);
        Simple { assignments, words, declared: Vec::new() }
    }

    /// `break`, `continue`, `return` and `exit` are ordinary words to us.
    fn builtin(&mut self, builtin: &ast::BuiltinCommand) -> Simple {
        let (name, code, rest, assignments, span) = match builtin {
            ast::BuiltinCommand::Break(c) => {
                ("break", &c.depth, &c.extra_args, &c.assignments, c.span)
            }
            ast::BuiltinCommand::Continue(c) => {
                ("continue", &c.depth, &c.extra_args, &c.assignments, c.span)
            }
            ast::BuiltinCommand::Return(c) => {
                ("return", &c.code, &c.extra_args, &c.assignments, c.span)
            }
            ast::BuiltinCommand::Exit(c) => {
                ("exit", &c.code, &c.extra_args, &c.assignments, c.span)
            }
        };
        let mut words = vec![Word::literal(name, self.span(span))];
        words.extend(code.iter().map(|w| self.word(w.span)));
        words.extend(self.words(rest));
        Simple { assignments: self.assignments(assignments), words, declared: Vec::new() }
    }

    fn declaration(&mut self, clause: &ast::DeclClause) -> Simple {
        let mut words = vec![self.word(clause.variant_span)];
        let mut declared = Vec::new();
        for operand in &clause.operands {
            match operand {
                ast::DeclOperand::Flag(word) | ast::DeclOperand::Dynamic(word) => {
                    words.push(self.word(word.span));
                }
                ast::DeclOperand::Name(name) => words.push(self.word(name.span)),
                ast::DeclOperand::Assignment(assignment) => {
                    declared.push(self.assignment(assignment));
                }
            }
        }
        Simple { assignments: self.assignments(&clause.assignments), words, declared }
    }

    fn assignments(&mut self, assignments: &[ast::Assignment]) -> Vec<Assignment> {
        assignments.iter().map(|a| self.assignment(a)).collect()
    }

    fn assignment(&mut self, assignment: &ast::Assignment) -> Assignment {
        let index = assignment.target.subscript.as_deref().map(|s| self.word(s.span()));
        let value = match &assignment.value {
            ast::AssignmentValue::Scalar(word) => Assigned::Scalar(self.word(word.span)),
            ast::AssignmentValue::Compound(array) => {
                let elements: Vec<_> = array.elements.iter().map(|e| self.element(e)).collect();
                self.complete(array, &elements);
                Assigned::Array(elements)
            }
        };
        Assignment {
            name: assignment.target.name.to_string(),
            index,
            value,
            append: assignment.append,
            span: self.span(assignment.span),
        }
    }

    /// What ends a command is a mistake in an array: a shell drops the line, and goes on with the next.
    fn complete(&mut self, array: &ast::ArrayExpr, elements: &[(Option<Word>, Word)]) {
        let (start, end) = self.range(array.span);
        // The parser counts the parenthesis in or not.
        let ends = self.text.get(start..end).is_some_and(|raw| raw.ends_with(')'));
        let after = self.text.get(end..).unwrap_or_default();
        let closed = ends || after.trim_start().starts_with(')');
        let stops = |text: &str| text.contains([';', '&', '|', '<', '>']);
        // Within the elements, and between them.
        let mut told = elements.iter().any(|(_, value)| holds(value, stops));
        let mut at = start;
        for element in &array.elements {
            let (from, to) = match element {
                ast::ArrayElem::Sequential(value) => self.range(value.word.span),
                ast::ArrayElem::Keyed { key, value }
                | ast::ArrayElem::KeyedAppend { key, value } => {
                    (self.range(key.span()).0, self.range(value.word.span).1)
                }
            };
            told |= self.text.get(at..from).is_some_and(stops);
            at = at.max(to);
        }
        told |= self.text.get(at..end).is_some_and(stops);
        if !closed || told {
            let what = "what ends a command stands within an array".to_owned();
            let span = self.span(array.span);
            self.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
        }
    }

    fn element(&mut self, element: &ast::ArrayElem) -> (Option<Word>, Word) {
        match element {
            ast::ArrayElem::Sequential(value) => (None, self.word(value.word.span)),
            ast::ArrayElem::Keyed { key, value } | ast::ArrayElem::KeyedAppend { key, value } => {
                (Some(self.word(key.span())), self.word(value.word.span))
            }
        }
    }

    fn binary(&mut self, binary: &ast::BinaryCommand) -> Node {
        match binary.op {
            ast::BinaryOp::And => Node::And(
                Box::new(self.statement(&binary.left)),
                Box::new(self.statement(&binary.right)),
            ),
            ast::BinaryOp::Or => Node::Or(
                Box::new(self.statement(&binary.left)),
                Box::new(self.statement(&binary.right)),
            ),
            ast::BinaryOp::Pipe | ast::BinaryOp::PipeAll => {
                // A long pipeline leans to the left: walked, not descended into.
                let (mut behind, mut first) = (Vec::new(), &binary.left);
                while let ast::Command::Binary(inner) = &first.command
                    && matches!(inner.op, ast::BinaryOp::Pipe | ast::BinaryOp::PipeAll)
                    && first.redirects.is_empty()
                    && !first.negated
                    && first.terminator.is_none()
                {
                    behind.push(&inner.right);
                    first = &inner.left;
                }
                let mut stages = match self.statement(first) {
                    Command { node: Node::Pipeline(stages), redirections, .. }
                        if redirections.is_empty() =>
                    {
                        stages
                    }
                    other => vec![other],
                };
                stages.extend(behind.into_iter().rev().map(|stage| self.statement(stage)));
                stages.push(self.statement(&binary.right));
                Node::Pipeline(stages)
            }
        }
    }

    fn redirection(&mut self, redirect: &ast::Redirect) -> Redirection {
        let span = self.span(redirect.span);
        let (kind, target) = match &redirect.target {
            ast::RedirectTarget::Heredoc(document) => {
                (Redirect::HereDocument, self.here_document(document))
            }
            ast::RedirectTarget::Word(word) => {
                (redirect_kind(redirect.kind), self.target(word, redirect))
            }
        };
        let number =
            self.number_before(redirect).and_then(|(start, end)| self.text.get(start..end));
        let descriptor = redirect.fd.or_else(|| number.and_then(|number| number.parse().ok()));
        Redirection { descriptor, kind, target, span }
    }

    /// The parser leaves the word of a descriptor such as `2>&1` empty: it is read from the text.
    fn target(&mut self, word: &ast::Word, redirect: &ast::Redirect) -> Word {
        let (start, end) = self.range(word.span);
        if start < end {
            return self.word_at(start, end);
        }
        let (start, end) = self.range(redirect.span);
        let raw = self.text.get(start..end).unwrap_or_default();
        let after = raw.rfind(['>', '<', '&']).map_or(0, |at| at + 1);
        let text = raw.get(after..).unwrap_or_default().trim();
        Word::literal(if text.is_empty() { "1" } else { text }, self.span(redirect.span))
    }

    /// Whether a body expands is decided by the raw delimiter: the parser is wrong about the
    /// second document on a line.
    fn here_document(&mut self, document: &ast::Heredoc) -> Word {
        let (start, end) = self.range(document.delimiter.span);
        let raw = self.text.get(start..end).unwrap_or_default();
        let quoted = raw.contains(['\'', '"', '\\']);
        let name = plain_delimiter(raw);
        let (start, end) = self.range(document.body.span);
        let body = self.text.get(start..end).unwrap_or_default();
        let ends_before = name.is_none_or(|name| {
            // A line that goes on in the next is one line: the body may end where nobody sees it.
            let joins =
                |line: &str| line.strip_suffix('\\').is_some_and(|l| name.starts_with(l.trim()));
            !quoted && body.lines().any(joins)
        });
        if ends_before {
            let what = "where a here-document ends could not be told for certain".to_owned();
            let span = self.span(document.delimiter.span);
            self.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
        }
        let (start, end) = self.range(document.body.span);
        self.documents.extend(name.map(|delimiter| Document { delimiter, body: start..end }));
        let tabs = document.delimiter.strip_tabs;
        let place = (self.origin, self.depth);
        word::here_body(self.text, (start, end), place, (quoted, tabs), &mut self.gaps)
    }
}

/// The word that ends a here-document, where its raw form leaves no doubt: plain, or in one pair of
/// quotes, or behind one backslash. Shells take others apart in ways that the parser does not follow.
fn plain_delimiter(raw: &str) -> Option<&str> {
    let inner = |quote: char| raw.strip_prefix(quote)?.strip_suffix(quote);
    let name = inner('\'').or_else(|| inner('"')).or_else(|| raw.strip_prefix('\\')).unwrap_or(raw);
    let plain = |c: char| c.is_alphanumeric() || "_-.!@%+=:,/#".contains(c);
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// Whether text of a word that stands outside quotes has something.
fn holds(word: &Word, has: impl Fn(&str) -> bool) -> bool {
    word.parts.iter().any(|part| matches!(part, Part::Plain(text) if has(text)))
}

const fn redirect_kind(kind: ast::RedirectKind) -> Redirect {
    match kind {
        ast::RedirectKind::Output | ast::RedirectKind::Clobber | ast::RedirectKind::OutputBoth => {
            Redirect::Output
        }
        ast::RedirectKind::Append => Redirect::Append,
        ast::RedirectKind::Input => Redirect::Input,
        ast::RedirectKind::ReadWrite => Redirect::ReadWrite,
        ast::RedirectKind::HereDoc | ast::RedirectKind::HereDocStrip => Redirect::HereDocument,
        ast::RedirectKind::HereString => Redirect::HereString,
        ast::RedirectKind::DupOutput | ast::RedirectKind::DupInput => Redirect::Duplicate,
    }
}
