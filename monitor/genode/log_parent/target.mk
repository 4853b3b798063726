# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc
TARGET   = caplog_log_parent
SRC_CC   = main.cc
# the rest is in the patched base library
SRC_C    = $(notdir $(CAPLOG_C_READ))
LIBS     = base config

# $(REP_DIR) is the repository that `make genode-repo` lays out
include $(REP_DIR)/caplog/sources.mk
INC_DIR  += $(REP_DIR)/src/include $(REP_DIR)/src/caplog/include
CC_C_OPT += -std=gnu11 -ffreestanding

vpath %.c $(REP_DIR)/caplog/src
