#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Compile the Genode overlay without Genode
#
#	tests/overlay.sh DIR RELEASE
#
# Every C++ source and public header of pd_ext/ and of that variant of
# base-foc-patch/ is compiled against tests/genode_api*/ with no other headers than
# the compiler's own, and
# lib/caplog's C sources in the same environment; the stub is assembled. Prints a
# line per machine, on failure the compiler's messages. CC and CXX are the
# compilers for x86. Machines without a compiler are left out and named; for ARM
# clang does as well.
#
# Runs from the top of the repository; DIR is for objects. CORE lists the
# library's C sources and CORE_INC what they see; COMPONENT_INC and ABI_INC are
# include paths of its layers.
set -u

dir=$1 release=$2
common=base-foc-patch/common variant=base-foc-patch/$release
warnings="-Wall -Wextra -Werror"
mkdir -p "$dir" || exit 1

die() { echo "overlay: $*" >&2; exit 1; }
have() { command -v "${1%% *}" >/dev/null 2>&1; }

# Does this compiler make code for that machine?
makes() { have "$1" && echo 'int x;' | $1 -c -x c -o "$dir/probe.o" - 2>/dev/null; }

# Order as in a Genode build: overlay, library, then what Genode has
genode="-Ipd_ext/include -I$variant/include -I$common/include -I$variant/src/include -I$common/src/include"
core="-Ipd_ext/src/core/include -Ipd_ext/$release/src/core/include -I$variant/src/core/include -I$common/src/core/include"
# Layers: base-foc-patch/ sees what a component does, pd_ext/ and public headers the lowest layer
includes="$genode ${COMPONENT_INC:?is not set: make overlay}"
abi_includes="$genode ${ABI_INC:?is not set: make overlay}"

# Genode's own rules for C++, and those of the overlay's makefiles for C
flavour=$(awk -v version="$release" '$1 == version { print "-DCAPLOG_FLAVOUR=" $3 }' base-foc-patch/releases)
[ -n "$flavour" ] || die "base-foc-patch/releases does not name $release"
case $release in
16.08)	api=tests/genode_api stock="-Itests/genode_api -Itests/genode_api/core"
	standard=-std=gnu++11 strict='' ;;
*)	# what is not there is as in 16.08; system headers: its warnings are for our sources
	api=tests/genode_api26
	stock="-isystem $api -isystem $api/core -isystem tests/genode_api"
	standard=-std=gnu++20 strict='-Weffc++ -Wconversion -Wsuggest-override' ;;
esac
cxx_flags="$standard -ffreestanding -fno-strict-aliasing -nostdinc $flavour $strict"
c_flags="-std=gnu11 -ffreestanding -nostdinc $flavour"

base_cc=$(echo $common/src/lib/base/*.cc $variant/src/lib/base/*.cc)
core_cc=
[ ! -d $api/core ] ||
	core_cc=$(echo $variant/src/core/*.cc pd_ext/src/core/*.cc pd_ext/$release/src/core/*.cc)
headers=$(for d in $variant $common pd_ext; do (cd $d/include && echo */*.h); done)
library=${CORE:?is not set: make overlay}

# The words of the UTCB that a stub saves, as -D options
utcb_words() { sed -n 's/^#define \(UTCB_[A-Z]*\) *\([0-9]*\)$/-D\1=\2/p' "$1"; }

# machine NAME GCC GXX: compile all for one machine
machine() {
	name=$1 cc=$2 cxx=$3
	stub=$common/src/lib/base/spec/${name%%-*}/kernel_entry.S
	own="-isystem $($cxx -print-file-name=include)"
	c_own="-isystem $($cc -print-file-name=include)"
	log=$dir/$name
	extra=$(utcb_words "$stub")
	case $cxx in
	*clang*) extra="$extra -Wno-ignored-attributes -Wno-unknown-attributes -Wno-mismatched-tags"
		extra="$extra -Wno-unused-private-field -Wno-sign-conversion" ;;
	esac
	rm -rf "$log"
	mkdir -p "$log" || exit 1

	for source in $base_cc $core_cc tests/genode_api/check.cc; do
		case $source in
		pd_ext/*) own_includes="$core $abi_includes" ;;
		*/core/*) own_includes="$core $includes" ;;
		*)        own_includes=$includes ;;
		esac
		{ $cxx $cxx_flags $warnings $extra -O2 $own_includes $stock $own \
			-MMD -MP -c -o "$log/$(basename "$source").o" "$source" || : >"$log/failed"; } \
			2>"$log/$(basename "$source").txt" &
	done
	for header in $headers; do
		{ echo "#include <$header>" | $cxx $cxx_flags $warnings $extra $abi_includes $stock $own \
			-fsyntax-only -x c++ - || : >"$log/failed"; } 2>"$log/$(echo "$header" | tr / _).txt" &
	done
	for source in $library; do
		{ $cc $c_flags $warnings -O2 $genode ${CORE_INC:?is not set: make overlay} $c_own \
			-MMD -MP -c -o "$log/$(basename "$source").o" "$source" || : >"$log/failed"; } \
			2>"$log/$(basename "$source").txt" &
	done
	{ $cc -MMD -MP $includes -c -Wa,--fatal-warnings -o "$log/kernel_entry.o" "$stub" ||
		: >"$log/failed"; } 2>"$log/kernel_entry.txt" &
	wait

	if [ -e "$log/failed" ]; then
		cat "$log"/*.txt >&2
		die "$name: does not compile (see above)"
	fi
	echo "  OVER  $release, $name: $(echo $base_cc $core_cc | wc -w) C++ sources," \
		"$(echo $headers | wc -w) public headers, $(echo $library | wc -w) C sources, stub"
}

# try NAME CC CXX [CC CXX]...: with the first pair that makes code for the machine
try() {
	name=$1
	shift
	while [ $# -gt 0 ]; do
		if makes "$1" && makes "$2"; then machine "$name" "$1" "$2"; return; fi
		shift 2
	done
	left_out="$left_out $name"
}

left_out=
cc=${CC:-cc} cxx=${CXX:-c++}
arm="-marm -march=armv7-a -mfloat-abi=soft -fno-short-enums"
try x86_64 "$cc -m64" "$cxx -m64"
try x86_32 "$cc -m32 -march=i686" "$cxx -m32 -march=i686"
try arm "arm-linux-gnueabihf-gcc $arm" "arm-linux-gnueabihf-g++ $arm" \
	"arm-linux-gnueabi-gcc $arm" "arm-linux-gnueabi-g++ $arm" \
	"clang --target=arm-linux-gnueabi $arm" "clang++ --target=arm-linux-gnueabi $arm"
# Genode's own target for ARM, for which the compiler's uint32_t is long
try arm-none-eabi "arm-none-eabi-gcc $arm" "arm-none-eabi-g++ $arm" \
	"clang --target=arm-none-eabi $arm" "clang++ --target=arm-none-eabi $arm"
[ -z "$left_out" ] || echo "  OVER  compiler not installed, left out:$left_out"
