# SPDX-License-Identifier: BSD-2-Clause
TARGET   = caplog_rpc_ticks_server
SRC_CC   = main.cc
LIBS     = base
INC_DIR += $(PRG_DIR)/../include

CC_CXX_WARN_STRICT :=
