#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Install into a directory, use what is there as a stranger would, uninstall
#
#	check-install.sh DIR
#
# Runs from the top of the repository. The examples are built against the
# installed headers by pkg-config, with the shared and with the static library.
set -eu

root=$1
: "${CC:=cc}"
rm -rf "$root"
mkdir -p "$root"
root=$(cd "$root" && pwd)
dest=$root/dest
log=$root/log

fail() {
	echo "check-install: $*" >&2
	tail -n 20 "$log" >&2
	exit 1
}

run() {
	"$@" >>"$log" 2>&1 || fail "failed: $*"
}

# names with a space: directories of users have some
set -- DESTDIR="$dest" PREFIX=/opt/cap\ log LIBDIR=/opt/cap\ log/lib64 DOCDIR=/opt/cap\ log/doc
run make --no-print-directory install "$@"
prefix="$dest/opt/cap log"

# not with PKG_CONFIG_SYSROOT_DIR: pkgconf 1.8 writes it twice if it has a space
export PKG_CONFIG_PATH="$prefix/lib64/pkgconfig"
for what in caplog caplog-engine; do
	run pkg-config --exists --print-errors $what
done

for source in "$prefix"/doc/examples/*.c; do
	name=$(basename "$source" .c)
	mkdir -p "$root/shared" "$root/static"
	eval "set -- $(pkg-config --cflags caplog)"
	[ $# = 1 ] || fail "caplog.pc has other flags than one -I: $*"
	set -- "-I$dest${1#-I}"
	run $CC -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror "$@" -c -o "$root/$name.o" "$source"
	run $CC -o "$root/shared/$name" "$root/$name.o" -L"$prefix/lib64" -lcaplog
	run $CC -o "$root/static/$name" "$root/$name.o" "$prefix/lib64/libcaplog.a"
done
export LD_LIBRARY_PATH="$prefix/lib64"
run examples/run.sh "$root/static" "$prefix/bin/caplog"
run examples/run.sh "$root/shared" "$prefix/bin/caplog"
unset LD_LIBRARY_PATH
"$root/shared/monitor" "$root/none" >/dev/null 2>&1 && fail "the shared library was not used"

# each public header compiles alone, in C and in C++, from where it was installed
for header in "$prefix"/include/caplog/*.h; do
	name=$(basename "$header")
	echo "#include <caplog/$name>" >"$root/header.c"
	run $CC -std=c11 -Wall -Wextra -Werror -I"$prefix/include" -fsyntax-only "$root/header.c"
	run ${CXX:-c++} -x c++ -std=c++11 -Wall -Wextra -Werror -I"$prefix/include" -fsyntax-only "$root/header.c"
done

# nothing but caplog_ is offered, and an engine can be linked
nm -D --defined-only "$prefix/lib64/libcaplog.so.1" | awk '{ print $NF }' |
	grep -v -e '^caplog_' -e '^CAPLOG_' >"$root/others" && fail "the shared library offers $(cat "$root/others")"
cat >"$root/engine.c" <<'END'
#include <caplog/engine.h>
int main(void)
{
	struct caplog_diag why;
	char none[64] = "";
	return caplog_image_check(none, sizeof none, &why) == CAPLOG_EINVAL ? 0 : 1;
}
END
run $CC -std=c11 -I"$prefix/include" -o "$root/engine" "$root/engine.c" \
	"$prefix/lib64/libcaplog-engine.a" "$prefix/lib64/libcaplog.a"
run "$root/engine"

run make --no-print-directory uninstall DESTDIR="$dest" PREFIX=/opt/cap\ log \
	LIBDIR=/opt/cap\ log/lib64 DOCDIR=/opt/cap\ log/doc
left=$(find "$dest" ! -type d)
[ -z "$left" ] || fail "uninstall left $left"
left=$(find "$dest" -type d -name '*caplog*')
[ -z "$left" ] || fail "uninstall left the directories $left"
run make --no-print-directory uninstall DESTDIR="$dest" PREFIX=/opt/cap\ log LIBDIR=/opt/cap\ log/lib64
echo "  TEST  install: examples and engine built from the installed files, uninstalled without a rest"
