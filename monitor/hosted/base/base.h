/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base library of hosted components, doing what base-foc does
 *
 * The cap map, the object pools and the log are lib/caplog's, the same lines
 * that run in Genode. All state lies in one structure at a fixed address, the
 * component's bss. A capability is the slot of its map entry.
 */
#ifndef HOSTED_BASE_H
#define HOSTED_BASE_H

#include <caplog/kept.h>
#include <caplog/map.h>
#include <caplog/pool.h>

#include "kernel.h"
#include "services.h"

typedef uint32_t hb_cap;
#define HB_NO_CAP CAPLOG_NONE

enum { HB_WORDS = 24, HB_CONTEXTS = 4, HB_EPS = 4, HB_APP = 32 * 1024 };

struct hb_msg {
	uint32_t words, caps;
	uint64_t w[HB_WORDS];
	hb_cap   cap[HK_CAPS];
};

struct hb_thread {
	uint32_t slot;          /* of the gate */
	uint32_t index;
	hb_cap   cap;           /* at the CPU session */
	uint32_t calls;         /* so far */
	void   (*entry)(void *);
	void    *argument;
};

struct hb_object;
typedef void (*hb_dispatch)(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out);

/* RPC object. node first: the pool's node is the object */
struct hb_object {
	struct caplog_pool_node node;
	hb_cap      cap;
	hb_dispatch dispatch;
	void       *ctx;
};

struct hb_ep {
	struct hb_thread   thread;
	struct caplog_pool pool;
	uint32_t           window;
	uint64_t           call;        /* number of the request in service */
	uint32_t           epoch;       /* of the map when it came */
	int                leave;
	uint64_t           leave_call;  /* that is answered last */
	struct hb_object   exit_object;
	struct hb_msg      request, reply;
};

struct hb_semaphore {
	uint32_t count;
	struct hb_thread *waiting;
};

struct hb_context {
	void   (*handler)(uint64_t number);
	hb_cap   cap;
	uint64_t pending;
};

struct hb_env {
	/* written by the parent before the start and after a restore */
	uint64_t parent_badge;
	/* of all threads; see struct caplog_header */
	uint32_t holders;
	uint32_t rest;          /* the monitor waits: send nothing */
	/* of the component in its group, by the badge that its parent had at its start; 0: it has no log */
	uint32_t member;
	void   (*construct)(void);

	struct caplog_map    map;
	struct caplog_writer log;
	CAPLOG_MAP_STORAGE(HK_SLOTS, 2048) storage;
	uint8_t  refs[HK_SLOTS];
	uint32_t lock;
	struct caplog_kept kept;
	struct hb_msg      kept_reply[CAPLOG_KEPT];

	hb_cap parent, pd, cpu;
	struct hb_thread main, signal_thread;
	struct hb_ep     ep;
	struct hb_ep    *all_eps[HB_EPS]; /* so that a test finds every pool */
	struct hb_object constructor, proxy;

	hb_cap source, semaphore;
	struct hb_semaphore signals;
	struct hb_context   context[HB_CONTEXTS];

	_Alignas(16) uint8_t app[HB_APP]; /* the component's own variables */
};

#define HB ((struct hb_env *)HK_BSS)
#define HB_SIZE ((sizeof(struct hb_env) + HK_PAGE - 1) & ~(size_t)(HK_PAGE - 1))

/* Entry of the main thread */
void hb_main(uint64_t unused);

/* What the component's log says of flavour, map, holders and kernel entry */
struct caplog_format hb_log_format(void);

/* Badges outside the map (messages, locals) exist only between these two */
void hb_hold(void);
void hb_release(void);

hb_cap hb_copy(hb_cap cap);
void   hb_drop(hb_cap cap);
long   hb_local_name(hb_cap cap);

/* Drop the capabilities of a message */
void   hb_drop_caps(struct hb_msg *m);

/* Client: call, repeat when restored. rcv may be NULL. 0 or negative errno */
long hb_call(hb_cap dst, const struct hb_msg *snd, struct hb_msg *rcv);
/* Short forms: opcode and up to two words, one capability in, one out */
long   hb_invoke(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b);
hb_cap hb_invoke_cap(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg);

hb_cap hb_session(const char *name);
void   hb_announce(const char *name, hb_cap root);
void   hb_log(hb_cap log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void   hb_exit(int value);

void hb_thread_start(struct hb_thread *t, void (*entry)(void *), void *argument);
void hb_ep_start(struct hb_ep *ep);
/* As the destructor of Rpc_entrypoint: calls _exit_cap */
void hb_ep_destroy(struct hb_ep *ep);
hb_cap hb_manage(struct hb_ep *ep, struct hb_object *o, hb_dispatch dispatch, void *ctx);
void   hb_dissolve(struct hb_ep *ep, struct hb_object *o);

void hb_down(struct hb_semaphore *s);
void hb_up(struct hb_semaphore *s);

/* Signal context `i`, handled by the first entrypoint */
hb_cap hb_signal(unsigned i, void (*handler)(uint64_t number));

/* Receive window of four slots, as the stock library takes one per call */
uint32_t hb_window_alloc(void);
void     hb_window_free(uint32_t slot);
/* Move what was received at `from` into the map. HB_NO_CAP: refused */
hb_cap   hb_insert_map(uint64_t badge, uint32_t from);

#endif
