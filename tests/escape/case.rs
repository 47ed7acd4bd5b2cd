//! A case: what is tried, what the kernel must answer, and that the victims are as they were.

use super::places;
use super::support::{self, Identity, Place, Run, Who, World};
use super::witness::Witness;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice::from_ref;
use std::sync::OnceLock;

/// Which half of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Must be refused by the sandbox.
    Attack,
    /// The attack as shell text: must be refused by gate one.
    Plain,
    /// Must pass.
    Twin,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Attack, Self::Plain, Self::Twin];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Plain => "plain",
            Self::Twin => "twin",
        }
    }
}

/// In which places code is carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Plain,
    Docker,
    Everywhere,
}

/// Halves that are code of their own.
type Code = fn(Identity);

/// One case. Orders are written `op word ... -> ANSWER`, see `probe/main.c`; several operations
/// are parted by `;`, of which the last one's answer counts. `[root]` at the end: only the
/// superuser can do it bare; `[unproven]`: nobody is made to do it bare; `[not PLACE]`: it means
/// something else there, or the place itself refuses it.
pub struct Case {
    name: &'static str,
    profile: Option<&'static str>,
    prepare: fn(&World),
    launch: fn(&World, Vec<String>) -> Run,
    attack: &'static [&'static str],
    plain: &'static [&'static str],
    twin: &'static [&'static str],
    attack_code: Option<Code>,
    twin_code: Option<Code>,
    reach: Reach,
    looks_at_state: bool,
    mounts: bool,
}

impl Case {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            profile: None,
            prepare: |_| {},
            launch: |world, words| Run::new(world, &words[0]).args(&words[1..]),
            attack: &[],
            plain: &[],
            twin: &[],
            attack_code: None,
            twin_code: None,
            reach: Reach::Docker,
            looks_at_state: false,
            mounts: false,
        }
    }

    /// The text of a profile to run under; its gate one lets the probe through.
    pub fn profile(mut self, text: &'static str) -> Self {
        self.profile = Some(text);
        self
    }

    /// What is done in the world beforehand.
    pub fn prepare(mut self, prepare: fn(&World)) -> Self {
        self.prepare = prepare;
        self
    }

    /// How the command line is started, where it is not just started.
    pub fn launch(mut self, launch: fn(&World, Vec<String>) -> Run) -> Self {
        self.launch = launch;
        self
    }

    pub fn attack(mut self, orders: &'static [&'static str]) -> Self {
        self.attack = orders;
        self
    }

    pub fn plain(mut self, texts: &'static [&'static str]) -> Self {
        self.plain = texts;
        self
    }

    pub fn twin(mut self, orders: &'static [&'static str]) -> Self {
        self.twin = orders;
        self
    }

    pub fn attack_code(mut self, code: Code) -> Self {
        self.attack_code = Some(code);
        self
    }

    pub fn twin_code(mut self, code: Code) -> Self {
        self.twin_code = Some(code);
        self
    }

    /// Halves of code are carried out in each place that is entered, not only under Docker's profile.
    pub fn everywhere(mut self) -> Self {
        self.reach = Reach::Everywhere;
        self
    }

    /// Its code goes to places by itself.
    pub fn goes_itself(mut self) -> Self {
        self.reach = Reach::Plain;
        self
    }

    /// It looks at the journal from outside, or at what an earlier run wrote there.
    pub fn looks_at_state(mut self) -> Self {
        self.looks_at_state = true;
        self
    }

    /// It mounts something, or starts containers, before it becomes who it is for: there must be a
    /// superuser to do so.
    pub fn mounts(mut self) -> Self {
        self.mounts = true;
        self
    }

    pub const fn name(&self) -> &str {
        self.name
    }

    /// Whether it can be run here for an identity.
    pub fn possible(&self, who: Identity) -> bool {
        who.possible() && (!self.mounts || Identity::is_root())
    }

    /// Whether there is such a half of it in a place.
    pub fn has(&self, kind: Kind, place: Place) -> bool {
        match kind {
            _ if self.looks_at_state && !place.keeps_state() => false,
            _ if place.is_container() && !places::CONTAINED.contains(&self.name) => false,
            Kind::Attack => !self.attack.is_empty() || self.code(self.attack_code, place).is_some(),
            // Gate one reads text, and reads the same everywhere.
            Kind::Plain => !self.plain.is_empty() && place == Place::Plain,
            Kind::Twin => !self.twin.is_empty() || self.code(self.twin_code, place).is_some(),
        }
    }

    /// Code starts stockade and signals it: what stands between is not the one to be tested. It
    /// also takes its time, which is why most of it is left out where little can differ.
    fn code(&self, code: Option<Code>, place: Place) -> Option<Code> {
        let there = match place {
            Place::Plain => true,
            Place::Docker => self.reach != Reach::Plain,
            other => self.reach == Reach::Everywhere && other.is_entered(),
        };
        code.filter(|_| there)
    }

    pub fn run(&self, kind: Kind, who: Identity) {
        match kind {
            Kind::Attack => {
                let orders: Vec<Order> = Order::read_all(self.attack, who.place).collect();
                for order in orders.iter().filter(|o| o.works_bare(who)) {
                    self.works(order, who);
                }
                for orders in batches(orders, who.place) {
                    self.are_refused(&orders, who);
                }
                if let Some(code) = self.code(self.attack_code, who.place) {
                    code(who);
                }
            }
            Kind::Plain => self.plain.iter().for_each(|text| self.is_refused_as_text(text, who)),
            Kind::Twin => {
                for order in Order::read_all(self.twin, who.place) {
                    self.passes(&order, who);
                }
                if let Some(code) = self.code(self.twin_code, who.place) {
                    code(who);
                }
            }
        }
    }

    /// Without stockade the attack succeeds; else its refusal would prove nothing.
    fn works(&self, order: &Order, who: Identity) {
        let (world, witness) = self.world(who);
        let file = Order::write(from_ref(order), &world, &witness);
        let words = vec!["./probe".to_owned(), file];
        let ended = (self.launch)(&world, words).end();
        let last = ended.out.lines().last().unwrap_or_default();
        assert!(last.ends_with(" ok"), "proves nothing, it fails bare: {} {ended:?}", order.text);
    }

    fn are_refused(&self, orders: &[Order], who: Identity) {
        let (world, witness) = self.world(who);
        let victims = world.victims();
        let file = Order::write(orders, &world, &witness);
        let ended = (self.launch)(&world, self.confined(file, &world)).end();
        let mut told = ended.out.lines();
        for order in orders {
            let last = told.by_ref().nth(order.operations.matches(';').count());
            let last = last.unwrap_or_default();
            let fits = order.is_answered(last) || order.finds_nothing(last, who.place);
            assert!(fits, "{} was answered {last:?}: {ended:?}", order.text);
        }
        let texts: Vec<_> = orders.iter().map(|order| order.text).collect();
        assert_eq!(world.victims(), victims, "{texts:?}: a victim was changed");
        witness.saw_nothing();
        nothing_left(&world);
    }

    fn passes(&self, order: &Order, who: Identity) {
        let (world, witness) = self.world(who);
        let file = Order::write(from_ref(order), &world, &witness);
        let ended = (self.launch)(&world, self.confined(file, &world)).end();
        let last = ended.out.lines().last().unwrap_or_default();
        assert!(order.is_answered(last), "{} was answered {last:?}: {ended:?}", order.text);
        nothing_left(&world);
    }

    fn is_refused_as_text(&self, text: &str, who: Identity) {
        let (world, witness) = self.world(who);
        let victims = world.victims();
        let text = witness.fill(&world.fill(text));
        let ended = world.stockade(["run", "-c", &text]).end();
        // What is merely new elsewhere passes the first gate; then the second refuses it, and says so.
        let by_the_wall = ended.code() != 0 && ended.err.contains("(promise `");
        assert!(ended.code() == 126 || by_the_wall, "{text}: {ended:?}");
        assert_eq!(world.victims(), victims, "{text}: a victim was changed");
        witness.saw_nothing();
    }

    fn world(&self, who: Identity) -> (World, Witness) {
        let world = World::new(who);
        put_probe(&world);
        let witness = Witness::new(&world);
        (self.prepare)(&world);
        (world, witness)
    }

    fn confined(&self, file: String, world: &World) -> Vec<String> {
        let stockade = support::base().join("stockade").to_str().unwrap().to_owned();
        let mut words = vec![stockade, "run".to_owned()];
        if world.identity.place == Place::Isolated {
            words.push("--isolate".to_owned());
        }
        if let Some(text) = self.profile {
            let path = world.put("profile.toml", text);
            words.extend(["--profile".to_owned(), path.to_str().unwrap().to_owned()]);
        }
        words.extend(["--", "./probe"].map(str::to_owned));
        words.push(file);
        words
    }
}

/// One order and what must come of it.
struct Order {
    text: &'static str,
    operations: &'static str,
    answer: &'static str,
    bare: Bare,
    not_at: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Everybody,
    Root,
    Unproven,
}

impl Order {
    /// `op word -> ANSWER [bare]`; without an answer it must be `ok`.
    fn read(text: &'static str) -> Self {
        let (mut body, mut bare, mut not_at) = (text, Bare::Everybody, None);
        while let Some((rest, mark)) = body.strip_suffix(']').and_then(|b| b.rsplit_once(" [")) {
            body = rest;
            match mark.strip_prefix("not ") {
                Some(place) => not_at = Some(place),
                None if mark == "root" => bare = Bare::Root,
                None if mark == "unproven" => bare = Bare::Unproven,
                None => panic!("[{mark}] in {text}"),
            }
        }
        let (operations, answer) = body.split_once(" -> ").unwrap_or((body, "ok"));
        Self { text, operations, answer, bare, not_at }
    }

    /// Those that mean something in a place.
    fn read_all(texts: &[&'static str], place: Place) -> impl Iterator<Item = Self> {
        let orders = texts.iter().map(|text| Self::read(text));
        let counts_as_docker = move |at: &str| at == Place::Docker.name() && place.is_container();
        orders.filter(move |order| {
            order.not_at.is_none_or(|at| at != place.name() && !counts_as_docker(at))
        })
    }

    /// Whether it is to be shown that it does: elsewhere the place may refuse it as well.
    fn works_bare(&self, who: Identity) -> bool {
        match self.bare {
            _ if who.place != Place::Plain => false,
            Bare::Everybody => true,
            Bare::Root => who.who == Who::Root,
            Bare::Unproven => false,
        }
    }

    /// Writes them where gate one does not read; the word that makes the probe read them.
    fn write(orders: &[Self], world: &World, witness: &Witness) -> String {
        let texts = orders.iter().map(|order| witness.fill(&world.fill(order.operations)));
        let text: Vec<String> = texts.map(|text| text.replace(';', "\n")).collect();
        world.put("workspace/orders", text.join("\n"));
        "@orders".to_owned()
    }

    /// Whether it is one operation, and refused: then nothing comes of it.
    fn leaves_nothing(&self) -> bool {
        !self.operations.contains(';') && self.answer.split('|').all(|answer| answer != "ok")
    }

    /// Whether an attack is answered that there is nothing to attack: what lies
    /// outside is not seen there.
    fn finds_nothing(&self, line: &str, place: Place) -> bool {
        place.hides_outsiders() && (line.ends_with(" ENOENT") || line.ends_with(" ESRCH"))
    }

    /// Whether a line of the probe is the last operation and one of the answers.
    fn is_answered(&self, line: &str) -> bool {
        let last = self.operations.rsplit(';').next().unwrap_or_default();
        let op = last.split_whitespace().next().unwrap_or_default();
        self.answer.split('|').any(|answer| line == format!("{op} {answer}"))
    }
}

/// On the bare machine each order has a world of its own. Elsewhere those that leave nothing behind
/// share one, which takes a fifth of the time.
fn batches(orders: Vec<Order>, place: Place) -> Vec<Vec<Order>> {
    let (shared, alone): (Vec<Order>, Vec<Order>) =
        orders.into_iter().partition(|order| place != Place::Plain && order.leaves_nothing());
    let alone = alone.into_iter().map(|order| vec![order]);
    alone.chain([shared]).filter(|batch| !batch.is_empty()).collect()
}

/// Fails when a process of the world is still there a moment after its run has ended.
pub fn nothing_left(world: &World) {
    let left = || support::of_world(world);
    assert!(support::poll(|| left().is_empty()), "left behind: {:?}", left());
}

/// Puts the probe into the workspace.
pub fn put_probe(world: &World) {
    put_probe_at(world, &world.workspace().join("probe"));
}

pub fn put_probe_at(world: &World, path: &Path) {
    fs::copy(probe(), path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    world.own(path);
}

/// The probe, compiled once.
pub fn probe() -> &'static Path {
    static PROBE: OnceLock<PathBuf> = OnceLock::new();
    PROBE.get_or_init(|| {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/escape/probe");
        let sources = fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path());
        let probe = support::base().join("probe");
        let mut gcc = Command::new("gcc");
        gcc.args(["-O1", "-Wall", "-pthread", "-o"]).arg(&probe);
        gcc.args(sources.filter(|path| path.extension().is_some_and(|kind| kind == "c")));
        let said = gcc.output().expect("the tests need gcc: scripts/test-needs.sh");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        probe
    })
}
