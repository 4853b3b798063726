#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Every C and C++ source and header of the tree was compiled by some build step
#
#	tests/compiled.sh BUILD
#
# What was compiled is in the dependency files (*.d) below BUILD. EXCEPTIONS lists
# what is not, with the reason, as shell patterns; a pattern that matches nothing
# but what was compiled is itself an error. Runs from the top of the repository.
set -u

build=$1
tree="lib monitor base-foc-patch pd_ext tests bench run examples"

exceptions() {
	sed 's/ *#.*//; /^$/d' <<'END'
# compiled in a changed copy of the tree, by tests/recipe.sh
tests/recipe/driver.c
# of a release without stand-in headers for programs yet
bench/genode-26.02/*
tests/genode-26.02/*
END
}

# Where there is no compiler for ARM, its sources are left out, and overlay.sh says so;
# make fuzz compiles what is in the place of another header for the fuzzers
optional() {
	sed 's/ *#.*//; /^$/d' <<'END'
tests/t_bytes.h
base-foc-patch/common/src/lib/base/spec/arm/*
monitor/genode/monitor/spec/arm/*
END
}

work=$build/compiled
mkdir -p "$work" || exit 1

for dir in $tree; do
	[ ! -d "$dir" ] || find "$dir" -type f \( -name '*.c' -o -name '*.cc' -o -name '*.h' -o -name '*.S' \)
done | sort >"$work/all"

# Names in dependency files, "a/../b" made "b"
find "$build" -name '*.d' -type f -exec cat {} + | tr ' \\:' '\n\n\n' | grep '\.[chS]c\{0,1\}$' |
	sed -e ':again' -e 's,[^/.][^/]*/\.\./,,' -e 't again' | sort -u >"$work/compiled"

comm -23 "$work/all" "$work/compiled" >"$work/left"

failed=0
: >"$work/named"
for list in exceptions optional; do
	while IFS= read -r pattern; do
		found=''
		while IFS= read -r file; do
			# shellcheck disable=SC2254 # a pattern
			case $file in $pattern) found=1; echo "$file" >>"$work/named" ;; esac
		done <"$work/left"
		[ -n "$found" ] || [ $list = optional ] ||
			{ echo "compiled: exception $pattern: all of it is compiled, remove it from $0" >&2; failed=1; }
	done <<-END
		$($list)
	END
done

sort -u "$work/named" | comm -23 "$work/left" - >"$work/wrong"
if [ -s "$work/wrong" ]; then
	echo "compiled: no build step compiles these; add one, or an exception with its reason in $0:" >&2
	sed 's/^/  /' "$work/wrong" >&2
	failed=1
fi
[ $failed = 0 ] || exit 1
echo "  TEST  tests/compiled.sh: $(wc -l <"$work/all") files, $(sort -u "$work/named" | wc -l) of them not compiled, for named reasons"
