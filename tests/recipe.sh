#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# One more event, kind of slot and kind of object, as CONTRIBUTING.md says
#
#	tests/recipe.sh DIR
#
# The changes are taken from CONTRIBUTING.md as they are, applied to a copy of the
# tree in DIR, and everything there is built. tests/recipe/driver.c takes the new
# ones through writer, reader, text form and image; the tool shows them.
# Runs from the top of the repository.
set -u

dir=$1
tree=$dir/tree
log=$dir/log.txt

die() { [ ! -s "$log" ] || tail -30 "$log" >&2; echo "recipe: $*" >&2; exit 1; }

rm -rf "$dir"
mkdir -p "$tree" || exit 1
# all of the tree but what was built
for entry in * .ci; do
	case $entry in
	build | "${dir%%/*}") ;;
	*) cp -R "$entry" "$tree/" || exit 1 ;;
	esac
done
rm -rf "$tree/tests/data"
cp tests/recipe/driver.c "$tree/tests/test_hosted_driver.c"

sed -n '/^```diff$/,/^```$/p' CONTRIBUTING.md | grep -v '^```' >"$dir/recipe.patch"
[ -s "$dir/recipe.patch" ] || die "CONTRIBUTING.md has no changes to apply"
patch -s -p1 -d "$tree" <"$dir/recipe.patch" >"$log" 2>&1 ||
	die "the changes in CONTRIBUTING.md do not apply: adapt them to the lists as they are"

# a warning would be the compiler's word for a place that was forgotten
${MAKE:-make} -C "$tree" BUILD=build OPT=-O0 WERROR=-Werror CC="${CC:-cc}" ASAN= \
	build build/tests/test_hosted_driver >"$log" 2>&1 || die "the tree does not build with them"
"$tree/build/tests/test_hosted_driver" "$dir/paused.caplog" >"$log" 2>&1 || die "see above"

show=$("$tree/build/caplog" show "$dir/paused.caplog" 2>&1)
case $show in
*0xc*paused*) ;;
*) echo "$show"; die "caplog show does not name the paused slot" ;;
esac
echo "insert_at badge=0x40 kcap=0xc000
pause badge=0x40 kcap=0xc000 thread=0x9000 label=0x77" >"$dir/trace.txt"
"$tree/build/caplog" import "$dir/trace.txt" -o "$dir/imported.caplog" >"$log" 2>&1 ||
	die "caplog import does not know the event"
"$tree/build/caplog" stat "$dir/imported.caplog" 2>&1 | grep -q 'pause  *1$' ||
	die "caplog stat does not count the event"
echo "  TEST  recipe: an event, a kind of slot and a kind of object"
