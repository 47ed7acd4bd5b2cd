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
