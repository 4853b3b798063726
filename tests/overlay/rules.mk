# SPDX-License-Identifier: BSD-2-Clause
#
# Genode overlay, without Genode
#
OVERLAY_BASE  := base-foc-patch/common/src/lib/base
# What a release's tests see; libc's stdint.h before the overlay's, which is for where there is no libc
overlay_inc    = $(call patch_public,$(1)) $(INC_lib) $(OVERLAY_API_$(1)) \
                 $(subst -I,-idirafter ,$(call patch_inc,$(1))) -Itests/overlay/$(1)
OVERLAY_API_16.08 := -Itests/genode_api
OVERLAY_API_26.02 := -Itests/genode_api26 -Itests/genode_api
INC_overlay   := $(call overlay_inc,16.08)
INC_core       = -Ipd_ext/src/core/include -Ipd_ext/$(1)/src/core/include -Ibase-foc-patch/$(1)/src/core/include \
                 -Ibase-foc-patch/common/src/core/include \
                 $(OVERLAY_API_CORE_$(1)) -Itests/overlay/test_core -Itests/overlay/$(1)/test_core
OVERLAY_API_CORE_16.08 := -Itests/genode_api/core
OVERLAY_API_CORE_26.02 := -Itests/genode_api26/core
# Genode's interfaces say class here and struct there
# clang does not know GCC's attributes, nor that the base library has the pools' functions
OVERLAY_CXX    = $(OVERLAY_STD) -Wall -Wextra -Wno-mismatched-tags \
                 $(if $(findstring clang,$(CXX)),-Wno-unknown-attributes -Wno-unused-private-field) $(WERROR)

OVERLAY_STD   := -std=gnu++11

# Against C functions, with cmocka; what the test drives
OVERLAY_C_TESTS := $(addprefix $(BUILD)/tests/overlay/,test_map test_ipc)
OVERLAY_C_SRC   := tests/overlay/objects.cc \
                   $(foreach f,cap_map cap_alloc cap_map_remove cap_pool cap_log lock spin_lock,\
                     $(call patch_base,16.08,$(f).cc))

# With threads, and a kernel of its own
OVERLAY_RACE    := $(addprefix $(OVERLAY_BASE)/,cap_map.cc cap_alloc.cc cap_map_remove.cc cap_log.cc)

# On the hosted kernel, as on both machines
overlay_hooks  = $(wildcard tests/overlay/test_hooks/*.cc tests/overlay/$(1)/test_hooks/*.cc) \
                 $(addprefix tests/overlay/,t_check.cc l4.cc core.cc core_threads.cc library.cc $(1)/library.cc) \
                 $(call patch_base,$(1),*.cc) \
                 $(wildcard $(HOSTED)/kernel*.c) $(HOSTED)/events.c $(CORE_SRC)

# Core: its sources, and what it shares with components
overlay_core   = $(wildcard tests/overlay/test_core/*.cc tests/overlay/$(1)/test_core/*.cc) tests/overlay/t_check.cc \
                 $(call patch_core,$(1)) \
                 $(foreach f,cap_map cap_pool lock spin_lock,$(call patch_base,$(1),$(f).cc)) \
                 $(wildcard $(HOSTED)/kernel*.c) $(CORE_SRC)

# What a test of the overlay sees besides
INC_overlay_tests := -Itests/overlay -Itests -Imonitor

.PHONY: overlay overlay-tests

# base-foc-patch/ and pd_ext/ compile against tests/genode_api/, 64 and 32 bit;
# where the stub can be linked, they run
overlay:
	@$(TEST_ENV) tests/overlay.sh "$(BUILD)/overlay/16.08" 16.08
	@$(TEST_ENV) tests/overlay.sh "$(BUILD)/overlay/26.02" 26.02
	$(if $(filter x86_64,$(shell uname -m)),$(SUBMAKE) overlay-tests)

# Programs of 32 bit need a library of 32 bit: g++-multilib
OVERLAY_MACHINES = x86_64 $(shell echo 'int main() { }' | $(CXX) -m32 -x c++ -o /dev/null - 2>/dev/null && echo x86_32)
OVERLAY_TESTS    = $(OVERLAY_C_TESTS) $(BUILD)/tests/overlay/test_race $(BUILD)/26.02/x86_64/test_race \
                   $(foreach m,$(OVERLAY_MACHINES),$(addprefix $(BUILD)/$(m)/,test_hooks test_stub test_core) \
                     $(addprefix $(BUILD)/26.02/$(m)/,test_hooks test_core))

overlay-tests: $(OVERLAY_TESTS:%=%.passed)
	@$(if $(filter x86_32,$(OVERLAY_MACHINES)),,echo "  OVER  x86_32: does not run, no 32-bit libstdc++ here (g++-multilib)")

define overlay_run
	@"$<" >"$<.log" 2>&1 || { cat "$<.log"; echo "FAILED: $<"; exit 1; }
	@echo "  TEST  $<: $$(tail -1 "$<.log")"
endef

$(BUILD)/x86_%.passed: $(BUILD)/x86_% FORCE
	$(overlay_run)
$(BUILD)/26.02/%.passed: $(BUILD)/26.02/% FORCE
	$(overlay_run)

$(BUILD)/obj/%.cc.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX   $<"
	$(Q)$(CXX) $(OVERLAY_CXX) $(OPT) -MD -MP $(INC_overlay) $(INC_overlay_tests) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<

$(BUILD)/obj/%.S.o: %.S
	@mkdir -p $(@D)
	@echo "  AS    $<"
	$(Q)$(CC) -MD -MP $(call patch_inc,16.08) $(INC_overlay) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

overlay_obj = $(patsubst %,$(BUILD)/obj/%.o,$(1))

$(BUILD)/tests/overlay/test_map: $(call overlay_obj,$(addprefix $(OVERLAY_BASE)/,cap_log_attach.cc kept_replies.cc spec/x86_64/kernel_entry.S))
$(BUILD)/tests/overlay/test_ipc: $(call overlay_obj,$(OVERLAY_BASE)/ipc.cc)

$(OVERLAY_C_TESTS): $(BUILD)/tests/overlay/%: $(BUILD)/obj/tests/overlay/%.cc.o $(call overlay_obj,$(OVERLAY_C_SRC)) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CXX) $(LINKFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) -lcmocka

$(BUILD)/tests/overlay/test_race: $(call overlay_obj,tests/overlay/test_race.cc $(OVERLAY_RACE)) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(Q)$(CXX) $(LINKFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) -lcmocka -pthread

# The same for the other release, whose library has wider badges
$(BUILD)/26.02/x86_64/test_race: $(patsubst %,$(BUILD)/26.02/x86_64/%.o,tests/overlay/test_race.cc $(OVERLAY_RACE) $(CORE_SRC))
	@echo "  LD    $@"
	$(Q)$(CXX) $(call no_address,$(LINKFLAGS)) $(LDFLAGS) -o $@ $^ -lcmocka -pthread

# The address sanitizer takes an exception on a coroutine's stack for an overflow
comma        := ,
no_address    = $(subst address$(comma),,$(1))

# overlay_machine DIR FLAG MACHINE RELEASE: how to make objects and tests for one machine and release
define overlay_machine
$(BUILD)/$(1)/%.cc.o: %.cc
	@mkdir -p $$(@D)
	@echo "  CXX   $$@"
	$$(Q)$$(CXX) $(2) $$(OVERLAY_CXX) $$(call no_address,$$(OPT)) -MD -MP $$(INC) $$(call overlay_inc,$(4)) \
		$$(INC_overlay_tests) $$(DEFINES) $$(CPPFLAGS) $$(CXXFLAGS) -c -o $$@ $$<

$(patsubst %,$(BUILD)/$(1)/%.o,$(filter %.cc,$(call overlay_core,$(4)))): INC = $$(call INC_core,$(4))
$(BUILD)/$(1)/$(HOSTED)/%.c.o: INC = $$(INC_hosted)
$(BUILD)/$(1)/%.c.o: INC = $$(INC_lib)
$(BUILD)/$(1)/%.c.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	$$(Q)$$(CC) $(2) $$(call no_address,$$(COMPILE)) -Wno-conversion -c -o $$@ $$<

# the labels only: its entry is l4.cc's
$(BUILD)/$(1)/labels.o: $(OVERLAY_BASE)/spec/$(3)/kernel_entry.S
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $(2) -MMD -MP -Dcaplog_kernel_entry=not_this_one $$(call patch_inc,$(4)) $$(INC_overlay) -c -o $$@ $$<

$(BUILD)/$(1)/test_hooks: $$(patsubst %,$(BUILD)/$(1)/%.o,$$(call overlay_hooks,$(4))) $(BUILD)/$(1)/labels.o
	@echo "  LD    $$@"
	$$(Q)$$(CXX) $(2) $$(call no_address,$$(LINKFLAGS)) $$(LDFLAGS) $$(WRAP) -o $$@ $$^

$(BUILD)/$(1)/test_core: $$(patsubst %,$(BUILD)/$(1)/%.o,$$(call overlay_core,$(4)))
	@echo "  LD    $$@"
	$$(Q)$$(CXX) $(2) $$(call no_address,$$(LINKFLAGS)) $$(LDFLAGS) -o $$@ $$^

# its signal handler is the kernel, so no sanitizer's may be
$(BUILD)/$(1)/stub/%.o: %
	@mkdir -p $$(@D)
	@echo "  CC    $$@"
	$$(Q)$$(CC) $(2) $$(CSTD) $$(WARN) -O2 -g -MMD -MP -D_GNU_SOURCE $$(INC_lib) $$(if $$(filter %.S,$$<),$$(call patch_inc,$(4))) $$(CPPFLAGS) $$(CFLAGS) -c -o $$@ $$<

$(BUILD)/$(1)/test_stub: $(BUILD)/$(1)/stub/tests/overlay/test_stub.c.o \
		$(BUILD)/$(1)/stub/$(OVERLAY_BASE)/spec/$(3)/kernel_entry.S.o
	@echo "  LD    $$@"
	$$(Q)$$(CC) $(2) -no-pie $$(LDFLAGS) -o $$@ $$^
endef

$(eval $(call overlay_machine,x86_64,-m64,x86_64,16.08))
$(eval $(call overlay_machine,x86_32,-m32,x86_32,16.08))
$(eval $(call overlay_machine,26.02/x86_64,-m64,x86_64,26.02))
$(eval $(call overlay_machine,26.02/x86_32,-m32,x86_32,26.02))
$(BUILD)/26.02/%.o: DEFINES = -DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02
$(BUILD)/26.02/%.o: OVERLAY_STD = -std=gnu++20
