//! Docker's default seccomp profile as programs the kernel takes, resolved for a set of capabilities.
//!
//! `places/docker-default-seccomp.json` is the profile as moby publishes it
//! (<https://github.com/moby/profiles>, `seccomp/default.json`, Apache-2.0), unchanged.

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The capabilities Docker gives when nobody asks for more or less, by number.
pub const DEFAULT_CAPABILITIES: u64 = 0xa804_25fb;

/// Names of `DEFAULT_CAPABILITIES` that the profile asks for.
const ASKED_FOR: &[&str] = &["CAP_SYS_CHROOT"];

/// Calls that the headers of a distribution may not know yet; the numbers are the same everywhere.
const LATER: &[(&str, i64)] = &[
    ("cachestat", 451),
    ("fchmodat2", 452),
    ("map_shadow_stack", 453),
    ("futex_wake", 454),
    ("futex_wait", 455),
    ("futex_requeue", 456),
    ("statmount", 457),
    ("listmount", 458),
    ("lsm_get_self_attr", 459),
    ("lsm_set_self_attr", 460),
    ("lsm_list_modules", 461),
    ("mseal", 462),
    ("setxattrat", 463),
    ("getxattrat", 464),
    ("listxattrat", 465),
    ("removexattrat", 466),
    ("open_tree_attr", 467),
    ("file_getattr", 468),
    ("file_setattr", 469),
];

/// The files of the programs to load, one after the other, for a container with the default
/// capabilities or with none.
pub fn filters(directory: &Path, capable: bool) -> Vec<PathBuf> {
    let text = include_str!("places/docker-default-seccomp.json");
    let profile: Value = serde_json::from_str(text).unwrap();
    let numbers = numbers();
    let (mut allowed, mut absent) = (BTreeMap::new(), BTreeMap::new());
    for group in profile["syscalls"].as_array().unwrap().iter().filter(|g| applies(g, capable)) {
        let rules = rule(group);
        // What is allowed unless an argument is wrong, and what does not exist; nothing else is there.
        let kind = match (group["action"].as_str().unwrap(), group["errnoRet"].as_u64()) {
            ("SCMP_ACT_ALLOW", None) => &mut allowed,
            ("SCMP_ACT_ERRNO", Some(38)) => &mut absent,
            other => panic!("the profile has learnt {other:?}"),
        };
        for name in group["names"].as_array().unwrap() {
            // A call without a number is one of another machine, or younger than this list.
            let Some(number) = numbers.get(name.as_str().unwrap()) else { continue };
            let known: &mut Vec<SeccompRule> = kind.entry(*number).or_default();
            known.extend(rules.clone());
        }
    }
    assert!(allowed.len() > 300, "of {} names most are not found", allowed.len());
    let (allow, refuse) = (SeccompAction::Allow, SeccompAction::Errno(1));
    let programs = [
        program(allowed, refuse, allow.clone()),
        // Loaded last: of two equal answers the kernel takes the younger.
        program(absent, allow, SeccompAction::Errno(38)),
    ];
    let name = if capable { "capable" } else { "incapable" };
    let written = programs.iter().enumerate().map(|(number, program)| {
        let path = directory.join(format!("docker-{name}-{number}"));
        fs::write(&path, bytes(program)).unwrap();
        path
    });
    written.collect()
}

/// Whether a group of the profile is for this machine and these capabilities.
fn applies(group: &Value, capable: bool) -> bool {
    let list = |key: &str, kind: &str| -> Vec<String> {
        let words = group[key][kind].as_array().cloned().unwrap_or_default();
        words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let held = |name: &String| capable && ASKED_FOR.contains(&name.as_str());
    let (caps, arches) = (list("includes", "caps"), list("includes", "arches"));
    caps.iter().all(held)
        && (arches.is_empty() || arches.iter().any(|name| name == arch))
        && !list("excludes", "caps").iter().any(held)
        && !list("excludes", "arches").iter().any(|name| name == arch)
}

/// The conditions of a group; none means that the number alone decides.
fn rule(group: &Value) -> Vec<SeccompRule> {
    let Some(arguments) = group["args"].as_array() else { return Vec::new() };
    let conditions = arguments.iter().map(|argument| {
        let number = |key: &str| argument[key].as_u64().unwrap_or(0);
        let operator = match argument["op"].as_str().unwrap() {
            "SCMP_CMP_EQ" => SeccompCmpOp::Eq,
            "SCMP_CMP_LT" => SeccompCmpOp::Lt,
            "SCMP_CMP_GT" => SeccompCmpOp::Gt,
            "SCMP_CMP_MASKED_EQ" => SeccompCmpOp::MaskedEq(number("value")),
            other => panic!("the profile has learnt {other}"),
        };
        // Of a masked comparison `value` is the mask, and `valueTwo` what must be left.
        let masked = matches!(operator, SeccompCmpOp::MaskedEq(_));
        let value = number(if masked { "valueTwo" } else { "value" });
        let index = u8::try_from(number("index")).unwrap();
        SeccompCondition::new(index, SeccompCmpArgLen::Qword, operator, value).unwrap()
    });
    vec![SeccompRule::new(conditions.collect()).unwrap()]
}

fn program(
    calls: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    answer: SeccompAction,
) -> BpfProgram {
    let arch = TargetArch::try_from(std::env::consts::ARCH).unwrap();
    let filter = SeccompFilter::new(calls, otherwise, answer, arch).unwrap();
    let mut program: BpfProgram = filter.try_into().unwrap();
    // Docker lets in the numberings of 32 bit as well, which would hide what we do about them:
    // seccompiler ends the caller there, in its third instruction.
    assert_eq!(program[2].code, 0x06, "seccompiler begins in another way");
    program[2].k = libc::SECCOMP_RET_ALLOW;
    program
}

/// A program as the kernel reads it.
fn bytes(program: &BpfProgram) -> Vec<u8> {
    let instruction = |one: &seccompiler::sock_filter| {
        let mut bytes = one.code.to_ne_bytes().to_vec();
        bytes.extend([one.jt, one.jf]);
        bytes.extend(one.k.to_ne_bytes());
        bytes
    };
    program.iter().flat_map(instruction).collect()
}

/// The numbers of the calls on this machine, as its C headers have them.
fn numbers() -> BTreeMap<String, i64> {
    let mut gcc = Command::new("gcc");
    let said = gcc.args(["-E", "-dM", "-include", "asm/unistd.h", "-xc", "/dev/null"]).output();
    let said = said.unwrap_or_else(|e| panic!("gcc, which scripts/test-needs.sh installs: {e}"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let text = String::from_utf8(said.stdout).unwrap();
    let known = text.lines().filter_map(|line| {
        let (name, number) = line.strip_prefix("#define __NR_")?.split_once(' ')?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    LATER.iter().map(|(name, number)| ((*name).to_owned(), *number)).chain(known).collect()
}
