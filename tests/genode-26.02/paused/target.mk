# SPDX-License-Identifier: BSD-2-Clause
TARGET   = caplog_paused
REQUIRES = foc x86_64
SRC_CC   = main.cc
LIBS     = base syscall-foc
INC_DIR += $(REP_DIR)/src/include
CC_OPT  += -DCAPLOG_FLAVOUR=CAPLOG_FOC_26_02

CC_CXX_WARN_STRICT :=
