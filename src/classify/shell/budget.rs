//! What one classification may spend, counted in work and never in time, so that a verdict is the same
//! on every machine. What is left out when it is spent becomes a gap.

/// What copying an entry of a map or an element of an array costs, in bytes.
pub(super) const ENTRY: usize = 128;

/// What is left to spend.
#[derive(Debug)]
pub(in crate::classify) struct Budget {
    commands: usize,
    words: usize,
    globs: usize,
    /// Words handed from one command to the next that it starts.
    handed: usize,
    /// Bytes of values that were made and of entries that were copied.
    made: usize,
    /// Bytes of code that was carried in words and files.
    code: usize,
    /// How deep code is carried in code.
    pub(super) depth: usize,
    pub(super) spent: bool,
    /// How many commands the one at hand is nested in, carried code included.
    nested: usize,
}

impl Budget {
    pub(super) const MAX_DEPTH: usize = 32;
    /// Commands in commands: what the stack has room for.
    const MAX_NESTED: usize = 400;
    /// Words that are expanded.
    pub(super) const MAX_WORDS: usize = 24_000;

    pub(super) const fn new() -> Self {
        Self {
            commands: 4_000,
            words: Self::MAX_WORDS,
            globs: 24,
            handed: 36_000,
            made: 16 << 20,
            code: 256 << 10,
            depth: 0,
            spent: false,
            nested: 0,
        }
    }

    pub(super) const fn shallower(&mut self) {
        self.depth -= 1;
    }

    /// How many commands may still be walked.
    pub(super) const fn commands_left(&self) -> usize {
        self.commands
    }

    /// Whether one more command may be walked, inside those that are.
    pub(super) const fn command(&mut self) -> bool {
        if self.nested >= Self::MAX_NESTED || !take(&mut self.commands, 1) {
            return false;
        }
        self.nested += 1;
        true
    }

    /// The command is over.
    pub(super) const fn ended(&mut self) {
        self.nested -= 1;
    }

    /// Whether one more word may be expanded.
    pub(in crate::classify) const fn word(&mut self) -> bool {
        take(&mut self.words, 1)
    }

    /// Whether none may.
    pub(in crate::classify) const fn is_out_of_words(&self) -> bool {
        self.words == 0
    }

    /// Whether so many more may.
    pub(in crate::classify) const fn words(&mut self, many: usize) -> bool {
        take(&mut self.words, many)
    }

    /// Whether one more pattern may be matched against the file system.
    pub(in crate::classify) const fn glob(&mut self) -> bool {
        take(&mut self.globs, 1)
    }

    /// Whether so many words may be handed on to another command.
    pub(super) const fn hand(&mut self, words: usize) -> bool {
        take(&mut self.handed, words)
    }

    /// Whether a value of so many bytes may be made.
    pub(in crate::classify) const fn make(&mut self, bytes: usize) -> bool {
        take(&mut self.made, bytes)
    }

    /// Whether so many bytes of carried code may be read.
    pub(super) const fn code(&mut self, bytes: usize) -> bool {
        take(&mut self.code, bytes)
    }
}

/// What is asked for, or all that is left.
const fn take(left: &mut usize, asked: usize) -> bool {
    match left.checked_sub(asked) {
        Some(less) => {
            *left = less;
            true
        }
        None => {
            *left = 0;
            false
        }
    }
}
