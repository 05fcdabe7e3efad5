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
"$opa" test "$policies"
# Without a threshold the answer is a report; its uncovered lines are what a person needs to see.
"$opa" test --coverage "$policies" | /usr/bin/python3 -c '
import json, sys
report = json.load(sys.stdin)
bare = {name: file.get("not_covered", []) for name, file in report["files"].items()}
for name, ranges in sorted(bare.items()):
    for lines in ranges:
        print("No test reaches {}:{}-{}".format(name, lines["start"]["row"], lines["end"]["row"]), file=sys.stderr)
print("coverage {:.2f} %".format(report["coverage"]))
sys.exit(report["coverage"] < 100)
'
