# SPDX-License-Identifier: BSD-2-Clause
TARGET  = caplog_storm
SRC_CC  = main.cc service.cc calls.cc objects.cc locks.cc sessions.cc dataspaces.cc \
          threads.cc timers.cc
LIBS    = base config
INC_DIR += $(PRG_DIR)
