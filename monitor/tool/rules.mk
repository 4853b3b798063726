# SPDX-License-Identifier: BSD-2-Clause
#
# The command `caplog`
#
INC_tool   := -Imonitor/tool $(INC_engine) $(INC_lib)
TOOL       := $(BUILD)/caplog
# With what reads images of the engine
TOOL_SRC   := $(wildcard monitor/tool/*.c) $(addprefix monitor/engine/,chain.c image.c kinds.c pages.c take.c)
TOOL_DEFINES := -DTOOL_VERSION='"$(VERSION)"'
TOOL_LIBS  := -ljansson
# What tests use as well
TOOL_PARTS := $(filter-out monitor/tool/main.c,$(TOOL_SRC))

$(BUILD)/obj/monitor/tool/%.o: INC = $(INC_tool)
$(BUILD)/obj/monitor/tool/%.o: DEFINES = $(TOOL_DEFINES)

$(TOOL): $(call obj,$(TOOL_SRC)) $(LIB)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ $(TOOL_LIBS)
