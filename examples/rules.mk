# SPDX-License-Identifier: BSD-2-Clause
#
# Examples: a program per file, built as a user of the installed library builds
# it, and run by `make check` (examples/run.sh)
#
EXAMPLES := $(patsubst %.c,$(BUILD)/%,$(wildcard examples/*.c))

$(BUILD)/obj/examples/%.o: INC = $(INC_lib)

$(EXAMPLES): $(BUILD)/examples/%: $(BUILD)/obj/examples/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^

.PHONY: check-examples
check-examples: $(EXAMPLES)
	@examples/run.sh "$(BUILD)/examples" "$(TOOL)"
