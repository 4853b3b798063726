# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_ticks
SRC_CC = main.cc
LIBS   = base
