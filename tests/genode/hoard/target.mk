# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_hoard
SRC_CC = main.cc
LIBS   = base config
