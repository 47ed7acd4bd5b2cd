//! Attacks by System V IPC and POSIX message queues (row 70): objects have numbers or names of their own, not places, and
//! whoever has the number has the object.

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, Place, Run, World, poll};
use std::fs;
use std::os::unix::fs::MetadataExt;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_70_objects_of_outsiders").attack_code(foreign).everywhere(),
        Case::new("row_70_objects_of_the_run").twin_code(own).everywhere(),
        Case::new("row_70_message_queues").attack_code(queues).everywhere(),
        Case::new("row_70_memory_with_a_name").twin_code(named_memory),
        Case::new("row_70_objects_of_a_run_cut_off").attack_code(cut_off).goes_itself(),
    ]
}

/// An object of an outsider; removed when dropped.
struct Object<'w> {
    world: &'w World,
    remove: &'static str,
    id: String,
    key: String,
}

impl<'w> Object<'w> {
    fn new(world: &'w World, make: &str, table: &str, remove: &'static str) -> Self {
        let said = Run::at(world, Place::Plain, "/usr/bin/ipcmk");
        let said = said.args(make.split(' ')).end().expect(0).out;
        let id = said.trim_end().rsplit(' ').next().unwrap().to_owned();
        let all = fs::read_to_string(format!("/proc/sysvipc/{table}")).unwrap();
        let mut lines = all.lines().map(str::split_ascii_whitespace);
        let key = lines.find_map(|mut words| {
            let key = words.next()?;
            (words.next()? == id).then(|| key.to_owned())
        });
        Self { world, remove, id, key: key.expect("it is in the table") }
    }

    fn is_there(&self) -> bool {
        let tool = Run::at(self.world, Place::Plain, "/usr/bin/ipcs");
        let said = tool.args([&self.remove.to_lowercase(), "-i", &self.id]).end();
        !said.out.trim().is_empty()
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        let tool = Run::at(self.world, Place::Plain, "/usr/bin/ipcrm");
        tool.args([&self.remove.to_lowercase(), &self.id]).end();
    }
}

fn foreign(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let memory = Object::new(&world, "-M 4096", "shm", "-M");
    let signs = Object::new(&world, "-S 1", "sem", "-S");
    let queue = Object::new(&world, "-Q", "msg", "-Q");
    // Commands are numbers: 0 removes, 1 sets, 2 tells, 3 and more list (sys/ipc.h, sys/shm.h).
    let orders = [
        ("shm_attach {m}", "EACCES"),
        ("shm_control {m} 2", "EACCES"),
        ("shm_control {m} 1", "EACCES"),
        ("shm_control {m} 0", "EPERM"),
        ("shm_control 0 3", "EACCES"),
        ("shm_control 0 13", "EACCES"),
        ("shm_control 0 14", "EACCES"),
        ("shm_control 0 15", "EACCES"),
        ("shm_key {mk} 0600", "EACCES"),
        ("shm_key {mk} 01600", "EACCES"),
        ("shm_key {mk} 03600", "EEXIST"),
        ("shm_key {mk} 0", "EACCES"),
        ("sem_add {s}", "EACCES"),
        ("sem_control {s} 2", "EACCES"),
        ("sem_control {s} 12", "EACCES"),
        ("sem_control {s} 0", "EPERM"),
        ("sem_control 0 18", "EACCES"),
        ("sem_control 0 19", "EACCES"),
        ("sem_key {sk} 01600", "EACCES"),
        ("msg_send {q}", "EACCES"),
        ("msg_receive {q}", "EACCES"),
        ("msg_control {q} 2", "EACCES"),
        ("msg_control {q} 0", "EPERM"),
        ("msg_control 0 11", "EACCES"),
        ("msg_control 0 12", "EACCES"),
        ("msg_key {qk} 01600", "EACCES"),
    ];
    let fill = |text: &str| {
        let pairs = [("{m", &memory), ("{s", &signs), ("{q", &queue)];
        pairs.iter().fold(text.to_owned(), |text, (name, object)| {
            text.replace(&format!("{name}k}}"), &object.key)
                .replace(&format!("{name}}}"), &object.id)
        })
    };
    let texts: Vec<String> = orders.iter().map(|(order, _)| fill(order)).collect();
    world.put("workspace/orders", texts.join("\n"));
    // Bare the first of each does what it says.
    for order in ["shm_attach {m}", "shm_key {mk} 0600", "sem_add {s}", "msg_send {q}"] {
        let order = fill(order);
        let bare = Run::at(&world, Place::Plain, "./probe").args(order.split(' '));
        bare.end().expect(0);
    }
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    // Another stockade around has none of this, and says so first.
    let nothing = who.place == Place::Stockade;
    let wanted = orders.iter().map(|(order, answer)| {
        let op = order.split(' ').next().unwrap_or_default();
        format!("{op} {}\n", if nothing { "EPERM" } else { answer })
    });
    assert_eq!(ended.out, wanted.collect::<String>(), "{ended:?}");
    assert!(memory.is_there() && signs.is_there() && queue.is_there(), "an object is gone");
}

/// What a run makes it may use, and it is gone afterwards, whatever the program leaves behind.
fn own(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    // Nobody else has it: tests run beside each other.
    let key = format!("{:#x}", 0x4000_0000 + fs::metadata(&world.top).unwrap().ino() % 0x1000_0000);
    world.put("workspace/orders", format!("system_v {key}\nmsg_key {key} 01600\n"));
    let before = tables();
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    if who.place == Place::Stockade {
        return assert_eq!(ended.out, "system_v EPERM\nmsg_key EPERM\n", "{ended:?}");
    }
    assert_eq!(ended.out, "system_v ok\nmsg_key ok\n", "{ended:?}");
    let left: Vec<String> = tables().into_iter().filter(|line| !before.contains(line)).collect();
    let ours = |line: &&String| line.contains(&key[2..]) || line.contains(&decimal(&key));
    assert_eq!(left.iter().find(ours), None, "something outlives the run");
}

/// Killed by the one signal that nobody can catch, the front takes the objects along.
fn cut_off(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let key = format!("{:#x}", 0x5000_0000 + fs::metadata(&world.top).unwrap().ino() % 0x1000_0000);
    let text = format!("./probe msg_key {key} 01600; ./probe shm_key {key} 01600; exec sleep 60");
    world.put("workspace/work.sh", text);
    let running = world.stockade(["run", "--", "/bin/sh", "work.sh"]).start();
    let there = || tables().iter().filter(|line| line.contains(&decimal(&key))).count();
    assert!(poll(|| there() == 2), "nothing is made: {}", running.printed());
    drop(running);
    assert!(poll(|| there() == 0), "something outlives the run");
    nothing_left(&world);
}

/// Queues with names lie in no directory: one of an outsider is neither used nor removed, and none is
/// made that would be there afterwards.
fn queues(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let id = fs::metadata(&world.top).unwrap().ino();
    let (theirs, ours) = (format!("stockade-{id}-theirs"), format!("stockade-{id}-ours"));
    let bare = |order: &str| Run::at(&world, Place::Plain, "./probe").args(order.split(' ')).end();
    let (made, opened) = (format!("queue_open {theirs} 0102"), format!("queue_open {theirs} 2"));
    bare(&made).expect(0);
    let orders = [
        opened.clone(),
        format!("queue_open {theirs} 0"),
        format!("queue_open {theirs} 1"),
        format!("queue_remove {theirs}"),
        format!("queue_open {ours} 0102"),
        format!("queue_open {ours} 0302"),
    ];
    world.put("workspace/orders", orders.join("\n"));
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    let (left, there) = (bare(&format!("queue_remove {ours}")), bare(&opened));
    bare(&format!("queue_remove {theirs}")).expect(0);
    assert!(ended.out.lines().count() == 6 && !ended.out.contains(" ok"), "{ended:?}");
    assert_eq!(left.out, "queue_remove ENOENT\n", "the run left one: {ended:?}");
    there.expect(0);
}

/// What programs use instead, memory and semaphores that are files, work.
fn named_memory(who: Identity) {
    let world = World::new(who);
    let text = "from multiprocessing import Process, Queue, Semaphore\n\
                from multiprocessing.shared_memory import SharedMemory\n\
                memory = SharedMemory(create=True, size=64); queue = Queue(); turn = Semaphore(0)\n\
                def work():\n turn.acquire(); there = SharedMemory(memory.name); queue.put(bytes(there.buf[:5]))\n\
                one = Process(target=work); one.start(); memory.buf[:5] = b'share'; turn.release()\n\
                print(queue.get(timeout=9)); one.join(); memory.unlink()\n";
    world.put("workspace/work.py", text);
    let ended = world.stockade(["run", "--", "python3", "work.py"]).end();
    assert_eq!(ended.out, "b'share'\n", "{ended:?}");
}

fn decimal(key: &str) -> String {
    u32::from_str_radix(&key[2..], 16).unwrap().to_string()
}

/// What there is: a line an object, without its times.
fn tables() -> Vec<String> {
    let read = |name: &str| fs::read_to_string(format!("/proc/sysvipc/{name}")).unwrap();
    let all = ["shm", "sem", "msg"].map(read).concat();
    all.lines().map(str::to_owned).collect()
}
