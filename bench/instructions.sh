#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Instructions per call of the hot paths, by callgrind, the calls below included
#
#   instructions.sh BENCH
bench=$1
n=3500
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# total PATH LIVE FUNCTION N: instructions within FUNCTION
total() {
	valgrind --tool=callgrind --toggle-collect="$3" --callgrind-out-file="$dir/out" \
		"$bench" --count "$1" "$2" "$4" >/dev/null 2>&1
	sed -n 's/^\(summary\|totals\): //p' "$dir/out" | head -1
}

# each PATH LIVE FUNCTION: filling the map counts as well, so two runs are needed
each() {
	one=$(total "$1" "$2" "$3" $n)
	two=$(total "$1" "$2" "$3" $((2 * n)))
	echo $((two - one)) | awk -v n=$n '{ printf "%.0f", $1 / n }'
}

row() { # TEXT PATH FLAT STOCK
	for live in 64 3500; do
		flat=$(each "$2" $live "$3")
		stock=-
		[ -n "$4" ] && stock=$(each "$2" $live "$4")
		printf '%-36s %6s %8s %8s\n' "$1" $live "$flat" "$stock"
	done
}

printf '%-36s %6s %8s %8s\n' "instructions per call" live flat stock
row "append one record"                  append       caplog_append         ""
row "insert_map, new (with log)"         receive-drop caplog_map_insert_map stock_insert_map
row "remove (with log)"                  receive-drop caplog_map_remove     stock_remove
row "insert_map, known"                  known        caplog_map_insert_map stock_insert_map
row "find, present"                      present      caplog_map_find       stock_find
row "find, absent"                       absent       caplog_map_find       stock_find
row "allocate a window"                  window       caplog_map_alloc      stock_alloc
row "free a window"                      window       caplog_map_free       stock_free
