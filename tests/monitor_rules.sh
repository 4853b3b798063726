#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Rules of the monitor that a compiler does not see
#
#	tests/monitor_rules.sh BUILD DIRECTORY...
#
# Runs from the top of the repository.
set -u

build=$1
shift

# rule WHAT PATTERN EXCEPT FILE...: lines that break a rule; 0 if there is one
rule() {
	what=$1 pattern=$2 except=$3
	shift 3
	found=$(grep -nE "$pattern" /dev/null "$@" | grep -vE "$except")
	[ -n "$found" ] || return 1
	echo "$what:" >&2
	echo "$found" >&2
}

# check FILE...: \return 1 if a rule is broken
check() {
	failed=0
	rule "words of a ledger line or a state are used by their names (monitor/engine/kinds.h)" \
		'(\.|->)(word|arg)\[|\bwords?\.word\b' 'engine/(kinds|image)\.h:' "$@" && failed=1
	rule "bytes of a log are read by the library's reader only" \
		'caplog_(header|head|entry|record|detail) (const )?\*([^/]|$)' '\.header\b' "$@" && failed=1
	rule "error numbers are those of caplog/diag.h" \
		'(return|==|!=|=) *-([2-9]|[1-9][0-9]+)\b|[^A-Z_]-E[A-Z]{3,}\b' '^[^:]*:[0-9]+:[[:space:]]*/?\*|HK_(AGAIN|E_NOREPLY) +=' "$@" && failed=1
	return $failed
}

# A file that breaks each of them, so that a pattern that finds nothing is noticed
bad=$build/monitor_rules.c
printf '%s\n' 'x = line->words.word[0];' >"$bad"
check "$bad" 2>/dev/null && { echo "monitor_rules.sh: a raw word is not noticed" >&2; exit 1; }
printf '%s\n' 'const struct caplog_header *h = memory;' >"$bad"
check "$bad" 2>/dev/null && { echo "monitor_rules.sh: a raw log is not noticed" >&2; exit 1; }
printf '%s\n' 'if (err == -16) return -EBUSY;' >"$bad"
check "$bad" 2>/dev/null && { echo "monitor_rules.sh: an error literal is not noticed" >&2; exit 1; }
rm -f "$bad"

check $(find "$@" -name '*.[ch]' -o -name '*.cc' -o -name '*.inc')
