#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# One version: the tool, pkg-config and the changelog say that of the Makefile
#
#	tests/version.sh BUILD VERSION
#
# Runs from the top of the repository.
set -u

build=$1 version=$2
failed=0

# same WHERE VALUE
same() {
	[ "$2" = "$version" ] && return
	echo "version: $1 says '$2', the Makefile '$version'" >&2
	failed=1
}

same "caplog --version" "$("$build/caplog" --version | sed -n '1s/^caplog \([^ ]*\).*/\1/p')"
same "$build/caplog.pc" "$(sed -n 's/^Version: //p' "$build/caplog.pc")"
same CHANGELOG.md "$(sed -n 's/^## \([0-9][^, ]*\).*/\1/p' CHANGELOG.md | head -n 1)"
if command -v pkg-config >/dev/null; then
	same "pkg-config" "$(PKG_CONFIG_PATH=$build pkg-config --modversion caplog)"
fi
[ $failed = 0 ] || exit 1
echo "  TEST  tests/version.sh: $version"
