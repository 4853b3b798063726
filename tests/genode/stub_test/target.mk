# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc x86_64
TARGET   = caplog_stub_test
SRC_CC   = main.cc
LIBS     = base
INC_DIR += $(REP_DIR)/src/include $(BASE_DIR)/../base-foc/src/include $(BASE_DIR)/src/include
