# SPDX-License-Identifier: BSD-2-Clause
PROGRAM = init
include $(PRG_DIR)/../static.inc

CAPLOG_SANDBOX := $(dir $(call select_from_repositories,src/lib/sandbox/library.cc))

SRC_CC  += library.cc child.cc server.cc config_model.cc
INC_DIR += $(CAPLOG_SANDBOX)

vpath %.cc $(CAPLOG_SANDBOX)
