#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The examples of the pages of section 3 compile: man_examples.sh DIR
#
# Each is the body of a function that knows what its text takes for granted; CC
# and INC come from make.
set -u

dir=$1
rm -rf "$dir"
mkdir -p "$dir"
count=0
for page in man/*.3; do
	name=$(basename "$page" .3)
	# headers of the engine get their directory when they are installed
	for header in caplog/writer.h caplog/map.h caplog/kept.h caplog/pool.h caplog/plan.h caplog/file.h engine.h; do
		echo "#include <$header>"
	done >"$dir/$name.c"
	cat >>"$dir/$name.c" <<-'END'
		#include <stdio.h>

		extern unsigned char *log;
		extern size_t size;
		extern const char *path;
		extern struct caplog_diag why;
		extern const struct caplog_flavour *flavour;
		extern struct caplog_writer writer;
		extern struct caplog_plan *plan;
		extern struct caplog_space *space;
		extern struct caplog_ops ops;
		extern struct caplog_pool pool;
		extern uint16_t slot;
		extern uint32_t badge, count;
		extern struct caplog_platform platform;
		extern struct caplog_target *targets[2];
		extern void *buffer;
		extern int err;
		int failed(const char *text);
		int example(void);

		int example(void)
		{
	END
	sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d; s/\\e/\\/g; s/^/\t/p;}' "$page" >"$dir/body"
	[ -s "$dir/body" ] || { echo "man_examples: $page has no example" >&2; exit 1; }
	cat "$dir/body" >>"$dir/$name.c"
	printf '\treturn 0;\n}\n' >>"$dir/$name.c"
	# shellcheck disable=SC2086 # lists of words
	$CC -std=c11 -fno-builtin -Wall -Wextra -Wno-unused -Werror $INC -c -o "$dir/$name.o" \
		"$dir/$name.c" >"$dir/log" 2>&1 ||
		{ cat "$dir/log" >&2; echo "man_examples: the example of $page does not compile" >&2; exit 1; }
	count=$((count + 1))
done
echo "  TEST  tests/man_examples.sh: $count examples compile"
