# SPDX-License-Identifier: BSD-2-Clause
#
# Measuring
#

# Components that run are not needed, nor the points at which they stop
BENCH_HOSTED := $(filter-out %/scenario.c %/events.c %/group.c $(HOSTED)/scenarios/%,$(HOSTED_SRC))
BENCH        := $(BUILD)/bench
BENCH_SRC    := $(wildcard bench/*.c)
LTTNG_SRC    := bench/lttng/main.c bench/measure.c
# Comparator of the append, where its headers are installed
BENCH_LTTNG   = $(shell $(CC) $(CPPFLAGS) $(CFLAGS) -E -include lttng/tracepoint.h -x c /dev/null >/dev/null 2>&1 && \
                  echo $(BUILD)/bench-lttng)

packages_bench              := libbsd-dev
packages_bench-plots        := libbsd-dev gnuplot-nox
packages_bench-instructions := libbsd-dev valgrind
package_bsd/sys/tree.h      := libbsd-dev (make deps bench)

.PHONY: bench bench-plots bench-instructions bench-compiles

$(BUILD)/obj/bench/%.o: INC = -Ibench -Itests $(INC_hosted) $(INC_host)
$(BUILD)/obj/bench/lttng/%.o: INC = -Ibench/lttng -Ibench $(INC_abi)
$(call obj,$(BENCH_SRC)): | $(BUILD)/has/bsd/sys/tree.h

$(BENCH): $(call obj,$(BENCH_SRC) $(BENCH_HOSTED) $(ENGINE_SRC)) $(LIB)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ -ljansson -pthread

$(BUILD)/bench-lttng: $(call obj,$(LTTNG_SRC))
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ -llttng-ust

# `make check` compiles all of it; libbsd and LTTng need not be installed for that
bench-compiles: $(patsubst %.c,$(BUILD)/compiles/%.o,$(BENCH_SRC) bench/lttng/main.c)

$(BUILD)/compiles/bench/%.o: INC = -Ibench -Itests $(INC_hosted) $(INC_host) -Itests/bench_api
$(BUILD)/compiles/bench/lttng/%.o: INC = -Ibench/lttng -Ibench $(INC_abi) -Itests/bench_api
$(BUILD)/compiles/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(COMPILE) -c -o $@ $<

bench:
	$(SUBMAKE) $(BENCH) $(BENCH_LTTNG) $(if $(V),,>/dev/null)
	$(if $(BENCH_LTTNG),,@echo "LTTng-UST is left out: it needs liblttng-ust-dev and lttng-tools")
	@$(TMP_ENV) "$(BENCH)" $(if $(JSON),--json "$(JSON)") $(if $(BENCH_LTTNG),--lttng "bench/lttng/run.sh '$(BENCH_LTTNG)'")

bench-instructions:
	@command -v valgrind >/dev/null || { echo "make bench-instructions needs the package valgrind: make deps bench-instructions" >&2; exit 1; }
	$(SUBMAKE) $(BENCH) >/dev/null
	@$(TMP_ENV) bench/instructions.sh "$(BENCH)"

# docs/growth-*.svg
bench-plots:
	@command -v gnuplot >/dev/null || { echo "make bench-plots needs the package gnuplot-nox: make deps bench-plots" >&2; exit 1; }
	$(SUBMAKE) $(BENCH) >/dev/null
	@mkdir -p "$(BUILD)/plots"
	@"$(BENCH)" --growth "$(BUILD)/plots"
	@gnuplot -e "data='$(BUILD)/plots'; out='docs'" bench/plots.gp
	@echo "docs/growth-capabilities.svg docs/growth-events.svg"
