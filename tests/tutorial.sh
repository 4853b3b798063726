#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The commands of docs/tutorial.md print what the page shows
#
#	tests/tutorial.sh WORK TOOL LIBRARY
#
# Runs from the top of the repository. A block is a run of lines indented by four
# blanks. In it, a line "$ COMMAND" (with a backslash at its end: the next ones as
# well) is run by sh, where the one before ended; the lines after it are what it
# prints, errors included, without colours. "..." stands for lines when alone on a
# line, for text within a line. A command fails if the last line of its output is
# [status N], and with that status only. A block after the line
# "<!-- not run: REASON -->" is not run.
#
# The home directory, /home/me on the page, is one below WORK. In it are this
# project, the files that the page names, and a tree in the place of Genode's
# (tests/tutorial): empty files where Genode's build system looks for targets, and
# a makefile that prints what was recorded of run scripts.
#
# CAPLOG_LINK is the command that links a program like the library is linked,
# CAPLOG_INC the options that name the directories of its headers.
#
# With CAPLOG_GENODE=/path/to/genode the commands are run on a copy of that tree,
# whose compilers must work; each run is recorded anew in tests/data/tutorial. Then
# numbers on the page that differ from run to run have to be those of the new one.
set -u

PAGE=docs/tutorial.md
[ $# = 3 ] || { echo "usage: $0 WORK TOOL LIBRARY" >&2; exit 2; }

unset MAKEFLAGS MFLAGS MAKELEVEL GENODE_DIR GENODE_REPO BUILD_DIR
rm -rf "$1"
mkdir -p "$1/bin" || exit 2
work=$(cd "$1" && pwd)
tool=$(realpath "$2") library=$(realpath "$3") top=$(pwd)
genode=${CAPLOG_GENODE:-}

# Genode's makefiles take no blanks in names: the name that the kernel has for it has none
home=$work/home
case $work in *[[:space:]]*) exec 9<"$work" && home=/proc/$$/fd/9/home ;; esac

ln -s "$tool" "$work/bin/caplog"
# The page's reader has the library installed; here it is not
include=
for option in ${CAPLOG_INC:-}; do
	include="$include '-I$top/${option#-I}'"
done
cat >"$work/bin/cc" <<END
#!/bin/sh
PATH='$PATH'
for word; do
	shift
	[ "\$word" = -lcaplog ] || set -- "\$@" "\$word"
done
exec ${CAPLOG_LINK:-cc}$include "\$@" '$library'
END
chmod +x "$work/bin/cc"

# In the place of make, if the tree is Genode's: runs it and records what it prints
record_runs() {
	cat >"$work/bin/make" <<END
#!/bin/sh
PATH='$PATH'
board=\$(sed -n 's/^SPECS.* foc_//p' etc/specs.conf 2>/dev/null)
case \$board,\$* in
?*,run/*) ;;
*) exec make "\$@" ;;
esac
make "\$@" >'$work/recorded' 2>&1 </dev/null
status=\$?
sed -n '/^spawn /,\$p' '$work/recorded' | sed 's|$home|/home/me|g' | gzip -9n >'$top/tests/data/tutorial/'"\$board-\${1#run/}.log.gz"
cat '$work/recorded'
exit \$status
END
	chmod +x "$work/bin/make"
}

# The tree that the page works on
make_tree() {
	if [ -n "$genode" ]; then
		cp -a "$genode" "$work/home/genode"
		while IFS= read -r file; do
			[ -e "$work/home/genode/$file" ] || { echo "tutorial: $genode has no $file" >&2; exit 1; }
		done <tests/tutorial/genode.files
		record_runs
		return
	fi
	while IFS= read -r file; do
		mkdir -p "$work/home/genode/${file%/*}"
		: >"$work/home/genode/$file"
	done <tests/tutorial/genode.files
	echo 16.08 >"$work/home/genode/VERSION"
	mkdir -p "$work/home/genode/tool/builddir"
	cp tests/tutorial/create_builddir "$work/home/genode/tool/"
	cp tests/tutorial/build.mk "$work/home/genode/tool/builddir/"
}

# run_page PAGE: all its blocks, in order
run_page() {
	rm -rf "$work/home"
	mkdir -p "$work/home/tutorial"
	ln -s "$top" "$work/home/caplog"
	make_tree
	cp tests/data/tutorial/board.serial tests/data/traces/report_rom.* examples/monitor.c \
		"$work/home/tutorial"
	# an example that ends with an error leaves its memory to the system
	ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" RECORDED="$top/tests/data/tutorial" HOME="$home" \
	PATH="$work/bin:$PATH" TERM=dumb LC_ALL=C perl tests/tutorial/run.pl "$1" "$work" "$home"
}

count=$(run_page "$PAGE") || { echo "tutorial: docs/tutorial.md shows something else" >&2; exit 1; }
[ -z "$genode" ] || { echo "tutorial: $count commands print what it shows, on $genode"; exit 0; }

# What differs is found: a number, a status, a line that is not printed; an order of repositories,
# a target, a script, a component, a line that was not recorded
for change in 's/mismatches=1$/mismatches=2/' 's/^    \[status 1\]/    [status 2]/' \
              's/^\(    \)life 1$/\1life 1\n\1life 2/' \
              's/= $HOME\/caplog-repo \\\$(GENODE_DIR)\/repos\/base-foc|/= \\$(GENODE_DIR)\/repos\/base-foc $HOME\/caplog-repo|/' \
              's/drivers\/timer/drivers\/tmier/' 's/make run\/printf/make run\/printg/' \
              's/init -> report_rom, pd=0x6e0/init -> report_rom, pd=0x6e4/' \
              's/all steps done, 0 failures/all steps done, 1 failures/' '/-no-kvm$.d/d'; do
	sed "$change" "$PAGE" >"$work/changed.md"
	cmp -s "$PAGE" "$work/changed.md" && { echo "tutorial: $change changes nothing" >&2; exit 1; }
	FIRST_ONLY=1 run_page "$work/changed.md" >"$work/changed.out" 2>&1 &&
		{ echo "tutorial: a page changed by $change passes" >&2; exit 1; }
done
echo "  TEST  docs/tutorial.md: $count commands print what it shows"
