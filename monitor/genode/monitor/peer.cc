/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>
#include <base/snprintf.h>
#include <root/client.h>
#include <util/arg_string.h>

#include "peer.h"
#include "target.h"

namespace Caplog {


/*
 * Quota that a server has while something may fail: what it has left of it
 * then goes back to where it came from
 */
struct Passed_on
{
	Account           &server;
	Account::Donation &donation;
	bool               kept = false;

	Passed_on(Account &server, Account::Donation &donation) : server(server), donation(donation) {
		server.give(donation.bytes); }

	~Passed_on() { if (!kept) donation.bytes = server.reclaim(donation.bytes); }
};


Session_capability Peer::open(Target &client, Target &server, char const *service,
                              char const *args, Affinity const &affinity,
                              Account::Donation &donation, Account::Kept &record)
{
	Passed_on passed(server.account(), donation);

	Session_capability cap;
	try {
		Gate::Outside outside(client.gate(), Gate::SIBLING);
		Gate::Needed  needed(server.gate());
		Root_client   root(server.services().root(client.services(), service));
		cap = root.session(args, affinity);
	}
	catch (Root::Quota_exceeded) { throw Parent::Quota_exceeded(); }
	catch (Root::Exception)      { throw Parent::Service_denied(); }

	/* the line has no capability of its own: the session's gate is the server's line */
	caplog_words words = caplog_words();
	words.peer.server = server.index();
	words.peer.badge  = cap.local_name();
	words.peer.quota  = donation.keep();
	passed.kept = true;

	Object &peer = client.objects().give(CAPLOG_OBJECT_PEER, Native_capability(), service, words);
	peer.cap    = cap;
	peer.record = record.keep();
	return cap;
}


/* The line of a session by its capability; nullptr: it has none there */
static Object *peer_of(Target &client, Session_capability cap)
{
	Object *peer = nullptr;

	client.objects().for_each(CAPLOG_OBJECT_PEER, [&] (Object &o, caplog_object &) {
		if (cap.valid() && o.cap.valid() && o.cap.local_name() == cap.local_name())
			peer = &o;
	});
	return peer;
}


void Peer::upgrade(Target &client, Session_capability cap, size_t quota)
{
	Object * const peer = peer_of(client, cap);

	if (!peer || client.objects().line(*peer).peer.server >= client.group().count) {
		warning(client.name(), ": it upgrades what is no session");
		return;
	}
	caplog_object const l = client.objects().line(*peer);
	Target &server = *client.group().target[l.peer.server];
	Account::Donation donation(client.account(), quota);
	{
		Passed_on passed(server.account(), donation);
		char args[64];
		Genode::snprintf(args, sizeof(args), "ram_quota=%lu", (unsigned long)quota);
		Config::Name const service = server.config().service_that_begins(l.name);

		try {
			Gate::Outside outside(client.gate(), Gate::SIBLING);
			Gate::Needed  needed(server.gate());
			Root_client(server.services().root(client.services(), service.string()))
				.upgrade(cap, args);
		}
		catch (...) { throw Parent::Quota_exceeded(); }
		passed.kept = true;
	}
	client.objects().line(*peer).peer.quota += donation.keep();
}


void Peer::close(Target &client, Session_capability cap)
{
	Object * const peer = peer_of(client, cap);

	if (!peer)
		return;

	caplog_object const l = client.objects().line(*peer);
	size_t back = 0;

	if (l.peer.server < client.group().count) {
		Target &server = *client.group().target[l.peer.server];
		Config::Name const service = server.config().service_that_begins(l.name);

		/* the session is gone for the client, whatever its server makes of that */
		try {
			Gate::Outside outside(client.gate(), Gate::SIBLING);
			Gate::Needed  needed(server.gate());
			Root_client(server.services().root(client.services(), service.string())).close(cap); }
		catch (...) { }
		back = server.account().reclaim(l.peer.quota);
	}
	Account::Record * const record = peer->record;
	client.objects().gone(*peer);
	client.account().remove_record(record);
	client.account().give(back);
}


int Peer::make(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	/* what it gave for the session belongs to the sibling, in whose limit it is */
	Account::Kept record(t.account());

	t.objects().enter(line, Native_capability()).record = record.keep();
	return 0;
}


void Peer::finish(Target &t, Object &o, caplog_object &line)
{
	if (line.peer.server >= t.group().count)
		return;

	Target &server = *t.group().target[line.peer.server];
	if (Object *gate = server.objects().of(line.peer.session, CAPLOG_OBJECT_GATE))
		o.cap = server.pd().gate(*gate);
}


int Peer::make_service(Target &t, caplog_object &line, Saved const &, caplog_diag *diag)
{
	Object * const gate = t.objects().of(line.service.gate, CAPLOG_OBJECT_GATE);

	if (!gate)
		return caplog_say(diag, CAPLOG_EINVAL, "the image names no root for the service");
	Config::Name const service = t.config().service_that_begins(line.name);
	if (!service.valid())
		return caplog_say(diag, CAPLOG_ENOENT, "the target's node <provides> does not contain it");

	t.objects().enter(line, Native_capability());
	t.services().add(service.string(), reinterpret_cap_cast<Root>(t.pd().gate(*gate)));
	return 0;
}

} /* namespace Caplog */
