# SPDX-License-Identifier: BSD-2-Clause
#
# What core and components share: cap map, object pool, IPC, locks
#
CAPLOG_ARCH  := $(firstword $(filter x86_64 x86_32 arm_64 arm,$(SPECS)))
CAPLOG_STOCK := lib/mk/base-foc-common.inc
CAPLOG_SRC   := src/lib/base

include $(dir $(lastword $(MAKEFILE_LIST)))caplog.inc

SRC_CC += cap_log.cc kept_replies.cc
SRC_C  += $(notdir $(CAPLOG_C_BASE))
SRC_S  += spec/$(CAPLOG_ARCH)/kernel_entry.S
