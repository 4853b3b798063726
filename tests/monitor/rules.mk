# SPDX-License-Identifier: BSD-2-Clause
#
# The monitor for Genode, its components and their tests, without Genode: all of
# it compiles against tests/genode_api/, 64 and 32 bit; the monitor runs on a core
# that is a model
#
MONITOR_SRC      := $(wildcard monitor/genode/monitor/*.cc)
MONITOR_OTHERS   := $(wildcard monitor/genode/log_parent/*.cc bench/genode/*/*.cc tests/genode/*/*.cc)
# the blocking stub of x86_64 is its subject
MONITOR_64       := tests/genode/stub_test/main.cc
MONITOR_TEST_SRC := $(wildcard tests/monitor/*.cc)

# As in a Genode build: no other headers than the compiler's own
INC_genode  := -Imonitor/genode/include -Ibench/genode/include -Itests/genode/shop -Itests/genode/belt -Ipd_ext/include \
               $(INC_engine) -Itests/genode_api/monitor $(call patch_public,16.08) \
               $(call patch_inc,16.08) -Itests/genode_api
# The model and the test are programs of the host
INC_monitor_test := -Imonitor/genode/monitor -Imonitor/genode/monitor/spec/x86 -Imonitor/genode/include -Ipd_ext/include $(INC_engine) \
               -Itests/genode_api/monitor -Itests/genode_api -idirafter base-foc-patch/16.08/include $(subst -I,-idirafter ,$(call patch_inc,16.08))
GENODE_CXX  := -std=gnu++11 -Wall -Wextra -Werror -Wno-mismatched-tags -fno-strict-aliasing

.PHONY: monitor-check monitor-tests

# Programs of 32 bit need a library of 32 bit: g++-multilib
MONITOR_MACHINES = x86_64 $(filter x86_32,$(OVERLAY_MACHINES))

monitor-check: $(foreach m,x86_64 x86_32,$(BUILD)/$(m)/genode/compiled) $(BUILD)/26.02/genode/compiled monitor-arm
	$(if $(filter x86_64,$(shell uname -m)),$(SUBMAKE) monitor-tests)

monitor-tests: $(foreach m,$(MONITOR_MACHINES),$(BUILD)/$(m)/test_monitor.passed)

# monitor_machine NAME FLAGS MACHINE
define monitor_machine
$(BUILD)/$(1)/genode/%.o: %.cc
	@mkdir -p $$(@D)
	@echo "  CXX   $$@"
	$$(Q)$$(CXX) $(2) $$(GENODE_CXX) $$(OPT_genode) -ffreestanding -nostdinc -MD -MP \
		-Imonitor/genode/monitor/spec/$(3) -Imonitor/genode/monitor/spec/x86 $$(INC_genode) \
		-isystem "$$$$($$(CXX) -print-file-name=include)" -c -o $$@ $$<

# engine and core as in a Genode build, with the monitor's own libc headers
$(BUILD)/$(1)/genode/%.c.o: %.c $(BUILD)/genode-xxhash/xxhash.h
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	$$(Q)$$(CC) $(2) -std=gnu11 -Wall -Wextra -Werror -O2 -ffreestanding -nostdinc -DXXH_VECTOR=0 -MD -MP \
		$$(call patch_inc,16.08) $$(INC_engine) -Imonitor/genode/monitor/libc -Imonitor/genode/monitor/spec/$(1) \
		-isystem "$(BUILD)/genode-xxhash" -isystem "$$$$($$(CC) -print-file-name=include)" -c -o $$@ $$<

$(BUILD)/$(1)/monitor_test/%.o: %.cc
	@mkdir -p $$(@D)
	@echo "  CXX   $$@"
	$$(Q)$$(CXX) $(2) $$(GENODE_CXX) $$(OPT_genode) -MD -MP $$(INC_monitor_test) -c -o $$@ $$<

$(BUILD)/$(1)/genode/compiled: $$(patsubst %.cc,$(BUILD)/$(1)/genode/%.o,$$(MONITOR_SRC) \
		$$(filter-out $$(if $$(filter x86_32,$(3)),$$(MONITOR_64)),$$(MONITOR_OTHERS))) \
		$$(patsubst %,$(BUILD)/$(1)/genode/%.o,$$(ENGINE_SRC) $$(CORE_SRC))
	@echo "  GENODE $(1): $$(words $$(filter-out %.c.o,$$^)) C++ sources of the monitor, its components and tests," \
		"$$(words $$(filter %.c.o,$$^)) C sources of engine and core"
	@touch $$@

$(BUILD)/$(1)/monitor/engine/%.c.o: INC = $$(INC_engine)

$(BUILD)/$(1)/test_monitor: $$(patsubst %.cc,$(BUILD)/$(1)/genode/%.o,$$(filter-out %/main.cc,$$(MONITOR_SRC))) \
		$$(patsubst %.cc,$(BUILD)/$(1)/monitor_test/%.o,$$(MONITOR_TEST_SRC)) \
		$$(patsubst %,$(BUILD)/$(1)/%.o,$$(ENGINE_SRC) $$(CORE_SRC)) $(BUILD)/$(3)/labels.o
	@echo "  LD    $$@"
	$$(Q)$$(CXX) $(2) $$(call no_address,$$(LINKFLAGS)) $$(LDFLAGS) -pthread -o $$@ $$^
endef

$(BUILD)/genode-xxhash/xxhash.h:
	@mkdir -p $(@D)
	@ln -sf "$(or $(XXHASH_H),/usr/include/xxhash.h)" $@

OPT_genode = $(call no_address,$(OPT))

$(eval $(call monitor_machine,x86_64,-m64,x86_64))
$(eval $(call monitor_machine,x86_32,-m32 -march=i686,x86_32))

#
# Its threads under the thread sanitizer: requests, timers and checkpoints at the same time.
# The sanitizer wants no address space randomisation beyond what it knows.
#
$(eval $(call monitor_machine,threads,-m64 -fsanitize=thread,x86_64))

$(BUILD)/threads/%.c.o: INC = $(INC_lib)
$(BUILD)/threads/%.c.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) -fsanitize=thread $(COMPILE) -Wno-conversion -Wno-tsan -c -o $@ $<

.PHONY: monitor-threads
monitor-threads: $(BUILD)/threads/test_monitor
	@echo "  TEST  $< storm mutual"
	$(Q)setarch "$$(uname -m)" -R $< storm mutual >$(BUILD)/threads/test_monitor.log 2>&1 || \
		{ tail -60 $(BUILD)/threads/test_monitor.log; exit 1; }

#
# The monitor for Genode 26.02 compiles against tests/genode_api26/monitor/
#
MONITOR_26_SRC := $(wildcard monitor/genode-26.02/monitor/*.cc) tests/genode-26.02/sheep/main.cc
INC_genode_26  := -Imonitor/genode/monitor/spec/x86_64 $(call patch_public,26.02) $(INC_engine) \
                  -Itests/genode_api26/monitor -Itests/genode_api26 -Itests/genode_api -Itests/genode_api/monitor $(call patch_inc,26.02)

$(BUILD)/26.02/genode/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	$(Q)$(CXX) -std=gnu++20 -Wall -Wextra -Werror -Wno-mismatched-tags -fno-strict-aliasing $(OPT_genode) \
		-DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02 -ffreestanding -nostdinc -MD -MP $(INC_genode_26) \
		-isystem "$$($(CXX) -print-file-name=include)" -c -o $@ $<

$(BUILD)/26.02/genode/compiled: $(patsubst %.cc,$(BUILD)/26.02/genode/%.o,$(MONITOR_26_SRC))
	@echo "  GENODE 26.02: $(words $^) C++ sources of the monitor and a component"
	@touch $@

# The monitor's part for ARM and the engine, where there is a compiler for it
MONITOR_ARM_CXX = $(firstword $(foreach c,arm-linux-gnueabihf-g++ clang++,$(if $(shell command -v $(c)),$(c))))
MONITOR_ARM_CC  = $(if $(filter clang++,$(MONITOR_ARM_CXX)),clang,$(MONITOR_ARM_CXX:g++=gcc))
MONITOR_ARM_OPT = -marm -march=armv7-a -mfloat-abi=soft $(if $(filter clang++,$(MONITOR_ARM_CXX)), \
                  --target=arm-linux-gnueabi -Wno-unknown-attributes -Wno-ignored-attributes)

.PHONY: monitor-arm
monitor-arm: $(if $(MONITOR_ARM_CXX),$(patsubst %.cc,$(BUILD)/arm/genode/%.o,$(MONITOR_SRC)) \
		$(patsubst %,$(BUILD)/arm/genode/%.o,$(ENGINE_SRC)))
	@$(if $(MONITOR_ARM_CXX),echo "  GENODE arm: $(words $(MONITOR_SRC)) C++ sources of the monitor and"\
		"$(words $(ENGINE_SRC)) C sources of the engine",\
		echo "  GENODE arm: compiler not installed, left out")

$(BUILD)/arm/genode/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	$(Q)$(MONITOR_ARM_CXX) $(MONITOR_ARM_OPT) $(GENODE_CXX) -O2 -ffreestanding -nostdinc -MD -MP \
		-Imonitor/genode/monitor/spec/arm $(INC_genode) \
		-isystem "$$($(MONITOR_ARM_CXX) -print-file-name=include)" -c -o $@ $<

$(BUILD)/arm/genode/%.c.o: %.c $(BUILD)/genode-xxhash/xxhash.h
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(MONITOR_ARM_CC) $(MONITOR_ARM_OPT) -std=gnu11 -Wall -Wextra -Werror -O2 -ffreestanding -nostdinc -DXXH_VECTOR=0 -MD -MP \
		$(call patch_inc,16.08) $(INC_engine) -Imonitor/genode/monitor/libc -Imonitor/genode/monitor/spec/arm \
		-isystem "$(BUILD)/genode-xxhash" -isystem "$$($(MONITOR_ARM_CC) -print-file-name=include)" -c -o $@ $<
