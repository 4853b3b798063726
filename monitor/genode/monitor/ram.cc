/* SPDX-License-Identifier: BSD-2-Clause */
#include "ram.h"
#include "target.h"

namespace Caplog {


Ram_dataspace_capability Ram::alloc(size_t size, Cache_attribute cached)
{
	if (!target.objects().room(CAPLOG_OBJECT_DATASPACE))
		throw Quota_exceeded();

	/* the component pays: it upgrades its session and asks again */
	Ram_dataspace_capability const ds = target.core().ram.alloc(size, cached);

	caplog_words words = caplog_words();
	words.dataspace.size   = in_pages(size);
	words.dataspace.cached = cached;
	target.objects().give(CAPLOG_OBJECT_DATASPACE, ds, nullptr, words);
	return ds;
}


void Ram::free(Ram_dataspace_capability cap)
{
	Object *o = target.objects().of(cap, CAPLOG_OBJECT_DATASPACE);

	if (!o)
		return;

	Lock::Guard guard(target.tracked().in_use());

	/* what a sibling attaches has to be found as long as core attaches it */
	target.objects().unmap_locally(*o);
	target.core().ram.free(cap);
	target.objects().gone(*o);
}


int Ram::ref_account(Ram_session_capability cap) {
	return target.core().ram.ref_account(target.at_core(cap)); }

size_t Ram::quota() { return target.core().ram.quota(); }
size_t Ram::used()  { return target.core().ram.used(); }

int Ram::transfer_quota(Ram_session_capability cap, size_t amount)
{
	/* see Account::take */
	return amount > quota() ? -3 : target.core().ram.transfer_quota(target.at_core(cap), amount);
}

Session_capability Ram::real() const { return target.core().ram.cap(); }


void Ram::allocate(Target &t, caplog_object &line)
{
	Core &core = t.core();

	/* the monitor pays for logs */
	if (line.kind == CAPLOG_OBJECT_LOG_DS) {
		t.objects().log_ds(t.objects().enter(line, t.env().ram().alloc(line.log_ds.size)));
		return;
	}
	t.objects().enter(line, core.with_quota<Ram_session::Out_of_metadata>(core.ram.cap(), [&] () {
		return core.ram.alloc(line.dataspace.size, (Cache_attribute)line.dataspace.cached); }));
}


void Ram::settle()
{
	saved.ram.limit   = target.account().limit();
	saved.ram.records = target.account().most_records();
}


int Ram::make(Target &t, caplog_object &line, Saved const &saved, caplog_diag *diag)
{
	int err = t.repay(t.core().ram.cap(), saved, diag);

	if (!err && saved.session)
		err = t.account().restore_records(saved.session->ram.records, diag);
	if (!err && saved.session)
		err = t.account().restore_limit(saved.session->ram.limit, diag);
	return err ? err : t.enter_own(line, t.ram(), saved);
}

} /* namespace Caplog */
