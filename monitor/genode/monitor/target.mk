# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc
TARGET   = caplog_monitor
SRC_CC   = $(notdir $(wildcard $(PRG_DIR)/*.cc))
# the rest of the core is in the patched base library
SRC_C    = $(notdir $(CAPLOG_C_READ) $(CAPLOG_C_REPLAY)) \
           $(notdir $(wildcard $(REP_DIR)/caplog/engine/*.c))
LIBS     = base config

# $(REP_DIR) is the repository that `make genode-repo` lays out
include $(REP_DIR)/caplog/sources.mk
INC_DIR  += $(PRG_DIR) $(addprefix $(PRG_DIR)/spec/,$(filter x86 x86_64 x86_32 arm,$(SPECS)))
INC_DIR  += $(REP_DIR)/src/include $(REP_DIR)/src/caplog/include
INC_DIR  += $(REP_DIR)/caplog/engine
# interface of core's signal source
INC_DIR  += $(BASE_DIR)/../base-foc/src/include $(BASE_DIR)/src/include

# xxHash wants a C library's headers; no vectors: only XXH64 is used. It reads words through a
# packed structure: with -ffreestanding each memcpy of eight bytes would be a call
CC_C_OPT += -std=gnu11 -ffreestanding -DXXH_VECTOR=0 -DXXH_FORCE_MEMORY_ACCESS=1 \
            -I$(PRG_DIR)/libc -isystem $(REP_DIR)/caplog/xxhash

vpath %.c $(REP_DIR)/caplog/src
vpath %.c $(REP_DIR)/caplog/engine
