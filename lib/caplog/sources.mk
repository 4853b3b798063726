# SPDX-License-Identifier: BSD-2-Clause
#
# The core: what runs inside a component or a Genode monitor, without libc, heap or IPC
#
# The only list of these sources, relative to lib/caplog. The Makefile reads it,
# its scripts get it in CORE and CORE_BASE, and `make genode-repo` puts it beside
# the sources, all in one directory, for the makefiles of Genode.
#

# In the base library of each component
CAPLOG_C_BASE   := abi/own.c log/format.c log/writer.c map/map.c map/pool.c map/kept.c
# Besides, in whatever reads logs
CAPLOG_C_READ   := $(addprefix abi/,flavour.c diag.c event.c place.c) \
                   $(addprefix log/,header.c records.c table.c reader.c space.c)
# Besides, in whatever restores
CAPLOG_C_REPLAY := replay/plan.c replay/execute.c
