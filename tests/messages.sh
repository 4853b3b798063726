#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs/troubleshooting.md has each message of the sources, and no other
#
#	tests/messages.sh [-l]
#
# Runs from the top of the repository. -l prints the messages of the sources, a
# line each: who prints it, and the message as the page has to write it.
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
SAY="$SAY mismatch unseen lost skip_line bad refuse"
NOT='tool_say dump_part'          # prints what others said; prints no problem

# Functions that print all of their arguments, one after the other
PRINT='error warning raw'
# The same, of the monitor: what failed, and why
FAILED='_failed'

sources() {
	find lib/caplog monitor/engine monitor/tool -name '*.c' | sort
	find monitor/genode base-foc-patch pd_ext \( -name '*.cc' -o -name '*.[ch]' \) | sort
}

extract() {
	perl -e '
		use strict;
		my ($say, $print, $failed) = map { join "|", split / / } splice @ARGV, 0, 3;
		my %seen;

		# the arguments of a call, from behind its parenthesis
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
			while ($expression =~ /((?:"(?:[^"\\]|\\.)*"\s*(?:PRI\w+\s*)?)+)/g) {
				my $all = $1;
				$all =~ s/%\s*"\s*PRI\w+\s*(?:"|$)/.../g;
				$all =~ s/"\s*"//g;
				$all =~ s/^"|"\s*$//g;
				push @found, $all;
			}
			return @found;
		}

		sub plain {
			my ($text) = @_;
			$text =~ s/\\n|\\t//g;
			$text =~ s/\\"/"/g;
			$text =~ s/%%/%/g;
			$text =~ s/%[-0-9.*]*(?:ll|l|z|h)?[a-z]/.../g;
			$text =~ s/0x\.\.\./.../g;
			$text =~ s/(?:\.\.\.)+/.../g;
			$text =~ s/\.\.\.\.+/.../g;
			$text =~ s/^(?:\.\.\.[:,]+ *)+//;
			$text =~ s/^ *: *//;
			$text =~ s/`/\x27/g;
			return $text;
		}

		sub found {
			my ($file, $text) = @_;
			$text = plain($text);
			return unless $text =~ /[a-z]{2}.*[a-z]{2}/ && $text =~ / |damaged/;
			my $area = $file =~ m{^(lib|monitor/\w+|base-foc-patch|pd_ext)} ? $1 : $file;
			print "$area\t$text\n" unless $seen{"$area\t$text"}++;
		}

		for my $file (@ARGV) {
			local $/;
			open my $in, "<", $file or die "$file: $!\n";
			my $text = <$in>;
			$text =~ s{/\*.*?\*/}{ }gs;
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
			while ($text =~ /(?:\*why|\bwhy|->damage|return guarded\([^;]*?\[&\]) *= *([^;]*);/g) {
				found($file, $_) for strings($1);
			}
			while ($text =~ /\bsnprintf\s*\((?=\s*(?:why|expected|found|text|damage)\b)/g) {
				my @args = arguments(substr $text, pos $text);
				found($file, $_) for strings($args[2]);
			}
		}' "$SAY" "$PRINT" "$FAILED" "$@"
}

extract $(sources)
