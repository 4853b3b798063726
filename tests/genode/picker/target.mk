# SPDX-License-Identifier: BSD-2-Clause
TARGET  = caplog_picker
SRC_CC  = main.cc
LIBS    = base
INC_DIR += $(PRG_DIR) $(PRG_DIR)/../belt
