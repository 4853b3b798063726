# SPDX-License-Identifier: BSD-2-Clause
include $(dir $(lastword $(MAKEFILE_LIST)))../../caplog.inc
