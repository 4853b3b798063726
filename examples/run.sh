#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Run the examples together: run.sh DIR [TOOL]
#
# DIR holds the programs. A writer fills a log, a reader follows it meanwhile, a
# monitor plans and executes its restore; what they say must agree. With TOOL,
# `caplog show` must see the same.
set -u

dir=$1
tool=${2:-}
work=$(mktemp -d "$dir/run.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() {
	echo "examples: $*" >&2
	for f in "$work"/*.txt; do echo "--- $f" >&2; tail -n 5 "$f" >&2; done
	exit 1
}

rounds=200
"$dir/writer" "$work/log" $rounds >"$work/writer.txt" &
writer=$!
while [ ! -s "$work/log" ]; do sleep 0.05; done
"$dir/follow" "$work/log" 1 >"$work/follow.txt" 2>&1 || fail "follow failed"
wait $writer || fail "the writer failed"
"$dir/monitor" "$work/log" >"$work/monitor.txt" 2>&1 || fail "the monitor failed"

# each round logs three receptions and a drop; the parent is one more
events=$(awk '$2 == "records" { n += $1 } END { print n + 0 }' "$work/follow.txt")
restored=$(sed -n 's/^restored \([0-9]*\) slots.*/\1/p' "$work/monitor.txt")
[ "$restored" = $((2 * rounds + 1)) ] || fail "restored $restored slots, expected $((2 * rounds + 1))"
[ "$events" -gt 0 ] || fail "follow read no record"
if [ -n "$tool" ]; then
	"$tool" show --unsealed "$work/log" >"$work/show.txt" || fail "caplog show failed"
	live=$(tail -n 1 "$work/show.txt" | tr ' ' '\n' | sed -n 's/^live=//p')
	[ "$live" = "$restored" ] || fail "caplog show counts $live live slots, the monitor $restored"
fi
echo "  RUN   examples: $events records read, $restored slots restored"
