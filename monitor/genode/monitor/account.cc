/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "account.h"

namespace Caplog {


Account::Account(Env &env, Core &core, Config const &config, Limits &limits, size_t memory)
:
	_name(config.name.string()), _env(env), _core(core), _limits(limits)
{
	/* as init has it: what a component gets is less by what its first sessions cost */
	size_t const sessions = Pd_connection::RAM_QUOTA + Ram_connection::RAM_QUOTA
	                      + Cpu_connection::RAM_QUOTA;
	size_t const ram      = config.ram > sessions ? config.ram - sessions : 0;

	/* an image says what it had, but only after there is memory */
	enum { RECORDS = 256*1024 };
	_donate(memory ? max(ram, memory + in_pages(config.node.size()) + RECORDS) : ram);

	try {
		if (config.node.has_sub_node("config"))
			_copy_config(config.node.sub_node("config"));
		if (config.node.has_sub_node("provides"))
			config.node.sub_node("provides").for_each_sub_node("service", [&] (Xml_node) {
				add_record(); });
	} catch (...) {
		error(_name, ": its RAM does not suffice for its configuration. Raise its attribute ram");
		throw Refused();
	}
}


Account::~Account()
{
	while (_records.first())
		remove_record(_records.first());
	if (_config.valid())
		_core.ram.free(_config);
	_limits.return_reserve(_granted);
}


void Account::_donate(size_t bytes)
{
	_core.ram.ref_account(_env.ram_session_cap());
	if (!_monitor.transfer_quota(_core.ram.cap(), bytes))
		return;

	error(_name, ": the monitor cannot give it ", bytes, " bytes of RAM. Raise the monitor's "
	      "quota, or lower the target's attribute ram");
	throw Refused();
}


/* The component pays for it, as below init */
void Account::_copy_config(Xml_node node)
{
	_config = _core.ram.alloc(node.size() + 1);

	char *at = _env.rm().attach(_config);
	memcpy(at, node.addr(), node.size());
	at[node.size()] = 0;
	_env.rm().detach(at);
}


Account::Record *Account::add_record()
{
	void *at = nullptr;

	if (!_heap.alloc(sizeof(Record), &at))
		throw Parent::Quota_exceeded();

	Record * const record = (Record *)at;
	memset(at, 0, sizeof(Record));
	_records.insert(record);
	_most = max(_most, ++_count);
	return record;
}


void Account::remove_record(Record *record)
{
	if (!record)
		return;
	_records.remove(record);
	_heap.free(record, sizeof(Record));
	_count--;
}


/*
 * Transfers
 */

void Account::take(size_t bytes)
{
	/* core adds before it compares: an amount that is nearly negative would pass */
	if (bytes && (bytes > _core.ram.quota()
	           || _core.ram.transfer_quota(_env.ram_session_cap(), bytes)))
		throw Parent::Quota_exceeded();
}


void Account::give(size_t bytes)
{
	if (bytes && _monitor.transfer_quota(_core.ram.cap(), bytes))
		error(_name, ": the monitor spent ", bytes, " bytes that belong to it: raise the monitor's "
		      "quota");
}


size_t Account::reclaim(size_t bytes)
{
	enum { TRIES = 8 }; /* the server may allocate and free memory meanwhile */
	size_t back = 0;

	for (unsigned i = 0; bytes && !back && i < TRIES; i++) {
		size_t const limit = _core.ram.quota(), used = _core.ram.used();

		back = min(bytes, limit > used ? limit - used : 0);
		if (!back || _core.ram.transfer_quota(_env.ram_session_cap(), back))
			back = 0;
	}
	if (back < bytes)
		error(_name, ": it spent ", bytes - back, " bytes that it got for a session, which is "
		      "closed. Its client does not get them back");
	return back;
}


bool Account::request(size_t bytes)
{
	if (!bytes || !_limits.take_reserve(bytes))
		return false;

	if (_monitor.transfer_quota(_core.ram.cap(), bytes)) {
		_limits.return_reserve(bytes);
		return false;
	}
	_granted += bytes;
	return true;
}


/*
 * Restore
 */

/* Memory for records grows with the most of them, and never shrinks */
int Account::restore_records(uint64_t most, caplog_diag *diag)
{
	if (most > CAPLOG_LEDGER_MAX)
		return caplog_say(diag, CAPLOG_EINVAL, "the image says that the component had %n sessions "
		                  "at a time", most);

	unsigned const before = _count;
	int err = 0;

	try {
		while (_count < most)
			add_record();
	} catch (Parent::Quota_exceeded) {
		err = caplog_say(diag, CAPLOG_ENOMEM, "no memory to keep records of its sessions");
	}
	while (_count > before)
		remove_record(_records.first());
	return err;
}


int Account::restore_granted(uint64_t bytes, caplog_diag *diag)
{
	if (bytes != (size_t)bytes || !_limits.take_reserve(bytes))
		return caplog_say(diag, CAPLOG_ENOMEM, "it was given %n bytes at its request, and the "
		                  "monitor's reserve has less: raise the attribute reserve", bytes);
	_granted += bytes;
	return 0;
}


int Account::restore_given(uint64_t bytes, caplog_diag *diag)
{
	_given += bytes;
	return bytes <= _limits.all_ram() && _given <= _limits.all_ram() ? 0
	       : caplog_say(diag, CAPLOG_EINVAL, "the image has given %n bytes for its sessions, the "
	                    "configuration has %n for all targets", _given,
	                    (uint64_t)_limits.all_ram());
}


int Account::restore_limit(uint64_t limit, caplog_diag *diag)
{
	size_t const now = _core.ram.quota();

	if (limit > _limits.all_ram())
		return caplog_say(diag, CAPLOG_EINVAL, "the image gives it %n bytes of RAM, the configuration "
		                  "has %n for all targets", limit, (uint64_t)_limits.all_ram());
	if (limit < _core.ram.used())
		return caplog_say(diag, CAPLOG_EINVAL, "the image gives it %n bytes of RAM, of which it uses "
		                  "%n", limit, (uint64_t)_core.ram.used());
	if (limit < now)
		return _core.ram.transfer_quota(_env.ram_session_cap(), now - limit)
		       ? caplog_say(diag, CAPLOG_EIO, "core does not take back its quota") : 0;
	return limit > now && _monitor.transfer_quota(_core.ram.cap(), limit - now)
	       ? caplog_say(diag, CAPLOG_ENOMEM, "the monitor has not enough RAM quota for the %n bytes "
	                    "that it had", limit) : 0;
}

} /* namespace Caplog */
