# SPDX-License-Identifier: BSD-2-Clause
REQUIRES = foc
TARGET   = caplog_hostile_mon
SRC_CC   = main.cc storm.cc
LIBS     = base config
INC_DIR += $(PRG_DIR) $(REP_DIR)/src/include
