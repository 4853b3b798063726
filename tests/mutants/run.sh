#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Deliberate small bugs, one at a time, in copies of the tree: which does no test notice?
#
#	tests/mutants/run.sh DIR [NAME...]      names may be patterns
#
# tests/mutants/list has a line each: NAME|FILE|TESTS|SED. SED changes FILE. TESTS are
# programs below build/tests, or below build if they have a slash; a change that passes
# them meets all other tests. A line NAME|FILE|=|ARGUMENT is a bug that no test can
# notice, and why. Runs from the top of the repository. It fails if a change survives, if
# one no longer applies or compiles, or if more than 5 % of the list are arguments.
# The trees stay, so that a second run compiles little; changes of one file follow each other, so
# that it is compiled once for each. NAMED=1: no other tests than TESTS; LIST=FILE: another list.
set -u

dir=$1
shift
export NAMED=${NAMED:-} names=$* MAKE=${MAKE:-make} ASAN=${ASAN:-} CAPLOG_SCALE=${CAPLOG_SCALE:-20} CAPLOG_SEED=${CAPLOG_SEED:-1} SEEDS=${SEEDS:-1}
jobs=${JOBS:-$(nproc)}
list=${LIST:-$PWD/tests/mutants/list}
# each is compiled once and run once
opt="OPT=-O1 -g"
[ -z "$ASAN" ] || opt=ASAN=$ASAN

wanted() {
	local pattern

	[ -n "$names" ] || return 0
	for pattern in $names; do
		case $1 in $pattern) return 0 ;; esac
	done
	return 1
}

# fill TREE: the sources as they are now; what differs is newer than its objects
fill() {
	local entry new=$1.new file

	rm -rf "$new" && mkdir -p "$1/build" "$new" || return 1
	for entry in *; do
		[ "$entry" = build ] || cp -Rp "$entry" "$new/$entry" || return 1
	done
	(cd "$1" && find . -path ./build -prune -o -type f -print) | while read -r file; do
		[ -e "$new/$file" ] || rm "$1/$file"
	done
	diff -rq --exclude=build "$new" "$1" | sed -n "s,^Files \($new/[^ ]*\) and .*,\1,p; s,^Only in \($new.*\): ,\1/,p" |
		while read -r file; do
			file=${file#"$new"/}
			rm -rf "${1:?}/$file"
			mkdir -p "$1/$(dirname "$file")" && cp -R "$new/$file" "$1/$file" || return 1
		done
	rm -rf "$new"
}

path() {
	case $1 in */*) echo "build/$1" ;; *) echo "build/tests/$1" ;; esac
}

make_() { "$MAKE" -s BUILD=build ASAN="$ASAN" "$opt" "$@"; }

# Does a test run the tool? Then it includes what does so
tool_of() { ! grep -qE 't_(files|import)\.h|t_tool' "tests/${1%_wide}.c" 2>/dev/null || echo build/caplog; }

compiles() { make_ $(tool_of "$1") "$(path "$1")" >build/mutant.log 2>&1; }

# A test that a signal ended failed too, and one that takes ten times as long as it should. One
# that failed in a part need not go on with others.
passes() {
	local seconds pid

	seconds=$(cat "$dir/seconds/${1##*/}" 2>/dev/null)
	: >build/mutant.log
	timeout $((60 + 10 * ${seconds:-60})) "$(path "$1")" >build/mutant.log 2>&1 &
	pid=$!
	for ((n = 1; ; n++)); do
		sleep 0.$((n < 40 ? 05 : 5))
		kill -0 $pid 2>/dev/null || break
		! grep -q '^\[  FAILED  \]' build/mutant.log || kill $pid 2>/dev/null
	done
	wait $pid
}

# All of them, at most for as long as a few changes are worth it
passes_all() {
	timeout 900 "$MAKE" -s BUILD=build ASAN="$ASAN" "$opt" run-tests overlay-tests monitor-tests >build/mutant.log 2>&1
}

# try NAME FILE TESTS SED: one line about it
try() {
	local name=$1 file=$2 tests=$3 change=$4 test

	cp -p "$file" build/original
	sed -i "$change" "$file"
	if cmp -s "$file" build/original; then
		echo "  STALE  $name: the change does not apply to $file"
		return
	fi
	for test in $tests; do
		if ! compiles "$test"; then
			tail -5 build/mutant.log >&2
			echo "  STALE  $name: it does not compile"
			return
		fi
		if ! passes "$test"; then
			echo "  KILLED $name by $test"
			return
		fi
	done
	if [ -z "$NAMED" ] && ! passes_all; then
		echo "  KILLED $name, after $tests, by:" $(sed -n 's/^FAILED: //p' build/mutant.log | sed 's,.*/,,')
		return
	fi
	echo "  ALIVE  $name: $file"
}

# worker NUMBER: takes the changes that no other has taken
worker() {
	local name file tests change

	cd "$dir/tree$1" || exit 1
	export CAPLOG_TOOL=$PWD/build/caplog CAPLOG_BUILD=$PWD/build TMPDIR=$PWD/build
	while IFS='|' read -r name file tests change; do
		case $name in '#'* | '') continue ;; esac
		wanted "$name" && [ "$tests" != = ] && mkdir "$dir/taken/$name" 2>/dev/null || continue
		try "$name" "$file" "$tests" "$change" | tee "$dir/taken/$name/result"
		cp build/original "$file" # newer than what was made of the change
	done < <(sort -s -t'|' -k2,2 "$list")
}

# Without a change all of them pass
passes_unchanged() {
	local test begin

	cd "$dir/tree1" || exit 1
	export CAPLOG_TOOL=$PWD/build/caplog CAPLOG_BUILD=$PWD/build TMPDIR=$PWD/build
	for test in $(while IFS='|' read -r name _ tests _; do
		case $name in '#'* | '') continue ;; esac
		[ "$tests" != = ] && wanted "$name" && echo "$tests"
	done <"$list" | tr ' ' '\n' | sort -u); do
		compiles "$test" && begin=$SECONDS && passes "$test" ||
			{ tail -20 build/mutant.log; echo "mutants: $test fails without a change" >&2; exit 1; }
		echo $((SECONDS - begin)) >"$dir/seconds/${test##*/}"
	done
}

mkdir -p "$dir" && dir=$(cd "$dir" && pwd) && rm -rf "$dir/taken" "$dir/seconds" && mkdir "$dir/taken" "$dir/seconds" || exit 1
exec 9>"$dir/lock"
flock -n 9 || { echo "mutants: another run is under way in $dir" >&2; exit 1; }
for i in $(seq "$jobs"); do
	fill "$dir/tree$i" || exit 1
done
(passes_unchanged) || exit 1
for i in $(seq "$jobs"); do
	(worker "$i") &
done
wait

count() { cat "$dir"/taken/*/result 2>/dev/null | grep -c "^  $1"; }
equal=$(grep -c '^[^#|]*|[^|]*|=|' "$list")
lines=$(grep -c '^[^#|]*|' "$list")
[ -n "$names" ] || sed -n 's/^\([^#|]*\)|[^|]*|=|\(.*\)/  EQUAL  \1: \2/p' "$list"
cat "$dir"/taken/*/result 2>/dev/null | grep '^  \(ALIVE\|STALE\)'
echo "$(ls "$dir/taken" | wc -l) mutants in $SECONDS s, $(count ALIVE) survive, $(count STALE) do not apply; $equal of $lines are equivalent"
[ "$(count ALIVE)" = 0 ] && [ "$(count STALE)" = 0 ] && [ $((equal * 20)) -le "$lines" ]
