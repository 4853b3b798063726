# SPDX-License-Identifier: BSD-2-Clause
#
# The test looks into the cap map: it needs this repository's internal headers
#
CAPLOG_STOCK := src/test/cap_integrity/target.mk
CAPLOG_SRC   := src/test/cap_integrity

include $(dir $(lastword $(MAKEFILE_LIST)))../../../lib/mk/caplog.inc

vpath main.cc $(CAPLOG_FOC)/src/test/cap_integrity
