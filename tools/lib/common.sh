# What the scripts in tools/ share. Sourced by bash, with the repository's root
# in $root.

build=$root/build
log=$build/setup.log
jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '%s\n' "$*"; }

# One line, then the end.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# run_logged <what> <command...>: the command with its output in the log only,
# unless it fails: then one line says so, and the end of the log is shown.
run_logged() {
  local what=$1
  shift
  mkdir -p "$build"
  printf '\n$ %s\n' "$*" >>"$log"
  if ! "$@" >>"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    die "$what failed; all of its output is in ${log#"$root"/}"
  fi
}

# as_root <command...>: directly as root, otherwise by sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# missing_packages <package...>: those that are not installed, one a line.
missing_packages() {
  local package
  for package; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      printf '%s\n' "$package"
  done
}

# install_packages <what for> <package...>: says what it installs and installs
# only what is missing.
install_packages() {
  local purpose=$1 missing
  shift
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "no apt-get here: race-tidy is set up on Debian 12 or 13; elsewhere install by hand what tools/setup lists and set RACE_NO_SETUP=1"
  missing=$(missing_packages "$@" | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "neither root nor sudo; as root run: apt-get update && apt-get install --no-install-recommends $missing"
  fi
  say "Installing $purpose: $missing"
  say "  (log: ${log#"$root"/})"
  # A broken third-party source must not stop an install that does not need it.
  mkdir -p "$build"
  as_root apt-get update >>"$log" 2>&1 </dev/null ||
    say "  apt-get update had errors (see the log); trying with the package lists at hand"
  # shellcheck disable=SC2086 # one word a package
  run_logged "apt-get install" as_root apt-get install -y --no-install-recommends $missing
}

# configure_and_build [target...]: the release preset, in build/. Quick when
# nothing changed.
configure_and_build() {
  if [ ! -f "$build/build.ninja" ]; then
    say "Configuring (preset release, in build/)"
    (cd "$root" && run_logged "cmake --preset release" cmake --preset release)
  fi
  if [ -f "$build/lib/RaceTidy.so" ]; then
    say "Bringing the build up to date"
  else
    say "Building with $jobs jobs (the first time takes some minutes)"
  fi
  if [ -t 1 ]; then
    ninja -C "$build" -j "$jobs" "$@" || die "the build failed: see above"
  else
    # Not every step as a line: those that fail, and the last.
    ninja -C "$build" -j "$jobs" --quiet "$@" || die "the build failed: see above"
  fi
}
