# SPDX-License-Identifier: BSD-2-Clause
#
# The library: layers 0 to 3 of docs/architecture.md, a directory each
#
include lib/caplog/sources.mk

LAYERS := abi log map replay host

# Each layer sees its own headers and those below
INC_abi    := -Ilib/caplog/abi/include
INC_log    := $(INC_abi) -Ilib/caplog/log/include
INC_map    := $(INC_log) -Ilib/caplog/map/include
INC_replay := $(INC_map) -Ilib/caplog/replay/include
INC_host   := $(INC_replay) -Ilib/caplog/host/include
# What the base library of a component sees of it, and what all others see
INC_component := $(INC_map)
INC_lib       := $(INC_host)

LIB      := $(BUILD)/libcaplog.a
CORE_SRC := $(addprefix lib/caplog/,$(CAPLOG_C_BASE) $(CAPLOG_C_READ) $(CAPLOG_C_REPLAY))
# What runs on a host only
HOST_SRC := $(wildcard lib/caplog/host/*.c)
# Public headers
LIB_HEADERS := $(wildcard $(LAYERS:%=lib/caplog/%/include/caplog/*.h))

# layer NAME: what its sources see; each of its headers compiles alone with no more
define layer
$(BUILD)/obj/lib/caplog/$(1)/%.o: INC = $$(INC_$(1))

$(BUILD)/headers/$(1)/%.ok: lib/caplog/$(1)/include/caplog/%.h $$(LIB_HEADERS)
	@mkdir -p $$(@D)
	$$(Q)echo '#include <caplog/$$*.h>' | $$(CC) $$(CSTD) $$(WARN) -Werror $$(INC_$(1)) -fsyntax-only -x c -
	@touch $$@
endef
$(foreach l,$(LAYERS),$(eval $(call layer,$(l))))

HEADERS_OK := $(foreach l,$(LAYERS),$(patsubst lib/caplog/$(l)/include/caplog/%.h,$(BUILD)/headers/$(l)/%.ok,$(filter lib/caplog/$(l)/%,$(LIB_HEADERS))))

$(LIB): $(call obj,$(CORE_SRC) $(HOST_SRC)) $(HEADERS_OK)
	$(Q)rm -f $@
	@echo "  AR    $@"
	$(Q)$(AR) rcs $@ $(filter %.o,$^)
