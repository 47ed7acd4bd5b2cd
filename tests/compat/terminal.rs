//! Programs that talk to a person, in a real terminal: keys, screens, sizes, stopping and going on.

use crate::identity::Identity;
use crate::scratch::Scratch;
use crate::tmux::{PROMPT, Terminal};
use crate::workload::{Kind, Workload, boxing};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload { name: "terminal-python", kind: Kind::Terminal("dev-box", python) },
    Workload { name: "terminal-less", kind: Kind::Terminal("dev-box", less) },
    Workload { name: "terminal-window-size", kind: Kind::Terminal("dev-box", size) },
    Workload { name: "terminal-interrupt", kind: Kind::Terminal("dev-box", interrupt) },
    Workload { name: "terminal-stop-and-go-on", kind: Kind::Terminal("dev-box", stop) },
    Workload { name: "terminal-stop-python", kind: Kind::Terminal("dev-box", stop_python) },
    Workload { name: "terminal-shell-inside", kind: Kind::Terminal("dev-box", shell) },
    Workload { name: "terminal-password", kind: Kind::Terminal("dev-box", password) },
    Workload { name: "terminal-pipeline", kind: Kind::Terminal("dev-box", pipeline) },
];

/// Opens a terminal of the identity and lets the workload act in it.
pub(crate) fn perform(
    name: &str,
    profile: &str,
    act: fn(&Terminal<'_>) -> Result<(), String>,
    scratch: &Scratch,
    identity: &Identity,
) -> Result<(), String> {
    let directory = identity.home.join("work").join(name);
    identity.directory(&directory)?;
    let boxed = format!("{} {}", scratch.stockade.display(), boxing(profile).join(" "));
    act(&Terminal::open(identity, &directory, &boxed)?)
}

/// The status of the last command, as the shell outside sees it.
fn status(terminal: &Terminal<'_>, wanted: &str) -> Result<(), String> {
    // What is typed must not look like what is waited for.
    terminal.line("echo status=$?.")?;
    terminal.see(&format!("status={wanted}."))
}

fn python(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box python3 -q")?;
    terminal.see(">>>")?;
    terminal.line("print('six', 6 * 7)")?;
    terminal.see("six 42")?;
    terminal.line("import time; time.sleep(60)")?;
    terminal.key("C-c")?;
    terminal.see("KeyboardInterrupt")?;
    terminal.line("print('still', 3 * 3)")?;
    terminal.see("still 9")?;
    // Line editing: the arrow brings the last line back.
    terminal.key("Up")?;
    terminal.key("BSpace")?;
    terminal.line(" + 1)")?;
    terminal.see("still 10")?;
    terminal.line("raise SystemExit(4)")?;
    status(terminal, "4")
}

fn less(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("seq -f 'line-%g' 500 >text; clear; $box less text")?;
    terminal.see("line-1\n")?;
    terminal.key("G")?;
    terminal.see("line-500")?;
    terminal.line("/line-25$")?;
    terminal.key("g")?;
    terminal.see("line-1\n")?;
    terminal.key("q")?;
    terminal.see(PROMPT.trim_end())?;
    terminal.line("clear")?;
    status(terminal, "0")
}

pub(crate) fn size(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box stty size")?;
    terminal.see("30 100")?;
    let watcher =
        "import os, signal; show = lambda *_: print(*os.get_terminal_size(), 'seen', flush=True)";
    terminal.line(&format!("cat >watch.py <<<\"{watcher}\""))?;
    terminal.line("echo 'signal.signal(signal.SIGWINCH, show); show()' >>watch.py")?;
    terminal.line("echo 'while True: signal.pause()' >>watch.py; clear; $box python3 watch.py")?;
    terminal.see("100 30 seen")?;
    terminal.resize("90", "25")?;
    terminal.see("90 25 seen")?;
    terminal.key("C-c")?;
    terminal.see("KeyboardInterrupt")?;
    status(terminal, "130")
}

pub(crate) fn interrupt(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box bash -c 'echo be''gun; sleep 100'")?;
    terminal.see("begun")?;
    terminal.key("C-c")?;
    status(terminal, "130")?;
    terminal.line(
        "clear; $box bash -c 'trap \"echo ca\"\"ught; exit 5\" INT; echo re''ady; sleep 100'",
    )?;
    terminal.see("ready")?;
    terminal.key("C-c")?;
    terminal.see("caught")?;
    status(terminal, "5")?;
    terminal.line("clear; $box bash -c 'echo qu''it; exec sleep 100'")?;
    terminal.see("quit")?;
    terminal.key("C-\\")?;
    status(terminal, "131")
}

pub(crate) fn stop(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box bash -c 'echo be''gun; exec sleep 100'")?;
    terminal.see("begun")?;
    terminal.key("C-z")?;
    terminal.see("Stopped")?;
    status(terminal, "148")?;
    terminal.line("clear; jobs")?;
    terminal.see("[1]+  Stopped")?;
    terminal.line("clear; bg; jobs")?;
    terminal.see("Running")?;
    terminal.line("clear; fg")?;
    terminal.see("exec sleep")?;
    terminal.key("C-c")?;
    status(terminal, "130")?;
    terminal.line("clear; jobs; echo no''ne")?;
    terminal.see("none")
}

pub(crate) fn stop_python(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box python3 -q")?;
    terminal.see(">>>")?;
    terminal.key("C-z")?;
    terminal.see("Stopped")?;
    terminal.line("clear; echo out''side; fg")?;
    terminal.see("outside\n")?;
    terminal.line("print('back', 5 * 5)")?;
    terminal.see("back 25")?;
    terminal.key("C-d")?;
    status(terminal, "0")
}

pub(crate) fn shell(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box env PS1='in''side: ' bash --noprofile --norc -i")?;
    terminal.see("inside:")?;
    terminal.line("bash -c 'echo be''gun; exec sleep 100'")?;
    terminal.see("begun")?;
    terminal.key("C-z")?;
    terminal.see("[1]+  Stopped")?;
    terminal.line("clear; bg; jobs; kill %1; wait %1; echo en''ded $?")?;
    terminal.see("ended 143")?;
    terminal.line("clear; { echo be''gun; sleep 100; } | cat")?;
    terminal.see("begun\n")?;
    terminal.key("C-c")?;
    terminal.line("echo piped $?.")?;
    terminal.see("piped 130.")?;
    terminal.line("exit 6")?;
    status(terminal, "6")
}

fn password(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("$box python3 -c 'import getpass; print(\"read\", len(getpass.getpass(\"sec\" \"ret? \")))'")?;
    terminal.see("secret?")?;
    terminal.line("hidden")?;
    let screen = terminal.wait_for("read 6", |screen| screen.contains("read 6"))?;
    match screen.contains("hidden") {
        true => Err(format!("the password shows\n{screen}")),
        false => status(terminal, "0"),
    }
}

pub(crate) fn pipeline(terminal: &Terminal<'_>) -> Result<(), String> {
    terminal.line("seq 500 | $box less | cat | tail -1")?;
    terminal.see("500\n")?;
    terminal.line("clear; seq -f 'row-%g' 500 | $box less")?;
    terminal.see("row-1\n")?;
    terminal.key("q")?;
    terminal.line("clear; $box bash -c 'read -p na''me? x; echo he''llo $x' | cat")?;
    terminal.see("name?")?;
    terminal.line("you")?;
    terminal.see("hello you")?;
    status(terminal, "0")
}
