# SPDX-License-Identifier: BSD-2-Clause
#
# Linked with the base library, as ld.lib.so does not export the selectors of capabilities
#
TARGET   = caplog_cpus
REQUIRES = foc x86_64
SRC_CC   = main.cc
LIBS     = base-foc syscall-foc

# of the repository, before those of base-foc
CAPLOG_REP := $(abspath $(PRG_DIR)/../../..)
INC_DIR    += $(CAPLOG_REP)/src/include
INC_DIR    += $(abspath $(dir $(call select_from_repositories,src/include/base/internal/native_utcb.h))../..)
INC_DIR    += $(BASE_DIR)/src/include

include $(CAPLOG_REP)/caplog/release.mk
CC_OPT += -DCAPLOG_FLAVOUR=$(CAPLOG_FLAVOUR)

CC_CXX_WARN_STRICT :=
