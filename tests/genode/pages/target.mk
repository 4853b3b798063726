# SPDX-License-Identifier: BSD-2-Clause
TARGET = caplog_pages
SRC_CC = main.cc
LIBS   = base config
