/* SPDX-License-Identifier: BSD-2-Clause */
/* Written pages are kept until they are in an image, and belong to that one's children */
#include "core_pd.h"
#include "test.h"


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
}
