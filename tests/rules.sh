#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Rules of CONTRIBUTING.md that no compiler checks
#
#	tests/rules.sh
#
# Runs from the top of the repository. A line that is right although it looks
# wrong is named below with its reason; a name that matches nothing is an error.
set -u

failed=0
complain() { echo "rules: $*" >&2; failed=1; }

sources() { find "$@" -name '*.[chS]' -o -name '*.cc' | sort; }

# exempt LIST: pass lines on that no pattern of LIST matches; each has to match one
exempt() {
	lines=$(cat)
	printf '%s\n' "$1" | sed 's/ *# .*//; /^$/d' >"$work"
	while IFS= read -r pattern; do
		printf '%s\n' "$lines" | grep -q "$pattern" ||
			echo "exception \"$pattern\" matches nothing: remove it from tests/rules.sh"
	done <"$work"
	printf '%s\n' "$lines" | grep -v -f "$work" | grep .
}

work=$(mktemp) || exit 1
trap 'rm -f "$work"' EXIT

# Without comments, with file and line before each line
code() {
	for file in $(sources "$@"); do
		awk -v file="$file" '{
			line = $0
			while (1) {
				if (inside) {
					if (!(end = index(line, "*/"))) { line = ""; break }
					line = substr(line, end + 2); inside = 0
				}
				if (!(begin = index(line, "/*"))) break
				rest = substr(line, begin + 2)
				if ((end = index(rest, "*/")))
					line = substr(line, 1, begin - 1) substr(rest, end + 2)
				else { kept = substr(line, 1, begin - 1); line = kept; inside = 1; break }
			}
			sub(/\/\/.*/, "", line)
			if (line ~ /[^ \t]/) print file ":" NR ":" line
		}' "$file"
	done
}


#
# Every field of a shared structure has its offset asserted
#

SHARED="lib/caplog/abi/include/caplog/abi.h lib/caplog/abi/include/caplog/stub.h monitor/engine/image.h"
EXEMPT_STRUCTS="caplog_image caplog_image_walk"  # in memory only

for header in $SHARED; do
	code "$header" | sed 's/^[^:]*:[0-9]*://' | awk -v exempt=" $EXEMPT_STRUCTS " '
		/^struct [a-z_0-9]+ \{/ { name = $2; inside = !index(exempt, " " name " "); next }
		/^\};/ { inside = 0 }
		inside && /^\t+struct \{.*\} [a-z_]+;/ {
			inner = $0; sub(/.*\} /, "", inner); sub(/;.*/, "", inner)
			sub(/.*\{ *[a-z_0-9]+ /, ""); sub(/;.*/, "")
			n = split($0, fields, ",")
			for (i = 1; i <= n; i++) {
				gsub(/[ \t]/, "", fields[i])
				print name " " inner "." fields[i]
			}
			next
		}
		inside && /[a-z\]];/ {
			sub(/;.*/, ""); sub(/^[ \t]*(const )?(struct )?[a-z_0-9]+ +/, "")
			n = split($0, fields, ",")
			for (i = 1; i <= n; i++) {
				gsub(/[ \t*]|\[[^]]*\]/, "", fields[i])
				print name " " fields[i]
			}
		}' >"$work"
	[ -s "$work" ] || complain "$header: no structure found"
	while read -r struct field; do
		grep -q "^CAPLOG_AT($struct, $field, " "$header" ||
			complain "$header: struct $struct: the offset of $field is not asserted (CAPLOG_AT)"
	done <"$work"
done


# docs/abi.md has the sizes and offsets of the log (test_image.c: those of the image);
# record and entry are drawn there
code lib/caplog/abi/include/caplog/abi.h |
	sed -n 's/.*CAPLOG_\(AT\|SIZE\)(\(caplog_[^)]*\)).*/\1, \2/p' | tr -d , >"$work"
while read -r what struct field offset; do
	case $what,$field,$struct in
	SIZE,*)
		grep -q "^### $struct, $field bytes" docs/abi.md ||
			complain "docs/abi.md: no section \"### $struct, $field bytes\"" ;;
	*,caplog_record | *,caplog_entry)
		sed -n "/^### $struct,/,/^### /p" docs/abi.md | grep -q "+$offset  *$field" ||
			complain "docs/abi.md: $struct: +$offset is not named $field" ;;
	AT,*,caplog_*)
		sed -n "/^### $struct,/,/^### /p" docs/abi.md | grep -q "^| $offset | [0-9]* | $field |" ||
			complain "docs/abi.md: $struct: no row for $field at $offset" ;;
	esac
done <"$work"


#
# A layer sees what its include path has: no path around it
#

found=$(grep -n '^ *# *include *["<].*\.\./' $(sources lib monitor base-foc-patch pd_ext tests bench run examples))
[ -z "$found" ] || complain "name the header alone, and its directory in INC of rules.mk:
$found"


#
# Only flavour.h contains a slot number, a badge width or a selector shift
#

NUMBERS_IN="lib monitor base-foc-patch pd_ext run examples bench"
NUMBERS='[^0-9a-zA-Z_](0xffffu?|0x[23]00u?)([^0-9a-zA-Z]|$)|(<<|>>) *12([^0-9]|$)|uint16_t +\**badge'
NUMBERS="$NUMBERS"'|SLOTS *= *(4096|10 *\* *1024|128 *\* *1024)|(BASE|STRIDE|PARENT) *= *(0x[89bc]|0x[23]00|512|768|[35])[^0-9a-f]'
NUMBERS="$NUMBERS"'|THREADS *= *128'

for wrong in 'x == 0x300' 'SLOTS = 128 * 1024,' 'THREAD_BASE = 0xc,' 'PARENT = 0xb,' 'STRIDE = 5,' 'THREADS = 128' \
             'uint16_t badge' 'kcap >> 12'; do
	echo "$wrong" | grep -qE "$NUMBERS" || complain "the pattern for numbers of a flavour does not find: $wrong"
done

found=$(code $NUMBERS_IN | grep -v '^lib/caplog/abi/include/caplog/flavour.h:' |
	grep -E "$NUMBERS" |
	exempt '
^monitor/engine/ledger.c:[0-9]*:#define END  # end of a chain of ledger lines
')
[ -z "$found" ] || complain "numbers of a flavour outside of flavour.h: take them from struct caplog_flavour,
caplog_badge, CAPLOG_BADGE_NONE or CAPLOG_NO_SLOT:
$found"


#
# Error numbers come from CAPLOG_ERRORS
#

ERRORS_IN="lib monitor base-foc-patch pd_ext run"

found=$(code $ERRORS_IN |
	grep -E '(^|[^A-Za-z0-9_])-E[A-Z]{3,}|E[A-Z]{3,}_? *= *-[0-9]|(return|==|!=) *-(2|5|11|12|13|16|17|21|22|27|28|34|61|74|75|93|95|110)([^0-9]|$)' |
	exempt '
^monitor/hosted/kernel.h:[0-9]*:.*HK_E_  # of the model kernel, as Fiasco.OC numbers them
')
[ -z "$found" ] || complain "error numbers that are not from <caplog/diag.h>: write CAPLOG_E...:
$found"

#
# Words of a ledger line or a state are used by their names, and the bytes of a
# log are read by the library's reader only
#

MONITOR_IN="monitor/engine monitor/hosted monitor/genode monitor/genode-26.02"
WORDS='(\.|->)(word|arg)\[|(^|[^a-z_])words?\.word([^a-z]|$)'
RAW_LOG='caplog_(header|head|entry|record|detail) (const )?\*'

# patterns that find what they are for
echo 'x = line->words.word[0];' | grep -qE "$WORDS" || complain "the pattern for raw words finds none"
echo '(struct caplog_header *)p' | grep -qE "$RAW_LOG" || complain "the pattern for raw logs finds none"

found=$(code $MONITOR_IN | grep -E "$WORDS")
[ -z "$found" ] || complain "raw words: name them in monitor/engine/kinds.h or image.h:
$found"
found=$(code $MONITOR_IN | grep -E "$RAW_LOG")
[ -z "$found" ] || complain "raw bytes of a log: read them with caplog_reader_open:
$found"


#
# A failing check prints its values
#

found=$(code tests | grep -E 'assert_(true|false)\([^"]*(==|!=|[^-<]<[^<]|[^->]>[^>]|<=|>=)')
[ -z "$found" ] || complain "a failure would not print the values: use assert_int_equal, assert_in_range ... or t_compare:
$found"


#
# A promise has a test: those that docs/security.md names are there
#

# FILE:FUNCTION, or FILE; FILE is the end of a path
has_test() {
	file=${1%%:*} name=${1#"$file"}
	found=$(find ./tests ./run -path "*/$file" -type f)
	[ -n "$found" ] || return 1
	[ -z "$name" ] || echo "$found" | tr '\n' '\0' | xargs -0 grep -qw "${name#:}"
}

has_test test_file.c:test_read || complain "the search for tests does not find one"
! has_test test_file.c:test_rea || complain "the search for tests finds what is not there"
for test in $(grep -o '`[A-Za-z0-9_/.-]*\.\(c\|cc\|run\)\(:[a-z0-9_]*\)\{0,1\}`' docs/security.md | tr -d '`' | sort -u); do
	has_test "$test" || complain "docs/security.md names the test $test, which does not exist"
done

[ $failed = 0 ] || exit 1
echo "  TEST  rules: offsets, docs/abi.md, numbers of flavours, error numbers, names of words, checks print values, tests of docs/security.md"
