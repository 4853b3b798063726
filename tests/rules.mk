# SPDX-License-Identifier: BSD-2-Clause
#
# Tests: one program per tests/test_*.c, done when its log says so
#
# A test sees and is linked with what it tests: the hosted platform for
# test_hosted_*, the parts of the tool for those listed here, the engine for
# those listed here, and else the library only.
#
TESTS_TOOL   := $(patsubst %,test_%,capture cli components diff dump file files follow history import import_capture json names options order progress replay screens spec stream terminal unusable verify verify_lost)
TESTS_ENGINE := $(patsubst %,test_%,image pages kinds ledger load regions sizes source stand)
TESTS_HOSTED := $(patsubst tests/%.c,%,$(wildcard tests/test_stop*.c tests/test_hosted_*.c))
TESTS_LIB    := $(filter-out $(TESTS_TOOL) $(TESTS_ENGINE) $(TESTS_HOSTED),$(patsubst tests/%.c,%,$(wildcard tests/test_*.c)))

# A second time with the slots and badges of foc-26.02, as test_*_wide
TESTS_WIDE   := $(addsuffix _wide,$(patsubst %,test_%,map map_edges pool kept hosted_caps hosted_exhaustive))
WIDE         := -DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02

TESTS := $(addprefix $(BUILD)/tests/,$(TESTS_WIDE) $(TESTS_LIB) $(TESTS_ENGINE) $(TESTS_TOOL) $(TESTS_HOSTED))

test_objects = $(patsubst %,$(BUILD)/obj/tests/%.o,$(1))
test_programs = $(addprefix $(BUILD)/tests/,$(1))

# They are compiled together with sources of that layer, whose static functions they call
TESTS_LOG    := $(patsubst tests/%.c,%,$(wildcard tests/test_hostile*.c)) test_header test_torn test_interleaved

$(call test_objects,$(TESTS_LIB) fuzz_reader fuzz_text): INC = -Itests $(INC_lib)
$(call test_objects,fuzz_changes):    INC = -Ilib/caplog/log $(INC_lib)
$(call test_objects,$(TESTS_LOG)):    INC = -Ilib/caplog/log $(INC_lib)
$(call test_objects,$(TESTS_ENGINE)): INC = $(INC_engine)
$(call test_objects,$(TESTS_TOOL)):   INC = $(INC_tool)
$(call test_objects,$(TESTS_TOOL)):   DEFINES = $(TOOL_DEFINES)
$(call test_objects,$(TESTS_HOSTED)): INC = $(INC_hosted) $(INC_host)

$(TESTS:$(BUILD)/%=$(BUILD)/obj/%.o): | $(BUILD)/has/cmocka.h

$(BUILD)/obj/wide/%.o: INC = -Itests $(INC_lib)
$(BUILD)/obj/wide/%.o: DEFINES = $(WIDE)
$(BUILD)/obj/wide/%.o: %.c Makefile | $(BUILD)/has/cmocka.h
	@mkdir -p $(@D)
	@echo "  CC    $< (foc-26.02)"
	$(Q)$(CC) $(COMPILE) -c -o $@ $<

$(patsubst %,$(BUILD)/obj/wide/%,monitor/engine/%.o): INC = $(INC_engine) $(INC_lib)
$(patsubst %,$(BUILD)/obj/wide/%,monitor/hosted/%.o tests/test_hosted_%.o): INC = -Itests $(INC_hosted) $(INC_host)

wide_objects = $(patsubst %.c,$(BUILD)/obj/wide/%.o,$(1))

$(call test_programs,$(TESTS_WIDE)): $(BUILD)/tests/%_wide: $(BUILD)/obj/wide/tests/%.o $(call wide_objects,$(CORE_SRC) $(HOST_SRC))
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $^ -lcmocka $(LIBS)

$(call test_programs,$(filter test_hosted_%,$(TESTS_WIDE))): $(call wide_objects,$(HOSTED_SRC) $(ENGINE_SRC))
$(call test_programs,$(filter test_hosted_%,$(TESTS_WIDE))): LIBS = $(WRAP)

$(call test_programs,$(TESTS_ENGINE)): $(call obj,$(ENGINE_SRC))
$(call test_programs,$(TESTS_TOOL)):   $(call obj,$(TOOL_PARTS))
$(call test_programs,$(filter-out test_hosted_large,$(TESTS_HOSTED))): $(HOSTED_OBJ)

$(call test_programs,$(TESTS_TOOL)):   LIBS = $(TOOL_LIBS)
$(call test_programs,$(TESTS_HOSTED)): LIBS = $(WRAP)
$(BUILD)/tests/test_file:              LIBS = $(TOOL_LIBS) -Wl,--wrap=fsync
$(BUILD)/tests/test_file_faults:       LIBS = $(patsubst %,-Wl$(comma)--wrap=%,read write fstat fchmod fsync linkat renameat openat)
$(BUILD)/tests/test_hosted_show $(BUILD)/tests/test_hosted_shared: LIBS = $(WRAP) -ljansson
$(BUILD)/tests/test_hosted_changes:    LIBS = $(WRAP) -Wl,--wrap=caplog_image_take
$(BUILD)/tests/test_hosted_large:      LIBS = $(WRAP) -Wl,--wrap=caplog_image_take
$(BUILD)/tests/test_regions:           LIBS = -Wl,--wrap=caplog_ledger_first
$(BUILD)/tests/test_concurrent:        LIBS = -pthread

# A test that counts what is done: each branch of these sources that is taken calls it
STEPS_SRC := $(ENGINE_SRC) $(CORE_SRC)
$(BUILD)/obj/steps/%.o: INC = $(INC_engine) $(INC_lib)
$(BUILD)/obj/steps/%.o: DEFINES = -fsanitize-coverage=trace-pc
$(BUILD)/obj/steps/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $< (steps)"
	$(Q)$(CC) $(COMPILE) -c -o $@ $<

$(BUILD)/tests/test_hosted_large: $(patsubst %.c,$(BUILD)/obj/steps/%.o,$(STEPS_SRC)) $(call obj,$(HOSTED_SRC))

$(filter-out %_wide,$(TESTS)): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(LIB) -lcmocka $(LIBS)

.PHONY: check run-tests freestanding soak fuzz run-fuzz mutants coverage

#
# Fuzzers: tests/fuzz_*.c, FUZZ_S seconds each, or FUZZ_RUNS inputs; FUZZERS=name for one
#
FUZZERS   ?= $(FUZZ_ALL)
FUZZ_ALL  := $(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))
FUZZ_S    ?= 60
FUZZ_RUNS ?= -1
FUZZ_OPT  := -O2 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -include tests/t_bytes.h
FUZZ_BIN   = $(addprefix $(BUILD)/tests/,$(FUZZERS))
# What is freed is used again soon; more memory than any input needs is refused
FUZZ_ASAN := detect_stack_use_after_return=0:quarantine_size_mb=2:thread_local_quarantine_size_kb=64:malloc_context_size=2:allocator_release_to_os_interval_ms=-1:allocator_may_return_null=1:max_allocation_size_mb=32
# Longest inputs: the time that one takes grows with its length
FUZZ_LENGTH := command=128 changes=256 image=200 import=4200 reader=6144 show=200 spec=1024 text=4096

# Parts of the tool that do
FUZZ_SLOTS := $(patsubst %,monitor/tool/%.c,component diff graph image_file judge names order output replay residue screens_space show slot spec stat)

FUZZ_TOOL := fuzz_import fuzz_space fuzz_spec fuzz_command fuzz_show
$(call test_objects,$(FUZZ_TOOL)): INC = $(INC_tool)
$(call test_objects,$(FUZZ_TOOL)): DEFINES = $(TOOL_DEFINES)
$(call test_objects,fuzz_image):   INC = $(INC_hosted)
$(call test_programs,$(FUZZ_TOOL)): $(call obj,$(TOOL_PARTS))
# Their files, and large pieces of the heap, are in memory of their own: t_fuzz_files.h
FUZZ_WRAP  = $(patsubst %,-Wl$(comma)--wrap=%,open openat close read write lseek fstat stat lstat fsync fchmod isatty unlinkat linkat renameat sigaction malloc calloc realloc free)
$(call test_programs,$(FUZZ_TOOL)): LIBS = $(TOOL_LIBS) $(FUZZ_WRAP)
$(call test_objects,fuzz_show):    INC = -I$(HOSTED) $(INC_tool)
$(call test_programs,fuzz_image fuzz_show): $(HOSTED_OBJ)
$(call test_programs,fuzz_image):   LIBS = $(WRAP)
$(call test_programs,fuzz_show):    LIBS = $(TOOL_LIBS) $(FUZZ_WRAP) $(WRAP)

$(call test_programs,$(FUZZ_ALL)): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB) $(LIBS)

fuzz:
	+$(Q)$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/fuzz FUZZING=1 CC=clang OPT="$(FUZZ_OPT)" LINKFLAGS="-fsanitize=address,undefined" run-fuzz

# The model's threads have small stacks, and are not what is looked at. What walks over thousands
# of slots, lines and pages is four times as fast without a record of its comparisons.
ifneq ($(FUZZING),)
$(call obj,$(HOSTED_SRC)): DEFINES = -fno-sanitize=address
$(call obj,$(HOSTED_SRC) $(ENGINE_SRC) $(filter-out lib/caplog/abi/%,$(CORE_SRC)) $(FUZZ_SLOTS)): DEFINES += -fno-sanitize-coverage=trace-cmp
$(call test_objects,fuzz_changes): DEFINES += -fno-sanitize-coverage=trace-cmp
endif

# They begin with tests/data/fuzz; what they find new stays below build/
run-fuzz: $(FUZZ_BIN)
	@for f in $(FUZZERS); do mkdir -p "$(BUILD)/corpus/$$f" && \
		length=$$(echo $(FUZZ_LENGTH) | tr ' ' '\n' | sed -n "s/^$${f#fuzz_}=//p") && \
		$(TMP_ENV) ASAN_OPTIONS=$(FUZZ_ASAN) "$(BUILD)/tests/$$f" -max_total_time=$(FUZZ_S) -runs=$(FUZZ_RUNS) \
			-artifact_prefix="$(CURDIR)/$(BUILD)/" -max_len=$${length:-2048} -close_fd_mask=3 -print_final_stats=1 \
			"$(CURDIR)/$(BUILD)/corpus/$$f" "$(CURDIR)/tests/data/fuzz/$$f" >"$(BUILD)/$$f.log" 2>&1 || \
			{ tail -40 "$(BUILD)/$$f.log"; echo "FAILED: $$f"; exit 1; }; \
		echo "  FUZZ  $$f: $$(sed -n 's/^stat::number_of_executed_units: *//p' "$(BUILD)/$$f.log") inputs"; done

# Deliberate bugs, one at a time: which does no test notice?
mutants:
	@$(TMP_ENV) MAKE="$(MAKE)" CC="$(CC)" CXX="$(CXX)" ASAN=$(ASAN) JOBS=$(JOBS) NAMED=$(NAMED) tests/mutants/run.sh "$(BUILD)/mutants" $(NAMES)

# What of the library and the engine do the tests not reach?
COVERAGE_OPT := -O0 -g --coverage -fprofile-update=atomic
COVERAGE_SRC := $(CORE_SRC) $(HOST_SRC) $(ENGINE_SRC)

coverage:
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	+$(Q)CAPLOG_SCALE=$${CAPLOG_SCALE:-10} $(MAKE) --no-print-directory -j$(JOBS) BUILD=build/coverage OPT="$(COVERAGE_OPT)" LINKFLAGS=--coverage \
		$(addprefix build/coverage/tests/,$(addsuffix .passed,$(TESTS_LIB) $(TESTS_ENGINE) $(TESTS_TOOL) $(TESTS_HOSTED)))
	@tests/coverage.sh build/coverage $(COVERAGE_SRC) -- $(patsubst %,tests/%.c,$(TESTS_LOG))

check:
	$(SUBMAKE) run-tests $(DEMO) $(BUILD)/caplog.pc
	$(SUBMAKE) overlay
	$(SUBMAKE) monitor-check
	@tests/genode_check.sh "$(BUILD)/genode_check"
	@$(TEST_ENV) tests/version.sh "$(BUILD)" $(VERSION)
	@tests/manual.sh $(LIB_HEADERS) $(ENGINE_HEADERS)
	@$(TEST_ENV) INC="$(INC_engine) $(INC_lib)" tests/man_examples.sh "$(BUILD)/man"
	$(SUBMAKE) check-examples
	$(if $(ASAN),@echo "  TEST  install: left out with sanitizers",$(SUBMAKE) check-install)
	@$(TEST_ENV) CAPLOG_LINK="$(LINK)" CAPLOG_INC="$(INC_lib)" \
		tests/tutorial.sh "$(BUILD)/tutorial" "$(TOOL)" "$(LIB)"
	@$(TMP_ENV) tests/messages.sh
	@tests/compiled.sh "$(BUILD)"
	@$(TMP_ENV) tests/rules.sh
	@tests/mutants/apply.sh
	@$(TEST_ENV) MAKE="$(MAKE)" tests/recipe.sh "$(BUILD)/recipe"
	@echo "all tests passed"

run-tests: $(TESTS:%=%.passed) $(call test_objects,$(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))) freestanding bench-compiles

# What scripts and tests need to know of the sources
TEST_ENV = $(TMP_ENV) CORE="$(CORE_SRC)" CORE_INC="$(INC_lib)" CORE_HEADERS="$(LIB_HEADERS)" \
           COMPONENT_INC="$(INC_component)" ABI_INC="$(INC_abi)" CC="$(CC)" CXX="$(CXX)"

$(BUILD)/tests/%.passed: $(BUILD)/tests/% $(TOOL) FORCE
	@$(TEST_ENV) CAPLOG_TOOL="$(abspath $(TOOL))" CAPLOG_BUILD="$(abspath $(BUILD))" \
		CMOCKA_MESSAGE_OUTPUT=stdout "$<" >"$<.log" 2>&1 || { cat "$<.log"; echo "FAILED: $<"; exit 1; }
	@echo "  TEST  $<$$(sed -n 's/^\([0-9]* restores.*\)/: \1/p' "$<.log" | tr '\n' ' ')"

# The core compiles freestanding and links with nothing, 64 and 32 bit
freestanding:
	@$(TEST_ENV) tests/freestanding.sh "$(BUILD)/freestanding"

soak:
	$(SUBMAKE) $(BUILD)/tests/test_hosted_exhaustive
	SEEDS=$(SEEDS) STEPS=$(STEPS) "$(BUILD)/tests/test_hosted_exhaustive"
