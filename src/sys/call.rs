//! The numbers of the system calls that the sandbox names, for the architecture this program is built for.

/// A system call number.
pub type Call = i64;

/// acct(2).
pub const ACCT: Call = libc::SYS_acct;
/// add_key(2).
pub const ADD_KEY: Call = libc::SYS_add_key;
/// bpf(2).
pub const BPF: Call = libc::SYS_bpf;
/// chroot(2).
pub const CHROOT: Call = libc::SYS_chroot;
/// clock_settime(2).
pub const CLOCK_SETTIME: Call = libc::SYS_clock_settime;
/// clone(2).
pub const CLONE: Call = libc::SYS_clone;
/// clone3(2).
pub const CLONE3: Call = libc::SYS_clone3;
/// delete_module(2).
pub const DELETE_MODULE: Call = libc::SYS_delete_module;
/// finit_module(2).
pub const FINIT_MODULE: Call = libc::SYS_finit_module;
/// fsconfig(2).
pub const FSCONFIG: Call = libc::SYS_fsconfig;
/// fsmount(2).
pub const FSMOUNT: Call = libc::SYS_fsmount;
/// fsopen(2).
pub const FSOPEN: Call = libc::SYS_fsopen;
/// fspick(2).
pub const FSPICK: Call = libc::SYS_fspick;
/// init_module(2).
pub const INIT_MODULE: Call = libc::SYS_init_module;
/// ioctl(2).
pub const IOCTL: Call = libc::SYS_ioctl;
/// io_uring_enter(2).
pub const IO_URING_ENTER: Call = libc::SYS_io_uring_enter;
/// io_uring_register(2).
pub const IO_URING_REGISTER: Call = libc::SYS_io_uring_register;
/// io_uring_setup(2).
pub const IO_URING_SETUP: Call = libc::SYS_io_uring_setup;
/// kexec_file_load(2).
pub const KEXEC_FILE_LOAD: Call = libc::SYS_kexec_file_load;
/// kexec_load(2).
pub const KEXEC_LOAD: Call = libc::SYS_kexec_load;
/// keyctl(2).
pub const KEYCTL: Call = libc::SYS_keyctl;
/// mount(2).
pub const MOUNT: Call = libc::SYS_mount;
/// mount_setattr(2).
pub const MOUNT_SETATTR: Call = libc::SYS_mount_setattr;
/// move_mount(2).
pub const MOVE_MOUNT: Call = libc::SYS_move_mount;
/// open_by_handle_at(2).
pub const OPEN_BY_HANDLE_AT: Call = libc::SYS_open_by_handle_at;
/// open_tree(2).
pub const OPEN_TREE: Call = libc::SYS_open_tree;
/// perf_event_open(2).
pub const PERF_EVENT_OPEN: Call = libc::SYS_perf_event_open;
/// pivot_root(2).
pub const PIVOT_ROOT: Call = libc::SYS_pivot_root;
/// ioprio_set(2).
pub const IOPRIO_SET: Call = libc::SYS_ioprio_set;
/// sched_getparam(2).
pub const SCHED_GETPARAM: Call = libc::SYS_sched_getparam;
/// sched_setaffinity(2).
pub const SCHED_SETAFFINITY: Call = libc::SYS_sched_setaffinity;
/// sched_setattr(2).
pub const SCHED_SETATTR: Call = libc::SYS_sched_setattr;
/// sched_setparam(2).
pub const SCHED_SETPARAM: Call = libc::SYS_sched_setparam;
/// sched_setscheduler(2).
pub const SCHED_SETSCHEDULER: Call = libc::SYS_sched_setscheduler;
/// setpriority(2).
pub const SETPRIORITY: Call = libc::SYS_setpriority;
/// prlimit(2).
pub const PRLIMIT64: Call = libc::SYS_prlimit64;
/// quotactl(2).
pub const QUOTACTL: Call = libc::SYS_quotactl;
/// reboot(2).
pub const REBOOT: Call = libc::SYS_reboot;
/// request_key(2).
pub const REQUEST_KEY: Call = libc::SYS_request_key;
/// setdomainname(2).
pub const SETDOMAINNAME: Call = libc::SYS_setdomainname;
/// sethostname(2).
pub const SETHOSTNAME: Call = libc::SYS_sethostname;
/// setns(2).
pub const SETNS: Call = libc::SYS_setns;
/// settimeofday(2).
pub const SETTIMEOFDAY: Call = libc::SYS_settimeofday;
/// socket(2).
pub const SOCKET: Call = libc::SYS_socket;
/// connect(2).
pub const CONNECT: Call = libc::SYS_connect;
/// bind(2).
pub const BIND: Call = libc::SYS_bind;
/// listen(2).
pub const LISTEN: Call = libc::SYS_listen;
/// sendto(2).
pub const SENDTO: Call = libc::SYS_sendto;
/// sendmsg(2).
pub const SENDMSG: Call = libc::SYS_sendmsg;
/// sendmmsg(2).
pub const SENDMMSG: Call = libc::SYS_sendmmsg;
/// socketpair(2).
pub const SOCKETPAIR: Call = libc::SYS_socketpair;
/// swapoff(2).
pub const SWAPOFF: Call = libc::SYS_swapoff;
/// swapon(2).
pub const SWAPON: Call = libc::SYS_swapon;
/// syslog(2).
pub const SYSLOG: Call = libc::SYS_syslog;
/// umount2(2).
pub const UMOUNT2: Call = libc::SYS_umount2;
/// unshare(2).
pub const UNSHARE: Call = libc::SYS_unshare;
/// userfaultfd(2).
pub const USERFAULTFD: Call = libc::SYS_userfaultfd;
/// vhangup(2).
pub const VHANGUP: Call = libc::SYS_vhangup;
/// shmget(2).
pub const SHMGET: Call = libc::SYS_shmget;
/// shmat(2).
pub const SHMAT: Call = libc::SYS_shmat;
/// shmctl(2).
pub const SHMCTL: Call = libc::SYS_shmctl;
/// semget(2).
pub const SEMGET: Call = libc::SYS_semget;
/// semop(2).
pub const SEMOP: Call = libc::SYS_semop;
/// semtimedop(2).
pub const SEMTIMEDOP: Call = libc::SYS_semtimedop;
/// semctl(2).
pub const SEMCTL: Call = libc::SYS_semctl;
/// msgget(2).
pub const MSGGET: Call = libc::SYS_msgget;
/// msgsnd(2).
pub const MSGSND: Call = libc::SYS_msgsnd;
/// msgrcv(2).
pub const MSGRCV: Call = libc::SYS_msgrcv;
/// msgctl(2).
pub const MSGCTL: Call = libc::SYS_msgctl;
/// mq_unlink(2).
pub const MQ_UNLINK: Call = libc::SYS_mq_unlink;

/// The number of a call that this architecture does not have: no caller can make it.
pub const ABSENT: Call = -1;

/// Calls by path alone, which newer architectures have only relative to a directory.
macro_rules! legacy {
    ($($(#[$doc:meta])* $name:ident = $number:ident;)*) => {
        $(
            $(#[$doc])*
            #[cfg(target_arch = "x86_64")]
            pub const $name: Call = libc::$number;
            $(#[$doc])*
            #[cfg(not(target_arch = "x86_64"))]
            pub const $name: Call = ABSENT;
        )*
    };
}

legacy! {
    /// open(2).
    OPEN = SYS_open;
    /// creat(2).
    CREAT = SYS_creat;
    /// unlink(2).
    UNLINK = SYS_unlink;
    /// rmdir(2).
    RMDIR = SYS_rmdir;
    /// rename(2).
    RENAME = SYS_rename;
    /// link(2).
    LINK = SYS_link;
    /// symlink(2).
    SYMLINK = SYS_symlink;
    /// mkdir(2).
    MKDIR = SYS_mkdir;
    /// mknod(2).
    MKNOD = SYS_mknod;
    /// chmod(2).
    CHMOD = SYS_chmod;
    /// chown(2).
    CHOWN = SYS_chown;
    /// lchown(2).
    LCHOWN = SYS_lchown;
    /// utime(2).
    UTIME = SYS_utime;
    /// utimes(2).
    UTIMES = SYS_utimes;
    /// futimesat(2).
    FUTIMESAT = SYS_futimesat;
}
/// renameat(2).
#[cfg(target_arch = "x86_64")]
pub const RENAMEAT: Call = libc::SYS_renameat;
/// renameat(2): aarch64 has it, other newer architectures do not (`__ARCH_WANT_RENAMEAT`).
#[cfg(not(target_arch = "x86_64"))]
pub const RENAMEAT: Call = if cfg!(target_arch = "aarch64") { 38 } else { ABSENT };
/// openat(2).
pub const OPENAT: Call = libc::SYS_openat;
/// openat2(2).
pub const OPENAT2: Call = libc::SYS_openat2;
/// unlinkat(2).
pub const UNLINKAT: Call = libc::SYS_unlinkat;
/// renameat2(2).
pub const RENAMEAT2: Call = libc::SYS_renameat2;
/// linkat(2).
pub const LINKAT: Call = libc::SYS_linkat;
/// symlinkat(2).
pub const SYMLINKAT: Call = libc::SYS_symlinkat;
/// mkdirat(2).
pub const MKDIRAT: Call = libc::SYS_mkdirat;
/// mknodat(2).
pub const MKNODAT: Call = libc::SYS_mknodat;
/// truncate(2).
pub const TRUNCATE: Call = libc::SYS_truncate;
/// fchmod(2).
pub const FCHMOD: Call = libc::SYS_fchmod;
/// fchmodat(2).
pub const FCHMODAT: Call = libc::SYS_fchmodat;
/// fchown(2).
pub const FCHOWN: Call = libc::SYS_fchown;
/// fchownat(2).
pub const FCHOWNAT: Call = libc::SYS_fchownat;
/// utimensat(2).
pub const UTIMENSAT: Call = libc::SYS_utimensat;
/// setxattr(2).
pub const SETXATTR: Call = libc::SYS_setxattr;
/// lsetxattr(2).
pub const LSETXATTR: Call = libc::SYS_lsetxattr;
/// fsetxattr(2).
pub const FSETXATTR: Call = libc::SYS_fsetxattr;
/// removexattr(2).
pub const REMOVEXATTR: Call = libc::SYS_removexattr;
/// lremovexattr(2).
pub const LREMOVEXATTR: Call = libc::SYS_lremovexattr;
/// fremovexattr(2).
pub const FREMOVEXATTR: Call = libc::SYS_fremovexattr;
/// inotify_add_watch(2).
pub const INOTIFY_ADD_WATCH: Call = libc::SYS_inotify_add_watch;
/// umask(2).
pub const UMASK: Call = libc::SYS_umask;
/// landlock_create_ruleset(2).
pub const LANDLOCK_CREATE_RULESET: Call = libc::SYS_landlock_create_ruleset;
/// fchmodat2(2).
pub const FCHMODAT2: Call = 452;
/// setxattrat(2).
pub const SETXATTRAT: Call = 463;
/// removexattrat(2).
pub const REMOVEXATTRAT: Call = 466;
/// file_setattr(2).
pub const FILE_SETATTR: Call = 469;
/// prctl(2).
pub const PRCTL: Call = libc::SYS_prctl;
