"""on_terminal.py COMMAND...: runs it with a terminal as its stderr, and prints what
it writes there, with the control characters in words."""

import os
import pty
import subprocess
import sys

master, slave = pty.openpty()
with subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=slave) as process:
    os.close(slave)
    text = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        text += part
print(text.decode().replace("\r\n", "\n").replace("\r\033[K", "\n<wipe>"), end="")
sys.exit(process.returncode)
