#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Does each change of tests/mutants/list still apply? Runs from the top of the repository.
set -u

list=${LIST:-tests/mutants/list}
stale=0
while IFS='|' read -r name file tests change; do
	case $name in '#'* | '') continue ;; esac
	[ "$tests" != = ] || continue
	[ ! -e "$file" ] || sed "$change" "$file" | cmp -s - "$file" || continue
	echo "mutants: $name no longer changes $file: mend its line in $list, or remove it" >&2
	stale=$((stale + 1))
done <"$list"
[ $stale -eq 0 ] && echo "  TEST  tests/mutants/list: $(grep -c '^[^#|]*|' "$list") changes apply"
