use std::collections::*;
use stockade::policy::resolved::*;
use stockade::sandbox::*;
fn main() {
    let args: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let r = |p: &str| Root { path: p.into(), except: vec![] };
    let p = Policy {
        profile: "x".into(),
        layers: vec![],
        files: Files {
            read: vec![
                r("/usr"),
                r("/bin"),
                r("/lib"),
                r("/lib64"),
                Root { path: "/etc".into(), except: vec!["/etc/shadow".into()] },
                r("/proc"),
                r("/sys"),
                r("/opt"),
                r("/root/.cargo"),
                r("/root/.rustup"),
                r("/root/.pyenv"),
                r("/root/.gitconfig"),
                r("/home/x"),
                r("/home/y"),
            ],
            write: vec![r("/tmp"), r("/dev/shm")],
            devices: ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/tty", "/dev/pts"]
                .iter()
                .map(Into::into)
                .collect(),
            create: vec![],
        },
        network: Network::Host,
        unix_sockets: UnixSockets::None,
        environment: Environment { pass: vec!["*".into()], ..Default::default() },
        limits: Limits { core: Some(0), ..Default::default() },
        require: BTreeSet::new(),
    };
    let cmd = plan::Command {
        program: args[0].clone().into(),
        argv: args.clone(),
        cwd: std::env::current_dir().unwrap(),
    };
    let env = std::env::vars_os().collect();
    let plan = compile::compile(&p, cmd, &env, support::probe(), &expand::RealTree).unwrap();
    if std::env::var_os("DUMP").is_some() {
        eprintln!("{plan:#?}");
    }
    match spawn::Ready::new(&plan).and_then(spawn::run) {
        Ok(r) => {
            eprintln!("{r:?}");
            std::process::exit(match r.end {
                spawn::End::Exited(n) => n,
                spawn::End::Killed(n) => 128 + n,
                spawn::End::TimeUp => 124,
            })
        }
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(125)
        }
    }
}
