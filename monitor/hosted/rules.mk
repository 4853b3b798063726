# SPDX-License-Identifier: BSD-2-Clause
#
# The hosted platform: a model of kernel, core and base library, for tests and the demo
#
HOSTED     := monitor/hosted
INC_hosted := -I$(HOSTED) $(INC_engine)
# A new scenario is a new file in scenarios/
HOSTED_SRC := $(wildcard $(HOSTED)/*.c $(HOSTED)/base/*.c $(HOSTED)/scenarios/*.c)
# With the engine that runs on it
HOSTED_OBJ := $(call obj,$(HOSTED_SRC) $(ENGINE_SRC))
# It stops components at each log event: events.c
WRAP       := -Wl,--wrap=caplog_append,--wrap=caplog_append_thread,--wrap=caplog_append_irq

$(BUILD)/obj/$(HOSTED)/%.o: INC = $(INC_hosted)
