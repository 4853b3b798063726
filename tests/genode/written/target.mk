# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc
TARGET   = caplog_written
SRC_CC   = main.cc
LIBS     = base config
INC_DIR += $(REP_DIR)/src/include $(BASE_DIR)/../base-foc/src/include $(BASE_DIR)/src/include
