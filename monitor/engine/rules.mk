# SPDX-License-Identifier: BSD-2-Clause
#
# The engine: decides what a checkpoint and a restore do, on whatever platform
#
INC_engine := -Imonitor/engine $(INC_replay)
ENGINE_SRC := $(wildcard monitor/engine/*.c)

$(BUILD)/obj/monitor/engine/%.o: INC = $(INC_engine)
