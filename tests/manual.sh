#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The manual is complete: manual.sh HEADER...
#
# Each function of the public headers has a page in section 3 that declares it;
# each page has the sections that a reader looks for; each page of ours that
# another refers to is there; and mandoc, where it is installed, has no complaint.
#
# Runs from the top of the repository.
set -u

failed=0
complain() { echo "manual: $*" >&2; failed=1; }

functions=$(sed -n '/^static/d; s/^[a-z][a-z0-9_ ]*[ *]\(caplog_[a-z0-9_]*\)(.*/\1/p' "$@" | sort -u)
[ "$(echo "$functions" | wc -l)" -ge 60 ] || complain "found only: $functions"
for function in $functions; do
	grep -q "^\.Fn $function\( \|\$\)" man/*.3 || complain "no page of section 3 declares $function"
done

# and no page declares what is not there
for function in $(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Fn \(caplog_[a-z0-9_]*\).*/\1/p' man/*.3); do
	echo "$functions" | grep -qx "$function" || complain "$function has a page, but no header declares it"
done

for page in man/*.3; do
	for section in NAME SYNOPSIS DESCRIPTION "RETURN VALUE" ERRORS EXAMPLES "SEE ALSO"; do
		grep -qx "\.Sh $section" "$page" || complain "$page has no section $section"
	done
done

for page in man/*.5; do
	for section in NAME DESCRIPTION EXAMPLES "SEE ALSO"; do
		grep -qx "\.Sh $section" "$page" || complain "$page has no section $section"
	done
done

for page in $(sed -n 's/^\.\(It \)\{0,1\}Xr \(caplog[-_a-z]*\) \([0-9]\).*/\2.\3/p' man/* | sort -u); do
	[ -e "man/$page" ] || grep -q "^\.Fn ${page%.3} " man/*.3 || complain "there is no page $page"
done

if command -v mandoc >/dev/null; then
	said=$(mandoc -T lint -W warning man/* 2>&1) || complain "$said"
fi
[ $failed = 0 ] || exit 1
echo "  TEST  tests/manual.sh: $(echo "$functions" | wc -l) functions, $(ls man | wc -l) pages"
