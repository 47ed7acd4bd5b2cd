//! The system-call policy as static values, so that no launch has to read TOML.
//!
//! Generated from `profiles/syscalls.toml` by `STOCKADE_BLESS=1 cargo test --lib tables`; the same test
//! without it fails when this file is stale. Not written by hand.
use super::table::{Answer, Family, Is, Numbers, Opener, Rule, Set, Test, When};
use super::told::Closed;
use crate::sys::call::ABSENT;
const fn n(x86_64: i64, aarch64: i64) -> Numbers { Numbers { x86_64, aarch64 } }
const fn c(set: &'static Set, call: &'static str, numbers: Numbers, reason: &'static str) -> Rule {
    Rule { set, call, numbers, test: Test::Outright, reason, name: call }
}
static MOUNTS: Set = Set {
    name: "@mounts", help: "Mounts and roots: what paths mean",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Paths),
};
static NAMESPACES: Set = Set {
    name: "@namespaces", help: "Namespaces, made or entered: they give capabilities over copies of what is guarded (namespaces(7))",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Namespaces),
};
static HANDLES: Set = Set {
    name: "@handles", help: "Files without a path",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Handles),
};
static KERNEL_CODE: Set = Set {
    name: "@kernel-code", help: "Code of the kernel",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::KernelCode),
};
static WATCHING: Set = Set {
    name: "@watching", help: "What the kernel and others are doing",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Watching),
};
static FAULTS: Set = Set {
    name: "@faults", help: "Page faults in hands of one's own",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Faults),
};
static KEYRINGS: Set = Set {
    name: "@keyrings", help: "The person's keyrings",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Keyring),
};
static MACHINE: Set = Set {
    name: "@machine", help: "The machine: clock, name, swap, power, ports, quotas",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Machine),
};
static SHARED_IPC: Set = Set {
    name: "@shared-ipc", help: "Memory, semaphores and queues by number or name (System V, POSIX)",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::SharedIpc),
};
static TERMINAL: Set = Set {
    name: "@terminal", help: "The terminal of the person (ioctl_tty(2)); the kernel looks at the low 32 bits of a request only",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Terminal),
};
static LIMITS: Set = Set {
    name: "@limits", help: "Limits of other processes",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::Limits),
};
static MULTIPATH: Set = Set {
    name: "@multipath", help: "Multipath TCP",
    answer: Answer::NoSuchProtocol, when: When::SomeSocket, told: None,
};
static SOCKETS: Set = Set {
    name: "@sockets", help: "Socket families but those a profile opens",
    answer: Answer::NotPermitted, when: When::SomeSocket, told: Some(Closed::OtherSocket),
};
static NO_SOCKET: Set = Set {
    name: "@no-socket", help: "Every socket, where no family is open; pairs remain",
    answer: Answer::NotPermitted, when: When::NoSocket, told: Some(Closed::OtherSocket),
};
static PAIRS: Set = Set {
    name: "@pairs", help: "Pairs of other families",
    answer: Answer::NotPermitted, when: When::Always, told: Some(Closed::OtherSocket),
};
static DATAGRAM_PAIRS: Set = Set {
    name: "@datagram-pairs", help: "Pairs of datagram sockets, an end of which can be sent to any socket of the file system by name",
    answer: Answer::NotPermitted, when: When::NoDatagrams, told: Some(Closed::Datagrams),
};
static BLIND: Set = Set {
    name: "@blind", help: "Calls whose effects no filter can see",
    answer: Answer::NoSuchCall, when: When::Always, told: None,
};
static NAMES: Set = Set {
    name: "@names", help: "Names of the file system, made, moved and removed",
    answer: Answer::Held, when: When::Supervised, told: None,
};
static METADATA: Set = Set {
    name: "@metadata", help: "Modes, owners, times and attributes, in which Landlock has no say; a descriptor open for reading is enough",
    answer: Answer::Held, when: When::Supervised, told: None,
};
static OPENS_TO_CHANGE: Set = Set {
    name: "@opens-to-change", help: "Opens that may change something",
    answer: Answer::Held, when: When::SupervisedChanges, told: None,
};
static OPENS_HIDING: Set = Set {
    name: "@opens-hiding", help: "Opens but of mere places (O_PATH), where names are hidden",
    answer: Answer::Held, when: When::SupervisedHiding, told: None,
};
static OPENS_WATCHED: Set = Set {
    name: "@opens-watched", help: "Every open, for a person who wants to see which reads are refused",
    answer: Answer::Held, when: When::SupervisedWatching, told: None,
};
static UNJUDGED: Set = Set {
    name: "@unjudged", help: "Calls that the supervisor could not judge or that would not bind it; programs have another way",
    answer: Answer::NoSuchCall, when: When::Supervised, told: None,
};
static INODE_FLAGS: Set = Set {
    name: "@inode-flags", help: "Requests that change files that are only open for reading (linux/fs.h, linux/fsverity.h, linux/fscrypt.h)",
    answer: Answer::NotPermitted, when: When::Supervised, told: Some(Closed::Inode),
};
static UNDUMPABLE: Set = Set {
    name: "@undumpable", help: "A process that may not be looked into could not be served: its names lie in its memory",
    answer: Answer::Nothing, when: When::Supervised, told: None,
};
static OWN_SOCKETS: Set = Set {
    name: "@own-sockets", help: "Sockets of the file system and System V objects of the run's own",
    answer: Answer::Held, when: When::SupervisedOwn, told: None,
};
pub(super) static RULES: &[Rule] = &[
    c(&MOUNTS, "chroot", n(161, 51), "changes what paths mean"),
    c(&MOUNTS, "fsconfig", n(431, 431), "changes what paths mean"),
    c(&MOUNTS, "fsmount", n(432, 432), "changes what paths mean"),
    c(&MOUNTS, "fsopen", n(430, 430), "changes what paths mean"),
    c(&MOUNTS, "fspick", n(433, 433), "changes what paths mean"),
    c(&MOUNTS, "mount", n(165, 40), "changes what paths mean"),
    c(&MOUNTS, "mount_setattr", n(442, 442), "changes what paths mean"),
    c(&MOUNTS, "move_mount", n(429, 429), "changes what paths mean"),
    c(&MOUNTS, "open_tree", n(428, 428), "changes what paths mean"),
    c(&MOUNTS, "open_tree_attr", n(467, 467), "changes what paths mean"),
    c(&MOUNTS, "pivot_root", n(155, 41), "changes what paths mean"),
    c(&MOUNTS, "umount2", n(166, 39), "changes what paths mean"),
    c(&NAMESPACES, "setns", n(308, 268), "enters the namespaces of others"),
    Rule { set: &NAMESPACES, call: "unshare", numbers: n(272, 97), name: "unshare",
        test: Test::Bits { argument: 0, any: 0x7e020080, unless: 0x0 },
        reason: "a namespace of its own gives capabilities in it" },
    Rule { set: &NAMESPACES, call: "clone", numbers: n(56, 220), name: "clone with namespaces",
        test: Test::Bits { argument: 0, any: 0x7e020000, unless: 0x0 },
        reason: "a namespace of its own gives capabilities in it" },
    c(&HANDLES, "open_by_handle_at", n(304, 265), "opens files without a path"),
    c(&KERNEL_CODE, "bpf", n(321, 280), "loads code into the kernel"),
    c(&KERNEL_CODE, "create_module", n(174, ABSENT), "loads code into the kernel, before Linux 2.6"),
    c(&KERNEL_CODE, "delete_module", n(176, 106), "unloads kernel code"),
    c(&KERNEL_CODE, "finit_module", n(313, 273), "loads code into the kernel"),
    c(&KERNEL_CODE, "get_kernel_syms", n(177, ABSENT), "lists kernel code, before Linux 2.6"),
    c(&KERNEL_CODE, "init_module", n(175, 105), "loads code into the kernel"),
    c(&KERNEL_CODE, "kexec_file_load", n(320, 294), "replaces the kernel"),
    c(&KERNEL_CODE, "kexec_load", n(246, 104), "replaces the kernel"),
    c(&KERNEL_CODE, "query_module", n(178, ABSENT), "lists kernel code, before Linux 2.6"),
    c(&WATCHING, "acct", n(163, 89), "writes a log of all processes"),
    c(&WATCHING, "fanotify_init", n(300, 262), "watches what others do to files, and Landlock has no say in it"),
    c(&WATCHING, "lookup_dcookie", n(212, 18), "names the files the kernel has at hand"),
    c(&WATCHING, "perf_event_open", n(298, 241), "watches the kernel and others"),
    c(&WATCHING, "syslog", n(103, 116), "reads the kernel's log"),
    c(&FAULTS, "userfaultfd", n(323, 282), "makes kernel races winnable"),
    c(&KEYRINGS, "add_key", n(248, 217), "reaches the person's session keyring"),
    c(&KEYRINGS, "keyctl", n(250, 219), "reaches the person's session keyring"),
    c(&KEYRINGS, "request_key", n(249, 218), "reaches the person's session keyring"),
    c(&MACHINE, "clock_settime", n(227, 112), "changes the machine's clock"),
    c(&MACHINE, "ioperm", n(173, ABSENT), "drives devices past the kernel"),
    c(&MACHINE, "iopl", n(172, ABSENT), "drives devices past the kernel"),
    c(&MACHINE, "nfsservctl", n(180, 42), "serves files over the network, before Linux 3.1"),
    c(&MACHINE, "quotactl", n(179, 60), "changes disk quotas"),
    c(&MACHINE, "quotactl_fd", n(443, 443), "changes disk quotas"),
    c(&MACHINE, "reboot", n(169, 142), "stops the machine"),
    c(&MACHINE, "setdomainname", n(171, 162), "renames the machine"),
    c(&MACHINE, "sethostname", n(170, 161), "renames the machine"),
    c(&MACHINE, "settimeofday", n(164, 170), "changes the machine's clock"),
    c(&MACHINE, "swapoff", n(168, 225), "changes the machine's memory"),
    c(&MACHINE, "swapon", n(167, 224), "changes the machine's memory"),
    c(&SHARED_IPC, "mq_unlink", n(241, 181), "removes the message queues of outsiders"),
    c(&SHARED_IPC, "msgctl", n(71, 187), "reaches the message queues of outsiders"),
    c(&SHARED_IPC, "msgget", n(68, 186), "reaches the message queues of outsiders"),
    c(&SHARED_IPC, "msgrcv", n(70, 188), "reaches the message queues of outsiders"),
    c(&SHARED_IPC, "msgsnd", n(69, 189), "reaches the message queues of outsiders"),
    c(&SHARED_IPC, "semctl", n(66, 191), "reaches the semaphores of outsiders"),
    c(&SHARED_IPC, "semget", n(64, 190), "reaches the semaphores of outsiders"),
    c(&SHARED_IPC, "semop", n(65, 193), "reaches the semaphores of outsiders"),
    c(&SHARED_IPC, "semtimedop", n(220, 192), "reaches the semaphores of outsiders"),
    c(&SHARED_IPC, "shmat", n(30, 196), "shares memory with outsiders, by a number anybody may guess"),
    c(&SHARED_IPC, "shmctl", n(31, 195), "removes or reads what outsiders share"),
    c(&SHARED_IPC, "shmget", n(29, 194), "shares memory with outsiders, by a number anybody may guess"),
    c(&TERMINAL, "vhangup", n(153, 58), "hangs up the terminal"),
    Rule { set: &TERMINAL, call: "ioctl", numbers: n(16, 29), name: "ioctl TIOCSTI",
        test: Test::All(&[(1, Is::Equal(0x5412))]),
        reason: "types for the person" },
    Rule { set: &TERMINAL, call: "ioctl", numbers: n(16, 29), name: "ioctl TIOCLINUX",
        test: Test::All(&[(1, Is::Equal(0x541c))]),
        reason: "pastes for the person" },
    Rule { set: &TERMINAL, call: "ioctl", numbers: n(16, 29), name: "ioctl TIOCSETD",
        test: Test::All(&[(1, Is::Equal(0x5423))]),
        reason: "line disciplines are kernel code" },
    Rule { set: &LIMITS, call: "prlimit64", numbers: n(302, 261), name: "prlimit",
        test: Test::All(&[(0, Is::Not(0x0)), (2, Is::NotWide(0x0))]),
        reason: "sets limits of a process by its id, which may be one outside" },
    Rule { set: &MULTIPATH, call: "socket", numbers: n(41, 198), name: "socket",
        test: Test::All(&[(2, Is::Equal(0x106))]),
        reason: "walks past Landlock's TCP rules on this kernel; callers fall back on TCP" },
    Rule { set: &SOCKETS, call: "socket", numbers: n(41, 198), name: "socket",
        test: Test::All(&[(0, Is::NotOpen)]),
        reason: "a family that this profile does not open" },
    Rule { set: &SOCKETS, call: "socket", numbers: n(41, 198), name: "socket",
        test: Test::All(&[(0, Is::Equal(0x10)), (2, Is::Not(0x0))]),
        reason: "of netlink, ordinary programs need interfaces and routes only" },
    c(&NO_SOCKET, "socket", n(41, 198), "this profile opens no family of sockets"),
    Rule { set: &PAIRS, call: "socketpair", numbers: n(53, 199), name: "socketpair",
        test: Test::All(&[(0, Is::Not(0x1))]),
        reason: "a pair of a family that has none but is kernel code" },
    Rule { set: &DATAGRAM_PAIRS, call: "socketpair", numbers: n(53, 199), name: "socketpair",
        test: Test::All(&[(1, Is::Masked(0xf, 0x2))]),
        reason: "each datagram may be addressed to somebody else" },
    Rule { set: &DATAGRAM_PAIRS, call: "socketpair", numbers: n(53, 199), name: "socketpair",
        test: Test::All(&[(1, Is::Masked(0xf, 0x3))]),
        reason: "the kernel makes of a raw pair one of datagrams" },
    c(&BLIND, "clone3", n(435, 435), "its flags lie in memory, out of a filter's sight"),
    c(&BLIND, "io_uring_enter", n(426, 426), "its operations pass no filter"),
    c(&BLIND, "io_uring_register", n(427, 427), "its operations pass no filter"),
    c(&BLIND, "io_uring_setup", n(425, 425), "its operations pass no filter"),
    c(&NAMES, "creat", n(85, ABSENT), "makes or empties a file"),
    c(&NAMES, "link", n(86, ABSENT), "gives a file a further name"),
    c(&NAMES, "linkat", n(265, 37), "gives a file a further name"),
    c(&NAMES, "mkdir", n(83, ABSENT), "makes a directory"),
    c(&NAMES, "mkdirat", n(258, 34), "makes a directory"),
    c(&NAMES, "mknod", n(133, ABSENT), "makes a file, pipe, socket or device"),
    c(&NAMES, "mknodat", n(259, 33), "makes a file, pipe, socket or device"),
    c(&NAMES, "openat2", n(437, 437), "its flags lie in memory"),
    c(&NAMES, "rename", n(82, ABSENT), "moves a name, and what stands at the other"),
    c(&NAMES, "renameat", n(264, 38), "moves a name, and what stands at the other"),
    c(&NAMES, "renameat2", n(316, 276), "moves or exchanges names"),
    c(&NAMES, "rmdir", n(84, ABSENT), "removes a name"),
    c(&NAMES, "symlink", n(88, ABSENT), "makes a link that leads elsewhere"),
    c(&NAMES, "symlinkat", n(266, 36), "makes a link that leads elsewhere"),
    c(&NAMES, "truncate", n(76, 45), "cuts a file off"),
    c(&NAMES, "umask", n(95, 166), "whoever makes files for the run needs to know it"),
    c(&NAMES, "unlink", n(87, ABSENT), "removes a name"),
    c(&NAMES, "unlinkat", n(263, 35), "removes a name"),
    c(&METADATA, "chmod", n(90, ABSENT), "changes a mode"),
    c(&METADATA, "chown", n(92, ABSENT), "changes an owner"),
    c(&METADATA, "fchmod", n(91, 52), "changes a mode"),
    c(&METADATA, "fchmodat", n(268, 53), "changes a mode"),
    c(&METADATA, "fchmodat2", n(452, 452), "changes a mode"),
    c(&METADATA, "fchown", n(93, 55), "changes an owner"),
    c(&METADATA, "fchownat", n(260, 54), "changes an owner"),
    c(&METADATA, "fremovexattr", n(199, 16), "removes an attribute"),
    c(&METADATA, "fsetxattr", n(190, 7), "changes an attribute"),
    c(&METADATA, "futimesat", n(261, ABSENT), "changes times"),
    c(&METADATA, "lchown", n(94, ABSENT), "changes an owner"),
    c(&METADATA, "lremovexattr", n(198, 15), "removes an attribute"),
    c(&METADATA, "lsetxattr", n(189, 6), "changes an attribute"),
    c(&METADATA, "removexattr", n(197, 14), "removes an attribute"),
    c(&METADATA, "setxattr", n(188, 5), "changes an attribute"),
    c(&METADATA, "utime", n(132, ABSENT), "changes times"),
    c(&METADATA, "utimensat", n(280, 88), "changes times"),
    c(&METADATA, "utimes", n(235, ABSENT), "changes times"),
    Rule { set: &OPENS_TO_CHANGE, call: "open", numbers: n(2, ABSENT), name: "open",
        test: Test::Bits { argument: 1, any: 0x400243, unless: 0x200000 },
        reason: "its flags say that something may be changed" },
    Rule { set: &OPENS_TO_CHANGE, call: "openat", numbers: n(257, 56), name: "openat",
        test: Test::Bits { argument: 2, any: 0x400243, unless: 0x200000 },
        reason: "its flags say that something may be changed" },
    Rule { set: &OPENS_HIDING, call: "open", numbers: n(2, ABSENT), name: "open",
        test: Test::Bits { argument: 1, any: 0x0, unless: 0x200000 },
        reason: "whether it is hidden is judged by the very object" },
    Rule { set: &OPENS_HIDING, call: "openat", numbers: n(257, 56), name: "openat",
        test: Test::Bits { argument: 2, any: 0x0, unless: 0x200000 },
        reason: "whether it is hidden is judged by the very object" },
    c(&OPENS_WATCHED, "open", n(2, ABSENT), "its refusal is to be told"),
    c(&OPENS_WATCHED, "openat", n(257, 56), "its refusal is to be told"),
    c(&UNJUDGED, "file_setattr", n(469, 469), "changes inode flags, of files outside as well"),
    c(&UNJUDGED, "landlock_create_ruleset", n(444, 444), "its rules would not bind what is carried out for it"),
    c(&UNJUDGED, "removexattrat", n(466, 466), "it goes with setxattrat"),
    c(&UNJUDGED, "setxattrat", n(463, 463), "its name lies in memory, behind a structure"),
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x40086602))]),
        reason: "FS_IOC_SETFLAGS: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x40046602))]),
        reason: "FS_IOC32_SETFLAGS: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x401c5820))]),
        reason: "FS_IOC_FSSETXATTR: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x40087602))]),
        reason: "FS_IOC_SETVERSION: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x40086604))]),
        reason: "EXT4_IOC_SETVERSION: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x6609))]),
        reason: "EXT4_IOC_MIGRATE: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x50009401))]),
        reason: "BTRFS_IOC_SNAP_CREATE: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x5000940e))]),
        reason: "BTRFS_IOC_SUBVOL_CREATE: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x5000940f))]),
        reason: "BTRFS_IOC_SNAP_DESTROY: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x50009417))]),
        reason: "BTRFS_IOC_SNAP_CREATE_V2: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x50009418))]),
        reason: "BTRFS_IOC_SUBVOL_CREATE_V2: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x5000943f))]),
        reason: "BTRFS_IOC_SNAP_DESTROY_V2: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x4008941a))]),
        reason: "BTRFS_IOC_SUBVOL_SETFLAGS: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x40806685))]),
        reason: "FS_IOC_ENABLE_VERITY: changes a file that is only open for reading" },
    Rule { set: &INODE_FLAGS, call: "ioctl", numbers: n(16, 29), name: "ioctl for inode flags",
        test: Test::All(&[(1, Is::Equal(0x800c6613))]),
        reason: "FS_IOC_SET_ENCRYPTION_POLICY: changes a file that is only open for reading" },
    Rule { set: &UNDUMPABLE, call: "prctl", numbers: n(157, 167), name: "prctl",
        test: Test::All(&[(0, Is::Equal(0x4)), (1, Is::Equal(0x0))]),
        reason: "only the other processes of the run gain by it" },
    c(&OWN_SOCKETS, "bind", n(49, 200), "makes a socket of the file system"),
    c(&OWN_SOCKETS, "connect", n(42, 203), "whose socket it is decides"),
    c(&OWN_SOCKETS, "msgctl", n(71, 187), "whose object it is decides"),
    c(&OWN_SOCKETS, "msgget", n(68, 186), "whose object it is decides"),
    c(&OWN_SOCKETS, "msgrcv", n(70, 188), "whose object it is decides"),
    c(&OWN_SOCKETS, "msgsnd", n(69, 189), "whose object it is decides"),
    c(&OWN_SOCKETS, "semctl", n(66, 191), "whose object it is decides"),
    c(&OWN_SOCKETS, "semget", n(64, 190), "whose object it is decides"),
    c(&OWN_SOCKETS, "semop", n(65, 193), "whose object it is decides"),
    c(&OWN_SOCKETS, "semtimedop", n(220, 192), "whose object it is decides"),
    c(&OWN_SOCKETS, "shmat", n(30, 196), "whose object it is decides"),
    c(&OWN_SOCKETS, "shmctl", n(31, 195), "whose object it is decides"),
    c(&OWN_SOCKETS, "shmget", n(29, 194), "whose object it is decides"),
    Rule { set: &OWN_SOCKETS, call: "socket", numbers: n(41, 198), name: "socket",
        test: Test::All(&[(0, Is::Equal(0x1))]),
        reason: "the supervisor makes those that talk to one partner" },
];
pub(super) static FAMILIES: &[Family] = &[
    Family { number: 1, name: "AF_UNIX", by: Opener::UnixSockets },
    Family { number: 2, name: "AF_INET", by: Opener::Network },
    Family { number: 10, name: "AF_INET6", by: Opener::Network },
    Family { number: 16, name: "AF_NETLINK", by: Opener::Network },
];
