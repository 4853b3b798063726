#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Deliberate small bugs, one at a time, in a copy of the tree: which does no test notice?
#
#	tests/mutants/run.sh DIR [NAME...]
#
# tests/mutants/list has a line each: NAME|FILE|TESTS|SED. TESTS are programs
# below build/tests; SED changes FILE. A line NAME|FILE|=|ARGUMENT is a bug that
# no test can notice, and why. Runs from the top of the repository. It fails if
# more than 5 % survive, or a line no longer changes its file or compiles.
set -u

dir=$1
shift
tree=$dir/tree
list=tests/mutants/list
MAKE=${MAKE:-make}

rm -rf "$dir" # objects of a changed file must not stay
mkdir -p "$tree" || exit 1
for entry in *; do
	case $entry in
	build | "${dir%%/*}") ;;
	*) rm -rf "${tree:?}/$entry.new" && cp -Rp "$entry" "$tree/$entry.new" &&
		rm -rf "${tree:?}/$entry" && mv "$tree/$entry.new" "$tree/$entry" || exit 1 ;;
	esac
done
cd "$tree" || exit 1
export CAPLOG_TOOL=$PWD/build/caplog CAPLOG_BUILD=$PWD/build TMPDIR=$PWD/build CAPLOG_SCALE=${CAPLOG_SCALE:-20}

wanted() {
	[ -n "$names" ] || return 0
	case " $names " in *" $1 "*) ;; *) return 1 ;; esac
}

# A test that a signal ended failed too
passes() { timeout 120 "build/tests/$1" >build/mutant.log 2>&1; }

names=$* total=0 survivors=0 broken=0
mkdir -p build

# without a change all of them pass
for test in $(while IFS='|' read -r name _ tests _; do
	case $name in '#'* | '') continue ;; esac
	[ "$tests" != = ] && wanted "$name" && echo "$tests"
done <"$list" | tr ' ' '\n' | sort -u); do
	"$MAKE" -s "build/tests/$test" >build/mutant.log 2>&1 && passes "$test" ||
		{ tail -20 build/mutant.log; echo "mutants: $test fails without a change" >&2; exit 1; }
done

while IFS='|' read -r name file tests change; do
	case $name in '#'* | '') continue ;; esac
	wanted "$name" || continue
	if [ "$tests" = = ]; then
		echo "  EQUAL  $name: $change"
		continue
	fi
	total=$((total + 1))
	cp -p "$file" build/original
	sed -i "$change" "$file"
	killer=
	if cmp -s "$file" build/original; then
		echo "  STALE  $name: the change does not apply to $file"
		broken=$((broken + 1))
		continue
	fi
	for test in $tests; do
		if ! "$MAKE" -s "build/tests/$test" >build/mutant.log 2>&1; then
			tail -5 build/mutant.log
			echo "  STALE  $name: it does not compile"
			broken=$((broken + 1))
			killer=none
			break
		fi
		passes "$test" || { killer=$test; break; }
	done
	[ -n "$killer" ] || { echo "  ALIVE  $name: $file passes $tests"; survivors=$((survivors + 1)); }
	[ -z "$killer" ] || [ "$killer" = none ] || echo "  KILLED $name by $killer"
	cp -p build/original "$file"
	rm -f "build/obj/${file%.c}.o" # of the changed one
done <"$OLDPWD/$list"
echo "$total mutants, $survivors survive"
[ $broken -eq 0 ] && [ $((survivors * 20)) -le $total ]
