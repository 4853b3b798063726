/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations of a checkpoint, beside those that stop components
 */
#include "frame.h"
#include "platform.h"

namespace Caplog {

enum { FRAME_WORDS = 16 }; /* of the kernel entry's frame, at least */


static char const *p_name(void *, void *target) { return Platform::target_of(target).name(); }


static void *p_bytes(void *, void *target, caplog_object const *dataspace)
{
	Objects &objects = Platform::target_of(target).objects();
	Object  *o = objects.by_id(dataspace->id);

	return o ? objects.map_locally(*o) : nullptr;
}


/* Core knows each object by its badge, since it made it */
static uint64_t p_look(void *, void *target, uint32_t first, uint64_t ask,
                       caplog_owned const *what, uint64_t *same)
{
	Foc_native_pd::Badges badges = Foc_native_pd::Badges();

	for (unsigned n = 0; n < CAPLOG_BATCH; n++)
		if (ask >> n & 1)
			badges.badge[n] = Platform::badge_of(what[n].object);

	Foc_native_pd::Seen const seen =
		Platform::target_of(target).core().native_pd.look(Platform::kcap(first), badges);

	/* without an answer no slot is known to be empty */
	*same = seen.same;
	return seen.result == Foc_native_pd::DONE ? seen.used : ask;
}


static int p_save(void *, void *target, caplog_object const *object, caplog_state *session,
                  uint64_t *pending)
{
	Target         &t   = Platform::target_of(target);
	Object         *o   = t.objects().by_id(object->id);
	Kind_row const *row = Kind_row::of(object->kind);

	if (!o)
		return 0;
	if (row && row->pending) {
		*pending = row->pending(t, *o);
		return *pending != 0;
	}
	if (!o->session)
		return 0;
	o->session->settle();
	*session = o->session->saved;
	return 1;
}


void Platform::checkpoint_ops(caplog_platform &p)
{
	p.number      = CAPLOG_PLATFORM_GENODE;
	p.frame_bytes = FRAME_WORDS*sizeof(addr_t);
	p.frame_waits = FRAME_LABEL*sizeof(addr_t);
	p.name        = p_name;
	p.bytes       = p_bytes;
	p.look        = p_look;
	p.save        = p_save;
}


caplog_platform Platform::ops()
{
	caplog_platform p = caplog_platform();

	p.ctx = this;
	stop_ops(p);
	checkpoint_ops(p);
	restore_ops(p);
	return p;
}

} /* namespace Caplog */
