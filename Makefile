# SPDX-License-Identifier: BSD-2-Clause
#
# caplog: one Makefile, no configuration step. `make help` lists the targets.
# `make asan check` builds and tests with address and undefined sanitizers.

CC       ?= cc
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
SEEDS    ?= 200
JSON     ?=

CSTD     := -std=c11
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
OPT      := -O2 -g
CPPFLAGS += -D_GNU_SOURCE -Ilib/caplog/include -Ilib/caplog/src

ifneq ($(filter asan,$(MAKECMDGOALS)),)
BUILD    := $(BUILD)/asan
OPT      := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=address,undefined
export ASAN_OPTIONS ?= detect_stack_use_after_return=0
endif

CFLAGS   += $(CSTD) $(WARN) $(OPT) -MMD -MP

# What runs inside a component or a Genode monitor: no libc, no heap, no IPC
CORE_SRC := $(addprefix lib/caplog/src/,flavour.c writer.c space.c reader.c map.c pool.c plan.c diag.c)
# What runs on a host only
HOST_SRC := $(filter-out $(CORE_SRC),$(wildcard lib/caplog/src/*.c))
TOOL_SRC := $(wildcard monitor/tool/*.c)
TEST_SRC := $(wildcard tests/test_*.c)

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB   := $(BUILD)/libcaplog.a
TOOL  := $(BUILD)/caplog
TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(TEST_SRC))
# The tool's parts that tests use as well
TOOL_PARTS := $(filter-out monitor/tool/main.c,$(TOOL_SRC))

all: $(LIB) $(TOOL)

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

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call obj,$(TOOL_PARTS)) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lxxhash -ljansson -lpthread

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

.PHONY: all asan
.SECONDARY:
asan: ;

#
# Tests
#

CHECK_ENV = CAPLOG_TOOL=$(abspath $(TOOL))

.PHONY: check freestanding
check: $(TOOL) $(TESTS) freestanding
	@for t in $(TESTS); do \
		echo "  TEST  $$t"; \
		$(CHECK_ENV) CMOCKA_MESSAGE_OUTPUT=stdout $$t >$$t.log 2>&1 || { cat $$t.log; echo "FAILED: $$t"; exit 1; }; \
	done; echo "all tests passed"

# The core compiles freestanding and links with nothing, 64 and 32 bit
freestanding:
	@CORE="$(CORE_SRC)" tests/freestanding.sh $(BUILD)/freestanding
