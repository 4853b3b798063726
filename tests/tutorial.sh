#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The commands of docs/tutorial.md print what the page shows
#
#	tests/tutorial.sh WORK TOOL LIBRARY
#
# Runs from the top of the repository. A block is a run of lines indented by four
# blanks. In it, a line "$ COMMAND" is run by sh, in a directory with the files
# that the page names; the lines after it are what it prints, errors included.
# "..." stands for lines when alone on a line, for text within a line. A command
# fails if the last line of its output is [status N], and with that status only.
# A block after the line "<!-- not run: REASON -->" is not run.
#
# CAPLOG_LINK is the command that links a program like the library is linked,
# CAPLOG_INC the options that name the directories of its headers.
set -u

PAGE=docs/tutorial.md
[ $# = 3 ] || { echo "usage: $0 WORK TOOL LIBRARY" >&2; exit 2; }

rm -rf "$1"
mkdir -p "$1/bin" || exit 2
work=$(cd "$1" && pwd)
tool=$(realpath "$2") library=$(realpath "$3") top=$(pwd)

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

# run_page PAGE: all its blocks, in order, in one directory
run_page() {
	rm -rf "$work/files"
	mkdir -p "$work/files"
	cp tests/data/tutorial/* tests/data/traces/report_rom.* examples/monitor.c "$work/files"
	# an example that ends with an error leaves its memory to the system
	ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" \
	PATH="$work/bin:$PATH" TERM=dumb LC_ALL=C perl -e '
		use strict;
		my ($page, $directory) = @ARGV;
		my (@commands, $skip, $open, $in_block);
		open my $in, "<", $page or die "$page: $!\n";
		while (<$in>) {
			chomp;
			if (/^<!-- not run: .+ -->$/) { $skip = 1; $in_block = 0; next }
			if (/^    (.*)/) {
				my $line = $1;
				$in_block = 1;
				next if $skip;
				if ($line =~ /^\$ (.*)/) { push @commands, [$., $1, []]; $open = 1 }
				elsif ($open) { push @{$commands[-1][2]}, $line }
			} elsif (/\S/) {
				$skip = 0 if $in_block;
				$in_block = $open = 0;
			} elsif ($open) { $open = 0 }
		}
		die "$page: no command found\n" unless @commands;
		chdir $directory or die "$directory: $!\n";
		my $failed = 0;
		for (@commands) {
			my ($line, $command, $expected) = @$_;
			my $status = 0;
			$status = $1, pop @$expected
				if @$expected && $expected->[-1] =~ /^\[status (\d+)\]$/;
			open my $script, ">", "../command" or die;
			print $script "$command\n";
			close $script;
			my $output = qx{sh ../command 2>&1 </dev/null};
			my $got = $? >> 8;
			my $pattern = join "", map {
				$_ eq "..." ? "(?:.*\\n)*?" : join(".*", map { quotemeta } split /\.\.\./, $_, -1) . "\\n"
			} @$expected;
			next if $got == $status && $output =~ /^$pattern$/;
			$failed = 1;
			print STDERR "$page:$line: `$command` has status $got (expected $status) and prints\n$output";
		}
		print scalar @commands, "\n" unless $failed;
		exit $failed;
	' "$1" "$work/files"
}

count=$(run_page "$PAGE") || { echo "tutorial: docs/tutorial.md shows something else" >&2; exit 1; }

# What differs is found: a number, a status, a line that is not printed
for change in 's/mismatches=1$/mismatches=2/' 's/^    \[status 1\]/    [status 2]/' \
              's/^\(    \)life 1$/\1life 1\n\1life 2/'; do
	sed "$change" "$PAGE" >"$work/changed.md"
	cmp -s "$PAGE" "$work/changed.md" && { echo "tutorial: $change changes nothing" >&2; exit 1; }
	run_page "$work/changed.md" >"$work/changed.out" 2>&1 &&
		{ echo "tutorial: a page changed by $change passes" >&2; exit 1; }
done
echo "  TEST  docs/tutorial.md: $count commands print what it shows"
