"""race-tidy on Bazel: one action a source file, one that links.

    load("@race_tidy//:defs.bzl", "race_analysis", "race_test")

    race_analysis(name = "race", deps = [":server"])
    race_test(name = "race_test", deps = [":server"])

The steps are those of ThinLTO (docs/scale.md):

    RaceExtract  for each source: what it says to others, its summary
    RaceImports  for all: what each source should know of the others
    RaceReread   for each source: the summary with that; taken over if it is nothing
    RaceLink     for all: the findings
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

RaceInfo = provider(
    doc = "The sources of a target and of what it depends on.",
    fields = {"units": "depset of structs: source, summary, flags, inputs"},
)

_EXTENSIONS = ["c", "cc", "cpp", "cxx", "c++", "C"]

# What gcc understands and clang does not.
_FOREIGN_FLAGS = ["-fno-canonical-system-headers", "-fstack-usage"]

_PROGRAM = attr.label(
    default = Label("@race_tidy//:program"),
    executable = True,
    allow_files = True,
    cfg = "host",
)

def _flags(ctx, target, source):
    """The compiler's own flags for a source of the target."""
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    is_c = source.extension == "c"
    cpp = ctx.fragments.cpp
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = (cpp.copts + (cpp.conlyopts if is_c else cpp.cxxopts) +
                              getattr(ctx.rule.attr, "copts", [])),
        include_directories = depset(),
    )
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = ACTION_NAMES.c_compile if is_c else ACTION_NAMES.cpp_compile,
        variables = variables,
    )
    context = target[CcInfo].compilation_context
    flags = [flag for flag in flags if flag not in _FOREIGN_FLAGS and flag != "-c"]
    flags += ["-D" + define for define in context.defines.to_list() + context.local_defines.to_list()]
    flags += ["-D" + define for define in getattr(ctx.rule.attr, "local_defines", [])]
    flags += ["-I" + path for path in context.includes.to_list()]
    for path in context.quote_includes.to_list():
        flags += ["-iquote", path]
    for path in context.system_includes.to_list():
        flags += ["-isystem", path]
    return ["clang" if is_c else "clang++"] + flags

def _extract(ctx, program, unit, output, mnemonic, more = [], inputs = []):
    arguments = ctx.actions.args()
    arguments.add_all(["extract", unit.source.path, "--root=."])
    arguments.add("-o", output)
    arguments.add_all(more)
    arguments.add("--")
    arguments.add_all(list(unit.flags))
    ctx.actions.run(
        executable = program,
        arguments = [arguments],
        inputs = depset(inputs, transitive = [unit.inputs]),
        outputs = [output],
        mnemonic = mnemonic,
        progress_message = "Summarising %s" % unit.source.short_path,
    )

def _race_aspect_impl(target, ctx):
    units = []
    rule = ctx.rule
    if CcInfo in target and not target.label.workspace_name and "no-race-tidy" not in rule.attr.tags:
        config = depset(transitive = [label.files for label in ctx.attr._config])
        headers = target[CcInfo].compilation_context.headers
        for source in getattr(rule.files, "srcs", []):
            if source.extension not in _EXTENSIONS:
                continue
            summary = ctx.actions.declare_file(
                "%s.race/%s.race.json" % (target.label.name, source.basename),
            )
            private = [file for file in rule.files.srcs if file.extension not in _EXTENSIONS]
            unit = struct(
                source = source,
                summary = summary,
                # A tuple: what is in a depset cannot be changed.
                flags = tuple(_flags(ctx, target, source)),
                inputs = depset([source] + private, transitive = [headers, config]),
            )
            _extract(ctx, ctx.executable._program, unit, summary, "RaceExtract")
            units.append(unit)
    below = [
        dep[RaceInfo].units
        for name in ["deps", "implementation_deps"]
        for dep in getattr(rule.attr, name, [])
        if RaceInfo in dep
    ]
    all_units = depset(units, transitive = below)
    return [
        RaceInfo(units = all_units),
        OutputGroupInfo(race_summaries = depset([unit.summary for unit in units])),
    ]

race_aspect = aspect(
    implementation = _race_aspect_impl,
    doc = "Writes the summary of every source of a C or C++ target, and of those below it. " +
          "Targets of other repositories, and those with the tag no-race-tidy, are left alone.",
    attr_aspects = ["deps", "implementation_deps"],
    attrs = {
        "_cc_toolchain": attr.label(default = Label("@bazel_tools//tools/cpp:current_cc_toolchain")),
        "_config": attr.label_list(default = [Label("@race_tidy//:config")]),
        "_program": _PROGRAM,
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def _summaries(arguments, units):
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    arguments.add_all([unit.summary for unit in units])

def _reread(ctx, units, number):
    """The units with summaries that know what linking these ones finds."""
    program = ctx.executable._program
    folder = "%s.race/%d/" % (ctx.label.name, number)
    imports = [
        ctx.actions.declare_file(folder + unit.summary.short_path + ".imports")
        for unit in units
    ]
    arguments = ctx.actions.args()
    _summaries(arguments, units)
    arguments.add_all(imports, format_each = "--imports=%s")
    ctx.actions.run(
        executable = program,
        arguments = ["link", "--quiet", "--no-findings", "--root=.", arguments],
        inputs = [unit.summary for unit in units],
        outputs = imports,
        mnemonic = "RaceImports",
        progress_message = "Linking %d summaries for %s" % (len(units), ctx.label),
    )
    result = []
    for unit, news in zip(units, imports):
        summary = ctx.actions.declare_file(folder + unit.summary.short_path)
        _extract(
            ctx,
            program,
            unit,
            summary,
            "RaceReread",
            more = ["--imports=" + news.path, "--known=" + unit.summary.path],
            inputs = [news, unit.summary],
        )
        result.append(struct(
            source = unit.source,
            summary = summary,
            flags = unit.flags,
            inputs = unit.inputs,
        ))
    return result

def _analyze(ctx):
    """Declares the actions; the file with the findings, empty if there are none."""
    units = depset(transitive = [dep[RaceInfo].units for dep in ctx.attr.deps]).to_list()
    if not units:
        fail("there is no C or C++ source in the deps")
    for number in range(1, ctx.attr.rounds + 1):
        units = _reread(ctx, units, number)
    findings = ctx.actions.declare_file(ctx.label.name + ".txt")
    arguments = ctx.actions.args()
    _summaries(arguments, units)
    more = list(ctx.attr.options)
    sources = depset(transitive = [unit.inputs for unit in units])
    own = [unit.summary for unit in units]
    if ctx.file.baseline:
        more.append("--baseline=" + ctx.file.baseline.path)
        own.append(ctx.file.baseline)

    # Sources, since they are quoted and may say NOLINT. Findings are no failure
    # of the build.
    ctx.actions.run_shell(
        command = '"$@" > {out}; status=$?; test $status -le 1 || exit $status'.format(
            out = findings.path,
        ),
        arguments = [ctx.executable._program.path, "link", "--quiet", "--root=."] + more + [arguments],
        tools = [ctx.executable._program],
        inputs = depset(own, transitive = [sources]),
        outputs = [findings],
        mnemonic = "RaceLink",
        progress_message = "Analysing %s" % ctx.label,
    )
    return findings

_ATTRIBUTES = {
    "deps": attr.label_list(
        aspects = [race_aspect],
        providers = [CcInfo],
        mandatory = True,
        doc = "The program: its binary, or its libraries.",
    ),
    "baseline": attr.label(
        allow_single_file = True,
        doc = "Findings that are known, as `race-tidy analyze --write-baseline` writes them.",
    ),
    "options": attr.string_list(doc = "More options of `race-tidy link`."),
    "rounds": attr.int(
        default = 2,
        doc = "How often sources are read again for which linking has news. Each round carries " +
              "what a function does one file further up.",
    ),
    "_program": _PROGRAM,
}

def _race_analysis_impl(ctx):
    return [DefaultInfo(files = depset([_analyze(ctx)]))]

race_analysis = rule(
    implementation = _race_analysis_impl,
    doc = "NAME.txt: the findings in a program.",
    attrs = _ATTRIBUTES,
)

def _race_test_impl(ctx):
    findings = _analyze(ctx)
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        script,
        "#!/bin/sh\ncat '{0}'\ntest ! -s '{0}'\n".format(findings.short_path),
        is_executable = True,
    )
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(files = [findings]),
        files = depset([script, findings]),
    )]

race_test = rule(
    implementation = _race_test_impl,
    doc = "Fails if there are findings, or findings that the baseline does not know.",
    attrs = _ATTRIBUTES,
    test = True,
)
