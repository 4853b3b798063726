# SPDX-License-Identifier: BSD-2-Clause
PROGRAM = app/rom_logger
include $(PRG_DIR)/../static.inc
