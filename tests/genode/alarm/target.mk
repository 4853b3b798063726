# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_alarm
SRC_CC = main.cc
LIBS   = base
