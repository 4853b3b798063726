/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component gets and opens its log
 */
#include <base/log.h>
#include <dataspace/client.h>
#include <pd_session/pd_session.h>
#include <region_map/region_map.h>
#include <util/string.h>

#include <base/internal/cap_log.h>
#include <base/internal/cap_space.h>
#include <base/internal/kept_replies.h>
#include <base/internal/release_memory.h>
#include <base/internal/stub_labels.h>

using namespace Genode;


static caplog_writer writer { };


caplog_writer *Genode::cap_log_writer() { return &writer; }


static void turn_off()
{
	Cap_space::Guard guard;
	caplog_writer_off(&writer);
}


/* An older log in this dataspace must differ from the new one */
static uint32_t next_generation(void const *log)
{
	/* a copy, since the alignment is not checked yet */
	caplog_header header;
	memcpy(&header, log, sizeof(header));

	return memcmp(header.magic, CAPLOG_MAGIC, CAPLOG_MAGIC_SIZE) ? 0 : header.generation + 1;
}


/*
 * Memory of this component at the end of the dataspace, behind the log
 *
 * The ring of a log has a power of two of records, so that there is room left.
 */
struct Behind
{
	Cap_space::Calls calls;
	Kept_memory      kept;
};


/* Size of the log alone */
static size_t without_behind(size_t size)
{
	size_t const log = size > sizeof(Behind) ? (size - sizeof(Behind)) & ~(size_t)15 : 0;

	return caplog_log_whole(caplog_own_flavour(), log) ? log : size;
}


/* Calls have numbers, and replies are kept for those that have; the cap space is locked */
static void number_calls(Behind &behind)
{
	zero(&behind.calls, sizeof(behind.calls));
	behind.calls.member = caplog_member(cap_space.map.badge[Cap_space::PARENT]);
	kept_replies.begin(behind.kept);
	cap_space.calls = &behind.calls;
}


static bool start(void *log, size_t const all)
{
	size_t const size = without_behind(all);

	struct caplog_format format { };

	format.flavour           = caplog_own_flavour();
	format.generation        = next_generation(log);
	format.map.address       = (addr_t)cap_space.map.badge;
	format.map.epoch_address = (addr_t)&cap_space.map.epoch;
	format.map.holders_address = (addr_t)cap_space.holders;
	format.map.holders_count   = Cap_space::HOLDERS;
	format.map.rest_word       = Cap_space::HOLDERS;
	format.map.stride        = sizeof(cap_space.map.badge[0]);
	format.map.width         = sizeof(cap_space.map.badge[0]);
	format.map.count         = cap_space.map.count;
	stub_labels(format.stub);

	/* the early buffer takes events meanwhile */
	if (caplog_format(log, size, &format))
		return false;

	Cap_space::Hold  hold;
	Cap_space::Guard guard;
	if (size < all)
		number_calls(*(Behind *)((char *)log + size));
	/* the parent has the dataspace as well */
	return caplog_writer_attach_shared(&writer, log, size, format.flavour) == 0;
}


/*
 * Attach the dataspace; the caller has no lock, since this receives capabilities
 *
 * \return  why there is no log; nullptr if there is one
 */
static char const *begin(Region_map &rm, Dataspace_capability ds)
{
	Dataspace_client client(ds);
	size_t const size = client.size();

	if (!is_writable(client))
		return "the dataspace for it is read-only";
	if (size < CAPLOG_LOG_MIN)
		return "the dataspace for it is smaller than 4 KiB";

	void * const log = attach(rm, ds);
	if (!log)
		return "the dataspace for it cannot be attached";
	if (start(log, size)) {
		if (!cap_space.calls)
			raw("caplog: this component's log has no room for replies that are kept: after a "
			    "restore a request may be served twice. Give it a log of 64 KiB or more");
		return nullptr;
	}

	detach(rm, log);
	return "the dataspace for it is not aligned to 8 bytes or larger than 1 GiB";
}


void Genode::cap_log_attach(Region_map &rm, Pd_session_capability pd)
{
	char const *why = "the dataspace for it cannot be obtained or attached";

	/* the component has to run, whatever fails here */
	try_to([&] {
		/* 'Pd_session_client' does not know this function */
		Dataspace_capability const ds = pd.call<Pd_session::Rpc_cap_space_dataspace>();
		if (ds.valid())
			why = begin(rm, ds);
		else {
			turn_off();
			why = nullptr;
		}
	});

	if (why) {
		raw("caplog: this component runs without a log: ", why);
		turn_off();
	}
}
