# SPDX-License-Identifier: BSD-2-Clause
#
# What only components have: their cap map, and the log
#
CAPLOG_STOCK := $(addprefix lib/mk/spec/,$(addsuffix /base-foc.mk,$(filter arm_64 arm x86,$(SPECS))))
CAPLOG_SRC   := src/lib/base

include $(dir $(lastword $(MAKEFILE_LIST)))caplog.inc

SRC_CC += cap_log_attach.cc
