# SPDX-License-Identifier: BSD-2-Clause
PROGRAM = server/rom_filter
include $(PRG_DIR)/../static.inc
