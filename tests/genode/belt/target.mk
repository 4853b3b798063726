# SPDX-License-Identifier: BSD-2-Clause
TARGET  = caplog_belt
SRC_CC  = main.cc
LIBS    = base
INC_DIR += $(PRG_DIR)
