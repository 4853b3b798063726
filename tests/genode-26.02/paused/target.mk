# SPDX-License-Identifier: BSD-2-Clause
TARGET   = caplog_paused
REQUIRES = foc x86_64
SRC_CC   = main.cc
LIBS     = base syscall-foc
