/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel's space as text or as screens of the debugger, held against a good log */
#include <string.h>

#include "kernel.h"
#include "t_fuzz_files.h"

static void report(void *ctx, const struct finding *f)
{
	(void)ctx;
	t_must(f->slot < CAPLOG_SLOTS_MAX && (unsigned)f->verdict < VERDICT_COUNT && f->text[0]);
}

static struct tool_log *good_log(void)
{
	static struct tool_log log;
	struct load_options o;

	if (log.bytes)
		return &log;
	t_print_nothing();
	memset(&o, 0, sizeof o);
	o.flavour = caplog_flavours(NULL);
	o.word_bytes = 8;
	t_must(!log_load(&log, t_fuzz_file((const uint8_t *)T_TRACE, sizeof T_TRACE - 1), &o));
	t_must(log.residue_known && log.stat.records > 0);
	return &log;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tool_log *log = good_log();
	struct verify_options const options = { .allow_dead = 1 };
	struct verify_counts counts;
	static struct kernel_space kernel;

	if (!kernel_load(&kernel, t_fuzz_file(data, size), log->space)) {
		verify_space(log, &kernel, &options, &counts, report, NULL);
		kernel_free(&kernel);
	}
	t_all_closed();
	return 0;
}
