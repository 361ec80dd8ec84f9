"""What race-tidy needs from the machine."""

def _race_tidy_program_impl(ctx):
    program = ctx.attr.path or ctx.os.environ.get("RACE_TIDY") or ctx.which("race-tidy")
    if not program:
        fail("no race-tidy in PATH: install it, or set RACE_TIDY to the program")

    # A link, so that actions have the program itself as an input: another
    # version means other results.
    ctx.symlink(program, "race-tidy")
    ctx.file("BUILD", 'exports_files(["race-tidy"], visibility = ["//visibility:public"])\n')

race_tidy_program = repository_rule(
    implementation = _race_tidy_program_impl,
    doc = "The race-tidy of this machine. Its LLVM libraries and clang's own headers are those " +
          "of the system, as a compiler's are.",
    attrs = {"path": attr.string(doc = "Where it is; RACE_TIDY or PATH if it is not given.")},
    environ = ["RACE_TIDY", "PATH"],
    local = True,
)
