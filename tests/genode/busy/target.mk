# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_busy
SRC_CC = main.cc
LIBS   = base
