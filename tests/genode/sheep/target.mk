# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_sheep
SRC_CC = main.cc
LIBS   = base
