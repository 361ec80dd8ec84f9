"""The project's own C++ files, for the tests that look at all of them."""

import os
import subprocess


def cpp_files(root, folders, endings=(".h", ".cpp")):
    """Paths relative to root, below `folders`: what git knows or would add, or
    all files where there is no git."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z", "--", *folders],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")
    else:
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for top in folders for folder, _, files in os.walk(os.path.join(root, top))
                 for name in files]
    return sorted(name for name in set(names)
                  if name.endswith(endings) and os.path.exists(os.path.join(root, name)))
