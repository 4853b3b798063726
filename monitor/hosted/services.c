/* SPDX-License-Identifier: BSD-2-Clause */
/* What a component's parent serves: parent, PD, CPU, LOG, Timer, signals */
#include "services.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "node.h"

/* A request, taken apart */
struct request {
	uint64_t          opcode, a, b, c;
	const uint64_t   *payload;
	uint32_t          words;
	struct hk_object *cap;    /* the first capability, NULL if none or dead */
};

static struct request parse(const struct hk_message *m)
{
	struct request r = { 0, 0, 0, 0, NULL, 0, m->caps ? m->cap[0] : NULL };
	uint64_t const caps = m->words > 1 ? m->mr[1] : 0;
	uint32_t const at = 2 + (uint32_t)(caps > HK_CAPS ? HK_CAPS : caps);

	if (m->words > at) {
		r.payload = &m->mr[at];
		r.words = m->words - at;
	}
	r.opcode = r.words > 0 ? r.payload[0] : 0;
	r.a = r.words > 1 ? r.payload[1] : 0;
	r.b = r.words > 2 ? r.payload[2] : 0;
	r.c = r.words > 3 ? r.payload[3] : 0;
	return r;
}

static void reply_words(struct hk_message *m, uint32_t n, uint64_t a, uint64_t b, uint64_t c)
{
	m->mr[0] = m->mr[1] = 0;
	m->mr[2] = a;
	m->mr[3] = b;
	m->mr[4] = c;
	m->words = 2 + n;
	m->caps = 0;
}

static void reply_object(struct hk_message *m, struct hk_object *o, uint64_t badge)
{
	m->mr[0] = 0;
	m->mr[1] = 1;
	m->mr[2] = o ? badge : HS_NO_CAP;
	m->words = 3;
	m->caps = o ? 1 : 0;
	m->cap[0] = o;
}

static void reply_cap(struct hk_message *m, const struct hm_object *o)
{
	reply_object(m, o ? o->o : NULL, o ? o->badge : 0);
}

static void trace(struct hm_target *t, const char *who, const char *text)
{
	int const n = snprintf(t->trace + t->traced, HM_TRACE - t->traced, "%s: %s\n", who, text);

	assert(n > 0 && (size_t)n < HM_TRACE - t->traced);
	t->traced += (size_t)n;
}


/*
 * Parent
 */

/* A component gives quota for a session: \return 0: it has not enough */
static int take_quota(struct hm_target *t, uint64_t quota)
{
	if (quota > t->quota)
		return 0;
	t->quota -= quota;
	return 1;
}

/* A service that a sibling announced: its gate is the session */
static struct hm_object *announced(struct hm_node *n, uint32_t group, const char *name)
{
	for (uint32_t i = 0; i < n->targets; i++) {
		struct hm_target *t = n->target[i];
		struct caplog_object *o = NULL;

		if (t->group == group)
			o = caplog_ledger_first(t->ledger, CAPLOG_OBJECT_SERVICE);
		for (; o; o = caplog_ledger_next(t->ledger, o))
			if (!strcmp(o->name, name))
				return hm_object_by_id(t, o->service.gate);
	}
	return NULL;
}

static void open_session(struct hm_target *t, struct hk_message *m, const char *name,
                         uint64_t quota)
{
	static const struct { const char *name; size_t length; uint32_t kind; } known[] = {
		{ "PD", 3, CAPLOG_OBJECT_PD }, { "CPU", 4, CAPLOG_OBJECT_CPU },
		{ "Timer", 6, CAPLOG_OBJECT_TIMER }, { "LOG", 3, CAPLOG_OBJECT_LOG },
		{ "magic", 5, CAPLOG_OBJECT_UNKNOWN }
	};

	for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strncmp(name, known[i].name, known[i].length)) {
			struct hm_object *own = !take_quota(t, quota) ? NULL
				: hm_give(t, known[i].kind, NULL, hm_badge_alloc(t->node), NULL, name);

			if (own)
				own->quota = quota;
			reply_cap(m, own);
			return;
		}
	struct hm_object *sibling = announced(t->node, t->group, name);

	if (sibling && !take_quota(t, quota))
		sibling = NULL;
	if (sibling)
		sibling->target->quota += quota;
	reply_cap(m, sibling);
}

static int is_session(const struct hm_object *o)
{
	return o && (o->kind == CAPLOG_OBJECT_LOG || o->kind == CAPLOG_OBJECT_TIMER);
}

static void upgrade(struct hm_object *session, uint64_t quota)
{
	if (is_session(session) && take_quota(session->target, quota))
		session->quota += quota;
}

static void close_session(struct hm_object *session)
{
	if (!is_session(session))
		return;
	session->target->quota += session->quota;
	hm_object_destroy(session);
}

static void announce(struct hm_target *t, struct hk_object *root, const char *name)
{
	struct hm_object *gate = root ? hm_object_of(t, root) : NULL;
	union caplog_words w = { .service = { gate ? gate->id : 0 } };

	if (gate && gate->kind == CAPLOG_OBJECT_GATE)
		caplog_ledger_give(t->ledger, CAPLOG_OBJECT_SERVICE, CAPLOG_PSEUDO_BADGE, &w, name);
}

static void serve_parent(struct hm_target *t, const struct request *r, struct hk_message *m)
{
	char name[17] = { 0 }, text[24];
	uint64_t const words[2] = { r->a, r->b };

	memcpy(name, words, 16);
	if (r->opcode == HS_SESSION) {
		open_session(t, m, name, r->c);
		return;
	}
	if (r->opcode == HS_ANNOUNCE)
		announce(t, r->cap, name);
	if (r->opcode == HS_UPGRADE)
		upgrade(r->cap ? hm_object_of(t, r->cap) : NULL, r->a);
	if (r->opcode == HS_CLOSE)
		close_session(r->cap ? hm_object_of(t, r->cap) : NULL);
	if (r->opcode == HS_EXIT) {
		snprintf(text, sizeof text, "exit %d", (int)r->a);
		trace(t, "parent", text);
		t->exited = 1;
	}
	reply_words(m, 1, 0, 0, 0);
}


/*
 * PD session and signals
 */

static uint32_t slot_of_thread_gate(const struct hm_target *t, const struct hk_object *gate)
{
	for (unsigned i = 0; i < HK_THREADS; i++)
		if (t->gate[i] && &t->gate[i]->o == gate)
			return hm_thread_slot(i);
	return CAPLOG_NO_SLOT;
}

/* Anything but the gate of an own thread is refused, before core sees it */
static struct hm_object *alloc_rpc_cap(struct hm_target *t, struct hk_object *ep)
{
	uint32_t const slot = slot_of_thread_gate(t, ep);
	union caplog_words const w = { .gate = { slot } };

	if (!ep || slot == CAPLOG_NO_SLOT)
		return NULL;
	uint32_t const badge = hm_badge_alloc(t->node);
	struct hk_thread *thread = ((struct hk_gate *)(void *)ep)->thread;
	return hm_give(t, CAPLOG_OBJECT_GATE, &hk_gate_create(t->node->k, badge, thread)->o, badge,
	               &w, "rpc");
}

void hm_submit(struct hm_target *t, uint64_t context, uint64_t number)
{
	struct hm_object *c = hm_object_by_id(t, context), *source, *semaphore;
	struct caplog_object *line = c ? hm_line(c) : NULL;
	uint32_t i = 0;

	if (!c || c->kind != CAPLOG_OBJECT_CONTEXT ||
	    !(source = hm_object_by_id(t, line->context.source)))
		return;
	while (i < source->pendings && source->pending[i].context != context)
		i++;
	if (i == source->pendings) {
		assert(i < HM_PENDING);
		source->pending[source->pendings++] =
			(struct hm_signal){ context, line->context.imprint, 0 };
	}
	source->pending[i].number += number;
	line = caplog_ledger_first(t->ledger, CAPLOG_OBJECT_SEMAPHORE);
	semaphore = line ? hm_object_by_id(t, line->id) : NULL;
	if (semaphore)
		hk_irq_trigger((struct hk_irq *)(void *)semaphore->o);
}

/* Whoever holds the context's capability may submit it, sibling or not */
static void submit(struct hm_node *n, const struct hk_object *cap, uint64_t number)
{
	for (uint32_t i = 0; cap && i < n->targets; i++) {
		struct hm_object *o = hm_object_of(n->target[i], cap);
		if (o && o->kind == CAPLOG_OBJECT_CONTEXT)
			hm_submit(n->target[i], o->id, number);
	}
}

/* A dataspace of the target or of a sibling; NULL: it is none */
static struct hm_object *dataspace_of(struct hm_target *t, const struct hk_object *cap)
{
	struct hm_node *n = t->node;

	for (uint32_t i = 0; cap && i < n->targets; i++) {
		struct hm_object *o = n->target[i]->group == t->group ? hm_object_of(n->target[i], cap) : NULL;
		if (o && o->kind == CAPLOG_OBJECT_DATASPACE)
			return o;
	}
	return NULL;
}

static struct hm_object *alloc(struct hm_target *t, uint64_t pages)
{
	return !pages || pages > hk_memory_left(t->node->k) / HK_PAGE ? NULL
	       : hm_dataspace(t, CAPLOG_OBJECT_DATASPACE, pages * HK_PAGE, "ram");
}

/* Above what the parent attaches itself */
static long attach(struct hm_target *t, const struct request *r)
{
	const struct hm_object *h = dataspace_of(t, r->cap);
	uint64_t const bytes = h ? caplog_object_bytes(hm_line(h)) : 0;

	if (r->a < HK_HEAP || r->a >= HK_END || r->b >= bytes)
		return HK_E_INVAL;
	return hm_attach(t, h, r->a, r->b, r->c ? r->c : bytes - r->b);
}

static void detach(struct hm_target *t, uint64_t address)
{
	if (address < HK_HEAP || address >= HK_END)
		return;
	hk_detach_region(t->task, address);
	caplog_region_detach(t->ledger, CAPLOG_MAP_ADDRESS_SPACE, address);
}

static void serve_pd(struct hm_target *t, const struct request *r, struct hk_message *m)
{
	struct hm_object *o = r->cap ? hm_object_of(t, r->cap) : NULL;
	union caplog_words const context = { .context = { r->a, o ? o->id : 0 } };

	switch (r->opcode) {
	case HS_ALLOC_RPC_CAP:
		reply_cap(m, alloc_rpc_cap(t, r->cap));
		return;
	case HS_ALLOC_SOURCE:
		reply_cap(m, hm_give(t, CAPLOG_OBJECT_SOURCE, NULL, hm_badge_alloc(t->node), NULL,
		                     "source"));
		return;
	case HS_ALLOC_CONTEXT:
		reply_cap(m, !o || o->kind != CAPLOG_OBJECT_SOURCE ? NULL
		             : hm_give(t, CAPLOG_OBJECT_CONTEXT, NULL, hm_badge_alloc(t->node), &context,
		                       "context"));
		return;
	case HS_CAP_SPACE:
		if (t->log_size && !hm_attach_new(t, CAPLOG_OBJECT_LOG_DS, HK_LOG, t->log_size, "log"))
			reply_words(m, 2, HK_LOG, t->log_size, 0);
		else
			reply_words(m, 2, 0, 0, 0);
		return;
	case HS_RAM_ALLOC:
		reply_cap(m, alloc(t, r->a));
		return;
	case HS_RAM_FREE:
		if (o && o->kind == CAPLOG_OBJECT_DATASPACE)
			hm_dataspace_free(o);
		break;
	case HS_ATTACH:
		reply_words(m, 1, (uint64_t)attach(t, r), 0, 0);
		return;
	case HS_QUOTA:
		reply_words(m, 1, t->quota, 0, 0);
		return;
	case HS_DETACH:
		detach(t, r->a);
		break;
	case HS_FREE_RPC_CAP:
		if (o && o->kind == CAPLOG_OBJECT_GATE)
			hm_object_destroy(o);
		break;
	case HS_FREE_CONTEXT:
		if (o && o->kind == CAPLOG_OBJECT_CONTEXT)
			hm_object_destroy(o);
		break;
	case HS_SUBMIT:
		submit(t->node, r->cap, r->a);
		break;
	default:
		break;
	}
	reply_words(m, 1, 0, 0, 0);
}

static void serve_source(struct hm_object *h, const struct request *r, struct hk_message *m)
{
	struct hm_target *t = h->target;
	union caplog_words const w = { .semaphore = { h->id } };

	if (r->opcode == HS_SEMAPHORE) {
		struct hk_irq *irq = hk_irq_create(t->node->k);
		irq->pending = h->pendings;
		reply_cap(m, hm_give(t, CAPLOG_OBJECT_SEMAPHORE, &irq->o, hm_badge_alloc(t->node), &w,
		                     "semaphore"));
	} else if (h->pendings) {
		struct hm_signal const s = h->pending[0];
		memmove(h->pending, h->pending + 1, --h->pendings * sizeof s);
		reply_words(m, 2, s.imprint, s.number, 0);
	} else {
		reply_words(m, 2, 0, 0, 0);
	}
}


/*
 * CPU session and threads
 */

static void serve_cpu(struct hm_target *t, struct hk_message *m)
{
	uint32_t slot, badge;

	if (!hm_thread_create(t, &slot, &badge)) {
		reply_cap(m, NULL);
		return;
	}
	union caplog_words const w = { .thread = { slot } };
	reply_cap(m, hm_give(t, CAPLOG_OBJECT_THREAD, NULL, hm_badge_alloc(t->node), &w, "thread"));
}

static void serve_thread(struct hm_object *h, const struct request *r, struct hk_message *m)
{
	struct hm_target *t = h->target;
	uint32_t const slot = (uint32_t)hm_line(h)->thread.slot;
	uint32_t const index = hm_thread_index(slot);
	struct hk_thread *th = t->task->thread[index];

	if (r->opcode == HS_THREAD_STATE && th) {
		reply_words(m, 3, slot, t->gate[index]->label, HK_UTCBS + index * (uint64_t)HK_PAGE);
		return;
	}
	if (r->opcode == HS_THREAD_START && th && th->state == HK_NEW)
		hk_thread_start(th, r->a, r->b, 0);
	if (r->opcode == HS_THREAD_KILL) {
		hm_thread_destroy(t, slot);
		hm_object_destroy(h);
	}
	reply_words(m, 1, 0, 0, 0);
}


/*
 * LOG, Timer, dispatch
 */

static void serve_log(struct hm_object *h, const struct request *r, struct hk_message *m)
{
	char text[HK_WORDS * 8 + 1] = { 0 };

	if (r->words > 1)
		memcpy(text, r->payload + 1, (r->words - 1) * 8);
	trace(h->target, hm_line(h)->name, text);
	reply_words(m, 1, 0, 0, 0);
}

static void serve_timer(struct hm_object *h, const struct request *r, struct hk_message *m)
{
	struct hm_object *context = r->cap ? hm_object_of(h->target, r->cap) : NULL;

	if (r->opcode == HS_TIMER_SIGH)
		h->sigh = context ? context->id : 0;
	if (r->opcode == HS_TIMER_TRIGGER)
		h->deadline = h->target->node->now + (r->a ? r->a : 1);
	reply_words(m, 1, 0, 0, 0);
}

void hm_service(void *ctx, struct hk_thread *caller, uint64_t label, struct hk_message *m)
{
	struct hm_object *h = ctx;
	struct request const r = parse(m);

	(void)caller;
	if (!m->words || m->mr[0] != label) { /* forged badge */
		m->words = m->caps = 0;
		return;
	}
	switch (h->kind) {
	case CAPLOG_OBJECT_PARENT: serve_parent(h->target, &r, m); break;
	case CAPLOG_OBJECT_PD:     serve_pd(h->target, &r, m); break;
	case CAPLOG_OBJECT_CPU:    serve_cpu(h->target, m); break;
	case CAPLOG_OBJECT_LOG:    serve_log(h, &r, m); break;
	case CAPLOG_OBJECT_TIMER:  serve_timer(h, &r, m); break;
	case CAPLOG_OBJECT_THREAD: serve_thread(h, &r, m); break;
	case CAPLOG_OBJECT_SOURCE: serve_source(h, &r, m); break;
	default:        reply_words(m, 1, 0, 0, 0); break;
	}
}
