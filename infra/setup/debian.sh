#!/usr/bin/env bash
# Owns the Debian packages: says which are missing, then installs those and no others.
# Must never touch a package that is there, nor leave a service running that it brought.
# Usage: debian.sh missing|install SET...     a set is a word of debian-packages.txt: base, test
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
task=$1
shift
wanted=" $* "

missing() {
    local package group proof
    while read -r package group proof _; do
        [[ $package == \#* || $wanted != *" $group "* ]] && continue
        compgen -G "$proof" >/dev/null || echo "$package"
    done <"$here/debian-packages.txt"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

names=$(missing | tr '\n' ' ')
if [ "$task" = missing ]; then
    echo "$names"
    exit 0
fi
[ -n "$names" ] || exit 0

echo "Debian packages: installing ${names}(they are missing; nothing else is changed)"
if ! command -v apt-get >/dev/null; then
    echo "Debian packages: this machine has no apt-get. Install what these names stand for, then run the same command again: $names" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "Debian packages: installing needs root or sudo. Ask an administrator for: apt-get install $names" >&2
    exit 1
fi

# Debian starts a database cluster of its own with the package; the tests start theirs, on a free port, and stop it.
if [[ $names == *postgresql* ]]; then
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/tre.conf >/dev/null
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
# shellcheck disable=SC2086  # one word for each package
if ! { as_root "${apt[@]}" update && as_root "${apt[@]}" install --no-install-recommends $names; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "Debian packages: apt-get could not install $names(see above). Mend it, then run the same command again." >&2
    exit 1
fi

left=$(missing | tr '\n' ' ')
if [ -n "$left" ]; then
    echo "Debian packages: still missing after installing: $left" >&2
    exit 1
fi
