# SPDX-License-Identifier: BSD-2-Clause
#
# caplog: `make help` lists the targets; there is no configuration step.
#
# Here is what all directories share. Each has its own rules in its rules.mk, and
# in INC_* the include path that its sources get: what a layer must not see is
# not in it, and so does not compile.
#
# All paths are relative, so that the tree may lie below a directory with spaces.

CC       ?= cc
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
SEEDS    ?= 500
STEPS    ?= 20
JSON     ?=
WERROR   ?=
JOBS     ?= $(shell nproc 2>/dev/null || echo 1)
# Of the release; `caplog --version`, caplog.pc and CHANGELOG.md say the same: tests/version.sh
VERSION  := 1.1.0

CSTD     := -std=c11
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR)
OPT      := -O2 -g
LINKFLAGS :=

# `make asan check`: the same with address and undefined behaviour sanitizers
ifneq ($(filter asan,$(MAKECMDGOALS))$(ASAN),)
ASAN      := 1
BUILD     := build/asan
OPT       := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINKFLAGS += -fsanitize=address,undefined
export ASAN_OPTIONS ?= detect_stack_use_after_return=0
endif

# The user's flags come last
COMPILE = $(CSTD) $(WARN) $(OPT) -MMD -MP -D_GNU_SOURCE $(DEFINES) $(INC) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(LINKFLAGS) $(LDFLAGS)

# `make V=1` shows the commands
V ?=
Q := $(if $(V),,@)

# Nothing of ours is written to /tmp unless the user names it
TMP_ENV = TMPDIR="$${TMPDIR:-$(abspath $(BUILD))}"

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

# One job per processor, unless the caller says how many
SUBMAKE = +$(Q)$(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS)) BUILD="$(BUILD)" ASAN=$(ASAN)

.DEFAULT_GOAL := all
.SECONDARY:
.PHONY: all asan build deps lint install help clean FORCE

all:
	$(SUBMAKE) build

include lib/caplog/rules.mk
include monitor/engine/rules.mk
include monitor/tool/rules.mk
include monitor/hosted/rules.mk
include run/rules.mk
include base-foc-patch/rules.mk
include tests/rules.mk
include tests/overlay/rules.mk
include examples/rules.mk
include tests/monitor/rules.mk
include bench/rules.mk
include packaging/rules.mk

build: $(LIB) $(TOOL) $(DEMO)

asan: ;

FORCE:

$(BUILD)/obj/%.o: %.c Makefile | $(BUILD)/has/xxhash.h $(BUILD)/has/jansson.h
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(COMPILE) -c -o $@ $<

-include $(shell find $(BUILD) '(' -path '*/deb' -o -path '*/bare' ')' -prune -o -type f -name '*.d' -print 2>/dev/null)

help:
	@echo "make deps         install the Debian packages that are missing (uses sudo if not root);"
	@echo "                  'make deps bench', 'make deps lint': those that this target needs as well;"
	@echo "                  'make deps FOR=check-bare': install them and do nothing else"
	@echo "make              build the library and build/caplog"
	@echo "make run          real traces through the tool, then a component moved between two nodes"
	@echo "                  (EVENTS=1: every slot and event)"
	@echo "make check        all tests; 'make asan check': with sanitizers"
	@echo "make soak         the exhaustive restore test with SEEDS=$(SEEDS) schedules, STEPS=$(STEPS) of them"
	@echo "                  at every kernel entry"
	@echo "make monitor-threads  the Genode monitor's locks under the thread sanitizer"
	@echo "make overlay      the Genode overlay against stand-in headers"
	@echo "make fuzz         libFuzzer on each parser, FUZZ_S=60 seconds each or FUZZ_RUNS=N inputs (make deps fuzz);"
	@echo "                  FUZZERS=fuzz_spec: that one only"
	@echo "make mutants      deliberate bugs, one at a time: which ones the tests do not notice (NAMES='a b*': those)"
	@echo "make coverage     lines and branches of the library and the engine that no test reaches (gcc)"
	@echo "make lint         static analysis"
	@echo "make bench        measure (JSON=file writes the rows)"
	@echo "make bench-plots  how cost grows, as docs/growth-*.svg"
	@echo "make bench-instructions  of the hot paths, by callgrind"
	@echo "make install      to DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) (LIBDIR, MANDIR, DOCDIR ...); make uninstall"
	@echo "make deb          Debian packages in $(BUILD)/deb; 'make check-bare' tries them in a bare system"
	@echo "make genode-repo GENODE_DIR=...  lay out the overlay for that tree in $(GENODE_REPO)"
	@echo "make genode-check GENODE_DIR=... [BUILD_DIR=...]"
	@echo "                  does that tree suit, and what to write where"
	@echo "make clean        remove $(BUILD)"
	@echo "V=1               shows the commands"

clean:
	@rm -rf "$(BUILD)"


#
# Packages: what `make`, `make run` and `make check` need, and what the other
# targets that are named beside `deps` need
#

PACKAGES := gcc g++ make binutils libc6-dev libcmocka-dev libxxhash-dev libjansson-dev patch \
            $(if $(findstring clang,$(CC) $(CXX)),clang) \
            $(foreach goal,$(MAKECMDGOALS) $(FOR),$(packages_$(goal)))

packages_lint := cppcheck
packages_fuzz := clang libclang-rt-14-dev

deps:
	@.ci/deps $(sort $(PACKAGES))

# All else waits for it: `make -j deps check`
ifneq ($(filter deps,$(MAKECMDGOALS)),)
$(filter-out deps clean help asan,$(MAKECMDGOALS)): deps
endif

# Headers of others, looked for once in each build directory
package_xxhash.h  := libxxhash-dev (make deps)
package_jansson.h := libjansson-dev (make deps)
package_cmocka.h  := libcmocka-dev (make deps)

$(BUILD)/has/%.h:
	@mkdir -p $(@D)
	@command -v $(firstword $(CC)) >/dev/null || \
		{ echo "the compiler $(CC) is not installed: make deps" >&2; exit 1; }
	@$(CC) $(CPPFLAGS) $(CFLAGS) -E -include $*.h -x c /dev/null >/dev/null 2>&1 || \
		{ echo "the header $*.h is missing; it is in the package $(package_$*.h)" >&2; exit 1; }
	@touch $@


# Lists of the form X(...) are unknown macros to cppcheck, and a structure that is filled
# member by member is uninitialised
lint:
	@command -v cppcheck >/dev/null || { echo "make lint needs the package cppcheck: make deps lint" >&2; exit 1; }
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=unknownMacro --suppress=ctuuninitvar $(INC_tool) $(INC_lib) \
		lib monitor/engine monitor/tool
