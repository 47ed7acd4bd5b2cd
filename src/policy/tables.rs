//! The built-in profiles as static values, so that no launch has to read TOML.
//!
//! Generated from `profiles/*.toml` by `STOCKADE_BLESS=1 cargo test --lib tables`; the same test
//! without it fails when this file is stale. Not written by hand.
use super::profile::{
    Entry, EnvironmentWritten, FilesWritten, JudgeWritten, Kind, Limit, Profile, SettingsWritten,
};
use super::ports::Ports;
use super::resolved::{Isolate, Network, UnixSockets};
use super::rule::{EffectWhen, FindingWhen, Rule, Text, When};
use super::variables::Person;
use super::words::Words;
use crate::model::decision::Decision;
use crate::model::support::Promise;
use std::borrow::Cow::Borrowed as B;
pub(super) static ALL: &[(&str, &Profile)] = &[
    ("dev-box", &DEV_BOX),
    ("ci-runner", &CI_RUNNER),
    ("container", &CONTAINER),
    ("strict", &STRICT),
    ("readonly", &READONLY),
    ("common", &COMMON),
    ("home-workspace", &HOME_WORKSPACE),
];
const fn w(path: &'static str) -> Entry { Entry::whole(path) }
const DEV_BOX_READ: &[Entry] = &[
    w("/usr"), w("/bin"), w("/sbin"), w("/lib"), w("/lib32"), w("/lib64"), w("/libx32"), w("/opt"),
    w("/nix"), w("/gnu/store"), w("/snap"), w("/home/linuxbrew/.linuxbrew"),
    Entry { path: B("/etc"), except: B(&[]), only: Some(Person::User), why: Some(B("its secrets are readable by the superuser alone")) },
    w("/etc/alternatives"), w("/etc/ld.so.cache"), w("/etc/ld.so.conf"), w("/etc/ld.so.conf.d"),
    w("/etc/ld.so.preload"), w("/etc/passwd"), w("/etc/group"), w("/etc/nsswitch.conf"),
    w("/etc/shells"), w("/etc/hosts"), w("/etc/host.conf"), w("/etc/hostname"),
    w("/etc/resolv.conf"), w("/etc/gai.conf"), w("/etc/services"), w("/etc/protocols"),
    w("/etc/mtab"), w("/etc/localtime"), w("/etc/timezone"), w("/etc/locale.alias"),
    w("/etc/locale.conf"), w("/etc/default"), w("/etc/environment"), w("/etc/profile"),
    w("/etc/profile.d"), w("/etc/bash.bashrc"), w("/etc/inputrc"), w("/etc/terminfo"),
    w("/etc/os-release"), w("/etc/debian_version"), w("/etc/lsb-release"), w("/etc/redhat-release"),
    w("/etc/fedora-release"), w("/etc/alpine-release"), w("/etc/arch-release"), w("/etc/machine-id"),
    w("/etc/fstab"), w("/etc/ssl/certs"), w("/etc/ssl/openssl.cnf"), w("/etc/ssl/cert.pem"),
    w("/etc/ca-certificates"), w("/etc/pki/tls/certs"), w("/etc/pki/ca-trust"),
    w("/etc/crypto-policies"), w("/etc/gitconfig"), w("/etc/gitattributes"), w("/etc/wgetrc"),
    w("/etc/curlrc"), w("/etc/pip.conf"), w("/etc/npmrc"), w("/etc/ssh/ssh_config"),
    w("/etc/ssh/ssh_config.d"), w("/etc/ssh/ssh_known_hosts"), w("/etc/mime.types"), w("/etc/fonts"),
    w("/etc/xdg"), w("/etc/python3"), w("/etc/python3.11"), w("/etc/python3.12"),
    w("/etc/python3.13"), w("/etc/perl"), w("/etc/php"), w("/etc/java-17-openjdk"),
    w("/etc/java-21-openjdk"), w("/etc/maven"), w("/etc/ImageMagick-6"), w("/etc/ImageMagick-7"),
    w("/etc/apt/sources.list"), w("/etc/apt/sources.list.d"), w("/etc/apt/apt.conf.d"),
    w("/etc/apt/preferences.d"), w("/etc/apt/trusted.gpg.d"), w("/etc/apt/keyrings"), w("/etc/dpkg"),
    w("/etc/xml"), w("/etc/postgresql-common"), w("/etc/chromium"), w("/etc/chromium.d"),
    w("/etc/dbus-1"),
    Entry { path: B("/proc"), except: B(&[]), only: None, why: Some(B("the kernel keeps memory and environment of outsiders shut")) },
    w("/sys"), w("/run/systemd/resolve"), w("/run/resolvconf"), w("/run/NetworkManager/resolv.conf"),
    w("/run/current-system"), w("/run/opengl-driver"), w("/mnt/wsl/resolv.conf"), w("/var/lib/dpkg"),
    w("/var/lib/apt"), w("/var/lib/rpm"), w("/var/lib/pacman"), w("/lib/apk"), w("/var/cache/apt"),
    w("/var/lib/snapd/snap"), w("/var/lib/flatpak/exports"), w("/var/cache/fontconfig"),
    w("$HOME/.gitconfig"), w("$HOME/.gitignore"), w("$HOME/.gitignore_global"),
    w("$XDG_CONFIG_HOME/git/config"), w("$XDG_CONFIG_HOME/git/ignore"),
    w("$XDG_CONFIG_HOME/git/attributes"), w("$CARGO_HOME/bin"), w("$CARGO_HOME/env"),
    w("$CARGO_HOME/config"), w("$CARGO_HOME/config.toml"), w("$RUSTUP_HOME"), w("$GOPATH/bin"),
    w("$GOROOT"), w("$JAVA_HOME"), w("$NVM_DIR"), w("$PNPM_HOME"), w("$BUN_INSTALL"),
    w("$PYENV_ROOT"), w("$RBENV_ROOT"), w("$HOME/.volta"), w("$HOME/.fnm"), w("$HOME/.nodenv"),
    w("$HOME/.deno"), w("$HOME/.asdf"), w("$HOME/.sdkman"), w("$HOME/.jenv"), w("$HOME/.goenv"),
    w("$HOME/.rvm"), w("$HOME/.ghcup"), w("$HOME/.opam"), w("$HOME/.elan"), w("$HOME/.juliaup"),
    w("$HOME/.dotnet"), w("$HOME/.mix"), w("$HOME/.foundry"), w("$HOME/.nix-profile"),
    w("$HOME/miniconda3"), w("$HOME/anaconda3"), w("$HOME/miniforge3"), w("$HOME/.conda"),
    w("$HOME/.virtualenvs"), w("$HOME/.gem/ruby"), w("$HOME/.m2/wrapper"), w("$HOME/.tool-versions"),
    w("$HOME/.local/bin"), w("$HOME/.local/lib"), w("$HOME/.local/pipx"),
    w("$HOME/.local/state/nix"), w("$XDG_DATA_HOME/mise"), w("$XDG_DATA_HOME/uv"),
    w("$XDG_DATA_HOME/pipx"), w("$XDG_DATA_HOME/fnm"), w("$XDG_DATA_HOME/virtualenv"),
    w("$XDG_DATA_HOME/virtualenvs"), w("$XDG_DATA_HOME/rtx"), w("$XDG_DATA_HOME/fonts"),
    w("$XDG_DATA_HOME/man"), w("$XDG_CONFIG_HOME/mise"), w("$HOME/.inputrc"), w("$HOME/.terminfo"),
    w("$HOME/.vimrc"), w("$HOME/.vim"), w("$HOME/.editorconfig"), w("$HOME/.ripgreprc"),
    w("$XDG_CONFIG_HOME/nvim"), w("$XDG_CONFIG_HOME/ripgrep"), w("$XDG_CONFIG_HOME/bat"),
    w("$HOME/.claude/shell-snapshots"), w("$HOME/.claude/skills"), w("$HOME/.claude/plugins"),
    w("$HOME/.codex/skills"),
];
const DEV_BOX_WRITE: &[Entry] = &[
    w("$WORKSPACE"), w("/tmp"), w("$TMPDIR"), w("/dev/shm"), w("$CARGO_HOME/registry"),
    w("$CARGO_HOME/git"), w("$CARGO_HOME/.package-cache"), w("$CARGO_HOME/.package-cache-mutate"),
    w("$CARGO_HOME/.global-cache"), w("$GOMODCACHE"), w("$GOPATH/pkg"), w("$GOCACHE"),
    w("$XDG_CACHE_HOME/golangci-lint"), w("$XDG_CACHE_HOME/gopls"), w("$NPM_CACHE/_cacache"),
    w("$NPM_CACHE/_logs"), w("$NPM_CACHE/_npx"), w("$NPM_CACHE/_prebuilds"), w("$YARN_CACHE"),
    w("$HOME/.yarn/berry/cache"), w("$XDG_CACHE_HOME/pnpm"), w("$PNPM_HOME/store"),
    w("$BUN_INSTALL/install/cache"), w("$DENO_DIR"), w("$XDG_CACHE_HOME/node"),
    w("$XDG_CACHE_HOME/node-gyp"), w("$XDG_CACHE_HOME/ms-playwright"), w("$XDG_CACHE_HOME/Cypress"),
    w("$XDG_CACHE_HOME/electron"), w("$XDG_CACHE_HOME/puppeteer"), w("$XDG_CACHE_HOME/typescript"),
    w("$XDG_CACHE_HOME/turbo"), w("$PIP_CACHE"), w("$UV_CACHE"), w("$XDG_CACHE_HOME/pypoetry"),
    w("$XDG_CACHE_HOME/pdm"), w("$XDG_CACHE_HOME/pre-commit"), w("$XDG_CACHE_HOME/ruff"),
    w("$XDG_CACHE_HOME/black"), w("$XDG_CACHE_HOME/matplotlib"),
    w("$XDG_CACHE_HOME/huggingface/hub"), w("$XDG_CACHE_HOME/torch"), w("$HOME/.m2/repository"),
    w("$GRADLE_HOME/caches"), w("$GRADLE_HOME/wrapper"), w("$GRADLE_HOME/daemon"),
    w("$GRADLE_HOME/native"), w("$GRADLE_HOME/notifications"), w("$GRADLE_HOME/jdks"),
    w("$GRADLE_HOME/.tmp"), w("$HOME/.ivy2/cache"), w("$HOME/.ivy2/local"), w("$HOME/.sbt/boot"),
    w("$XDG_CACHE_HOME/coursier"), w("$HOME/.konan"), w("$HOME/.nuget/packages"),
    w("$HOME/.composer/cache"), w("$XDG_CACHE_HOME/composer"), w("$HOME/.bundle/cache"),
    w("$HOME/.hex/packages"), w("$HOME/.stack/pantry"), w("$HOME/.cabal/packages"),
    w("$HOME/.terraform.d/plugin-cache"), w("$XDG_CACHE_HOME/bazel"), w("$XDG_CACHE_HOME/bazelisk"),
    w("$XDG_CACHE_HOME/zig"), w("$XDG_CACHE_HOME/nix"), w("$XDG_CACHE_HOME/fontconfig"),
    w("$CCACHE_DIR"), w("$SCCACHE_DIR"), w("$XDG_CACHE_HOME/mesa_shader_cache"),
];
const DEV_BOX_DEVICES: &[Entry] = &[
    w("/dev/ptmx"), w("/dev/pts"),
];
const DEV_BOX_CREATE: &[Entry] = &[
    w("$CARGO_HOME/registry"), w("$CARGO_HOME/git"), w("$GOPATH/pkg"), w("$GOCACHE"),
    w("$NPM_CACHE/_cacache"), w("$NPM_CACHE/_logs"), w("$PIP_CACHE"), w("$UV_CACHE"),
];
const DEV_BOX_PASS: &[Text] = &[
    B("*"),
];
const DEV_BOX_LIMITS: &[(Limit, Option<u64>)] = &[
    (Limit::Processes, Some(16384)), (Limit::Core, Some(0)),
];
const DEV_BOX_REQUIRE: &[Promise] = &[
    Promise::Writes, Promise::Reads, Promise::Protected, Promise::Metadata, Promise::Truncate,
    Promise::Kernel, Promise::Cleanup, Promise::Journal,
];
static DEV_BOX: Profile = Profile {
    kind: Kind::Profile, file: B("built-in dev-box"), name: Some(B("dev-box")),
    about: Some(B("a person's machine: the workspace and toolchain caches are writable, secrets in the home are out of reach")), extends: Some(B("common")),
    files: FilesWritten {
        read: B(DEV_BOX_READ), write: B(DEV_BOX_WRITE), devices: B(DEV_BOX_DEVICES),
        sockets: B(&[]), create: B(DEV_BOX_CREATE), deny: B(&[]), readonly: B(&[]),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(&[]), unhide: B(&[]),
    },
    network: Some(Network::Host), ports: Ports::EVERY,
    unix_sockets: Some(UnixSockets::Own), isolate: None,
    environment: EnvironmentWritten { pass: B(DEV_BOX_PASS), drop: B(&[]), keep: B(&[]), set: B(&[]) },
    limits: B(DEV_BOX_LIMITS), require: Some(B(DEV_BOX_REQUIRE)),
    judge: JudgeWritten { otherwise: None, off: B(&[]), rules: B(&[]) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const CI_RUNNER_READ: &[Entry] = &[
    w("/opt/hostedtoolcache"), w("/builds"), w("/home/runner/work"), w("/github/workspace"),
];
const CI_RUNNER_WRITE: &[Entry] = &[
    w("$HOME/.cache"),
];
const CI_RUNNER_DROP: &[Text] = &[
    B("GITHUB_ENV"), B("GITHUB_PATH"), B("GITHUB_OUTPUT"), B("GITHUB_STATE"), B("ACTIONS_*"),
    B("CI_JOB_*TOKEN*"), B("CI_JOB_JWT*"), B("CI_REGISTRY_*"), B("CI_DEPLOY_*"),
    B("CI_REPOSITORY_URL"), B("SYSTEM_ACCESSTOKEN"), B("JENKINS_*"), B("BUILDKITE_AGENT_*"),
    B("CIRCLE_OIDC_*"),
];
const CI_RUNNER_LIMITS: &[(Limit, Option<u64>)] = &[
    (Limit::Processes, Some(8192)), (Limit::FileSize, Some(34359738368)),
    (Limit::WallTime, Some(21600)),
];
const CI_RUNNER_OFF: &[Text] = &[
    B("delete.lost"), B("delete.many"), B("delete.repository"),
];
static CI_RUNNER: Profile = Profile {
    kind: Kind::Profile, file: B("built-in ci-runner"), name: Some(B("ci-runner")),
    about: Some(B("a job of a build server: dev-box with bounds of time and size, and nobody to ask")), extends: Some(B("dev-box")),
    files: FilesWritten {
        read: B(CI_RUNNER_READ), write: B(CI_RUNNER_WRITE), devices: B(&[]),
        sockets: B(&[]), create: B(&[]), deny: B(&[]), readonly: B(&[]),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(&[]), unhide: B(&[]),
    },
    network: None, ports: Ports::EVERY,
    unix_sockets: None, isolate: None,
    environment: EnvironmentWritten { pass: B(&[]), drop: B(CI_RUNNER_DROP), keep: B(&[]), set: B(&[]) },
    limits: B(CI_RUNNER_LIMITS), require: None,
    judge: JudgeWritten { otherwise: None, off: B(CI_RUNNER_OFF), rules: B(&[]) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const CONTAINER_READ: &[Entry] = &[
    w("/usr/local"), w("/app"), w("/srv"), w("/workspace"), w("/workspaces"), w("/code"), w("/go"),
    w("/root/.cargo/bin"),
];
const CONTAINER_REQUIRE: &[Promise] = &[
    Promise::Writes, Promise::Reads, Promise::Kernel, Promise::Cleanup,
];
static CONTAINER: Profile = Profile {
    kind: Kind::Profile, file: B("built-in container"), name: Some(B("container")),
    about: Some(B("inside a container: dev-box for odd homes and read-only roots, asking less of the kernel")), extends: Some(B("dev-box")),
    files: FilesWritten {
        read: B(CONTAINER_READ), write: B(&[]), devices: B(&[]),
        sockets: B(&[]), create: B(&[]), deny: B(&[]), readonly: B(&[]),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(&[]), unhide: B(&[]),
    },
    network: None, ports: Ports::EVERY,
    unix_sockets: None, isolate: None,
    environment: EnvironmentWritten { pass: B(&[]), drop: B(&[]), keep: B(&[]), set: B(&[]) },
    limits: B(&[]), require: Some(B(CONTAINER_REQUIRE)),
    judge: JudgeWritten { otherwise: None, off: B(&[]), rules: B(&[]) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const STRICT_READ: &[Entry] = &[
    w("/usr"), w("/bin"), w("/sbin"), w("/lib"), w("/lib32"), w("/lib64"), w("/libx32"), w("/nix"),
    w("/gnu/store"), w("/proc"), w("/etc/ld.so.cache"), w("/etc/ld.so.conf"), w("/etc/ld.so.conf.d"),
    w("/etc/alternatives"), w("/etc/passwd"), w("/etc/group"), w("/etc/nsswitch.conf"),
    w("/etc/hosts"), w("/etc/hostname"), w("/etc/localtime"), w("/etc/timezone"),
    w("/etc/os-release"), w("/etc/ssl/certs"), w("/etc/ssl/openssl.cnf"), w("/etc/mime.types"),
    w("/etc/terminfo"), w("/etc/profile.d"), w("/etc/gitconfig"), w("/sys/devices/system/cpu"),
    w("/sys/fs/cgroup"), w("$CARGO_HOME/bin"), w("$RUSTUP_HOME"), w("$NVM_DIR"), w("$PYENV_ROOT"),
    w("$GOROOT"), w("$JAVA_HOME"),
];
const STRICT_WRITE: &[Entry] = &[
    w("$WORKSPACE"), w("/tmp"), w("$TMPDIR"),
];
const STRICT_HIDE: &[Text] = &[
    B(".env"), B(".env.*"),
];
const STRICT_PASS: &[Text] = &[
    B("PATH"), B("HOME"), B("USER"), B("LOGNAME"), B("SHELL"), B("TERM"), B("COLORTERM"), B("LANG"),
    B("LANGUAGE"), B("LC_*"), B("TZ"), B("TMPDIR"), B("PWD"), B("OLDPWD"), B("COLUMNS"), B("LINES"),
    B("NO_COLOR"), B("FORCE_COLOR"), B("CI"), B("CARGO_HOME"), B("RUSTUP_HOME"),
    B("RUSTUP_TOOLCHAIN"), B("NVM_DIR"), B("PYENV_ROOT"), B("GOROOT"), B("JAVA_HOME"),
    B("VIRTUAL_ENV"), B("SOURCE_DATE_EPOCH"), B("DEBIAN_FRONTEND"),
];
const STRICT_SET: &[(Text, Text)] = &[
    (B("GIT_CONFIG_GLOBAL"), B("/dev/null")),
];
const STRICT_LIMITS: &[(Limit, Option<u64>)] = &[
    (Limit::Processes, Some(4096)), (Limit::OpenFiles, Some(65536)),
    (Limit::FileSize, Some(17179869184)), (Limit::Core, Some(0)), (Limit::WallTime, Some(7200)),
];
const STRICT_RULES: &[Rule] = &[
    Rule { id: B("strict.look"), decision: Decision::Allow,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1101000001), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which the sandbox bounds"), instead: None },
    Rule { id: B("download.run"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000000), carries: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("runs what it has just fetched from the network, unseen: {target}"), instead: None },
    Rule { id: B("strict.edit"), decision: Decision::Allow,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110110), scope: Words::from_bits(0b11), ..EffectWhen::ANY }),
        reason: B("{access} {target}"), instead: None },
    Rule { id: B("strict.tidy"), decision: Decision::Allow,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000), scope: Words::from_bits(0b11), reversibility: Words::from_bits(0b11111), ..EffectWhen::ANY }),
        reason: B("{access} {target}"), instead: None },
    Rule { id: B("temp.wiped"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b111000), covers: B(&[B("/tmp"), B("/var/tmp"), B("/dev/shm"), B("$TMPDIR")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which other programs share"), instead: None },
    Rule { id: B("strict.unseen"), decision: Decision::Ask,
        when: When::Gap(Words::from_bits(0b1111)),
        reason: B("what it does could not be seen: {what}"), instead: Some(B("write it so that it can be read: literal names, known programs")) },
];
const STRICT_REQUIRE: &[Promise] = &[
    Promise::Writes, Promise::Reads, Promise::Protected, Promise::Metadata, Promise::Truncate,
    Promise::Devices, Promise::Isolation, Promise::Network, Promise::Kernel, Promise::Cleanup,
    Promise::Journal,
];
static STRICT: Profile = Profile {
    kind: Kind::Profile, file: B("built-in strict"), name: Some(B("strict")),
    about: Some(B("for untrusted work: no network, few reads, an allow-list of variables, asks about what it cannot see")), extends: Some(B("common")),
    files: FilesWritten {
        read: B(STRICT_READ), write: B(STRICT_WRITE), devices: B(&[]),
        sockets: B(&[]), create: B(&[]), deny: B(&[]), readonly: B(&[]),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(STRICT_HIDE), unhide: B(&[]),
    },
    network: Some(Network::None), ports: Ports::EVERY,
    unix_sockets: None, isolate: None,
    environment: EnvironmentWritten { pass: B(STRICT_PASS), drop: B(&[]), keep: B(&[]), set: B(STRICT_SET) },
    limits: B(STRICT_LIMITS), require: Some(B(STRICT_REQUIRE)),
    judge: JudgeWritten { otherwise: Some(Decision::Ask), off: B(&[]), rules: B(STRICT_RULES) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const READONLY_WRITE: &[Entry] = &[
    w("/tmp"), w("$TMPDIR"), w("/dev/shm"),
];
const READONLY_READONLY: &[Text] = &[
    B("/"),
];
const READONLY_LIMITS: &[(Limit, Option<u64>)] = &[
    (Limit::FileSize, Some(4294967296)), (Limit::Core, Some(0)),
];
const READONLY_RULES: &[Rule] = &[
    Rule { id: B("readonly"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b111110), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1), ..EffectWhen::ANY }),
        reason: B("{access} {target}, and this profile changes nothing"), instead: Some(B("write to a temporary directory, or choose another profile")) },
];
const READONLY_REQUIRE: &[Promise] = &[
    Promise::Writes, Promise::Reads, Promise::Protected, Promise::Metadata, Promise::Truncate,
    Promise::Network, Promise::Kernel, Promise::Cleanup, Promise::Journal,
];
static READONLY: Profile = Profile {
    kind: Kind::Profile, file: B("built-in readonly"), name: Some(B("readonly")),
    about: Some(B("looks and changes nothing: reads as dev-box does, writes only temporary files, no network")), extends: Some(B("dev-box")),
    files: FilesWritten {
        read: B(&[]), write: B(READONLY_WRITE), devices: B(&[]),
        sockets: B(&[]), create: B(&[]), deny: B(&[]), readonly: B(READONLY_READONLY),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(&[]), unhide: B(&[]),
    },
    network: Some(Network::None), ports: Ports::EVERY,
    unix_sockets: Some(UnixSockets::None), isolate: None,
    environment: EnvironmentWritten { pass: B(&[]), drop: B(&[]), keep: B(&[]), set: B(&[]) },
    limits: B(READONLY_LIMITS), require: Some(B(READONLY_REQUIRE)),
    judge: JudgeWritten { otherwise: None, off: B(&[]), rules: B(READONLY_RULES) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const COMMON_DEVICES: &[Entry] = &[
    w("/dev/null"), w("/dev/zero"), w("/dev/full"), w("/dev/random"), w("/dev/urandom"),
    w("/dev/tty"),
];
const COMMON_PROTECT: &[Text] = &[
    B(".git"), B(".husky"), B(".claude/settings.json"), B(".claude/settings.local.json"),
    B(".claude/hooks"), B(".claude/commands"), B(".claude/agents"), B(".claude/skills"),
    B(".claude/plugins"), B(".claude/output-styles"), B(".claude.json"), B(".codex"), B(".agents"),
    B(".cursor"), B(".gemini"), B(".qwen"), B(".kiro"), B(".windsurf"), B(".continue"), B(".roo"),
    B(".kilocode"), B(".clinerules"), B(".opencode"), B("opencode.json"), B(".amp"), B(".augment"),
    B(".junie"), B(".goose"), B(".aider.conf.yml"), B(".mcp.json"), B(".stockade.toml"),
    B(".vscode"), B(".idea"), B(".zed"), B(".fleet"), B("*.code-workspace"), B(".devcontainer"),
    B(".envrc"), B(".bashrc"), B(".bash_profile"), B(".bash_login"), B(".bash_logout"),
    B(".bash_aliases"), B(".profile"), B(".zshrc"), B(".zshenv"), B(".zprofile"), B(".zlogin"),
    B(".zlogout"), B(".inputrc"), B(".gitconfig"), B(".ripgreprc"),
];
const COMMON_PROTECT_EXCEPT: &[Text] = &[
    B("node_modules"),
];
const COMMON_UNHIDE: &[Text] = &[
    B(".env.example"), B(".env.*.example"), B(".env.sample"), B(".env.template"), B(".env.dist"),
    B(".env.defaults"),
];
const COMMON_DROP: &[Text] = &[
    B("*_TOKEN"), B("*_TOKEN_*"), B("TOKEN"), B("*SECRET*"), B("*PASSWORD*"), B("*PASSWD*"),
    B("*_PASS"), B("*_PASSPHRASE"), B("*_API_KEY"), B("*_APIKEY"), B("*_ACCESS_KEY"),
    B("*_ACCESS_KEY_ID"), B("*_PRIVATE_KEY"), B("*_SIGNING_KEY"), B("*_CREDENTIAL"),
    B("*_CREDENTIALS"), B("*_PAT"), B("*_WEBHOOK_URL"), B("*_DSN"), B("AWS_*"), B("AZURE_*"),
    B("GOOGLE_APPLICATION_*"), B("OP_*"), B("BW_SESSION"), B("VAULT_*"), B("SSH_AUTH_SOCK"),
    B("SSH_AGENT_PID"), B("SSH_ASKPASS"), B("SUDO_ASKPASS"), B("GPG_AGENT_INFO"), B("DBUS_*"),
    B("DISPLAY"), B("WAYLAND_*"), B("XAUTHORITY"), B("SESSION_MANAGER"), B("I3SOCK"), B("SWAYSOCK"),
    B("TMUX"), B("TMUX_*"), B("STY"), B("VSCODE_*"), B("KITTY_*"), B("WEZTERM_*"), B("NVIM"),
    B("NVIM_LISTEN_ADDRESS"), B("DOCKER_HOST"), B("CONTAINER_HOST"), B("NOTIFY_SOCKET"),
    B("LISTEN_FDS"), B("LISTEN_PID"), B("XDG_RUNTIME_DIR"), B("LD_*"), B("GLIBC_TUNABLES"),
    B("GCONV_PATH"), B("BASH_ENV"), B("ENV"), B("SHELLOPTS"), B("BASHOPTS"), B("BASH_FUNC_*"),
    B("BASH_LOADABLES_PATH"), B("BASH_XTRACEFD"), B("PS4"), B("PROMPT_COMMAND"), B("CDPATH"),
    B("GLOBIGNORE"), B("EXECIGNORE"), B("ZDOTDIR"), B("FPATH"), B("NODE_OPTIONS"),
    B("PYTHONSTARTUP"), B("PYTHONINSPECT"), B("PYTHONBREAKPOINT"), B("PERL5OPT"), B("PERL5LIB"),
    B("PERL5DB"), B("RUBYOPT"), B("RUBYLIB"), B("LUA_INIT*"), B("JAVA_TOOL_OPTIONS"),
    B("_JAVA_OPTIONS"), B("JDK_JAVA_OPTIONS"), B("GIT_SSH"), B("GIT_SSH_COMMAND"),
    B("GIT_EXTERNAL_DIFF"), B("GIT_ASKPASS"), B("GIT_PROXY_COMMAND"), B("GIT_CONFIG_*"),
    B("GIT_EXEC_PATH"), B("GIT_TEMPLATE_DIR"), B("LESSOPEN"), B("LESSCLOSE"), B("STOCKADE_*"),
];
const COMMON_RULES: &[Rule] = &[
    Rule { id: B("outside.home"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1010), resource: Words::from_bits(0b1), scope: Words::from_bits(0b100), sandbox: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which is yours and not part of the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.home"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110100), resource: Words::from_bits(0b1), scope: Words::from_bits(0b100), reversibility: Words::from_bits(0b1110110), sandbox: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which is yours and not part of the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.home"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b10100), resource: Words::from_bits(0b1), scope: Words::from_bits(0b100), sandbox: Words::from_bits(0b10), target: B(&[B("*/.*"), B("*/Library/*")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which is yours and not part of the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.system"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b10100), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1000), sandbox: Words::from_bits(0b10), target: B(&[B("*/.*"), B("/home/*/bin/*"), B("/root/bin/*"), B("/Users/*/bin/*"), B("*/Library/*")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which belongs to the system and not to the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.system"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b11110), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1000), sandbox: Words::from_bits(0b10), path: B(&[B("/boot"), B("/efi"), B("/gnu"), B("/nix"), B("/opt"), B("/proc"), B("/run"), B("/snap"), B("/sys"), B("/Applications"), B("/Library"), B("/System"), B("/var/adm"), B("/var/backups"), B("/var/cache"), B("/var/db"), B("/var/lib"), B("/var/local"), B("/var/lock"), B("/var/log"), B("/var/mail"), B("/var/named"), B("/var/opt"), B("/var/run"), B("/var/spool"), B("/var/yp")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which belongs to the system and not to the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.system"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110100), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1000), reversibility: Words::from_bits(0b1110110), sandbox: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which belongs to the system and not to the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("outside.system"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1010), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1000), sandbox: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which belongs to the system and not to the workspace"), instead: Some(B("work inside the workspace or a temporary directory; a person can grant the path in a profile")) },
    Rule { id: B("machine.changed"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b101001111010), resource: Words::from_bits(0b100000), ..EffectWhen::ANY }),
        reason: B("changes the machine itself: {target}"), instead: Some(B("ask a person to do this outside the sandbox")) },
    Rule { id: B("unknown.deleted"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000), resource: Words::from_bits(0b1), scope: Words::from_bits(0b100000), reversibility: Words::from_bits(0b1100000), ..EffectWhen::ANY }),
        reason: B("deletes {target}: which files those are could not be told from the text"), instead: Some(B("name what is to be deleted literally")) },
    Rule { id: B("unknown.tree"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110000), resource: Words::from_bits(0b1), scope: Words::from_bits(0b100000), reach: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target} and everything below, and which tree that is could not be told from the text"), instead: Some(B("name the directory literally")) },
    Rule { id: B("delete.workspace"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b11000), covers: B(&[B("$WORKSPACE")]), ..EffectWhen::ANY }),
        reason: B("{access} the workspace itself ({target})"), instead: Some(B("delete what is no longer needed by name")) },
    Rule { id: B("delete.repository"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b11000), reversibility: Words::from_bits(0b1100110), covers: B(&[B("$WORKSPACE/.git")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}: the history of the repository, all that is not pushed included"), instead: Some(B("keep .git; a fresh history can be begun on an orphan branch")) },
    Rule { id: B("delete.lost"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1), reversibility: Words::from_bits(0b1000000), ..EffectWhen::ANY }),
        reason: B("deletes {target}: {lost} that git cannot bring back"), instead: Some(B("move it aside or commit it first; build products belong in .gitignore")) },
    Rule { id: B("delete.many"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000), resource: Words::from_bits(0b1), scope: Words::from_bits(0b1), reversibility: Words::from_bits(0b100000), reach: Words::from_bits(0b10), files_over: Some(20), ..EffectWhen::ANY }),
        reason: B("deletes {target}: {files} ({bytes}), and whether they can be had again could not be told"), instead: Some(B("delete by name what is no longer needed")) },
    Rule { id: B("temp.wiped"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b111000), reversibility: Words::from_bits(0b1110110), covers: B(&[B("/tmp"), B("/var/tmp"), B("/dev/shm"), B("$TMPDIR")]), ..EffectWhen::ANY }),
        reason: B("{access} {target}, which other programs share"), instead: Some(B("name the directory of your own below it")) },
    Rule { id: B("network.none"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110010000000), scope: Words::from_bits(0b110000), network: Words::from_bits(0b100), ..EffectWhen::ANY }),
        reason: B("{access} {target}, and this profile has no network: it cannot work"), instead: Some(B("a profile with network = \"host\" has it; choose one outside the sandbox")) },
    Rule { id: B("network.loopback"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b10000000), resource: Words::from_bits(0b10), sandbox: Words::from_bits(0b10), network: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("{access} {target}, and the network of this profile is this machine alone: it cannot work"), instead: Some(B("localhost can be reached; a profile with network = \"host\" has the rest; choose one outside the sandbox")) },
    Rule { id: B("network.none"), decision: Decision::Deny,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b100), scope: Words::from_bits(0b10000), network: Words::from_bits(0b100), ..EffectWhen::ANY }),
        reason: B("{access} {target} on another machine, and this profile has no network: it cannot work"), instead: Some(B("a profile with network = \"host\" has it; choose one outside the sandbox")) },
    Rule { id: B("remote.changed"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b100000000000), ..EffectWhen::ANY }),
        reason: B("changes {target} on another machine, where nothing here can bring it back"), instead: Some(B("a person can grant this target")) },
    Rule { id: B("remote.published"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b10000000000), ..EffectWhen::ANY }),
        reason: B("hands {target} to others, which cannot be taken back"), instead: Some(B("a person can grant this target")) },
    Rule { id: B("secret.sent"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b110010000000), carries: Words::from_bits(0b1), ..EffectWhen::ANY }),
        reason: B("sends a secret to {target}"), instead: Some(B("leave the secret out, or let a person do it")) },
    Rule { id: B("download.run"), decision: Decision::Ask,
        when: When::Effect(EffectWhen { access: Words::from_bits(0b1000000), carries: Words::from_bits(0b10), ..EffectWhen::ANY }),
        reason: B("runs what it has just fetched from the network, unseen: {target}"), instead: Some(B("save it, read it, then run the file")) },
    Rule { id: B("finding.danger"), decision: Decision::Deny,
        when: When::Finding(FindingWhen { finding: B(&[]), severity: Words::from_bits(0b100) }),
        reason: B("{what}"), instead: None },
    Rule { id: B("finding.caution"), decision: Decision::Ask,
        when: When::Finding(FindingWhen { finding: B(&[]), severity: Words::from_bits(0b10) }),
        reason: B("{what}"), instead: None },
    Rule { id: B("gap.unread"), decision: Decision::Ask,
        when: When::Gap(Words::from_bits(0b110000)),
        reason: B("part of it could not be read: {what}"), instead: Some(B("split it into shorter, plainer commands")) },
];
static COMMON: Profile = Profile {
    kind: Kind::Profile, file: B("built-in common"), name: Some(B("common")),
    about: Some(B("the part all built-in profiles share; grants nothing by itself")), extends: None,
    files: FilesWritten {
        read: B(&[]), write: B(&[]), devices: B(COMMON_DEVICES),
        sockets: B(&[]), create: B(&[]), deny: B(&[]), readonly: B(&[]),
        protect: B(COMMON_PROTECT), unprotect: B(&[]), protect_except: B(COMMON_PROTECT_EXCEPT),
        hide: B(&[]), unhide: B(COMMON_UNHIDE),
    },
    network: None, ports: Ports::EVERY,
    unix_sockets: Some(UnixSockets::None), isolate: Some(Isolate::Never),
    environment: EnvironmentWritten { pass: B(&[]), drop: B(COMMON_DROP), keep: B(&[]), set: B(&[]) },
    limits: B(&[]), require: None,
    judge: JudgeWritten { otherwise: Some(Decision::Allow), off: B(&[]), rules: B(COMMON_RULES) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
const HOME_WORKSPACE_DENY: &[Text] = &[
    B("$HOME/.ssh"), B("$HOME/.gnupg"), B("$HOME/.aws"), B("$HOME/.azure"), B("$HOME/.kube"),
    B("$HOME/.docker"), B("$HOME/.netrc"), B("$HOME/.npmrc"), B("$HOME/.pypirc"),
    B("$HOME/.git-credentials"), B("$HOME/.pgpass"), B("$HOME/.my.cnf"), B("$HOME/.vault-token"),
    B("$HOME/.password-store"), B("$HOME/.terraform.d/credentials.tfrc.json"),
    B("$HOME/.cargo/credentials"), B("$HOME/.cargo/credentials.toml"), B("$HOME/.gem/credentials"),
    B("$HOME/.m2/settings.xml"), B("$HOME/.gradle/gradle.properties"), B("$HOME/.hex/hex.config"),
    B("$HOME/.boto"), B("$HOME/.s3cfg"), B("$HOME/.oci"), B("$HOME/.ansible"),
    B("$HOME/.subversion/auth"), B("$HOME/.mozilla"), B("$HOME/.thunderbird"), B("$HOME/.pki"),
    B("$HOME/.config"), B("$HOME/.local/share/keyrings"), B("$HOME/.cache/mozilla"),
    B("$HOME/.cache/google-chrome"), B("$HOME/.cache/chromium"), B("$HOME/snap"),
    B("$HOME/.claude.json"), B("$HOME/.claude/.credentials.json"), B("$HOME/.codex/auth.json"),
    B("$HOME/.gemini"), B("$HOME/.local/state"), B("$HOME/.bash_history"), B("$HOME/.zsh_history"),
    B("$HOME/.python_history"), B("$HOME/.psql_history"), B("$HOME/.node_repl_history"),
    B("$HOME/.local/share/fish"),
];
const HOME_WORKSPACE_READONLY: &[Text] = &[
    B("$HOME/.bashrc"), B("$HOME/.bash_profile"), B("$HOME/.bash_login"), B("$HOME/.bash_logout"),
    B("$HOME/.bash_aliases"), B("$HOME/.profile"), B("$HOME/.zshrc"), B("$HOME/.zshenv"),
    B("$HOME/.zprofile"), B("$HOME/.zlogin"), B("$HOME/.inputrc"), B("$HOME/.gitconfig"),
    B("$HOME/.vimrc"), B("$HOME/.vim"), B("$HOME/.emacs"), B("$HOME/.emacs.d"),
    B("$HOME/.tmux.conf"), B("$HOME/.cargo/bin"), B("$HOME/.cargo/env"),
    B("$HOME/.cargo/config.toml"), B("$HOME/.local/bin"), B("$HOME/.local/lib"), B("$HOME/bin"),
    B("$HOME/go/bin"), B("$HOME/.nvm"), B("$HOME/.pyenv"), B("$HOME/.rbenv"), B("$HOME/.rustup"),
    B("$HOME/.bun/bin"), B("$HOME/.claude"), B("$HOME/.codex"), B("$HOME/.xprofile"),
    B("$HOME/.xinitrc"), B("$HOME/.pam_environment"),
];
static HOME_WORKSPACE: Profile = Profile {
    kind: Kind::Profile, file: B("built-in home-workspace"), name: Some(B("home-workspace")),
    about: Some(B("what is taken away when the workspace is the home itself")), extends: None,
    files: FilesWritten {
        read: B(&[]), write: B(&[]), devices: B(&[]),
        sockets: B(&[]), create: B(&[]), deny: B(HOME_WORKSPACE_DENY), readonly: B(HOME_WORKSPACE_READONLY),
        protect: B(&[]), unprotect: B(&[]), protect_except: B(&[]),
        hide: B(&[]), unhide: B(&[]),
    },
    network: None, ports: Ports::EVERY,
    unix_sockets: None, isolate: None,
    environment: EnvironmentWritten { pass: B(&[]), drop: B(&[]), keep: B(&[]), set: B(&[]) },
    limits: B(&[]), require: None,
    judge: JudgeWritten { otherwise: None, off: B(&[]), rules: B(&[]) },
    settings: SettingsWritten { profile: None, pin: B(&[]), profiles: None },
    stated: Vec::new(),
};
