//! Compound commands of the parser's tree to ours: groups, branches, loops, tests.
//!
//! Loops keep only what matters to the interpreter: what decides them and what they repeat.

use super::lower::Lowering;
use super::tree::{Block, Command, Node, Word};
use crate::model::finding::Span;
use shuck_ast as ast;

impl Lowering<'_> {
    pub(super) fn compound(&mut self, compound: &ast::CompoundCommand, span: Span) -> Node {
        use ast::CompoundCommand as C;
        match compound {
            C::If(command) => self.branches(command),
            C::For(command) => {
                let names = command.targets.iter().filter_map(|t| t.name.as_ref());
                let name = names.map(ToString::to_string).next().unwrap_or_default();
                let words = command.words.as_ref().map(|words| self.words(words));
                Node::For(name, words, self.block(&command.body))
            }
            C::Select(command) => Node::For(
                command.variable.to_string(),
                Some(self.words(&command.words)),
                self.block(&command.body),
            ),
            C::While(command) => {
                Node::Loop(self.block(&command.condition), self.block(&command.body))
            }
            C::Until(command) => {
                Node::Loop(self.block(&command.condition), self.block(&command.body))
            }
            C::ArithmeticFor(command) => self.arithmetic_for(command, span),
            C::Case(command) => {
                let subject = self.word(command.word.span);
                let arms = command.cases.iter().map(|arm| self.arm(arm)).collect();
                Node::Case(subject, arms)
            }
            C::Subshell(body) => Node::Subshell(self.block(body)),
            C::BraceGroup(body) => Node::Group(self.block(body)),
            C::Time(command) => {
                Node::Group(command.command.iter().map(|c| self.statement(c)).collect())
            }
            C::Coproc(command) => Node::Background(Box::new(self.statement(&command.body))),
            C::Arithmetic(command) => Node::Arithmetic(self.arithmetic(command.expr_span)),
            C::Conditional(command) => {
                let mut words = Vec::new();
                self.conditional(&command.expression, &mut words);
                Node::Test(words)
            }
            C::Repeat(_) | C::Foreach(_) | C::Always(_) => self.foreign("this loop", span),
        }
    }

    fn branches(&mut self, command: &ast::IfCommand) -> Node {
        let mut arms = vec![(self.block(&command.condition), self.block(&command.then_branch))];
        for (condition, body) in &command.elif_branches {
            arms.push((self.block(condition), self.block(body)));
        }
        let otherwise = command.else_branch.as_ref().map(|body| self.block(body));
        Node::If(arms, otherwise)
    }

    /// `for ((a; b; c))` is `((a)); while ((b)); do ...; ((c)); done`.
    fn arithmetic_for(&mut self, command: &ast::ArithmeticForCommand, span: Span) -> Node {
        let wrap =
            |word: Word| Command { node: Node::Arithmetic(word), redirections: Vec::new(), span };
        let init = wrap(self.arithmetic(command.init_span));
        let condition = vec![wrap(self.arithmetic(command.condition_span))];
        let mut body: Block = self.block(&command.body);
        body.push(wrap(self.arithmetic(command.step_span)));
        let node = Node::Loop(condition, body);
        Node::Group(vec![init, Command { node, redirections: Vec::new(), span }])
    }

    fn arithmetic(&mut self, span: Option<ast::Span>) -> Word {
        let Some(span) = span else { return Word::default() };
        let range = self.range(span);
        super::word::double(self.text, range, (self.origin, self.depth), &mut self.gaps)
    }

    fn arm(&mut self, arm: &ast::CaseItem) -> (Vec<Word>, Block) {
        let patterns = arm.patterns.iter().map(|p| self.word(p.span)).collect();
        (patterns, self.block(&arm.body))
    }

    fn conditional(&mut self, expression: &ast::ConditionalExpr, words: &mut Vec<Word>) {
        match expression {
            ast::ConditionalExpr::Binary(binary) => {
                self.conditional(&binary.left, words);
                self.conditional(&binary.right, words);
            }
            ast::ConditionalExpr::Unary(unary) => self.conditional(&unary.expr, words),
            ast::ConditionalExpr::Parenthesized(paren) => self.conditional(&paren.expr, words),
            other => words.push(self.word(other.span())),
        }
    }
}
