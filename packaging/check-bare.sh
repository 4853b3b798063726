#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Try the Debian packages in a bare system: check-bare.sh DEB-DIR DIR
#
# DIR becomes the root of a minimal Debian of this machine's release. The packages
# are installed there, the examples of the documentation built by pkg-config and
# run, and the packages removed again. Needs root. Exit status 3: no such system can be
# made on this machine, so that the packages were not tried.
set -eu

deb=$(cd "$1" && pwd)
mkdir -p "$2"
dir=$(cd "$2" && pwd)
[ "$(id -u)" = 0 ] || { echo "check-bare: needs root" >&2; exit 1; }

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
log=$dir/log
root=$dir/root
: >"$log"
rm -rf --one-file-system "$root"

fail() {
	tail -n 30 "$log" >&2
	echo "check-bare: $*" >&2
	exit "${status:-1}"
}

# the same sources of packages as this machine's own
sources=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
[ -n "$sources" ] || status=3 fail "no sources of Debian packages on this machine"
printf '%s\n' "$sources" | mmdebstrap --variant=minbase --mode=root \
	--include=gcc,libc6-dev,pkg-config "$release" "$root" - >"$log" 2>&1 || status=3 fail "no bare system"

mkdir "$root/packages"
cp "$deb"/libcaplog*.deb "$deb"/caplog_*.deb "$root/packages/"

inside() { chroot "$root" /usr/bin/env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" >>"$log" 2>&1; }

inside sh -c 'apt-get -qq install -y --no-install-recommends /packages/*.deb' || fail "cannot be installed"
inside caplog --version || fail "the command does not run"
cp examples/run.sh "$root/run.sh"
inside sh -euc 'mkdir /built
	for source in /usr/share/doc/libcaplog-dev/examples/*.c; do
		gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -o "/built/$(basename "$source" .c)" \
			"$source" $(pkg-config --cflags --libs caplog)
	done
	/run.sh /built caplog' || fail "the examples do not build and run"
tail -n 1 "$log"
rm -rf "$root/built" "$root/run.sh"

inside apt-get -qq purge -y caplog libcaplog1 libcaplog-dev || fail "cannot be removed"
left=$(find "$root" -xdev -name '*caplog*' -not -path '*/packages/*' -not -path "$root/var/*" | head -n 5)
[ -z "$left" ] || fail "left behind: $left"
echo "  TEST  bare system ($release): installed, examples built and run, removed"
rm -rf --one-file-system "$root"
