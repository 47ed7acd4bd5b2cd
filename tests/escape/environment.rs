//! Attacks by what the environment tells or carries: secrets and code in variables (rows 40, 41).

use super::case::{Case, put_probe};
use super::support::{Identity, Run, World};

/// Each holds its own name behind `leak-`, so that whatever shows one shows which.
const SECRETS: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "OP_SERVICE_ACCOUNT_TOKEN",
    "OP_SESSION_x",
    "NPM_TOKEN",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "DATABASE_PASSWORD",
    "PGPASSWORD",
    "VAULT_TOKEN",
    "AZURE_CLIENT_SECRET",
    "MY_PRIVATE_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "SENTRY_DSN",
    "SLACK_WEBHOOK_URL",
    "BW_SESSION",
];
const DOORS: &[&str] = &[
    "SSH_AUTH_SOCK",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "TMUX",
    "DOCKER_HOST",
    "XDG_RUNTIME_DIR",
    "GPG_AGENT_INFO",
    "VSCODE_IPC_HOOK_CLI",
];
const CARRIERS: &[&str] = &[
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "GLIBC_TUNABLES",
    "NODE_OPTIONS",
    "PYTHONSTARTUP",
    "PYTHONINSPECT",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "BASH_ENV",
    "ENV",
    "SHELLOPTS",
    "PS4",
    "PROMPT_COMMAND",
    "BASH_FUNC_x%%",
    "BASH_FUNC_ls()",
    "JAVA_TOOL_OPTIONS",
    "GIT_SSH_COMMAND",
    "GIT_EXTERNAL_DIFF",
    "GIT_CONFIG_COUNT",
    "LESSOPEN",
    "ZDOTDIR",
];
const OURS: &[&str] = &["STOCKADE_MANAGED_FILE", "STOCKADE_PROFILE", "STOCKADE_MODE", "STOCKADE_X"];
const HONEST: &[&str] =
    &["EDITOR", "TERM", "CI", "MAKEFLAGS", "RUST_LOG", "LC_ALL", "COLUMNS", "TZ"];

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_40_secrets").attack_code(|who| hidden(who, SECRETS)).twin_code(visible),
        Case::new("row_40_doors").attack_code(|who| hidden(who, DOORS)),
        Case::new("row_40_carriers")
            .attack_code(|who| hidden(who, CARRIERS))
            .twin_code(plain_shell),
        Case::new("row_40_carriers_do_not_run").attack_code(carriers_do_not_run),
        Case::new("row_41_control_variables").attack_code(|who| hidden(who, OURS)),
    ]
}

fn show_environment(who: Identity, names: &[&str]) -> String {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", "env\n");
    let run = world.stockade(["run", "--", "./probe", "@orders"]);
    let run = names.iter().fold(run, |run, name| run.env(name, format!("leak-{name}")));
    run.end().expect(0).out
}

fn hidden(who: Identity, names: &[&str]) {
    let shown = show_environment(who, names);
    assert!(shown.contains("HOME="), "nothing was shown: {shown}");
    for name in names {
        assert!(!shown.contains(&format!("leak-{name}")), "{name} is visible inside");
        assert!(!shown.contains(&format!("\n{name}=")), "{name} is visible inside");
    }
}

fn visible(who: Identity) {
    let shown = show_environment(who, HONEST);
    for name in HONEST {
        // Once in the environment, once in /proc/self/environ.
        let times = shown.matches(&format!("{name}=leak-{name}\n")).count();
        assert_eq!(times, 2, "{name} did not arrive: {shown}");
    }
}

fn plain_shell(who: Identity) {
    let world = World::new(who);
    let ended = world.stockade(["run", "-c", "ls() { echo mine; }; ls; echo \"$0 $-\""]).end();
    assert!(ended.expect(0).out.starts_with("mine\nbash "));
}

/// Not only out of sight: what they would start does not start.
fn carriers_do_not_run(who: Identity) {
    let world = World::new(who);
    let code = world.put("workspace/code", "echo carried\n");
    let ls = "() { echo carried; }";
    let dress = |run: Run| {
        run.env("BASH_ENV", &code)
            .env("ENV", &code)
            .env("PYTHONSTARTUP", &code)
            .env("BASH_FUNC_ls%%", ls)
            .env("PS4", "$(echo carried >&2)")
            .env("SHELLOPTS", "xtrace")
            .env("PERL5OPT", "-e BEGIN{print(\"carried\\n\")}")
    };
    let bare = Run::new(&world, "/bin/bash").args(["-c", "ls; true"]);
    assert!(dress(bare).end().out.contains("carried"), "proves nothing");
    for words in [
        vec!["run", "-c", "ls; true"],
        vec!["run", "--", "bash", "-c", "ls; true"],
        vec!["run", "--", "perl", "-e", "1"],
    ] {
        let ended = dress(world.stockade(words)).end().expect(0);
        assert!(!format!("{}{}", ended.out, ended.err).contains("carried\n"), "{ended:?}");
    }
}
