#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs/troubleshooting.md has each message of the sources, and no other
#
#	tests/messages.sh [-l]
#
# Runs from the top of the repository. -l prints the messages of the sources, a
# line each: the program that prints it, and the message as the page has to write it.
#
# A message is compared without what is filled in: conversions of a format and
# values between strings are "...", and what precedes the first word (a file's or
# a component's name) is left out. On the page it is a `code span` in the first
# column of a table.
set -u

PAGE=docs/troubleshooting.md

# Functions whose first string is a format, or the text of a message. Functions
# that take a format are all here: the check below looks for others.
SAY='caplog_say tool_error tool_note args_error fail problem deviation dump_problem find'
SAY="$SAY mismatch unseen lost skip_line note_line refuse"
NOT='tool_say dump_part'          # prints what others say; prints what is there

# Functions that print all of their arguments, one after the other
PRINT='error warning raw'
# The same, of the monitor: what failed, and why
FAILED='_failed'

sources() {
	find lib/caplog monitor/engine monitor/tool -name '*.c' | sort
	find monitor/genode monitor/genode-26.02 base-foc-patch pd_ext \( -name '*.cc' -o -name '*.[ch]' \) | sort
}

extract() {
	perl -e '
		use strict;
		my ($say, $print, $failed) = map { join "|", split / / } splice @ARGV, 0, 3;
		my %seen;

		# the arguments of a call, from after its parenthesis
		sub arguments {
			my ($text) = @_;
			my ($depth, @args) = (0, "");
			while ($text =~ /\G("(?:[^"\\]|\\.)*"|\x27(?:[^\x27\\]|\\.)*\x27|.)/gs) {
				my $token = $1;
				$depth++ if $token =~ /^[\(\[\{]$/;
				last if $token =~ /^[\)\]\}]$/ && !$depth--;
				if ($token eq "," && !$depth) { push @args, ""; next }
				$args[-1] .= $token;
			}
			return @args;
		}

		# the strings of an expression; macros between them are conversions
		sub strings {
			my ($expression) = @_;
			my @found;
			while ($expression =~ /("(?:[^"\\]|\\.)*"(?:\s*(?:#|[A-Z])\w*(?=\s*(?:"|$))|\s*"(?:[^"\\]|\\.)*")*)/g) {
				my $all = $1;
				$all =~ s/\\"/\x01/g;
				$all =~ s/%"\s*PRI\w+\s*(?:"|$)/.../g;
				$all =~ s/"\s*"//g;
				$all =~ s/(?<=.)"\s*(?:#|[A-Z])\w*\s*(?:"|$)/.../g;
				$all =~ s/^"|"\s*$//g;
				$all =~ s/\x01/"/g;
				push @found, $all;
			}
			return @found;
		}

		sub plain {
			my ($text) = @_;
			$text =~ s/\\n|\\t//g;
			$text =~ s/%%/%/g;
			$text =~ s/%[-0-9.*]*(?:ll|l|z|h)?[a-z]/.../g;
			$text =~ s/0x\.\.\./.../g;
			$text =~ s/(?:\.\.\.)+/.../g;
			$text =~ s/\.\.\.\.+/.../g;
			$text =~ s/^(?:\.\.\.: *)+//;
			$text =~ s/^ *: *//;
			$text =~ s/`/\x27/g;
			$text =~ s/\s+/ /g;
			return $text;
		}

		sub found {
			my ($file, $text) = @_;
			$text = plain($text);
			return unless $text =~ /[a-z]{2}.*[a-z]{2}/ && $text =~ / /;
			my $area = $file =~ m{^(lib|monitor/\w+|base-foc-patch|pd_ext)} ? $1 : $file;
			print "$area\t$text\n" unless $seen{"$area\t$text"}++;
		}

		for my $file (@ARGV) {
			local $/;
			open my $in, "<", $file or die "$file: $!\n";
			my $text = <$in>;
			$text =~ s{/\*.*?\*/}{ }gs;
			$text =~ s/\\\n/ /g;
			while ($text =~ /\b($say)\s*\(/g) {
				my ($name, @args) = ($1, arguments(substr $text, pos $text));
				for (@args) {
					my @strings = strings($_) or next;
					found($file, $_) for @strings;
					last;
				}
			}
			while ($text =~ /(?<![\w.>])($print)\s*\(/g) {
				my @parts = map { my @s = strings($_); @s ? $s[0] : "..." }
				            arguments(substr $text, pos $text);
				found($file, join "", @parts) if grep { $_ ne "..." } @parts;
			}
			while ($text =~ /\b(?:$failed)\s*\(/g) {
				my @args = arguments(substr $text, pos $text);
				found($file, "$_->[0]: $_->[1]") for
					grep { defined $_->[1] } [ map { (strings($_))[0] } @args[0, 1] ];
			}
			# a reason that a message of another function contains
			while ($text =~ /(?:\*why|\bwhy|\bexpected\[[^]]*\]|->damage) *= *([^;]*);/g) {
				found($file, $_) for strings($1);
			}
			if ($file =~ /^(?:base-foc-patch|monitor.genode)/) {
				while ($text =~ /\breturn ("[^;]*);/g) { found($file, $_) for grep { / .* / } strings($1) }
			}
			while ($text =~ /\bsnprintf\s*\((?=\s*(?:why|expected)\b)/g) {
				my @args = arguments(substr $text, pos $text);
				found($file, $_) for strings($args[2]);
			}
		}' "$SAY" "$PRINT" "$FAILED" "$@"
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# compare PAGE: what one side has and the other has not
compare() {
	perl -ne 'next unless /^\| *(`.*?`) *\| /; my $cell = $1; print "$1\n" while $cell =~ /`([^`]*)`/g' \
		"$1" | sort -u >"$work/page"
	comm -23 "$work/messages" "$work/page" | sed 's/^/not on the page: /'
	comm -13 "$work/messages" "$work/page" | sed 's/^/printed by no source: /'
}

extract $(sources) >"$work/found" || exit 2
if [ "${1:-}" = -l ]; then
	cat "$work/found"
	exit
fi
cut -f 2 "$work/found" | sort -u >"$work/messages"

# A function that takes a format is one of those above
perl -ne 'print "$1\n" if /\b(\w+)\((?:[^()]*, *)?const char \*fmt\b/' \
	$(find lib/caplog monitor/engine monitor/tool monitor/genode base-foc-patch pd_ext -name '*.[ch]' -o -name '*.cc') | sort -u |
while read -r name; do
	case " $SAY $NOT " in
	*" $name "*) ;;
	*) echo "messages: $name() takes a format: name it in SAY or NOT of tests/messages.sh" ;;
	esac
done >"$work/unknown"

compare $PAGE >"$work/differs"
if [ -s "$work/differs" ] || [ -s "$work/unknown" ]; then
	sed "s,^,messages: $PAGE: ," "$work/differs" >&2
	cat "$work/unknown" >&2
	exit 1
fi

# The comparison finds a message that is missing, and one too many
sed 's/`core refused it`//; s/`it has no log yet`/`it has no log today`/' $PAGE >"$work/changed.md"
[ "$(compare "$work/changed.md" | wc -l)" = 3 ] ||
	{ echo "messages: a page without a message passes" >&2; exit 1; }
echo "  TEST  docs/troubleshooting.md: $(wc -l <"$work/messages") messages of the sources"
