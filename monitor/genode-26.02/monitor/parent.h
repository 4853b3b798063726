/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the component sees as its parent
 *
 * Each function is passed on to the sandbox library's, in the main thread. So
 * the monitor knows which sessions there are, under which number of the
 * component, and opens them again after a restore, in the component's place.
 */
#ifndef CAPLOG_PARENT_H
#define CAPLOG_PARENT_H

#include <parent/parent.h>
#include <util/list.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


class Caplog::Parent_proxy : public Served<Parent>, public Session_base
{
	public:

		typedef String<Session_args::MAX_SIZE> Args;

	private:

		/* A session that the component has, or is waiting for */
		struct Opened : List<Opened>::Element
		{
			Client::Id const id;
			Name       const service;
			Args       const args;
			uint32_t         line    = 0; /* of the ledger; 0: it was not delivered yet */
			Session_base    *session = nullptr;

			Opened(Client::Id id, Name const &service, Args const &args)
			: id(id), service(service), args(args) { }
		};

		Target            &_target;
		Object            *_object = nullptr;
		Capability<Parent> _real { };
		List<Opened>       _opened { };

		Opened *_find(Client::Id);
		void    _forget(Opened &);

		/* What the component gets for a session that there is now */
		Session_capability _deliver(Opened &, Session_capability);
		Session_base      *_wrap(Opened &, Session_capability);

		/* In the component's place, by the thread of the steps; invalid: it is denied */
		Session_capability _open_again(Client::Id, char const *service, Args const &);
		Session_capability _wait_for(Client::Id, unsigned news);

	public:

		Parent_proxy(Target &, Gate &);
		~Parent_proxy();

		/* All that it opened are over: the sandbox closed them */
		void end_sessions();

		/* The sandbox's, as soon as it is known */
		void begin(Capability<Parent>);

		/* Write the raw capability to where the component looks for it, if it is known */
		void write_raw(uint64_t address);

		Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) override;

		void exit(int) override;
		void announce(Service_name const &) override;
		void session_sigh(Signal_context_capability) override;
		Session_result session(Client::Id, Service_name const &, Session_args const &,
		                       Affinity const &) override;
		Session_cap_result session_cap(Client::Id) override;
		Upgrade_result upgrade(Client::Id, Upgrade_args const &) override;
		Close_result close(Client::Id) override;
		void session_response(Server::Id, Session_response) override;
		void deliver_session_cap(Server::Id, Session_capability) override;
		Thread_capability main_thread_cap() const override;
		void resource_avail_sigh(Signal_context_capability) override;
		void resource_request(Resource_args const &) override;
		void yield_sigh(Signal_context_capability) override;
		Resource_args yield_request() override;
		void yield_response() override;
		void heartbeat_sigh(Signal_context_capability) override;
		void heartbeat_response() override;

		Native_capability given() const override { return cap(); }
		void entered(Object &object) override { _object = &object; }
		void restored() override;

		static int make(Target &, caplog_object &, Saved const &, caplog_diag *);

		/* A session of an image, opened under the number that it had */
		static int reopen(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
