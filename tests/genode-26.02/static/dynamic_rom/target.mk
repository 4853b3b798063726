# SPDX-License-Identifier: BSD-2-Clause
PROGRAM = server/dynamic_rom
include $(PRG_DIR)/../static.inc
