# SPDX-License-Identifier: BSD-2-Clause
#
# caplog: one Makefile, no configuration step. `make help` lists the targets.

CC       ?= cc
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
SEEDS    ?= 500
STEPS    ?= 20
JSON     ?=
WERROR   ?=
JOBS     ?= $(shell nproc 2>/dev/null || echo 1)
VERSION  := 1.0

CSTD     := -std=c11
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR)
OPT      := -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DCAPLOG_VERSION='"$(VERSION)"' \
            -Ilib/caplog/include -Ilib/caplog/src -Imonitor/engine -Imonitor/tool

# `make asan check`: the same with address and undefined behaviour sanitizers
ifneq ($(filter asan,$(MAKECMDGOALS))$(ASAN),)
ASAN     := 1
BUILD    := build/asan
OPT      := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=address,undefined
export ASAN_OPTIONS ?= detect_stack_use_after_return=0
endif

CFLAGS   += $(CSTD) $(WARN) $(OPT) -MMD -MP

# What runs inside a component or a Genode monitor: no libc, no heap, no IPC
CORE_SRC   := $(addprefix lib/caplog/src/,flavour.c writer.c space.c reader.c map.c pool.c plan.c diag.c)
# What runs on a host only
HOST_SRC   := $(filter-out $(CORE_SRC),$(wildcard lib/caplog/src/*.c))
TOOL_SRC   := $(wildcard monitor/tool/*.c)
ENGINE_SRC := $(wildcard monitor/engine/*.c)
HOSTED_SRC := $(wildcard tests/hosted/*.c)
TEST_SRC   := $(wildcard tests/test_*.c)

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB    := $(BUILD)/libcaplog.a
TOOL   := $(BUILD)/caplog
DEMO   := $(BUILD)/demo
TESTS  := $(patsubst tests/%.c,$(BUILD)/tests/%,$(TEST_SRC))
# The tool's parts that tests use as well
TOOL_PARTS := $(filter-out monitor/tool/main.c,$(TOOL_SRC))
# The hosted platform stops components at each log event: see tests/hosted/events.c
HOSTED_OBJ := $(call obj,$(HOSTED_SRC) $(ENGINE_SRC))
WRAP       := -Wl,--wrap=caplog_append,--wrap=caplog_append_thread,--wrap=caplog_append_irq

SUBMAKE = +@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD) ASAN=$(ASAN)

.DEFAULT_GOAL := all
.SECONDARY:
.PHONY: all asan build deps run check soak lint install help freestanding clean

all:
	$(SUBMAKE) build

build: $(LIB) $(TOOL) $(DEMO)

asan: ;

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(LIB): $(call obj,$(CORE_SRC) $(HOST_SRC))
	@rm -f $@
	@echo "  AR    $@"
	@$(AR) rcs $@ $^

$(TOOL): $(call obj,$(TOOL_SRC)) $(LIB)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lxxhash -ljansson

$(DEMO): $(call obj,run/demo.c) $(HOSTED_OBJ) $(LIB)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) $(WRAP) -o $@ $^ -lxxhash

$(BUILD)/tests/test_hosted_%: $(BUILD)/obj/tests/test_hosted_%.o $(HOSTED_OBJ) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) $(WRAP) -o $@ $^ -lcmocka -lxxhash

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call obj,$(TOOL_PARTS)) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lxxhash -ljansson -lpthread

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

help:
	@echo "make deps         install the Debian packages that are missing (uses sudo if not root)"
	@echo "make              build the library and build/caplog"
	@echo "make run          real traces through the tool, then a component moved between two nodes"
	@echo "                  (V=1: every event)"
	@echo "make check        all tests; 'make asan check': with sanitizers"
	@echo "make soak         the exhaustive restore test with SEEDS=$(SEEDS) schedules, STEPS=$(STEPS) of them"
	@echo "                  at every kernel entry"
	@echo "make overlay      the Genode overlay against stand-in headers"
	@echo "make lint         static analysis"
	@echo "make bench        measure (JSON=file writes the rows)"
	@echo "make bench-plots  how cost grows, as docs/growth-*.svg"
	@echo "make bench-instructions  of the hot paths, by callgrind"
	@echo "make install      to DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)"
	@echo "make genode-repo  lay out the overlay for Genode 16.08 in $(GENODE_REPO)"
	@echo "make genode-check GENODE_DIR=... [BUILD_DIR=...]"
	@echo "                  does that tree suit, and what to write where"
	@echo "make clean        remove $(BUILD)"

clean:
	@rm -rf $(BUILD)


#
# Packages
#

PACKAGES := gcc g++ make binutils libc6-dev libcmocka-dev libxxhash-dev libjansson-dev libbsd-dev

deps:
	@missing=; for p in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "installing:$$missing"; \
	$$sudo env DEBIAN_FRONTEND=noninteractive sh -c \
		"apt-get -qq install -y --no-install-recommends $$missing >/dev/null 2>&1 || \
		 { apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing >/dev/null; }"


#
# Run
#

run:
	$(SUBMAKE) build >/dev/null
	@CAPLOG=$(TOOL) run/demo.sh
	@$(DEMO) $(if $(V),-v)


#
# Tests: each is done when its log says so
#

check:
	$(SUBMAKE) run-tests
	$(SUBMAKE) overlay
	@tests/genode_check.sh $(BUILD)/genode_check
	@echo "all tests passed"

.PHONY: run-tests
run-tests: $(TESTS:%=%.passed) freestanding

$(BUILD)/tests/%.passed: $(BUILD)/tests/% $(TOOL) FORCE
	@CAPLOG_TOOL=$(abspath $(TOOL)) CAPLOG_BUILD=$(abspath $(BUILD)) CMOCKA_MESSAGE_OUTPUT=stdout \
		$< >$<.log 2>&1 || { cat $<.log; echo "FAILED: $<"; exit 1; }
	@echo "  TEST  $<$$(sed -n 's/^\([0-9]* restores.*\)/: \1/p' $<.log | tr '\n' ' ')"

.PHONY: FORCE
FORCE:

# The core compiles freestanding and links with nothing, 64 and 32 bit
freestanding:
	@CORE="$(CORE_SRC)" tests/freestanding.sh $(BUILD)/freestanding

soak:
	$(SUBMAKE) $(BUILD)/tests/test_hosted_exhaustive
	SEEDS=$(SEEDS) STEPS=$(STEPS) $(BUILD)/tests/test_hosted_exhaustive

lint:
	@command -v cppcheck >/dev/null || { echo "make lint needs cppcheck: apt-get install cppcheck"; exit 1; }
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem -Ilib/caplog/include -Imonitor/engine \
		lib monitor/engine monitor/tool


#
# Install
#

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib \
		$(DESTDIR)$(PREFIX)/include/caplog $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man7
	install -m 755 $(TOOL) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(LIB) $(DESTDIR)$(PREFIX)/lib/
	install -m 644 lib/caplog/include/caplog/*.h $(DESTDIR)$(PREFIX)/include/caplog/
	install -m 644 $(wildcard man/*.1) $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(wildcard man/*.7) $(DESTDIR)$(PREFIX)/share/man/man7/


#
# Measuring
#

# Components that run are not needed, nor the points at which they stop
BENCH_HOSTED := $(filter-out tests/hosted/components.c tests/hosted/events.c tests/hosted/group.c,$(HOSTED_SRC))
BENCH        := $(BUILD)/bench
# Comparator of the append, where its headers are installed (liblttng-ust-dev, lttng-tools)
BENCH_LTTNG   = $(shell echo '\#include <lttng/tracepoint.h>' | $(CC) -E - >/dev/null 2>&1 && echo $(BUILD)/bench-lttng)

.PHONY: bench bench-plots bench-instructions

$(BENCH): $(call obj,$(wildcard bench/*.c) $(BENCH_HOSTED) $(ENGINE_SRC)) $(LIB)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lxxhash -ljansson -lpthread

$(BUILD)/obj/bench/lttng/main.o: CPPFLAGS += -I.
$(BUILD)/bench-lttng: $(call obj,bench/lttng/main.c bench/measure.c)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -llttng-ust -ldl

bench:
	$(SUBMAKE) $(BENCH) $(BENCH_LTTNG) >/dev/null
	@$(BENCH) $(if $(JSON),--json $(JSON)) $(if $(BENCH_LTTNG),--lttng "bench/lttng/run.sh $(BENCH_LTTNG)")

bench-instructions:
	$(SUBMAKE) $(BENCH) >/dev/null
	@bench/instructions.sh $(BENCH)

# docs/growth-*.svg
bench-plots:
	@command -v gnuplot >/dev/null || { echo "make bench-plots needs gnuplot: apt-get install gnuplot-nox"; exit 1; }
	$(SUBMAKE) $(BENCH) >/dev/null
	@mkdir -p $(BUILD)/plots
	@$(BENCH) --growth $(BUILD)/plots
	@gnuplot -e "data='$(BUILD)/plots'; out='docs'" bench/plots.gp
	@echo "docs/growth-capabilities.svg docs/growth-events.svg"


#
# Genode overlay, without Genode
#

OVERLAY_BASE  := base-foc-patch/src/lib/base
OVERLAY_SRC   := $(wildcard $(OVERLAY_BASE)/*.cc)
# libc's stdint.h before the overlay's, which is for where there is no libc
OVERLAY_FLAGS := -Ipd_ext/include -Ibase-foc-patch/include -Ilib/caplog/include -Itests/genode_api \
                 -idirafter base-foc-patch/src/include
OVERLAY_H      = $(shell find base-foc-patch pd_ext tests/genode_api tests/overlay tests/hosted -name '*.h')

# Against C functions, with cmocka; what the test drives
OVERLAY_C_TESTS := $(addprefix $(BUILD)/tests/overlay/,test_map test_ipc)
OVERLAY_C_SRC   := $(addprefix $(OVERLAY_BASE)/,cap_map.cc cap_alloc.cc cap_map_remove.cc cap_pool.cc \
                     cap_log.cc lock.cc)

# On the hosted kernel, as on both machines
OVERLAY_HOOKS := $(addprefix tests/overlay/,test_hooks.cc l4.cc core.cc library.cc) $(OVERLAY_SRC) \
                 tests/hosted/kernel.c tests/hosted/events.c $(CORE_SRC)

# Core: its sources, and what it shares with components
OVERLAY_CORE  := tests/overlay/test_core.cc $(wildcard base-foc-patch/src/core/*.cc pd_ext/src/core/*.cc) \
                 $(addprefix $(OVERLAY_BASE)/,cap_map.cc cap_pool.cc lock.cc) \
                 tests/hosted/kernel.c $(CORE_SRC)
OVERLAY_CORE_FLAGS := -Ipd_ext/src/core/include -Ibase-foc-patch/src/core/include -Itests/genode_api/core

.PHONY: overlay overlay-tests

# base-foc-patch/ and pd_ext/ compile against tests/genode_api/, 64 and 32 bit;
# where the stub can be linked, they run
overlay:
	@tests/overlay.sh $(BUILD)/overlay
	$(if $(filter x86_64,$(shell uname -m)),$(SUBMAKE) overlay-tests)

# Programs of 32 bit need a library of 32 bit: g++-multilib
OVERLAY_MACHINES = x86_64 $(shell echo 'int main() { }' | $(CXX) -m32 -x c++ -o /dev/null - 2>/dev/null && echo x86_32)
OVERLAY_TESTS    = $(OVERLAY_C_TESTS) \
                   $(foreach m,$(OVERLAY_MACHINES),$(addprefix $(BUILD)/$(m)/,test_hooks test_stub test_core))

overlay-tests: $(OVERLAY_TESTS:%=%.passed)
	@$(if $(filter x86_32,$(OVERLAY_MACHINES)),,echo "  OVER  x86_32: does not run, no 32-bit libstdc++ here (g++-multilib)")

$(BUILD)/x86_%.passed: $(BUILD)/x86_% FORCE
	@$< >$<.log 2>&1 || { cat $<.log; echo "FAILED: $<"; exit 1; }
	@echo "  TEST  $<: $$(tail -1 $<.log)"

$(BUILD)/tests/overlay/test_map: $(addprefix $(OVERLAY_BASE)/,cap_log_attach.cc spec/x86_64/kernel_entry.S)
$(BUILD)/tests/overlay/test_ipc: $(OVERLAY_BASE)/ipc.cc

$(OVERLAY_C_TESTS): $(BUILD)/tests/overlay/%: tests/overlay/%.cc tests/overlay/kernel.cc $(OVERLAY_C_SRC) $(LIB) \
		$(OVERLAY_H)
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) -std=gnu++11 -Wall -Wextra $(WERROR) $(OPT) $(OVERLAY_FLAGS) \
		-o $@ $(filter %.cc %.S,$^) $(LIB) -lcmocka -lxxhash

# The address sanitizer takes an exception on a coroutine's stack for an overflow
comma       := ,
OVERLAY_OPT := $(subst address$(comma),,$(OPT))
OVERLAY_LD   = $(subst address$(comma),,$(LDFLAGS))

# overlay_machine NAME FLAG: how to make objects and tests for one machine
define overlay_machine
$(BUILD)/$(1)/%.cc.o: %.cc $$(OVERLAY_H)
	@mkdir -p $$(@D)
	@echo "  CXX   $$@"
	@$$(CXX) $(2) -std=gnu++11 -Wall -Wextra $$(WERROR) $$(OVERLAY_OPT) $$(OVERLAY_FLAGS) -c -o $$@ $$<

$(BUILD)/$(1)/%.c.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	@$$(CC) $(2) $$(CPPFLAGS) $$(subst address$$(comma),,$$(CFLAGS)) -Wno-conversion -c -o $$@ $$<

# the labels only: its entry is l4.cc's
$(BUILD)/$(1)/labels.o: $(OVERLAY_BASE)/spec/$(1)/kernel_entry.S
	@mkdir -p $$(@D)
	@$$(CC) $(2) -Dcaplog_kernel_entry=not_this_one -c -o $$@ $$<

$(BUILD)/$(1)/test_hooks: $$(patsubst %,$(BUILD)/$(1)/%.o,$$(OVERLAY_HOOKS)) $(BUILD)/$(1)/labels.o
	@echo "  LD    $$@"
	@$$(CXX) $(2) $$(OVERLAY_LD) $$(WRAP) -o $$@ $$^

$(BUILD)/$(1)/test_core: OVERLAY_FLAGS := $(OVERLAY_CORE_FLAGS) $(OVERLAY_FLAGS)
$(BUILD)/$(1)/test_core: $$(patsubst %,$(BUILD)/$(1)/%.o,$$(OVERLAY_CORE))
	@echo "  LD    $$@"
	@$$(CXX) $(2) $$(OVERLAY_LD) -o $$@ $$^

# its signal handler is the kernel, so no sanitizer's may be
$(BUILD)/$(1)/test_stub: tests/overlay/test_stub.c $(OVERLAY_BASE)/spec/$(1)/kernel_entry.S lib/caplog/include/caplog/stub.h
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	@$$(CC) $(2) $$(CSTD) $$(CPPFLAGS) $$(WARN) -O2 -g -no-pie -o $$@ $$(filter %.c %.S,$$^)
endef

$(eval $(call overlay_machine,x86_64,-m64))
$(eval $(call overlay_machine,x86_32,-m32))


#
# Genode: docs/genode.md
#

GENODE_REPO ?= $(abspath $(BUILD))/genode-repo
GENODE_DIR  ?=
BUILD_DIR   ?=

.PHONY: genode-repo genode-check

genode-repo:
	@base-foc-patch/genode-repo . $(GENODE_REPO)

genode-check: genode-repo
	@base-foc-patch/genode-check $(GENODE_REPO) "$(GENODE_DIR)" "$(BUILD_DIR)"
