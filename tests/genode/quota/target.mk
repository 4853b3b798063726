# SPDX-License-Identifier: BSD-2-Clause
TARGET  = caplog_quota
SRC_CC  = main.cc
LIBS    = base config
INC_DIR += $(PRG_DIR) $(PRG_DIR)/../shop
