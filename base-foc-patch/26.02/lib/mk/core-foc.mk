# SPDX-License-Identifier: BSD-2-Clause
#
# Core: base-foc's, with this repository's sources before base-foc's
#
CAPLOG_STOCK := $(addprefix lib/mk/spec/,$(addsuffix /core-foc.mk,$(filter x86_64 x86_32 arm_64 arm,$(SPECS))))
CAPLOG_SRC   := src/core
INC_DIR      := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../..)/src/core/include $(INC_DIR)

include $(dir $(lastword $(MAKEFILE_LIST)))caplog.inc

SRC_CC += native_pd_base.cc native_pd_component.cc pause.cc

# Platform_thread::pause is that of pause.cc; nobody calls base-foc's
CC_OPT_platform_thread += -Dpause=pause_of_base_foc
