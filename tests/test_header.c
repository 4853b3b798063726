/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers that are damaged, of other versions, or describe what cannot be */
#include "t_hostile.h"

static void test_misuse(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	(void)state;
	begin("misuse");
	place(8192);
	fill(100, 100);
	assert_int_equal(caplog_reader_open(&r, NULL, 8192, &diag), -EINVAL);
	assert_int_equal(caplog_reader_open(&r, t.log + 4, 8000, &diag), -EINVAL);
	assert_int_equal(caplog_reader_open(&r, t.log, 8192, NULL), 0);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, NULL), 0);
}

/* Half a log, wherever it is cut */
static void test_truncated(void **state)
{
	uint8_t *whole = t_alloc(65536);

	(void)state;
	begin("truncated");
	place(65536);
	fill(4000, 5000);
	memcpy(whole, t.log, 65536);
	for (size_t size = 0; size < 65536; size += size < 4200 ? 8 : 8 * (1 + t_below(&t.r, 64))) {
		place(size);
		memcpy(t.log, whole, size);
		assert_int_equal(open_and_use(), -EINVAL);
	}
	place(65536);
	memcpy(t.log, whole, 65536);
	assert_int_equal(open_and_use(), 0);
	free(whole);
}

static void test_versions(void **state)
{
	struct caplog_diag diag = { 0, "" };
	struct caplog_reader r;

	(void)state;
	begin("versions");
	place(8192);
	fill(100, 100);
	struct caplog_header *h = (struct caplog_header *)(void *)t.log;

	h->minor = 7;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
	h->major = 2;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -EPROTONOSUPPORT);
	assert_non_null(strstr(diag.text, "2.7"));
	h->major = 0;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -EPROTONOSUPPORT);
	h->major = 1;
	h->byte_order = 0x04030201;
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);
	h->byte_order = CAPLOG_BYTE_ORDER;
	h->flavour[0] = 'x';
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);
	memset(h->flavour, 'f', sizeof h->flavour);
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), -ENOTSUP);

	/* one that is known, but not the one that the log was opened with */
	memcpy(h->flavour, CAPLOG_FOC_16_08_NAME, sizeof CAPLOG_FOC_16_08_NAME);
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
	memcpy(h->flavour, CAPLOG_FOC_26_02_NAME, sizeof CAPLOG_FOC_26_02_NAME);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), -EINVAL);
	assert_non_null(strstr(diag.text, "log names flavour foc-26.02, and named foc-16.08 before"));
	assert_int_equal(caplog_reader_open(&r, t.log, t.size, &diag), 0);
	assert_int_equal(caplog_reader_update(&r, &space, NULL, &diag), 0);
	assert_string_equal(space.flavour->name, CAPLOG_FOC_26_02_NAME);
}

/* A field of the header that contradicts the rest, or exceeds the limits of a reader */
static void test_refused_fields(void **state)
{
#define FIELD(name) offsetof(struct caplog_header, name), sizeof ((struct caplog_header *)0)->name
	static const struct { size_t at, width; uint32_t value; } fields[] = {
		{ FIELD(size), 65537 }, { FIELD(size), 65552 }, { FIELD(size), 4095 }, { FIELD(size), 0 },
		{ FIELD(size), 0xffffffff }, { FIELD(word_bytes), 0 }, { FIELD(word_bytes), 2 },
		{ FIELD(word_bytes), 16 }, { FIELD(slot_shift), 13 }, { FIELD(record_size), 0 },
		{ FIELD(record_size), 32 }, { FIELD(slot_count), 0 }, { FIELD(slot_count), 4097 },
		{ FIELD(slot_count), 8192 }, { FIELD(head_count), 0 }, { FIELD(head_count), 9 },
		{ FIELD(head_count), 0xffff }, { FIELD(head_size), 0 }, { FIELD(head_size), 64 },
		{ FIELD(head_offset), 0 }, { FIELD(head_offset), 260 }, { FIELD(head_offset), 65536 },
		{ FIELD(head_offset), 0xffffff80 }, { FIELD(table_offset), 128 },
		{ FIELD(table_offset), 65535 }, { FIELD(table_offset), 0xfffffffc },
		{ FIELD(table_count), 4097 }, { FIELD(table_count), 0xffffffff },
		{ FIELD(table_count), 0x15555556 }, { FIELD(entry_size), 0 }, { FIELD(entry_size), 16 },
		{ FIELD(detail_size), 0 }, { FIELD(detail_offset), 252 }, { FIELD(detail_offset), 65532 },
		{ FIELD(detail_count), 65536 }, { FIELD(detail_count), 0x0aaaaaab },
		{ FIELD(ring_offset), 0 }, { FIELD(ring_offset), 65532 }, { FIELD(ring_count), 0 },
		{ FIELD(ring_count), 4 }, { FIELD(ring_count), 65 }, { FIELD(ring_count), 0x80000000 },
		{ FIELD(ring_count), 0x10000000 }, { FIELD(ring_count), 4096 }, { FIELD(ready), 2 },
		{ FIELD(ready), 0x80000001 }
	};
#undef FIELD
	(void)state;
	begin("refused fields");
	place(65536);
	fill(200, 100);
	/* so that a larger table, and another head, would fit */
	((struct caplog_header *)(void *)t.log)->table_offset = 1024;
	((struct caplog_header *)(void *)t.log)->ring_count = 64;
	assert_int_equal(open_and_use() == -EPROTONOSUPPORT, 0);
	for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader r;
		uint8_t saved[4];

		memcpy(saved, t.log + fields[i].at, fields[i].width);
		memcpy(t.log + fields[i].at, &fields[i].value, fields[i].width);
		int const err = caplog_reader_open(&r, t.log, t.size, &diag);
		if (err != -EINVAL)
			fail_msg("value 0x%x at %zu: %d", fields[i].value, fields[i].at, err);
		check_result(err, &diag, 0);
		memcpy(t.log + fields[i].at, saved, fields[i].width);
	}
}

/* Each bit of header and head, seen by a fresh reader and by one that follows */
static void test_bit_flips(void **state)
{
	(void)state;
	begin("bit flips");
	for (unsigned variant = 0; variant < 3; variant++) {
		struct caplog_diag diag = { 0, "" };
		struct caplog_reader primed, r;

		place(variant == 1 ? 8192 : 65536);
		fill(variant == 1 ? 4000 : 200, 2000);
		memset(&primed, 0, sizeof primed);
		assert_int_equal(caplog_reader_open(&primed, t.log, t.size, &diag), 0);
		use_log(&primed);
		for (uint32_t bit = 0; bit < 8 * (256 + 128); bit++) {
			t.log[bit / 8] ^= (uint8_t)(1 << bit % 8);
			open_and_use();
			r = primed;
			use_log(&r);
			t.log[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_int_equal(open_and_use(), variant == 1 ? -EOVERFLOW : 0);
	}
}

/* Several header fields at once, with values that break bounds checks */
static void test_header_fields(void **state)
{
	uint32_t accepted = 0;

	(void)state;
	begin("header fields");
	for (uint64_t turn = 0; turn < t_turns(300); turn++) {
		uint8_t good[256 + 3 * 128];

		fill_any();
		memcpy(good, t.log, sizeof good);
		for (unsigned i = 0; i < 100; i++) {
			for (unsigned n = 1 + t_below(&t.r, 3); n; n--) {
				/* after the flavour: geometry, map place, heads */
				uint32_t const at = t_chance(&t.r, 70) ? 40 + t_below(&t.r, 48)
				                                       : 16 + t_below(&t.r, sizeof good - 16);
				if (t_chance(&t.r, 50))
					*word_at(at) = nasty();
				else
					*(uint16_t *)(void *)(t.log + (at & ~1u)) = (uint16_t)nasty();
			}
			int const err = open_and_use();
			accepted += !err || err == -EOVERFLOW;
			memcpy(t.log, good, sizeof good);
		}
	}
	printf("  %u accepted\n", accepted);
	t_compare(accepted, >, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_refused_fields),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_header_fields),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
