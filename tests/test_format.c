/* SPDX-License-Identifier: BSD-2-Clause */
/* The layout of an empty log */
#include "t_log.h"

/* log_size holds what it promises: every slot, and the history asked for */
static void test_log_size(void **state)
{
	static const uint32_t records[] = { 0, 1, 60, 61, 62, 124, 125, 1000, 1021, 8000, 100000 };
	struct t_log log;

	(void)state;
	for (unsigned i = 0; i < sizeof records / sizeof *records; i++) {
		t_log_open(&log, caplog_log_size(t_flavour(), records[i]));
		assert_int_equal(t_header(&log)->table_count, t_flavour()->slot_count);
		assert_in_range(t_header(&log)->ring_count, records[i] + 3, CAPLOG_LOG_MAX);
		assert_in_range(t_header(&log)->detail_count, t_flavour()->threads + 20,
		                CAPLOG_SLOTS_MAX);
		assert_true(caplog_log_whole(t_flavour(), log.size));
		t_log_close(&log);
	}
	assert_false(caplog_log_whole(t_flavour(), 0));
	assert_false(caplog_log_whole(t_flavour(), CAPLOG_LOG_MIN));
}

/* Sections lie inside the log, in a row, whatever its size */
static void check_layout(const struct t_log *log)
{
	const struct caplog_header *h = t_header(log);

	t_compare(h->size, <=, log->size);
	t_compare(h->size + 16, >, log->size);
	t_compare(h->head_offset, >=, sizeof *h);
	t_compare(h->head_offset + sizeof(struct caplog_head), <=, h->detail_offset);
	t_compare(h->detail_offset + h->detail_count * sizeof(struct caplog_detail), <=, h->table_offset);
	t_compare(h->table_offset + h->table_count * sizeof(struct caplog_entry), <=, h->ring_offset);
	t_compare(h->ring_offset + (uint64_t)h->ring_count * sizeof(struct caplog_record), <=, h->size);
	t_compare(h->table_count, <=, t_flavour()->slot_count);
	t_compare(h->table_count, >=, 1);
	t_compare(h->ring_count, >=, 64);
	assert_int_equal(h->ring_count & (h->ring_count - 1), 0);
	assert_int_equal(h->head_count, 1);
	assert_int_equal(h->ring_offset % 4, 0);
	assert_int_equal(h->table_offset % 4, 0);
	assert_int_equal(h->detail_offset % 8, 0);
}

static void test_geometry(void **state)
{
	struct t_random r = t_seed("geometry");
	struct t_log log;

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		t_log_open(&log, CAPLOG_LOG_MIN + t_below(&r, i < 1000 ? 64 : 300000));
		check_layout(&log);
		assert_int_equal(caplog_log_whole(t_flavour(), log.size),
		                 t_header(&log)->table_count == t_flavour()->slot_count);
		t_log_close(&log);
	}
}

static void test_format_refuses(void **state)
{
	static uint8_t bytes[1 << 16] __attribute__((aligned(64)));
	struct caplog_format f;

	(void)state;
	memset(&f, 0, sizeof f);
	f.flavour = t_flavour();
	memset(bytes, 0x5a, sizeof bytes);
	assert_int_equal(caplog_format(NULL, sizeof bytes, &f), -EINVAL);
	assert_int_equal(caplog_format(bytes + 4, 8192, &f), -EINVAL);
	assert_int_equal(caplog_format(bytes, CAPLOG_LOG_MIN - 1, &f), -EINVAL);
	assert_int_equal(caplog_format(bytes, (size_t)CAPLOG_LOG_MAX + 1, &f), -EINVAL);
	f.word_bytes = 2;
	assert_int_equal(caplog_format(bytes, sizeof bytes, &f), -EINVAL);
	f.word_bytes = 0;
	f.flavour = NULL;
	assert_int_equal(caplog_format(bytes, sizeof bytes, &f), -EINVAL);
	for (size_t i = 0; i < sizeof bytes; i++)
		assert_int_equal(bytes[i], 0x5a);

	struct caplog_writer w;
	memset(&w, 0, sizeof w);
	f.flavour = t_flavour();
	assert_int_equal(caplog_format(bytes, sizeof bytes, &f), 0);
	assert_int_equal(caplog_writer_attach(&w, NULL), -EINVAL);
	assert_int_equal(w.state, CAPLOG_WRITER_EARLY);
}

/* Somebody else writes to the header between layout and attachment: nothing is misdirected */
static void test_attach_shared(void **state)
{
	(void)state;
	enum { SIZE = 65536, GUARD = 4096 };
	static _Alignas(16) uint8_t log[GUARD + SIZE + GUARD], expected[SIZE];
	struct caplog_format f;
	struct caplog_writer w, trusting;

	memset(&f, 0, sizeof f);
	memset(&w, 0, sizeof w);
	memset(&trusting, 0, sizeof trusting);
	memset(log, 0x5a, sizeof log);
	f.flavour = t_flavour();

	assert_int_equal(caplog_format(expected, SIZE, &f), 0);
	assert_int_equal(caplog_writer_attach(&trusting, expected), 0);

	struct caplog_header *h = (struct caplog_header *)(void *)(log + GUARD);
	assert_int_equal(caplog_format(h, SIZE, &f), 0);
	struct caplog_header const before = *h;
	h->head_offset = h->table_offset = h->detail_offset = h->ring_offset = SIZE + 64;
	h->table_count = h->detail_count = h->ring_count = 1u << 30;
	assert_int_equal(caplog_writer_attach_shared(&w, h, SIZE, f.flavour), 0);

	for (uint32_t i = 0; i < 5000; i++) {
		caplog_append(&w, CAPLOG_INSERT_MAP, 0x200 + i % 4000, 8, 0, 0x210);
		caplog_append(&trusting, CAPLOG_INSERT_MAP, 0x200 + i % 4000, 8, 0, 0x210);
	}
	*h = before;
	assert_memory_equal(h, expected, SIZE);
	for (size_t i = 0; i < GUARD; i++) {
		assert_int_equal(log[i], 0x5a);
		assert_int_equal(log[GUARD + SIZE + i], 0x5a);
	}

	assert_int_equal(caplog_writer_attach_shared(&w, NULL, SIZE, f.flavour), -EINVAL);
	assert_int_equal(caplog_writer_attach_shared(&w, h, CAPLOG_LOG_MIN - 1, f.flavour), -EINVAL);
	assert_int_equal(caplog_writer_attach_shared(&w, h, SIZE, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_size),
		cmocka_unit_test(test_geometry),
		cmocka_unit_test(test_format_refuses),
		cmocka_unit_test(test_attach_shared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
