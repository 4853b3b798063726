# SPDX-License-Identifier: BSD-2-Clause
#
# The core: what runs inside a component or a Genode monitor, without libc, heap or IPC
#
# The only list of these sources, relative to lib/caplog/src. The Makefile reads
# it, its scripts get it in CORE and CORE_BASE, and `make genode-repo` puts it
# beside the sources for the makefiles of Genode.
#

# In the base library of each component
CAPLOG_C_BASE   := flavour.c writer.c map.c pool.c
# Besides, in whatever reads logs
CAPLOG_C_READ   := reader.c space.c diag.c
# Besides, in whatever restores
CAPLOG_C_REPLAY := plan.c
