"""other_build.py RACE_TIDY INDEX OUT: copies race-tidy as if it were built of
other sources: the hash of its sources, which the index names, is another one."""

import os
import shutil
import sqlite3
import sys

tool, index, out = sys.argv[1:]
with sqlite3.connect(index) as database:
    row = database.execute("SELECT value FROM meta WHERE key = 'producer'").fetchone()
digest = row[0].rsplit(" ", 1)[1].encode()
with open(tool, "rb") as file:
    program = file.read()
assert len(digest) == 16 and digest in program, digest
with open(out, "wb") as file:
    file.write(program.replace(digest, digest[::-1]))
shutil.copymode(tool, out)
os.utime(out)
