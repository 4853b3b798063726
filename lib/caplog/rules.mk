# SPDX-License-Identifier: BSD-2-Clause
#
# The library: layers 0 to 3 of docs/architecture.md
#
include lib/caplog/sources.mk

# Each layer sees its own headers and those below
INC_layer0 := -Ilib/caplog/include
INC_layer1 := $(INC_layer0)
INC_layer2 := $(INC_layer1)
INC_layer3 := $(INC_layer2)
# What everybody above the library sees of it
INC_lib    := $(INC_layer3)
LIB_HEADERS := $(wildcard lib/caplog/include/caplog/*.h)
# Headers that are the library's own
INC_lib_private := -Ilib/caplog/src

LIB        := $(BUILD)/libcaplog.a
CORE_SRC   := $(addprefix lib/caplog/src/,$(CAPLOG_C_BASE) $(CAPLOG_C_READ) $(CAPLOG_C_REPLAY))
# What runs on a host only
HOST_SRC   := $(filter-out $(CORE_SRC),$(wildcard lib/caplog/src/*.c))

$(BUILD)/obj/lib/caplog/src/%.o: INC = $(INC_layer3) $(INC_lib_private)

$(LIB): $(call obj,$(CORE_SRC) $(HOST_SRC))
	$(Q)rm -f $@
	@echo "  AR    $@"
	$(Q)$(AR) rcs $@ $^
