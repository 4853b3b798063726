# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_flock
SRC_CC = main.cc
LIBS   = base caplog_shepherd
