#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What base-foc-patch/genode-check says of trees and build directories
#
#	tests/genode_check.sh DIR
#
# Makes small trees of empty files below DIR that have what the check looks at.
# Each case names the exit status and texts that must be there, or after "not"
# must not. Runs from the top of the repository.
set -u

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GENODE_DIR BUILD_DIR GENODE_REPO
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

project=$(pwd)
rm -rf "$1"
mkdir -p "$1" || exit 1
dir=$(cd "$1" && pwd)
cd "$dir" || exit 1
# make takes no spaces in names: the name that the kernel has for this directory has none
case $dir in *[[:space:]]*) dir=/proc/$$/cwd; cd "$dir" || exit 1 ;; esac

cases=0
failed=0

# expect NAME STATUS TEXT... [not TEXT...] -- ARGUMENTS of genode-check
expect() {
	name=$1 status=$2
	shift 2
	texts=$dir/texts
	: >"$texts"
	while [ "$1" != -- ]; do echo "$1" >>"$texts"; shift; done
	shift
	"$project/base-foc-patch/genode-check" "$@" >"$dir/output" 2>&1
	got=$?
	cases=$((cases + 1))
	wrong=''
	[ $got = "$status" ] || wrong="status $got, not $status"
	absent=''
	while IFS= read -r text; do
		if [ "$text" = not ]; then absent=1
		elif [ -z "$absent" ]; then grep -qF -- "$text" output || wrong="$wrong; lacks '$text'"
		else ! grep -qF -- "$text" output || wrong="$wrong; says '$text'"
		fi
	done <"$texts"
	if [ -n "$wrong" ]; then
		echo "genode_check: $name: ${wrong#; }; it said:" >&2
		sed 's/^/  | /' output >&2
		failed=1
	fi
}

# empty FILE...: with its directories
empty() { for file; do mkdir -p "${file%/*}"; : >"$file"; done; }

# tree DIR: what the check wants of Genode, files that the overlay replaces, others
tree() {
	empty "$1/repos/base-foc/lib/mk/base-common.inc" "$1/repos/base-foc/lib/mk/spec/arm/base-common.mk" \
		"$1/repos/base-foc/src/core/target.inc" "$1/repos/base-foc/src/core/spec/pbxa9/target.mk" \
		"$1/repos/base-foc/src/core/pager.cc" "$1/repos/base-foc/src/core/thread_start.cc" \
		"$1/repos/base-foc/src/lib/base/cap_map.cc" "$1/repos/base-foc/src/lib/base/thread_start.cc" \
		"$1/repos/base-foc/src/include/base/internal/cap_map.h" \
		"$1/repos/base/src/lib/base/lock.cc" "$1/repos/base/src/lib/base/thread_start.cc" \
		"$1/repos/base/src/lib/base/heap.cc" \
		"$1/repos/base/include/base/object_pool.h" "$1/repos/base/include/pd_session/pd_session.h"
	echo 16.08 >"$1/VERSION"
}

# builddir DIR BOARD REPOSITORY...
builddir() {
	mkdir -p "$1/etc"
	echo "SPECS = genode foc_$2" >"$1/etc/specs.conf"
	conf=$1/etc/build.conf
	{ echo "GENODE_DIR    = $dir/genode"; echo "REPOSITORIES  ="; } >"$conf"
	shift 2
	for path; do echo "REPOSITORIES += $path" >>"$conf"; done
}

foc="\$(GENODE_DIR)/repos/base-foc"
others="\$(GENODE_DIR)/repos/base \$(GENODE_DIR)/repos/os"

# repo NAME TREE: laid out for its release
repo() { "$project/base-foc-patch/genode-repo" "$project" "$1" "$2" >output 2>&1; }

# refused NAME TREE TEXT: nothing is laid out, and the text says why
refused() {
	cases=$((cases + 1))
	mkdir -p kept && : >kept/file
	if repo kept "$2" || ! grep -qF -- "$3" output || [ ! -e kept/file ]; then
		echo "genode_repo: $1: lacks '$3', or changed the directory; it said:" >&2
		sed 's/^/  | /' output >&2
		failed=1
	fi
}

tree genode
repo repo genode || exit 1
repo=$dir/repo


# Releases

tree old && echo 15.11 >old/VERSION
refused "other release" old "old is Genode 15.11: the overlay is for 16.08 26.02"
refused "no tree" nowhere "no Genode tree at nowhere: there is no file VERSION"
refused "none named" "" "no Genode tree named: make genode-repo GENODE_DIR=/path/to/genode (16.08 26.02)"

# tree26 DIR: the same of Genode 26.02
tree26() {
	empty "$1/repos/base-foc/lib/mk/base-foc-common.inc" "$1/repos/base-foc/lib/mk/core-foc.inc" \
		"$1/repos/base-foc/src/lib/base/cap_map.cc" "$1/repos/base/src/lib/base/heap.cc" \
		"$1/repos/base-foc/src/include/base/internal/cap_map.h" \
		"$1/repos/base/include/pd_session/pd_session.h"
	echo 26.02 >"$1/VERSION"
}

# builddir26 DIR REPOSITORY: which does not name a kernel
builddir26() {
	mkdir -p "$1/etc"
	echo "SPECS += x86_64" >"$1/etc/specs.conf"
	printf 'ifdef KERNEL\nREPOSITORIES += %s\nREPOSITORIES += $(GENODE_DIR)/repos/base-$(KERNEL)\nendif\n' \
		"$2" >"$1/etc/build.conf"
}

tree26 new
repo repo26 new || { cat output >&2; failed=1; }
for file in caplog/release.mk lib/mk/base-foc-common.mk lib/mk/core-foc.mk src/lib/base/thread_start.cc \
            src/lib/base/ipc.cc include/base/cap_pool.h; do
	[ -e "repo26/$file" ] || { echo "genode_repo: no $file for 26.02" >&2; failed=1; }
done
[ ! -e repo26/lib/mk/base-common.mk ] || { echo "genode_repo: files of 16.08 for 26.02" >&2; failed=1; }
expect "tree of 26.02" 0 "ok   Genode 26.02 at $dir/new" "base-\$(KERNEL)" not " NO " -- repo26 new
builddir26 build26 "$dir/repo26"
expect "build directory of 26.02" 0 "ok   board x86_64" "names $dir/repo26 before base-foc" \
	not " NO " -- repo26 new build26
expect "repository of the other release" 1 "is laid out for Genode 16.08: run make genode-repo" -- repo new
expect "and the other way round" 1 "is laid out for Genode 26.02: run make genode-repo" -- repo26 genode

# make would compile all again that includes a newer file
touch -d @1 before && touch -r repo26/caplog/release.mk before
sleep 0.01
repo repo26 new
cases=$((cases + 1))
[ -z "$(find repo26/caplog/release.mk -newer before)" ] || {
	echo "genode_repo: a repository that is laid out again has a newer release.mk" >&2; failed=1; }

# the page for users names each release, and its boards
while read -r version _ _ _ _ _ boards _; do
	case $version in '#'*|'') continue ;; esac
	cases=$((cases + 1))
	for word in "$version" $(echo "$boards" | tr , ' '); do
		grep -qw -- "$word" "$project/docs/genode.md" || {
			echo "genode_check: docs/genode.md does not name $word of release $version" >&2; failed=1; }
	done
done <"$project/base-foc-patch/releases"


# Trees

expect "no tree named" 2 "no Genode tree named" -- repo
expect "no repository" 1 "no repository of caplog at $dir/nowhere" -- "$dir/nowhere" genode
mkdir -p "with space" && cp -a repo "with space/repo"
expect "repository with a space" 1 "name has a space" "GENODE_REPO=" -- "with space/repo" genode
expect "missing tree" 1 "there is no directory $dir/nowhere" -- repo "$dir/nowhere"
expect "other directory" 1 "no Genode tree at $repo: there is no file VERSION" -- repo repo
expect "other version" 1 "is Genode 15.11: the overlay is for 16.08 26.02" -- repo old
tree torn && rm torn/repos/base-foc/src/core/target.inc
expect "incomplete tree" 1 "src/core/target.inc is missing" -- repo torn
expect "tree" 0 "ok   Genode 16.08 at $dir/genode" "no BUILD_DIR given" not " NO " -- repo genode


# Changes to it

git_() { git -C genode -c user.name=test -c user.email=test@localhost -c commit.gpgsign=false "$@"; }

if command -v git >/dev/null; then
	if [ -n "$(git rev-parse --git-dir 2>/dev/null)" ]; then
		expect "in somebody's clone" 0 "is no git clone" -- repo genode
	fi
	git init -q genode && git_ add . && git_ commit -q -m "as released" || exit 1
	expect "no tag" 0 "are those of HEAD (there is no tag 16.08 here)" -- repo genode
	git_ tag 16.08
	expect "tag" 0 "are those of tag 16.08" -- repo genode

	echo change >>genode/repos/base/src/lib/base/heap.cc
	echo change >>genode/repos/base-foc/lib/mk/spec/arm/base-common.mk
	echo change >>genode/repos/base-foc/src/core/spec/pbxa9/target.mk
	echo change >>genode/repos/base-foc/src/core/thread_start.cc
	echo change >>genode/repos/base/include/pd_session/pd_session.h
	echo change >>genode/repos/base/src/lib/base/thread_start.cc
	empty genode/repos/base-foc/src/lib/base/new.cc genode/repos/os/new.cc
	expect "change of what is not replaced" 0 "changed since tag 16.08, and not replaced:" \
		repos/base/src/lib/base/heap.cc repos/base-foc/src/lib/base/new.cc \
		repos/base-foc/lib/mk/spec/arm/base-common.mk repos/base-foc/src/core/spec/pbxa9/target.mk \
		repos/base-foc/src/core/thread_start.cc \
		repos/base/include/pd_session/pd_session.h repos/base/src/lib/base/thread_start.cc \
		not repos/os " NO " "are those of" -- repo genode
	git_ add . && git_ commit -q -m "own changes"
	expect "committed since the tag" 0 "changed since tag 16.08, and not replaced:" \
		repos/base-foc/src/lib/base/new.cc -- repo genode
	git_ tag -d 16.08 >/dev/null
	expect "committed, no tag" 0 "are those of HEAD" not "changed" -- repo genode

	for file in base/src/lib/base/lock.cc base/include/base/object_pool.h base-foc/src/core/pager.cc \
	            base-foc/src/lib/base/thread_start.cc base-foc/src/include/base/internal/cap_map.h; do
		cp "genode/repos/$file" saved
		echo change >>"genode/repos/$file"
		expect "change of $file" 1 "these changes would be lost" "repos/$file" \
			not "and not replaced" -- repo genode
		cp saved "genode/repos/$file"
	done
	empty genode/repos/base-foc/src/lib/base/lock.cc
	expect "new file that is replaced" 1 "would be lost" repos/base-foc/src/lib/base/lock.cc -- repo genode
	rm genode/repos/base-foc/src/lib/base/lock.cc
else
	echo "  GENODE  git is not installed: comparison with the tag left out"
fi


# Build directories

builddir right pbxa9 "$repo" "$foc" "$others"
expect "right" 0 "ok   board pbxa9" "names $repo before base-foc" \
	not " NO " "but not $repo" "Write this" -- repo genode right
expect "slash at the end" 0 "ok   $dir/right/etc/build.conf names" -- repo/ genode/ right/
mkdir -p beside
(cd beside && "$project/base-foc-patch/genode-check" ../repo ../genode >../output) ||
	{ echo "genode_check: relative paths: it said:" >&2; cat output >&2; failed=1; }
grep -q "REPOSITORIES  = $repo\$" output || { echo "genode_check: advice not absolute" >&2; failed=1; }

expect "missing" 1 "there is no directory $dir/nowhere" -- repo genode "$dir/nowhere"
expect "no build directory" 1 "$dir/beside is no build directory" -- repo genode beside
builddir board linux "$repo" "$foc" "$others"
sed -i 's/foc_linux/linux/' board/etc/specs.conf
expect "other kernel" 1 "names no Fiasco.OC board" -- repo genode board
builddir board vexpress "$repo" "$foc" "$others"
expect "other board" 1 "board vexpress is not one of" pbxa9 -- repo genode board

builddir unnamed pbxa9 "$foc" "$others"
expect "not named" 1 "does not name the repository of caplog" "Write this" not "stock base library" -- repo genode unnamed
empty unnamed/var/libcache/base-common/cap_map.o
expect "built without" 1 "does not name the repository of caplog" "holds objects of the stock base library" \
	-- repo genode unnamed
builddir after pbxa9 "$foc" "$repo" "$others"
expect "after base-foc" 1 "names $repo after base-foc" -- repo genode after
builddir alone pbxa9 "$repo" "$others"
expect "without base-foc" 1 "does not name base-foc" -- repo genode alone
builddir foreign pbxa9 "$repo" "$dir/old/repos/base-foc"
expect "base-foc of another tree" 1 "$dir/old/repos/base-foc, which is not that of" -- repo genode foreign
builddir oneline pbxa9 "# $foc"
printf 'REPOSITORIES := %s \\\n  %s # %s\n' ../repo "$foc" "$others" >>oneline/etc/build.conf
expect "make's ways to write it" 0 "names $dir/oneline/../repo before base-foc" -- repo genode oneline
echo 'ifdef' >>oneline/etc/build.conf
expect "not for make" 1 "make cannot read it" -- repo genode oneline

# another repository than the one that this project would lay out now
cp -a repo elsewhere
builddir other pbxa9 "$dir/elsewhere" "$foc" "$others"
empty other/var/libcache/base-common/cap_map.o
expect "repository elsewhere" 0 "names $dir/elsewhere before base-foc" "caplog, but not $repo" \
	not " NO " "stock" -- repo genode other
echo "cap_map.o: $dir/genode/repos/base-foc/src/include/base/internal/cap_map.h" \
	>other/var/libcache/base-common/cap_map.d
expect "named too late" 1 "holds objects of the stock base library" -- repo genode other
rm other/var/libcache/base-common/cap_map.d elsewhere/src/lib/base/lock.cc
expect "incomplete repository" 1 "lacks files" -- repo genode other
ln -sfn "$dir/nowhere/caplog.inc" elsewhere/lib/mk/caplog.inc
expect "project moved away" 1 "its links are broken" -- repo genode other
builddir twice pbxa9 "$repo" "$repo" "$foc"
expect "named twice" 1 "more than one repository of caplog" -- repo genode twice

# as make gives them
unset MAKEFLAGS MFLAGS MAKELEVEL
make -s -C "$project" genode-check GENODE_REPO="$repo" GENODE_DIR="$dir/genode" \
	BUILD_DIR="$dir/right" >output 2>&1 ||
	{ echo "genode_check: through make, it said:" >&2; cat output >&2; failed=1; }

[ $failed = 0 ] && echo "  TEST  tests/genode_check.sh: $cases cases"
exit $failed
