#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Build the Debian packages: deb.sh DIR VERSION
#
# Runs from the top of the repository, on a copy of its files below DIR, where
# the packages are in the end. Lintian must have nothing to say.
set -eu

dir=$1 version=$2
source=$dir/caplog-$version

rm -rf "$dir"
mkdir -p "$source"
tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$source"
cp -r packaging/debian "$source/debian"

said=$(sed -n '1s/^caplog (\(.*\)) .*/\1/p' "$source/debian/changelog")
[ "$said" = "$version" ] || { echo "deb: packaging/debian/changelog says $said, the Makefile $version" >&2; exit 1; }

unset MAKEFLAGS MAKELEVEL MFLAGS BUILD ASAN
(cd "$source" && dpkg-buildpackage -us -uc -b) >"$dir/log" 2>&1 ||
	{ tail -n 40 "$dir/log" >&2; echo "deb: dpkg-buildpackage failed" >&2; exit 1; }
lintian --allow-root --fail-on error,warning "$dir"/*.changes >"$dir/lintian" 2>&1 ||
	{ cat "$dir/lintian" >&2; echo "deb: lintian found something" >&2; exit 1; }
if [ -s "$dir/lintian" ]; then
	cat "$dir/lintian" >&2
	exit 1
fi
rm -rf "$source"
for package in "$dir"/*.deb; do
	echo "  DEB   $package"
done
