/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM quota of a component: what it was given, what it gives away for sessions,
 * and what comes back, to the byte as below init
 *
 * What a component gives for a session goes to the monitor, which passes it on
 * to its parent or to the sibling that serves the session; it comes back when
 * the session is closed. The session's state, or the line of a session at a
 * sibling, says how much it is, so that a restore gives the same bytes again.
 */
#ifndef CAPLOG_ACCOUNT_H
#define CAPLOG_ACCOUNT_H

#include <base/heap.h>
#include <base/object_pool.h>
#include <parent/parent.h>
#include <util/list.h>

#include "config.h"
#include "core.h"
#include "limits.h"

namespace Caplog { class Account; }


class Caplog::Account
{
	public:

		/*
		 * What a session costs in the memory of its client
		 *
		 * Below init, the parent keeps its record of a session in memory that
		 * it allocates from the client's RAM session. It is of this size.
		 */
		struct Record : List<Record>::Element
		{
			char space[sizeof(Object_pool<Record>::Entry) + 4*sizeof(void *) + 16];
		};

	private:

		char const        *_name;
		Env               &_env;
		Core              &_core;
		Limits            &_limits;
		Ram_session_client _monitor { _env.ram_session_cap() }; /* never waits for more */
		Heap               _heap    { _core.ram, _env.rm() };
		List<Record>       _records;
		unsigned           _count   = 0, _most = 0;
		size_t             _granted = 0; /* from the reserve      */
		uint64_t           _given   = 0; /* for sessions, before it was restored */

		Ram_dataspace_capability _config;

		void _donate(size_t);
		void _copy_config(Xml_node);

	public:

		/*
		 * \param memory  bytes of the dataspaces that it has in an image
		 * \throw Refused
		 */
		Account(Env &, Core &, Config const &, Limits &, size_t memory);
		~Account();

		/* The component's module "config"; invalid: its node has none */
		Ram_dataspace_capability config() const { return _config; }

		/* \throw Parent::Quota_exceeded */
		Record *add_record();
		void    remove_record(Record *);

		/*
		 * \throw Parent::Quota_exceeded
		 */
		void take(size_t);

		/* Give what came back from a session, or was meant for one */
		void give(size_t);

		/* Take back what it got as a server, or what is left of that. \return bytes */
		size_t reclaim(size_t);

		/* Answer a request from the reserve. \return false: it stays unanswered */
		bool request(size_t);

		/* As the image has it: most records at a time, bytes from the reserve, quota */
		int    restore_records(uint64_t, caplog_diag *);
		int    restore_granted(uint64_t, caplog_diag *);
		int    restore_limit(uint64_t, caplog_diag *);

		/* Sessions of an image cost the monitor what the component gave for them */
		int restore_given(uint64_t, caplog_diag *);

		size_t limit()   { return _core.ram.quota(); }
		size_t granted() const { return _granted; }
		unsigned most_records() const { return _most; }

		/* A record, which is removed unless it is kept */
		struct Kept
		{
			Account &account;
			Record  *record;

			Kept(Account &account) : account(account), record(account.add_record()) { }
			~Kept() { account.remove_record(record); }

			Record *keep()
			{
				Record * const kept = record;
				record = nullptr;
				return kept;
			}
		};

		/* Taken from the component for a session; it gets it back unless that is kept */
		struct Donation
		{
			Account &account;
			size_t   bytes;

			Donation(Account &account, size_t bytes) : account(account), bytes(bytes) {
				account.take(bytes); }
			~Donation() { account.give(bytes); }

			size_t keep()
			{
				size_t const kept = bytes;
				bytes = 0;
				return kept;
			}
		};
};

#endif
