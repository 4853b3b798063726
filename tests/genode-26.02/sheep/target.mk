# SPDX-License-Identifier: BSD-2-Clause
TARGET   = caplog_sheep
REQUIRES = foc
SRC_CC   = main.cc
LIBS     = base
