//! The shared words of `model` as JSON: effects, findings, gaps and the verdict, in the journal and in
//! the output of `check`. Plain mirrors: nothing is decided or left out here.

use super::text::{Text, clip};
use crate::model::decision::Decision;
use crate::model::effect::{Access, Count, Effect, Reach, Reversibility, Scale, Scope, Taint};
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::target::{Place, Resource};
use crate::model::verdict::{Insistence, Verdict};
use serde::{Deserialize, Serialize};

/// A verdict: what `check --json` prints, and what a record of the journal holds of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerdictRecord {
    /// What may happen.
    pub decision: Decision,
    /// The rule that decided.
    pub rule: RuleId,
    /// One sentence: what, exactly where, why.
    pub reason: String,
    /// A safer way to the same end, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// That the same was refused before in this session, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insists: Option<Insistence>,
    /// What the command would do, in the order of the text.
    pub effects: Vec<EffectRecord>,
    /// Named dangers, gravest first.
    pub findings: Vec<FindingRecord>,
    /// What could not be seen.
    pub gaps: Vec<GapRecord>,
}

impl From<&Verdict> for VerdictRecord {
    fn from(verdict: &Verdict) -> Self {
        Self {
            decision: verdict.decision,
            rule: verdict.rule.clone(),
            reason: clip(&verdict.reason),
            instead: verdict.instead.as_deref().map(clip),
            insists: verdict.insists.clone(),
            effects: verdict.assessment.effects.iter().map(EffectRecord::from).collect(),
            findings: verdict.findings.iter().map(FindingRecord::from).collect(),
            gaps: verdict.assessment.gaps.iter().map(GapRecord::from).collect(),
        }
    }
}

/// One thing a command would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EffectRecord {
    /// The kind of act.
    pub access: Access,
    /// What it falls upon.
    pub resource: ResourceRecord,
    /// Whether everything below a directory is meant as well.
    pub reach: Reach,
    /// How much is touched, where counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleRecord>,
    /// Whether what is lost can be had again.
    pub reversibility: Reversibility,
    /// Whose ground it is.
    pub scope: Scope,
    /// What flows into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carries: Vec<TaintRecord>,
    /// The bytes of the request it stands on.
    pub span: Span,
}

impl From<&Effect> for EffectRecord {
    fn from(effect: &Effect) -> Self {
        Self {
            access: effect.access,
            resource: ResourceRecord::from(&effect.resource),
            reach: effect.reach,
            scale: effect.scale.map(ScaleRecord::from),
            reversibility: effect.reversibility,
            scope: effect.scope,
            carries: effect.carries.iter().map(TaintRecord::from).collect(),
            span: effect.span,
        }
    }
}

/// What an effect falls upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ResourceRecord {
    /// Exactly this path.
    Path {
        /// Absolute.
        path: Text,
    },
    /// Something at or below this path; what exactly is not known.
    Below {
        /// Absolute.
        path: Text,
    },
    /// Any path: nothing is known.
    Anywhere,
    /// A network peer.
    Host {
        /// A name or address; null when it could not be told.
        name: Option<String>,
    },
    /// A process.
    Process {
        /// Whatever named it: a pid, a name, a job.
        name: String,
    },
    /// An environment variable.
    Env {
        /// Its name.
        name: String,
    },
    /// Something kept elsewhere.
    Remote {
        /// The sort of object: `git branch`, `package`, `bucket`.
        sort: String,
        /// Its name as far as the text gives it.
        name: String,
    },
    /// The machine itself.
    Machine {
        /// Which part of it: power state, kernel, accounts, services.
        what: String,
    },
}

impl From<&Resource> for ResourceRecord {
    fn from(resource: &Resource) -> Self {
        match resource {
            Resource::Path(Place::Exact(path)) => Self::Path { path: Text::path(path) },
            Resource::Path(Place::Below(path)) => Self::Below { path: Text::path(path) },
            Resource::Path(Place::Anywhere) => Self::Anywhere,
            Resource::Host(name) => Self::Host { name: name.as_deref().map(clip) },
            Resource::Process(name) => Self::Process { name: clip(name) },
            Resource::Env(name) => Self::Env { name: clip(name) },
            Resource::Remote { kind, name } => Self::Remote { sort: clip(kind), name: clip(name) },
            Resource::Machine(what) => Self::Machine { what: clip(what) },
        }
    }
}

impl std::fmt::Display for ResourceRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path { path } => f.write_str(path.as_str()),
            Self::Below { path } => write!(f, "{}/…", path.as_str().trim_end_matches('/')),
            Self::Anywhere => f.write_str("an unknown path"),
            Self::Host { name } => f.write_str(name.as_deref().unwrap_or("an unknown host")),
            Self::Process { name } => write!(f, "process {name}"),
            Self::Env { name } => write!(f, "${name}"),
            Self::Remote { sort, name } => write!(f, "{sort} {name}"),
            Self::Machine { what } => f.write_str(what),
        }
    }
}

/// How much is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ScaleRecord {
    /// Regular files and links.
    pub files: u64,
    /// Their apparent size in bytes.
    pub bytes: u64,
    /// Whether the numbers are exact; if not, they are the least it can be.
    pub exact: bool,
}

impl From<Scale> for ScaleRecord {
    fn from(scale: Scale) -> Self {
        let exact = |count| matches!(count, Count::Exactly(_));
        Self {
            files: scale.files.floor(),
            bytes: scale.bytes.floor(),
            exact: exact(scale.files) && exact(scale.bytes),
        }
    }
}

/// Where data that flows into an effect came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TaintRecord {
    /// It is or contains a secret; the text says which one, never its value.
    Secret(String),
    /// It came from the network; the text says from where.
    Network(String),
}

impl From<&Taint> for TaintRecord {
    fn from(taint: &Taint) -> Self {
        match taint {
            Taint::Secret(which) => Self::Secret(clip(which)),
            Taint::Network(whence) => Self::Network(clip(whence)),
        }
    }
}

impl From<TaintRecord> for Taint {
    fn from(taint: TaintRecord) -> Self {
        match taint {
            TaintRecord::Secret(which) => Self::Secret(which),
            TaintRecord::Network(whence) => Self::Network(whence),
        }
    }
}

/// A named danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingRecord {
    /// Which rule spoke.
    pub rule: RuleId,
    /// How grave it is by itself.
    pub severity: Severity,
    /// The bytes of the request it stands on.
    pub span: Span,
    /// Why, in one sentence.
    pub reason: String,
    /// A safer way, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

impl From<&Finding> for FindingRecord {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            severity: finding.severity,
            span: finding.span,
            reason: clip(&finding.reason),
            instead: finding.instead.as_deref().map(clip),
        }
    }
}

/// Something the classifier could not see through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GapRecord {
    /// Why.
    pub kind: GapKind,
    /// The bytes of the request that hide it.
    pub span: Span,
    /// What is hidden, in one sentence.
    pub what: String,
}

impl From<&Gap> for GapRecord {
    fn from(gap: &Gap) -> Self {
        Self { kind: gap.kind, span: gap.span, what: clip(&gap.what) }
    }
}
