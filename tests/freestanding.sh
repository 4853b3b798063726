#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The core runs where there is no libc and no compiler library
#
#   freestanding.sh DIR           compile it freestanding for each target and
#                                 optimisation level, link it with nothing, and
#                                 check the headers' layout asserts in C++
#   freestanding.sh DIR programs  only build the programs DIR/core-TARGET, which
#                                 tests/test_wordsize.c runs
#
# Runs from the top of the repository. CORE lists the sources, CORE_INC is their
# include path, CORE_HEADERS are the public ones; CC and CXX are the compilers for
# x86. Targets whose compiler is not installed are left out, and named.
set -u

dir=$1
mode=${2:-all}
: "${CORE:?is not set: make freestanding}" "${CORE_INC:?is not set: make freestanding}" "${CORE_HEADERS:?is not set: make freestanding}"
flags="-std=c11 -ffreestanding -nostdlib -fno-pic -fno-stack-protector -Itests $CORE_INC"
warnings="-Wall -Wextra -Werror"
mkdir -p "$dir" || exit 1

die() { echo "freestanding: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# link_core NAME COMPILER LINKER LEVEL: the core and a start, and nothing else
link_core() {
	out=$dir/$1 compile="$2 $flags $warnings $4 -MMD -MP -c" link="$3 -nostdlib -static"
	mkdir -p "$out" || return 1
	rm -f "$out"/*.o "$out"/failed
	set --
	for source in $CORE tests/freestanding/start.c; do
		object=$out/$(basename "$source" .c).o
		$compile -o "$object" "$source" || : >"$out/failed" &
		set -- "$@" "$object"
	done
	wait
	[ ! -e "$out/failed" ] || return 1
	$link -Wl,--fatal-warnings -o "$out/core" "$@"
}

# target NAME LEVELS COMPILER [LINKER]: all levels, one line if all is well
target() {
	compiler=$3
	linker=${4:-$3}
	for level in $2; do
		link_core "$(echo "$1" | tr ' /' __)$level" "$compiler" "$linker" "$level" ||
			die "$1 $level: the core needs what it must not need (see above)"
	done
	[ "$mode" = programs ] || echo "  FREE  $1: $2"
}

# program NAME COMPILER: DIR/core-NAME
program() {
	link_core "program-$1" "$2" "$2" -O2 || die "$1: cannot build the program"
	cp "$dir/program-$1/core" "$dir/core-$1"
}

cc=${CC:-cc} cxx=${CXX:-c++}
x86_64="$cc -m64"
i386="$cc -m32 -march=i686"
arm_flags="-marm -march=armv7-a -mfloat-abi=soft"
arm=
for prefix in arm-linux-gnueabihf- arm-linux-gnueabi- arm-none-eabi-; do
	[ -n "$arm" ] || ! have "${prefix}gcc" || arm="${prefix}gcc $arm_flags"
done

# Does this compiler make code for that machine?
makes() { have "${1%% *}" && echo 'int x;' | $1 -c -x c -o "$dir/probe.o" - 2>/dev/null; }

if [ "$mode" = programs ]; then
	for t in x86_64 i386 arm; do
		eval "c=\$$t"
		makes "$c" && program $t "$c"
	done
	exit 0
fi

levels="-O0 -O2 -O3 -Os"
left_out=
# try NAME LEVELS COMPILER [LINKER]
try() { if makes "$3"; then target "$@"; else left_out="$left_out $1"; fi; }

try "x86_64 $cc" "$levels" "$x86_64"
try "i386 $cc" "$levels" "$i386"
try "arm ${arm%% *}" "$levels" "$arm"
# with the widest badges
wide=-DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02
try "x86_64 $cc, foc-26.02" "-O0 -O2" "$x86_64 $wide" "$x86_64"
try "i386 $cc, foc-26.02" "-O0 -O2" "$i386 $wide" "$i386"
try "arm ${arm%% *}, foc-26.02" "-O0 -O2" "$arm $wide" "$arm"
case $cc in
*clang*) ;;
*)
	try "x86_64 clang" "-O0 -O2" "clang -m64" "$x86_64"
	try "i386 clang" "-O0 -O2" "clang -m32 -march=i686" "$i386"
	# unoptimised, it divides by a constant with a function of its library
	[ -z "$arm" ] || try "arm clang" "-O2 -O3" "clang --target=arm-linux-gnueabi $arm_flags" "$arm"
	;;
esac

# The layout asserts of the headers hold in C++, too
cxx_headers() {
	for header in $CORE_HEADERS; do
		echo "#include <caplog/$(basename "$header")>" |
			$1 -std=c++11 -Wall -Wextra -Werror -ffreestanding -fsyntax-only $CORE_INC -x c++ - ||
			die "$(basename "$header"): not valid in C++ ($1)"
	done
	echo "  FREE  headers as C++11: ${1%% -marm*}"
}

for compiler in "$cxx -m64" "$cxx -m32" ${arm:+"${arm%%gcc *}g++ $arm_flags"}; do
	if makes "$compiler"; then
		cxx_headers "$compiler"
	else
		left_out="$left_out ${compiler%% *}"
	fi
done
[ -z "$left_out" ] || echo "  FREE  not installed, left out:$left_out"
