# SPDX-License-Identifier: BSD-2-Clause
PROGRAM = test/log
include $(PRG_DIR)/../static.inc
