/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes in each component, and in its log */
#include "world.h"

#include <caplog/pool.h>

/* Genode 16.08, x86_64: the map array in each component's bss (measured) */
enum { STOCK_MAP = 131096 };

void bench_memory(void)
{
	struct world *w = NULL;
	size_t const refs = CAPLOG_SLOTS_MAX; /* a byte a slot, the base library's */
	size_t const map = sizeof w->storage + sizeof w->map + refs;
	const struct caplog_flavour *f = caplog_flavours(NULL);

	bench_heading("memory");
	bench_row(BENCH_AT_MOST, 32, bench_exact((double)map / 1024), "KiB",
	          "map, index and reference counts",
	          bench_text("%zu bytes for %u slots; stock %.0f KiB", map, CAPLOG_SLOTS_MAX,
	                     STOCK_MAP / 1024.0));
	bench_figure(bench_exact(sizeof w->writer), "B", "writer, early buffer within",
	             bench_text("early buffer: %u records", CAPLOG_EARLY_MAX));
	bench_figure(bench_exact(sizeof(struct caplog_pool_node)), "B", "object pool's node",
	             "in each RPC object");
	bench_figure(bench_exact(caplog_log_size(f, 0) / 1024.0), "KiB",
	             "least log that covers every slot", "64 records of history");
	bench_figure(bench_exact(sizeof(struct caplog_record)), "B", "log, bytes an event",
	             "thread_start three times that, irq_attach with a label twice");
}
