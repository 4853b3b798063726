/* SPDX-License-Identifier: BSD-2-Clause */
#include <root/client.h>
#include <util/arg_string.h>

#include "peer.h"
#include "target.h"

namespace Caplog {


Session_capability Peer::open(Target &client, Target &server, char const *service,
                              char const *args, Affinity const &affinity)
{
	size_t const quota = Arg_string::find_arg(args, "ram_quota").ulong_value(0);
	if (client.env().ram().transfer_quota(server.core().ram.cap(), quota))
		throw Parent::Quota_exceeded();

	Session_capability cap;
	try {
		Gate::Outside outside(client.gate());
		Root_client   root(server.services().root(client.services(), service));
		cap = root.session(args, affinity);
	}
	catch (Root::Quota_exceeded) { throw Parent::Quota_exceeded(); }
	catch (Root::Exception)      { throw Parent::Service_denied(); }

	/* the line has no capability of its own: the session's gate is the server's line */
	caplog_words words = caplog_words();
	words.peer.server = server.index();
	words.peer.badge  = cap.local_name();
	client.objects().give(CAPLOG_OBJECT_PEER, Native_capability(), service, words).cap = cap;
	return cap;
}


void Peer::close(Target &client, Session_capability cap)
{
	Object *peer = nullptr;

	client.objects().for_each(CAPLOG_OBJECT_PEER, [&] (Object &o, caplog_object &) {
		if (o.cap.local_name() == cap.local_name())
			peer = &o;
	});
	if (!peer)
		return;

	caplog_object const &l = client.objects().line(*peer);
	if (l.peer.server < client.group().count) {
		Target &server = *client.group().target[l.peer.server];
		Config::Name const service = server.config().service_that_begins(l.name);

		/* the session is gone for the client, whatever its server makes of that */
		try {
			Gate::Outside outside(client.gate());
			Root_client(server.services().root(client.services(), service.string())).close(cap); }
		catch (...) { }
	}
	client.objects().gone(*peer);
}


int Peer::make(Target &t, caplog_object &line, Saved const &, caplog_diag *)
{
	t.objects().enter(line, Native_capability());
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
