/* SPDX-License-Identifier: BSD-2-Clause */
/* Written pages are kept until they are in an image, and belong to that one's children */
#include <atomic>
#include <thread>

#include "core_pd.h"
#include "test.h"


/* Memory as it was, although the component writes to it, and frees it */
static void test_held(Target &t, Native &core, caplog_platform const &ops)
{
	enum { PAGE = 4096, COPIES = 5 };

	Component c(t);
	Capability<Ram_session>  const ram = c.own<Ram_session>("Env::ram_session");
	Ram_dataspace_capability const ds  = ram.call<Ram_session::Rpc_alloc>(3ul*PAGE, CACHED);

	ops.close(ops.ctx, &t);
	wait_until([&] { return ops.closed(ops.ctx, &t); });

	caplog_object const &line = *caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_DATASPACE);
	::uint32_t const *written = nullptr;

	/* much of it cannot be tracked */
	::uint32_t const known = core.tracked[line.id];
	caplog_object large = line;
	large.dataspace.size = 100*PAGE;
	core.refuses = true;
	ops.saved(ops.ctx, &t, 0);
	CHECK(!ops.written(ops.ctx, &t, &large, 0));
	EQUAL(ops.hold(ops.ctx, &t), CAPLOG_ENOTSUP);
	ops.saved(ops.ctx, &t, 0);

	/* a little of it is copied */
	memory(ds)[5] = 7;
	CHECK(!ops.written(ops.ctx, &t, &line, 0));
	EQUAL(ops.hold(ops.ctx, &t), 0);
	memory(ds)[5] = 9;
	char const * const copied = (char const *)ops.held(ops.ctx, &t, line.id, 0, &written);
	CHECK(copied && copied != memory(ds));
	EQUAL(copied[5], 7);
	CHECK(!ops.kept(ops.ctx, &t, line.id, 0));
	EQUAL(ops.release(ops.ctx, &t), 0);
	ops.saved(ops.ctx, &t, 7);
	CHECK(!ops.written(ops.ctx, &t, &line, 7));
	ops.saved(ops.ctx, &t, 0);
	ops.saved(ops.ctx, &t, 0);
	core.refuses = false;
	EQUAL(core.tracked[line.id], known);

	CHECK(!ops.written(ops.ctx, &t, &line, 0));
	EQUAL(ops.hold(ops.ctx, &t), 0);
	CHECK(core.room.valid());
	Foc_native_pd::Copies &copies = *(Foc_native_pd::Copies *)memory(core.room);

	/* the page is in the monitor's mapping, until a copy is seen */
	CHECK(ops.held(ops.ctx, &t, line.id, 0, &written) == (void const *)memory(ds));
	CHECK(!written);
	CHECK(!ops.held(ops.ctx, &t, line.id + 1000, 0, &written));
	CHECK(!ops.kept(ops.ctx, &t, line.id, 1));
	for (unsigned i = 0; i < COPIES; i++)
		copies.copy[i] = { i == 2 ? line.id + 256 : line.id, 4*i };
	copies.count = 1;
	CHECK(ops.kept(ops.ctx, &t, line.id, 0));
	CHECK(!ops.kept(ops.ctx, &t, line.id, 4));
	copies.count = COPIES;
	for (unsigned i = 0; i < COPIES; i++) {
		CHECK(ops.kept(ops.ctx, &t, line.id + (i == 2 ? 256 : 0), 4*i) == memory(core.room) + (i + 1)*PAGE);
		CHECK(!ops.kept(ops.ctx, &t, line.id, 4*i + 1));
	}
	CHECK(!ops.kept(ops.ctx, &t, line.id, 8));

	/* it is freed when it is held no more */
	std::atomic<bool> freed { false };
	ops.open(ops.ctx, &t);
	std::thread frees([&] () { ram.call<Ram_session::Rpc_free>(ds); freed = true; });
	for (unsigned i = 0; i < 20; i++)
		sleep_us(1000);
	CHECK(!freed);
	EQUAL(ops.release(ops.ctx, &t), 0);
	frees.join();
	CHECK(freed);
	CHECK(!core.room.valid());

	/* more was written than there was room for */
	ops.close(ops.ctx, &t);
	wait_until([&] { return ops.closed(ops.ctx, &t); });
	ops.saved(ops.ctx, &t, 0);
	EQUAL(ops.hold(ops.ctx, &t), 0);
	CHECK(!ops.kept(ops.ctx, &t, line.id, 0) || copies.count);
	copies.missing = 1;
	EQUAL(ops.release(ops.ctx, &t), CAPLOG_EAGAIN);
	ops.saved(ops.ctx, &t, 0);
	ops.open(ops.ctx, &t);
}


void test_written()
{
	Monitor &m = monitor();
	Target  &t = m[0];
	Native  &core = *server<Native>(t.core().pd.native_pd());
	caplog_platform ops = m.ops;

	Platform::track_ops(ops);
	m.ops.close(m.ops.ctx, &t);
	wait_until([&] { return m.ops.closed(m.ops.ctx, &t); });

	caplog_object const &line = *caplog_ledger_first(&t.objects().ledger(), CAPLOG_OBJECT_DATASPACE);
	unsigned const words = (unsigned)((caplog_object_bytes(&line)/4096 + 31)/32);
	auto written = [&] (::uint64_t image) { return ops.written(ops.ctx, &t, &line, image); };

	/* tracked at the first question, and nothing is known yet; the monitor pays */
	world.out_of_metadata = 1;
	CHECK(!written(0));
	EQUAL(world.out_of_metadata, 0);
	EQUAL(core.tracked[line.id], 1);
	CHECK(!written(7));
	ops.saved(ops.ctx, &t, 7);

	/* more than one answer of core; of what is not known nothing is kept */
	for (unsigned i = 0; i < 3*Foc_native_pd::WRITTEN_WORDS; i++)
		core.written.push_back({ line.id, i % words, 1U << i % 32 });
	core.written.push_back({ line.id, words, ~0U });
	core.written.push_back({ line.id + 1000, 0, ~0U });
	::uint32_t const *pages = written(7);
	CHECK(pages);
	CHECK(core.written.empty());
	for (unsigned i = 0; i < 3*Foc_native_pd::WRITTEN_WORDS; i++)
		CHECK(pages[i % words] >> i % 32 & 1);

	/* core is asked once while the component stands still, and again after it ran */
	::uint32_t const before = pages[0];
	core.written.push_back({ line.id, 0, ~0U });
	EQUAL(written(7)[0], before);
	ops.resume(ops.ctx, &t);
	EQUAL(written(7)[0], ~0U);

	/* an image that was not finished: they stay; another one's: nothing is known */
	CHECK(!written(8));
	EQUAL(written(7)[0], ~0U);
	ops.saved(ops.ctx, &t, 8);
	CHECK(!written(7));
	EQUAL(written(8)[0], 0U);
	ops.saved(ops.ctx, &t, 9);

	/* after a restore nobody resumes it */
	core.written.push_back({ line.id, 0, 4 });
	EQUAL(written(9)[0], 4U);
	ops.saved(ops.ctx, &t, 10);

	/* what is not asked for is gone, and begins anew */
	ops.saved(ops.ctx, &t, 11);
	CHECK(!written(11));
	EQUAL(core.tracked[line.id], 2);
	ops.saved(ops.ctx, &t, 0);
	ops.saved(ops.ctx, &t, 0);
	m.ops.resume(m.ops.ctx, &t);

	test_held(t, core, ops);
}
