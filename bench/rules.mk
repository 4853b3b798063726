# SPDX-License-Identifier: BSD-2-Clause
#
# Measuring
#

# Components that run are not needed, nor the points at which they stop
BENCH_HOSTED := $(filter-out $(addprefix %/,components.c events.c group.c),$(HOSTED_SRC))
BENCH        := $(BUILD)/bench
# Comparator of the append, where its headers are installed (liblttng-ust-dev, lttng-tools)
BENCH_LTTNG   = $(shell echo '\#include <lttng/tracepoint.h>' | $(CC) -E - >/dev/null 2>&1 && echo $(BUILD)/bench-lttng)

.PHONY: bench bench-plots bench-instructions

$(BUILD)/obj/bench/%.o: INC = -Ibench $(INC_hosted)
$(BUILD)/obj/bench/lttng/%.o: INC = -I. -Ibench

$(BENCH): $(call obj,$(wildcard bench/*.c) $(BENCH_HOSTED) $(ENGINE_SRC)) $(LIB)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ -ljansson -pthread

$(BUILD)/bench-lttng: $(call obj,bench/lttng/main.c bench/measure.c)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ -llttng-ust -ldl

bench:
	$(SUBMAKE) $(BENCH) $(BENCH_LTTNG) >/dev/null
	@"$(BENCH)" $(if $(JSON),--json "$(JSON)") $(if $(BENCH_LTTNG),--lttng "bench/lttng/run.sh $(BENCH_LTTNG)")

bench-instructions:
	$(SUBMAKE) $(BENCH) >/dev/null
	@bench/instructions.sh "$(BENCH)"

# docs/growth-*.svg
bench-plots:
	@command -v gnuplot >/dev/null || { echo "make bench-plots needs gnuplot: apt-get install gnuplot-nox"; exit 1; }
	$(SUBMAKE) $(BENCH) >/dev/null
	@mkdir -p "$(BUILD)/plots"
	@"$(BENCH)" --growth "$(BUILD)/plots"
	@gnuplot -e "data='$(BUILD)/plots'; out='docs'" bench/plots.gp
	@echo "docs/growth-capabilities.svg docs/growth-events.svg"
