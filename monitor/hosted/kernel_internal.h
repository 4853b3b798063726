/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's kernel: between its files */
#ifndef HOSTED_KERNEL_INTERNAL_H
#define HOSTED_KERNEL_INTERNAL_H

#include <ucontext.h>

#include "kernel.h"

struct hk_node {
	uint64_t          random;
	int               memory_fd;
	uint8_t          *memory;
	uint64_t          memory_size, memory_used;
	struct hk_object *objects;
	struct hk_thread *last;     /* ran last: mostly continues */
	uint64_t          events, arrivals;
};

/* A stopped thread, on its own stack */
struct hk_frame {
	ucontext_t     uc;
	struct hk_sys *sys;
	uint64_t       user[2]; /* UTCB words, which a restored thread has lost */
	uint64_t       waits;   /* for requests; component memory has 64-bit words here */
};

/* kernel.c: make a task's memory accessible; the machine has one processor */
void hk_map_task(struct hk_task *task);
/* Task memory in the kernel's own mapping; NULL: not all of it is attached */
void *hk_look(const struct hk_task *task, uint64_t address, uint64_t size);

/* kernel_ipc.c: do what the thread asks at the kernel entry where it stands */
void hk_execute(struct hk_thread *t);
/* A kernel entry is done: its result stands in the thread's own memory, as a register would */
void hk_finish(struct hk_thread *t, long ret);

#endif
