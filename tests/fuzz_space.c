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

/* The log of the recorded trace that tests/data/screens has the screens of */
static struct tool_log *good_log(void)
{
	static const char trace[] =
		"insert_at badge=0x1ca8 kcap=0x8000\n"
		"insert_at badge=0x1 kcap=0x9000\n"
		"insert_map badge=0x1cb0 rcv=0x268000 kcap=0x200000 result=inserted\n"
		"rpc_alloc badge=0x1cb8 kcap=0x201000 ep=0x9000\n"
		"thread_start badge=0x1cc0 kcap=0xf000 utcb=0xb3000000 obj=0x1000\n"
		"irq_attach irq=0x200000 thread=0xf000 label=0x7\n";
	static struct tool_log log;
	struct load_options o;

	if (log.bytes)
		return &log;
	t_print_nothing();
	memset(&o, 0, sizeof o);
	o.flavour = caplog_flavours(NULL);
	o.word_bytes = 8;
	o.keep_going = 1;
	if (log_load(&log, t_fuzz_file((const uint8_t *)trace, sizeof trace - 1), &o))
		abort();
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
