//! Attacks by privileges: setuid programs, capabilities, other users (row 81).

use super::case::{Case, put_probe_at};
use super::support::{Identity, Who, World};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

/// A setuid program that belongs to a user one is not.
fn plant_setuid(world: &World) {
    let helper = world.workspace().join("helper");
    put_probe_at(world, &helper);
    if Identity::is_root() {
        let owner = world.identity.somebody_else();
        chown(&helper, Some(owner), None).unwrap();
        // After the change of owner, which clears the bit.
        fs::set_permissions(&helper, Permissions::from_mode(0o4755)).unwrap();
    }
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_81_setuid")
            .prepare(plant_setuid)
            .attack(&[
                // The helper's answer is its exit status: 1, which reads as EPERM.
                "run {ws}/helper is_uid {other} -> EPERM [not fake-root]",
                // A user namespace has no such user, or it is oneself under another name.
                "become {other} -> EPERM|EINVAL [root] [not fake-root]",
                "run /usr/bin/su -c true -> EPERM|EACCES [root]",
            ])
            .twin(&["run {ws}/helper read /etc/passwd", "status NoNewPrivs 1", "status Seccomp 2"]),
        Case::new("row_81_capabilities").twin(&[
            "status CapInh 0000000000000000",
            "status CapPrm 0000000000000000",
            "status CapEff 0000000000000000",
            "status CapAmb 0000000000000000",
        ]),
        Case::new("row_81_capabilities_of_root").attack_code(|who| {
            // An ordinary user cannot drop the bounding set; without privileges it bounds nothing.
            if who.who == Who::Root {
                let world = World::new(who);
                super::case::put_probe(&world);
                world.put("workspace/orders", "status CapBnd 0000000000000000\n");
                world.stockade(["run", "--", "./probe", "@orders"]).end().expect(0);
            }
        }),
        Case::new("row_81_files_of_others")
            .prepare(|world| {
                if Identity::is_root() {
                    let path = world.put("workspace/theirs", "of somebody else\n");
                    let owner = world.identity.somebody_else();
                    chown(&path, Some(owner), Some(owner)).unwrap();
                    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
                }
            })
            .attack(&["read {ws}/theirs -> EACCES [root]", "write {ws}/theirs -> EACCES [root]"]),
    ]
}
