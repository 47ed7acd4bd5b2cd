"""Runs a command on a terminal of its own: terminal.py LIMIT STEP... -- COMMAND...

Steps, in order: `wait:TEXT` until the terminal shows it, `type:TEXT` (escapes as in Python),
`close` the terminal. Prints what the terminal showed and, last, the exit status.
"""
import os, pty, select, signal, sys, time

limit = time.monotonic() + float(sys.argv[1])
split = sys.argv.index("--")
steps, command = sys.argv[2:split], sys.argv[split + 1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, at, is_open = b"", 0, True


def listen(seconds):
    global shown
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        got = os.read(terminal, 65536)
    except OSError:
        return False
    shown += got
    return bool(got)


for step in steps:
    kind, _, text = step.partition(":")
    text = text.encode().decode("unicode_escape").encode()
    if kind == "wait":
        while text not in shown[at:] and time.monotonic() < limit and listen(0.02):
            pass
        at = max(at, shown.find(text, at))
    elif kind == "type":
        os.write(terminal, text)
    elif kind == "close":
        os.close(terminal)
        is_open = False
while True:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done or time.monotonic() > limit:
        break
    is_open = is_open and listen(0.01) or (time.sleep(0.01), False)[1]
if not done:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
while is_open and listen(0):
    if not select.select([terminal], [], [], 0)[0]:
        break
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
print(f"\nstatus {os.waitstatus_to_exitcode(status)}" + ("" if done else " (time)"))
