#!/usr/bin/env bash
# Owns the checks of the policies: form, strictness, tests, and that the tests reach every line of them.
# Must never pass when a policy has no test: coverage below 100 % fails.
# Usage: infra/opa/check.sh [FOLDER]     TRE_OPA names the binary; set-up's by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
policies=${1:-tre/policy/rego}
opa=${TRE_OPA:-$(infra/setup/paths.py | sed -n 's/^TRE_OPA=//p')}

if [ -z "$(find "$policies" -name '*_test.rego' -print -quit)" ]; then
    echo "No policy test in $policies: nothing would be checked." >&2
    exit 1
fi
unformed=$("$opa" fmt --list "$policies")
if [ -n "$unformed" ]; then
    printf 'Not formatted (opa fmt --write %s mends it):\n%s\n' "$policies" "$unformed" >&2
    exit 1
fi
"$opa" check --strict "$policies"
"$opa" test --threshold 100 --coverage --format pretty "$policies" >/dev/null || {
    "$opa" test "$policies" || exit 1
    "$opa" test --coverage --threshold 100 "$policies" | grep -vE '^[[:space:]]*$' >&2
    exit 1
}
"$opa" test "$policies" | tail -n 1
