#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The recorded components of Genode 16.08, one line each: trace into log, log
# against the kernel's own object space, log restored with new badges.
#
#   run/demo.sh [TOOL [TRACES]]      CAPLOG names the tool as well

set -u

tool=${1:-${CAPLOG:-build/caplog}}
traces=${2:-tests/data/traces}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

# The value of key $1 in the last line of file $2
value() {
	tail -n 1 "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# A step that went wrong: what it said goes to standard error
complain() {
	failed=1
	echo "$name: $1 failed (exit status $2)" >&2
	cat "$work/out" "$work/err" >&2
}

# Run the tool: step name, arguments; its output is in $work/out
step() {
	what=$1
	shift
	"$tool" "$@" >"$work/out" 2>"$work/err"
	status=$?
	[ $status -eq 0 ] || complain "$what" $status
	return $status
}

# The third own RPC object of every component is its constructor
constructor() {
	slot=$("$tool" export "$work/log" |
	       sed -n 's/^rpc_alloc .*kcap=\(0x[0-9a-f]*\)000 .*/\1/p' | sed -n 3p)
	case $("$tool" show "$work/log" | awk -v slot="$slot" '$1 == slot { print $3 }') in
	tombstone) echo freed ;;
	rpc)       echo alive ;;
	*)         echo - ;;
	esac
}

line='%-26s %7s %5s %10s %12s %7s %10s %10s %9s\n'

# shellcheck disable=SC2059 # the format is ours
printf "$line" component events live tombstones constructor kernel leftovers mismatches replayed

for trace in "$traces"/*.trace; do
	name=$(basename "$trace" .trace)
	space=${trace%.trace}.space
	kernel=- leftovers=- mismatches=- replayed=no

	step import import "$trace" -o "$work/log" || continue
	events=$(sed -n 's/.* events=\([0-9]*\).*/\1/p' "$work/err")
	step show show "$work/log" || continue
	live=$(value live "$work/out")
	tombstones=$(value tombstones "$work/out")
	if [ -e "$space" ]; then
		step verify verify "$work/log" --space "$space"
		kernel=$(value kernel "$work/out")
		leftovers=$(value leftovers "$work/out")
		mismatches=$(value mismatches "$work/out")
	fi
	step replay replay "$work/log" && replayed=$(value slots "$work/out")
	# shellcheck disable=SC2059
	printf "$line" "$name" "$events" "$live" "$tombstones" "$(constructor)" "$kernel" \
		"$leftovers" "$mismatches" "$replayed"
done

cat <<'END'

live: capabilities that the log says the component had. mismatches: entries that
the kernel's own object space contradicts. leftovers: kernel slots that the
component no longer uses. replayed: capabilities restored in their old slots
under new badges, and found right. -: recorded while the component was exiting,
without a kernel space.
END
exit $failed
