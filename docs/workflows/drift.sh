#!/bin/sh
# Fetches the venues' pages again, in any CI, from the root of the project:
#
#     drift.sh [CLIENT ...]
#
# Leaves in $REPORTS (reports/ by default) a page for people (drift.html), results that every CI can
# show (drift.xml, as of JUnit), and the new pages and clients as a patch (drift.patch); the work tree
# is as it was. Exit code: 0 nothing breaks, 1 something does or nothing could be had, 2 wrong settings.
set -eu

reports=${REPORTS:-reports}
mkdir -p "$reports"
if [ -n "$(git status --porcelain --untracked-files=no; git status --porcelain -- specs generated)" ]; then
    echo "there are changes that are not committed" >&2
    exit 2
fi

code=0
venuekit drift --format html --fail-on none "$@" > "$reports/drift.html" || code=$?
[ "$code" -lt 2 ] || exit "$code"

code=0
venuekit drift --update --format junit "$@" > "$reports/drift.xml" || code=$?
if [ -n "$(git status --porcelain -- specs)" ]; then
    # Where that fails, the patch has the pages alone, for somebody to mend.
    venuekit generate || true
fi
git add --all -- specs generated
git diff --cached --binary -- specs generated > "$reports/drift.patch"
git reset --quiet --hard
exit "$code"
