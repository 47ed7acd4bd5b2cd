//! Where secrets are kept: files by the components of their path, environment variables by name.
//!
//! A small table. What is done with a secret is judged elsewhere.

use std::path::Path;

/// Paths below the home whose contents are secrets; a last `*` stands for anything below.
const BELOW_HOME: &[&str] = &[
    ".aws/credentials",
    ".aws/sso/cache/*",
    ".azure/accessTokens.json",
    ".azure/msal_token_cache.json",
    ".bash_history",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".claude/.credentials.json",
    ".codex/auth.json",
    ".config/doctl/config.yaml",
    ".config/gcloud/application_default_credentials.json",
    ".config/gcloud/credentials.db",
    ".config/gcloud/legacy_credentials/*",
    ".config/gh/hosts.yml",
    ".config/hub",
    ".config/rclone/rclone.conf",
    ".config/chromium/*",
    ".config/google-chrome/*",
    ".config/BraveSoftware/*",
    ".docker/config.json",
    ".electrum/*",
    ".ethereum/keystore/*",
    ".fly/config.yml",
    ".gem/credentials",
    ".git-credentials",
    ".history",
    ".sh_history",
    ".ash_history",
    ".zhistory",
    ".local/share/fish/fish_history",
    "Library/Keychains/*",
    "Library/Cookies/*",
    "Library/Application Support/Google/Chrome/Default/Cookies",
    "Library/Application Support/Google/Chrome/Default/Login Data",
    "Library/Application Support/Google/Chrome/Default/Web Data",
    "Library/Application Support/Firefox/Profiles/*",
    ".gnupg/*",
    ".kube/config",
    ".local/share/keyrings/*",
    ".m2/settings.xml",
    ".mozilla/*",
    ".my.cnf",
    ".mysql_history",
    ".netrc",
    ".node_repl_history",
    ".npmrc",
    ".password-store/*",
    ".pgpass",
    ".psql_history",
    ".pypirc",
    ".python_history",
    ".s3cfg",
    ".terraform.d/credentials.tfrc.json",
    ".vault-token",
    ".yarnrc.yml",
    ".zsh_history",
    ".thunderbird/*",
    ".bitcoin/wallet.dat",
    ".solana/id.json",
];

/// Absolute paths.
const SYSTEM: &[&str] = &[
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/sudoers",
    "/etc/ssl/private/*",
    "/etc/krb5.keytab",
    "/run/secrets/*",
    "/var/run/secrets/*",
    "/etc/kubernetes/admin.conf",
    "/etc/ppp/chap-secrets",
];

/// File names that hold secrets wherever they lie.
const NAMES: &[&str] = &[
    ".env",
    ".netrc",
    ".pgpass",
    ".git-credentials",
    ".htpasswd",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "credentials.json",
    "service-account.json",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "wallet.dat",
    "master.key",
];

/// Endings of names that hold keys.
const ENDINGS: &[&str] = &[
    "key.pem",
    "priv.pem",
    "private.pem",
    ".key",
    ".p12",
    ".pfx",
    ".keystore",
    ".jks",
    ".kdbx",
    ".ppk",
];

/// Kinds of `.env` that are examples.
const EXAMPLES: &[&str] = &["example", "sample", "template", "dist", "defaults", "test"];

/// Words in the names of variables that hold secrets, between underscores.
const SECRET_WORDS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "SECRETS",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "PWD_SECRET",
];

/// Pairs of words that make a secret only together.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("API", "KEY"),
    ("ACCESS", "KEY"),
    ("PRIVATE", "KEY"),
    ("ENCRYPTION", "KEY"),
    ("AUTH", "KEY"),
];

/// What secret a file is, named as people name it (`~/.ssh/id_rsa`).
pub(super) fn file(path: &Path, home: &Path) -> Option<String> {
    if let Ok(below) = path.strip_prefix(home)
        && (BELOW_HOME.iter().any(|entry| fits(below, entry)) || is_ssh_key(below))
    {
        return Some(format!("~/{}", below.display()));
    }
    let shown = || match path.strip_prefix(home) {
        Ok(below) => format!("~/{}", below.display()),
        Err(_) => path.display().to_string(),
    };
    if SYSTEM.iter().any(|entry| fits(path, entry)) || is_process_environment(path) {
        return Some(shown());
    }
    let name = path.file_name()?.to_str()?;
    let public =
        name.ends_with(".pub") || path.starts_with("/etc/ssl/certs") || path.starts_with("/usr");
    let ending = ENDINGS.iter().any(|ending| name.ends_with(ending));
    let secret = NAMES.contains(&name) || ending || is_environment_file(name);
    (secret && !public).then(shown)
}

/// Whether a directory holds secrets, so that a copy of all of it holds them too.
pub(super) fn directory(path: &Path, home: &Path) -> Option<String> {
    let below = path.strip_prefix(home).ok()?;
    let holds = [
        ".ssh",
        ".aws",
        ".gnupg",
        ".kube",
        ".password-store",
        ".docker",
        ".mozilla",
        "Library/Keychains",
    ];
    let name = below.to_str()?;
    holds.contains(&name).then(|| format!("~/{name}"))
}

/// Whether a variable of this name holds a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let words: Vec<String> = name.split('_').map(str::to_ascii_uppercase).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    if has("FILE") || has("PATH") || has("URL") || has("SOCK") {
        return false;
    }
    SECRET_WORDS.iter().any(|word| has(word))
        || SECRET_PAIRS.iter().any(|(a, b)| has(a) && has(b))
        || (has("PAT") && words.len() > 1)
}

fn fits(path: &Path, entry: &str) -> bool {
    match entry.strip_suffix("/*") {
        Some(directory) => path.starts_with(directory) && path != Path::new(directory),
        None => path == Path::new(entry),
    }
}

/// Everything in `~/.ssh` that is not public or mere configuration.
fn is_ssh_key(below: &Path) -> bool {
    let Ok(name) = below.strip_prefix(".ssh") else { return false };
    let Some(name) = name.to_str() else { return false };
    let open = ["known_hosts", "known_hosts.old", "config", "authorized_keys", "environment"];
    !name.is_empty() && !name.ends_with(".pub") && !open.contains(&name)
}

/// `/proc/PID/environ`, `/proc/self/environ`.
fn is_process_environment(path: &Path) -> bool {
    let mut parts = path.components().skip(1).map(|c| c.as_os_str().to_string_lossy().into_owned());
    parts.next().as_deref() == Some("proc") && parts.nth(1).as_deref() == Some("environ")
}

/// `.env.local` and its like, but not `.env.example`.
fn is_environment_file(name: &str) -> bool {
    name.strip_prefix(".env.").is_some_and(|kind| !EXAMPLES.iter().any(|e| kind.ends_with(e)))
}

#[cfg(test)]
mod tests {
    use super::{file, is_secret_name};
    use std::path::Path;

    #[test]
    fn secrets_are_told_from_their_neighbours() {
        let home = Path::new("/home/u");
        let cases = [
            ("/home/u/.ssh/id_rsa", true),
            ("/home/u/.ssh/id_rsa.pub", false),
            ("/home/u/.ssh/config", false),
            ("/home/u/.aws/credentials", true),
            ("/home/u/.aws/config", false),
            ("/home/u/p/.env", true),
            ("/home/u/p/.env.local", true),
            ("/home/u/p/.env.example", false),
            ("/etc/shadow", true),
            ("/etc/passwd", false),
            ("/proc/self/environ", true),
            ("/proc/1/environ", true),
            ("/proc/self/status", false),
            ("/home/u/.gnupg/secring.gpg", true),
            ("/srv/tls/server.key", true),
        ];
        for (path, secret) in cases {
            assert_eq!(file(Path::new(path), home).is_some(), secret, "{path}");
        }
    }

    #[test]
    fn secret_variables_are_told_by_whole_words() {
        let cases = [
            ("GITHUB_TOKEN", true),
            ("AWS_SECRET_ACCESS_KEY", true),
            ("OPENAI_API_KEY", true),
            ("DB_PASSWORD", true),
            ("PATH", false),
            ("TOKENIZERS_PARALLELISM", false),
            ("MONKEY", false),
            ("SECRET_FILE", false),
        ];
        for (name, secret) in cases {
            assert_eq!(is_secret_name(name), secret, "{name}");
        }
    }
}
