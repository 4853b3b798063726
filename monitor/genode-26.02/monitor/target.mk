# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc x86_64
TARGET   = caplog_monitor
SRC_CC   = $(notdir $(wildcard $(PRG_DIR)/*.cc))
LIBS     = base sandbox syscall-foc

# $(CAPLOG_REP) is the repository that `make genode-repo` lays out
CAPLOG_REP := $(abspath $(PRG_DIR)/../../..)
include $(CAPLOG_REP)/caplog/release.mk
include $(CAPLOG_REP)/caplog/sources.mk
# what the base library has is not visible from outside of it
SRC_C    = $(notdir $(filter abi/own.c log/format.c,$(CAPLOG_C_BASE)) $(CAPLOG_C_READ) $(CAPLOG_C_REPLAY)) \
           $(notdir $(wildcard $(CAPLOG_REP)/caplog/engine/*.c))
CC_OPT  += -DCAPLOG_FLAVOUR=$(CAPLOG_FLAVOUR)

INC_DIR += $(PRG_DIR) $(PRG_DIR)/spec/x86_64
INC_DIR += $(CAPLOG_REP)/src/include $(CAPLOG_REP)/src/caplog/include $(CAPLOG_REP)/caplog/engine
# interface of core's signal source
INC_DIR += $(abspath $(dir $(call select_from_repositories,src/include/signal_source/foc_signal_source.h))..)
INC_DIR += $(BASE_DIR)/src/include

# xxHash wants a C library's headers; no vectors: only XXH64 is used. It reads words through a
# packed structure: with -ffreestanding each memcpy of eight bytes would be a call
CC_C_OPT += -std=gnu11 -ffreestanding -DXXH_VECTOR=0 -DXXH_FORCE_MEMORY_ACCESS=1 \
            -I$(PRG_DIR)/libc -isystem $(CAPLOG_REP)/caplog/xxhash

CC_CXX_WARN_STRICT :=

vpath %.c $(CAPLOG_REP)/caplog/src
vpath %.c $(CAPLOG_REP)/caplog/engine
