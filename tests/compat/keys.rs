//! Keys made and used in the workspace: ssh-keygen. gpg and the agents stand in local.rs; what openssl owes in owed.rs.

use crate::workload::{Kind, Script, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[Workload {
    name: "ssh-keygen",
    kind: Kind::Script(Script {
        text: SSH,
        says: &["key@work", "Good \"file\" signature", "mode 600", "host found"],
        leaves: &["keys/id", "keys/id.pub", "keys/rsa", "text.sig"],
        ..USUAL
    }),
}];

const SSH: &str = r#"
set -euo pipefail
mkdir -m 700 keys
ssh-keygen -q -t ed25519 -N '' -C key@work -f keys/id && cut -d' ' -f1,3 keys/id.pub
ssh-keygen -q -t rsa -b 2048 -N 'a phrase' -C rsa@work -f keys/rsa
ssh-keygen -y -P 'a phrase' -f keys/rsa | cut -d' ' -f1
ssh-keygen -q -p -P 'a phrase' -N '' -f keys/rsa && echo "mode $(stat -c %a keys/id)"
echo text >text && ssh-keygen -q -Y sign -f keys/id -n file text
echo "key@work $(cat keys/id.pub)" >signers
ssh-keygen -Y verify -f signers -I key@work -n file -s text.sig <text | cut -d' ' -f1-6
echo "example.invalid $(cut -d' ' -f1,2 keys/id.pub)" >hosts
ssh-keygen -q -H -f hosts >/dev/null 2>&1; ssh-keygen -F example.invalid -f hosts >/dev/null && echo host found
ssh-keygen -l -f keys/id.pub | cut -d' ' -f1,3-
"#;
