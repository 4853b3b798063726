# SPDX-License-Identifier: BSD-2-Clause
SRC_CC     = shepherd.cc
SHARED_LIB = yes

vpath shepherd.cc $(REP_DIR)/src/caplog/flock
