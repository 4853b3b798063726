#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Which lines and branches of some sources does no test reach?
#
#	tests/coverage.sh BUILD SOURCE... -- TEST...
#
# BUILD has the objects of a build with --coverage, and their counts. A TEST is one that
# is compiled together with a source. Prints the lines that are not reached and those of
# which a branch is not taken, then a row per file. A line that cannot be reached, or has
# a branch that cannot be taken, is in tests/coverage.list with its argument. It fails
# below 98 % of the lines or 90 % of the branches, or if an argument has no line.
set -eu

build=$1
shift
sources=" $* "
for source; do
	[ "$source" = -- ] || gcov -b -c -t -o "$build/obj/${source%.c}.o" "$source" ||
		echo "coverage: no counts of $source" >&2
done | awk -v list=tests/coverage.list -v sources="${sources%% -- *} " '
function strip(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
BEGIN {
	while ((getline line < list) > 0)
		if (line !~ /^#/ && split(line, part, "|") >= 3)
			argued[part[1] "|" part[2]] = 1
}
/^ *-: *0:Source:/ {
	file = $0
	sub(/^ *-: *0:Source:/, "", file)
	counts = index(sources, " " file " ") # and not its headers
	if (counts && !(file in files)) {
		files[file] = ++n
		name[n] = file
	}
	next
}
!counts {
	next
}
/^ *[-#=0-9*]+: *[0-9]+:/ {
	split($0, column, ":")
	number = column[2] + 0
	nth = 0
	if (column[1] ~ /-/ || number == 0)
		next
	if (number > last[file])
		last[file] = number
	code = $0
	sub(/^[^:]*:[^:]*:/, "", code)
	text[file, number] = strip(code)
	if (column[1] !~ /#####|=====/)
		reached[file, number] = 1
	next
}
/^branch/ {
	nth++
	if (nth > ways[file, number])
		ways[file, number] = nth
	if ($0 !~ /never executed|taken 0/)
		taken[file, number, nth] = 1
}
END {
	for (i = 1; i <= n; i++) {
		f = name[i]
		l = r = b = t = 0
		for (k = 1; k <= last[f]; k++) {
			if (!((f, k) in text))
				continue
			missed = 0
			for (w = 1; w <= ways[f, k]; w++)
				missed += !((f, k, w) in taken)
			if ((missed || !((f, k) in reached)) && (f "|" text[f, k]) in argued) {
				used[f "|" text[f, k]] = 1
				continue
			}
			l++
			b += ways[f, k]
			t += ways[f, k] - missed
			if ((f, k) in reached)
				r++
			else
				print f ":" k ": not reached: " text[f, k]
			if (missed && ((f, k) in reached))
				print f ":" k ": " missed " of " ways[f, k] " branches not taken: " text[f, k]
		}
		row[i] = sprintf("%-32s %4d of %4d lines, %4d of %4d branches", f, r, l, t, b)
		lines += l; lines_reached += r; branches += b; branches_taken += t
	}
	for (i = 1; i <= n; i++)
		print row[i]
	for (a in argued)
		if (!(a in used)) {
			print "tests/coverage.list: is reached, or no such line: " a
			stale = 1
		}
	printf "lines %.2f %%, branches %.2f %%\n", 100 * lines_reached / lines, 100 * branches_taken / branches
	exit stale || lines_reached * 100 < lines * 98 || branches_taken * 100 < branches * 90
}'
