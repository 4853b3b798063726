# SPDX-License-Identifier: BSD-2-Clause
#
# `make run`
#
DEMO := $(BUILD)/demo

$(BUILD)/obj/run/%.o: INC = $(INC_hosted) $(INC_host)

$(DEMO): $(call obj,run/demo.c) $(HOSTED_OBJ) $(LIB)
	@echo "  LD    $@"
	$(Q)$(LINK) $(WRAP) -o $@ $^

.PHONY: run
run:
	$(SUBMAKE) build >/dev/null
	@$(TMP_ENV) CAPLOG="$(TOOL)" run/demo.sh
	@$(TMP_ENV) "$(DEMO)" $(if $(EVENTS),-v)
