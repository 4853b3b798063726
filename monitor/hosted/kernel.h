/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Model of what caplog uses of Fiasco.OC: a test bed, not a product
 *
 * One node is one kernel. Component threads are coroutines whose stacks lie in
 * component memory, which is mapped at its fixed address only while a thread
 * of the task runs. Each kernel entry is a point at which the seeded scheduler
 * may switch, so a stopped thread's state is plain data: its frame, on its own
 * stack. Deterministic for a seed.
 */
#ifndef HOSTED_KERNEL_H
#define HOSTED_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include <caplog/diag.h>
#include <caplog/flavour.h>

enum {
	HK_SLOTS    = CAPLOG_OWN(SLOTS),
	HK_WORDS    = 63,   /* message registers     */
	HK_CAPS     = 4,    /* capabilities per message */
	HK_THREADS  = 8,    /* threads per task      */
	HK_REGIONS  = 16,
	HK_PAGE     = 4096
};

/* Fixed places in every component's address space */
#if UINTPTR_MAX == UINT32_MAX
#define HK_BSS    0x30000000ul
#define HK_STACKS 0x31000000ul
#define HK_UTCBS  0x32000000ul
#define HK_LOG    0x33000000ul
#define HK_HEAP   0x34000000ul
#define HK_END    0x35000000ul
#else
#define HK_BSS    0x500000000000ul
#define HK_STACKS 0x500010000000ul
#define HK_UTCBS  0x500020000000ul
#define HK_LOG    0x500030000000ul
#define HK_HEAP   0x500040000000ul
#define HK_END    0x500050000000ul
#endif
#if defined(__SANITIZE_ADDRESS__)
#define HK_STACK_SIZE (128ul * 1024) /* red zones */
#else
#define HK_STACK_SIZE (32ul * 1024)
#endif

enum hk_op {
	/* restartable: may return HK_AGAIN. REPLY_WAIT: a 1: reply, b 1: do not wait */
	HK_CALL, HK_REPLY_WAIT, HK_IRQ_RECEIVE,
	HK_IRQ_TRIGGER, HK_IRQ_ATTACH, HK_IRQ_DETACH,
	HK_EQUAL, HK_VALID, HK_GRANT, HK_UNMAP, HK_YIELD, HK_EVENT, HK_SLEEP,
	HK_RAW_WAIT /* blocks without end, not through the restartable stub */
};

enum {
	HK_AGAIN     = -1000, /* the thread was restored here: repeat it         */
	HK_E_NOREPLY = -1001, /* no caller waits for this reply; no request is taken */
	HK_E_NOENT   = CAPLOG_ENOENT, /* no such object */
	HK_E_INVAL   = CAPLOG_EINVAL
};

/* Arguments and result of one kernel entry, on the thread's stack */
struct hk_sys {
	long op, a, b, c, ret;
};

/*
 * Per thread, kernel memory: not in any dataspace, so lost with the thread. What
 * follows in its page belongs to base libraries with a layout of their own.
 */
struct hk_utcb {
	uint64_t user[2];            /* slot of the own gate's map entry, Thread object */
	uint64_t label;              /* of the gate a request came through */
	uint64_t tag, from_tag;      /* label of the message tag: sent, received */
	uint32_t words, items;       /* sent or received */
	uint32_t window;             /* first slot to receive capabilities at */
	uint32_t item[HK_CAPS];      /* slots to send */
	uint64_t mr[HK_WORDS];
};

enum hk_type { HK_NONE, HK_TASK, HK_GATE, HK_THREAD, HK_IRQ };

struct hk_node;
struct hk_task;
struct hk_thread;

struct hk_object {
	enum hk_type type;
	int          dead;           /* destroyed by its owner: every slot is empty */
	struct hk_node   *node;
	struct hk_object *next;      /* all objects of the node */
};

/* A message as a service outside the components sees it */
struct hk_message {
	uint32_t words, caps;
	uint64_t mr[HK_WORDS];
	struct hk_object *cap[HK_CAPS];
};

/* Server without a thread: runs inside the kernel entry, so never half done */
typedef void (*hk_service)(void *ctx, struct hk_thread *caller, uint64_t label,
                           struct hk_message *m);

struct hk_gate {
	struct hk_object  o;
	uint64_t          label;
	struct hk_thread *thread;    /* NULL: a service */
	hk_service        service;
	void             *ctx;
};

struct hk_irq {
	struct hk_object  o;
	struct hk_thread *thread;
	uint64_t          label;
	uint32_t          pending;
};

struct hk_region {
	uint64_t address, size, offset; /* offset in the node's memory */
};

struct hk_task {
	struct hk_object  o;
	struct hk_object *cap[HK_SLOTS];
	struct hk_region  region[HK_REGIONS];
	unsigned          regions;
	struct hk_thread *thread[HK_THREADS];
};

enum hk_state {
	HK_NEW,            /* not started                                     */
	HK_ENTERED,        /* at a kernel entry that is not executed yet      */
	HK_SENDING,        /* in a call, the server is busy                   */
	HK_AWAITING_REPLY, /* in a call, the server works on it               */
	HK_WAITING,        /* for requests                                    */
	HK_IRQ_WAITING,
	HK_RAW_WAITING,
	HK_SLEEPING,       /* its entry function returned                     */
	HK_DONE,           /* result there, not looked at yet                 */
	HK_GONE
};

struct hk_thread {
	struct hk_object  o;
	struct hk_task   *task;
	unsigned          index;
	enum hk_state     state;
	int               stopped;
	uint64_t          frame;     /* address in the component; 0: start at entry */
	uint64_t          entry, argument;
	struct hk_utcb   *utcb;      /* as the kernel sees it */
	struct hk_gate   *to;        /* SENDING, AWAITING_REPLY */
	struct hk_thread *caller;    /* whose request is being served */
	struct hk_irq    *irq;       /* IRQ_WAITING */
	uint64_t          since;     /* order of senders */
};

struct hk_node;

struct hk_node *hk_node_create(uint64_t seed, uint64_t memory);
void hk_node_destroy(struct hk_node *node);

struct hk_task   *hk_task_create(struct hk_node *node);
struct hk_thread *hk_thread_create(struct hk_task *task);
struct hk_gate   *hk_gate_create(struct hk_node *node, uint64_t label, struct hk_thread *thread);
struct hk_gate   *hk_service_create(struct hk_node *node, uint64_t label, hk_service fn, void *ctx);
struct hk_irq    *hk_irq_create(struct hk_node *node);
void hk_destroy(struct hk_object *object);

/* Memory of the node, zeroed; the pointer is the kernel's own mapping */
uint64_t hk_memory_alloc(struct hk_node *node, uint64_t size);
uint64_t hk_memory_left(const struct hk_node *node);
void    *hk_memory(struct hk_node *node, uint64_t offset);
int      hk_attach_region(struct hk_task *task, uint64_t address, uint64_t size, uint64_t offset);
void     hk_detach_region(struct hk_task *task, uint64_t address);

/* Object in a slot; NULL: it is empty, or its object was destroyed */
struct hk_object *hk_slot(const struct hk_task *task, uint32_t slot);
int  hk_map(struct hk_task *task, uint32_t slot, struct hk_object *object);
int  hk_irq_attach(struct hk_irq *irq, struct hk_thread *thread, uint64_t label);
void hk_irq_trigger(struct hk_irq *irq);

/* Begin at an entry point, or where a frame says (`entry` 0): there the
 * kernel entry that the frame stands in returns HK_AGAIN. */
void hk_thread_start(struct hk_thread *t, uint64_t entry, uint64_t argument, uint64_t frame);

/*
 * Let one thread run from its kernel entry to its next
 *
 * \return 0 if none can run
 */
int hk_step(struct hk_node *node);

/* As hk_step for this thread, if it can run and is not stopped */
int hk_step_thread(struct hk_thread *t);

/* Does a frame look like one that a thread of this task could stand in? */
int hk_frame_valid(struct hk_task *task, uint64_t frame);

/*
 * Where a thread stands, in the terms of caplog/stub.h
 *
 * The restartable kernel entries are the base library's stub: there the frame
 * is complete. A result that the thread did not look at yet is a message in
 * its UTCB. At any other kernel entry it is a thread that runs.
 */
#define HK_STUB_READY    0x1000u
#define HK_STUB_KERNEL   0x1010u
#define HK_STUB_HELD     0x1020u
#define HK_STUB_RESTART  0x1030u
#define HK_STUB_RESUME   0x1040u
#define HK_STUB_SAVE     0x1050u
#define HK_STUB_SAVED    0x1060u
#define HK_OUT_OF_STUB   0x2000u
uint64_t hk_thread_ip(const struct hk_thread *t);

/* Of a thread's frame: its size, and the offset of the word that says whether
 * it waits for requests */
uint32_t hk_frame_bytes(void);
uint32_t hk_frame_waits(void);

/* Log events of a task so far (kernel entries HK_EVENT) */
uint64_t hk_events(const struct hk_node *node);
uint32_t hk_random(struct hk_node *node, uint32_t below);

/* Make a task's memory accessible where its threads see it (for tests) */
void hk_look_into(struct hk_task *task);

/* Component side: enter the kernel; the UTCB of the running thread */
long hk_enter(struct hk_sys *sys);
struct hk_utcb *hk_utcb(void);
int hk_running(void); /* 1 if a component thread is running, 0 on the kernel's side */

#endif
