//! Keys made and used in the workspace: ssh-keygen, openssl. gpg and the agents stand in local.rs.

use crate::workload::{Kind, Script, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "openssl",
        kind: Kind::Script(Script {
            text: OPENSSL,
            says: &["certificate ok", "Verified OK", "round trip"],
            leaves: &["key.pem", "cert.pem", "text.sig"],
            ..USUAL
        }),
    },
    Workload {
        name: "ssh-keygen",
        kind: Kind::Script(Script {
            text: SSH,
            says: &["key@work", "Good \"file\" signature", "mode 600", "host found"],
            leaves: &["keys/id", "keys/id.pub", "keys/rsa", "text.sig"],
            ..USUAL
        }),
    },
];

const OPENSSL: &str = r#"
set -euo pipefail
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=compat 2>/dev/null
openssl verify -CAfile cert.pem cert.pem | sed 's/cert.pem: OK/certificate ok/'
echo text >text && openssl dgst -sha256 -sign key.pem -out text.sig text
openssl x509 -in cert.pem -pubkey -noout >public.pem && openssl dgst -sha256 -verify public.pem -signature text.sig text
echo 'round trip' | openssl enc -aes-256-cbc -pbkdf2 -pass pass:x | openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x
"#;

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
