/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine.h"

#include <caplog/stub.h>

#include <string.h>

#include "open.h"
#include "source.h"
#include "stand.h"
#include "stop.h"

/* Prefix a message with the component's name */
static int named(const struct caplog_target *t, int err, const struct caplog_diag *why,
                 struct caplog_diag *diag)
{
	return caplog_say(diag, err, "%s: %s", t->name, why->text);
}


/*
 * Before the stop: the log's header, copied and checked
 */

static int no_log(const struct caplog_target *t, struct caplog_diag *diag)
{
	return caplog_say(diag, CAPLOG_EAGAIN, "%s: it has no log: it is just starting, or not "
	                  "linked with the patched base library", t->name);
}

/* Memory that was not written to yet */
static int is_blank(const uint8_t *log)
{
	uint8_t any = 0;

	for (unsigned i = 0; i < CAPLOG_MAGIC_SIZE; i++)
		any |= log[i];
	return !any;
}

/* The log as a whole; NULL: the component has none yet */
static const uint8_t *log_of(const struct caplog_platform *p, struct caplog_target *t,
                             uint64_t *size)
{
	const struct caplog_object *line = caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_LOG_DS);
	const uint8_t *log = line ? p->bytes(p->ctx, t->handle, line) : NULL;

	*size = line ? line->log_ds.size : 0;
	return log && *size >= CAPLOG_LOG_MIN && !is_blank(log) ? log : NULL;
}

static int read_place(struct caplog_target *t, const struct caplog_reader *r,
                      struct caplog_diag *diag)
{
	if (caplog_reader_map(r, &t->map))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: its log has no valid place of the cap map: "
		                  "is it linked with the patched base library?", t->name);
	return 0;
}

static void take_name(struct caplog_target *t, const char *name)
{
	unsigned n = 0;

	memset(t->name, 0, sizeof t->name);
	for (; n < sizeof t->name - 1 && name[n]; n++)
		t->name[n] = name[n];
}

/*
 * Where the component's kernel entry, holders and map are
 *
 * The component still runs. A reader of its own is used, so that nothing is
 * lost of what is known of the log.
 */
static int look_at_log(const struct caplog_platform *p, struct caplog_target *t,
                       struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	struct caplog_reader r;
	uint64_t size;
	const uint8_t *log;
	int err;

	take_name(t, p->name(p->ctx, t->handle));
	if (t->ledger.lost)
		return caplog_say(diag, CAPLOG_ENOMEM, "%s: it was given %u objects more than the ledger "
		                  "holds: no checkpoint", t->name, t->ledger.lost);
	if (!(log = log_of(p, t, &size)))
		return no_log(t, diag);
	if ((err = caplog_open_log(&r, log, size, &why)))
		return named(t, err, &why, diag);
	memcpy(t->stub, r.header.stub, sizeof t->stub);
	t->space.word_bytes = r.header.word_bytes;
	if (!t->stub[CAPLOG_STUB_KERNEL])
		return no_log(t, diag);
	if ((err = caplog_stub_check(t->stub, &why)) ||
	    (err = p->entry(p->ctx, t->handle, t->stub, &why)))
		return named(t, err, &why, diag);
	return read_place(t, &r, diag);
}


/*
 * After the stop
 */

static int follow(const struct caplog_platform *p, struct caplog_target *t,
                  struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	uint64_t size;
	int err;

	if (!t->open) {
		const uint8_t *log = log_of(p, t, &size);

		if (!log)
			return no_log(t, diag);
		if ((err = caplog_open_log(&t->reader, log, size, &why)))
			return named(t, err, &why, diag);
	}
	uint32_t const generation = t->reader.header.generation;
	if ((err = caplog_reader_update(&t->reader, &t->space, NULL, &why)))
		return named(t, err, &why, diag);
	if (!t->open || t->reader.header.generation != generation) {
		caplog_sources_forget(t);
		t->open = 1;
	}
	return read_place(t, &t->reader, diag);
}

static int check_quiet(const struct caplog_platform *p, struct caplog_target *t,
                       struct caplog_diag *diag)
{
	uint32_t holding;

	if (!caplog_memory(p, t, t->map.holders_address, 4 * (uint64_t)t->map.holders_count) ||
	    !caplog_memory(p, t, t->map.epoch_address, 4) ||
	    !caplog_memory(p, t, t->map.address, (uint64_t)t->map.stride * t->map.count))
		return caplog_say(diag, CAPLOG_EINVAL, "%s: its log places the cap map outside of its "
		                  "memory: it cannot be checkpointed", t->name);
	if ((holding = caplog_holding(p, t)))
		return caplog_say(diag, CAPLOG_EBUSY, "%s: %u threads hold badges outside the cap map: "
		                  "try again", t->name, holding);
	return 0;
}

static int starts(const char *text, const char *with)
{
	while (*with && *text == *with)
		text++, with++;
	return !*with;
}

/* The label in a session's arguments, copied to the buffer; "" if there is none */
static void label_of(const char *args, char *label, size_t size)
{
	static const char key[] = "label=\"";
	const char *at = args;
	size_t n = 0;

	while (*at && !starts(at, key))
		at++;
	for (at += *at ? sizeof key - 1 : 0; n + 1 < size && *at && *at != '"'; at++)
		label[n++] = *at;
	label[n] = 0;
}

/* Memory that is no RAM dataspace of the group: whose it is, if a ledger says that */
static int refuse_memory(struct caplog_target *const *targets, uint32_t count,
                         struct caplog_target *t, const struct caplog_object *o,
                         struct caplog_diag *diag)
{
	const struct caplog_object *peer = caplog_ledger_first(&t->ledger, CAPLOG_OBJECT_PEER);

	for (uint32_t i = 0; i < count; i++) {
		const struct caplog_object *line = !o->foreign_region.badge ? NULL
			: caplog_ledger_by_badge(&targets[i]->ledger, o->foreign_region.badge);

		if (line)
			return caplog_say(diag, CAPLOG_ENOTSUP, "%s: at %n it attached \"%s\" (%s) of %s: only "
			                  "RAM dataspaces can be shared: no checkpoint while it is there", t->name,
			                  o->foreign_region.address, line->name,
			                  caplog_object_kind(line->kind)->name, targets[i]->name);
	}
	return caplog_say(diag, CAPLOG_ENOTSUP, "%s: at %n it attached memory that no component of the "
	                  "group owns (its last session at a sibling: \"%s\"): no checkpoint while it is "
	                  "there", t->name, o->foreign_region.address, peer ? peer->name : "none");
}

/* Say which object it is that cannot be recreated */
static int refuse(const struct caplog_platform *p, struct caplog_target *t,
                  const struct caplog_object *o, struct caplog_diag *diag)
{
	struct caplog_state state;
	uint64_t pending;
	char label[80];

	memset(&state, 0, sizeof state);
	if (o->kind == CAPLOG_OBJECT_UNKNOWN && p->save(p->ctx, t->handle, o, &state, &pending)) {
		label_of(state.args, label, sizeof label);
		return caplog_say(diag, CAPLOG_ENOTSUP, "%s: its session of service \"%s\", label \"%s\", "
		                  "cannot be recreated: no checkpoint while it is open", t->name, o->name,
		                  label);
	}
	return caplog_say(diag, CAPLOG_ENOTSUP, "%s: it was given \"%s\" (%s), which cannot be "
	                  "recreated: no checkpoint while it has it", t->name, o->name,
	                  caplog_object_kind(o->kind)->name);
}

/*
 * Everything that the components were given must be possible to recreate
 *
 * Sessions of all components come first: memory that one of them attached may
 * be of a session that a sibling has.
 */
static int check_objects(const struct caplog_platform *p, struct caplog_target *const *targets,
                         uint32_t count, struct caplog_diag *diag)
{
	const struct caplog_object_kind *kind;

	for (uint32_t n = 0; (kind = caplog_object_kind_at(n)); n++) {
		if (caplog_kind_on(kind->number, (enum caplog_platform_number)p->number))
			continue;
		for (uint32_t i = 0; i < count; i++) {
			const struct caplog_object *o = caplog_ledger_first(&targets[i]->ledger, kind->number);

			if (o)
				return o->kind == CAPLOG_OBJECT_FOREIGN_REGION
				       ? refuse_memory(targets, count, targets[i], o, diag)
				       : refuse(p, targets[i], o, diag);
		}
	}
	return 0;
}

static int check_threads(struct caplog_target *t, struct caplog_diag *diag)
{
	for (uint32_t i = 0; i < t->threads; i++) {
		struct caplog_image_thread *thread = &t->thread[i];

		if (!caplog_is_thread_slot(t->space.flavour, thread->slot))
			return caplog_say(diag, CAPLOG_EINVAL, "%s: slot %x: the platform names a thread "
			                  "there, but no thread can be in it", t->name, thread->slot);
		/* removed from the map already: it is about to be killed and need not run */
		const struct caplog_cap *c = &t->space.cap[thread->slot];
		if (c->kind == CAPLOG_EMPTY || c->stale)
			thread->state = CAPLOG_THREAD_NEW;
	}
	return 0;
}

static int read_group(const struct caplog_platform *p, struct caplog_target *const *targets,
                      uint32_t count, struct caplog_diag *diag)
{
	struct caplog_diag why = { 0, "" };
	int err = 0;

	/* all spaces first: sources may lie in any of them */
	for (uint32_t i = 0; i < count && !err; i++)
		err = follow(p, targets[i], diag);
	for (uint32_t i = 0; i < count && !err; i++)
		err = check_quiet(p, targets[i], diag);
	/* before the slots: these name the session, not a badge that came out of it */
	if (!err)
		err = check_objects(p, targets, count, diag);
	for (uint32_t i = 0; i < count && !err; i++)
		if ((err = caplog_sources_update(p, targets, count, targets[i], &why)))
			named(targets[i], err, &why, diag);
	for (uint32_t i = 0; i < count && !err; i++)
		if (!(err = check_threads(targets[i], diag)))
			err = caplog_unchanged(targets[i], diag);
	return err;
}

int caplog_capture(const struct caplog_platform *p, struct caplog_target *const *targets,
                   uint32_t count, struct caplog_diag *diag)
{
	int err = 0;

	if (!count || count > CAPLOG_TARGETS_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "a group has 1 to %u components",
		                  CAPLOG_TARGETS_MAX);
	if ((err = caplog_close(p, targets, count, diag)))
		return err;
	for (uint32_t i = 0; i < count && !err; i++)
		err = look_at_log(p, targets[i], diag);
	if (err) {
		for (uint32_t i = 0; i < count; i++)
			p->open(p->ctx, targets[i]->handle);
		return err;
	}
	if ((err = caplog_stop(p, targets, count, diag)))
		return err;
	if ((err = read_group(p, targets, count, diag)))
		caplog_resume(p, targets, count);
	return err;
}
