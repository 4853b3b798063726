/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event, the kind of slot and the kind of object that CONTRIBUTING.md adds,
 * from writer to text form and from ledger through an image to ledger
 *
 *   driver LOG    checks, and stores a sealed log for the tool to show
 *
 * tests/recipe.sh builds it in a copy of the tree that has them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <caplog/file.h>
#include <caplog/text.h>
#include <caplog/writer.h>

#include "group.h"

enum { SIZE = 65536, SLOT = 0xc, THREAD = 0x9, BADGE = 0x40, LABEL = 0x77, TONE = 440 };

static struct caplog_space space;

static void fail(const char *what, uint64_t value, uint64_t expected)
{
	fprintf(stderr, "%s is 0x%llx, expected 0x%llx\n", what, (unsigned long long)value,
	        (unsigned long long)expected);
	exit(1);
}

static void check(const char *what, uint64_t value, uint64_t expected)
{
	if (value != expected)
		fail(what, value, expected);
}

static void check_text(const char *what, const char *text, const char *expected)
{
	if (text && !strcmp(text, expected))
		return;
	fprintf(stderr, "%s is \"%s\", expected \"%s\"\n", what, text ? text : "(none)", expected);
	exit(1);
}

static void succeed(int err, const struct caplog_diag *diag)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", caplog_error_text(err), diag->text);
	exit(1);
}

static void check_slot(const char *reader)
{
	const struct caplog_cap *cap = &space.cap[SLOT];

	printf("  %s\n", reader);
	check("kind", cap->kind, CAPLOG_PAUSED);
	check("badge", cap->badge, BADGE);
	check("thread", cap->other, THREAD);
	check("label", space.a[SLOT], LABEL);
	check_text("name", caplog_slot_name(&space, SLOT), "paused");
}

static int check_event(void *ctx, const struct caplog_event *e)
{
	const struct caplog_flavour *f = caplog_flavours(NULL);
	struct caplog_diag diag = { 0, "" };
	struct caplog_line line;
	char text[128];

	if (e->kind != CAPLOG_PAUSE)
		return 0;
	++*(int *)ctx;
	caplog_format_event(text, sizeof text, f, e);
	check_text("text form", text, "pause badge=0x40 kcap=0xc000 thread=0x9000 label=0x77");
	succeed(caplog_parse_line(text, f, &line, &diag), &diag);
	check("parsed thread", line.event.other, THREAD);
	check("parsed label", line.event.a, LABEL);
	return 0;
}

static void test_event(const char *path)
{
	static uint8_t log[SIZE] __attribute__((aligned(64)));
	struct caplog_format const format = { .flavour = caplog_flavours(NULL), .generation = 1 };
	struct caplog_event const pause = {
		.kind = CAPLOG_PAUSE, .slot = SLOT, .badge = BADGE, .other = THREAD, .a = LABEL
	};
	struct caplog_event wrong = pause;
	struct caplog_reader follower, fresh;
	struct caplog_diag diag = { 0, "" };
	static struct caplog_writer w;
	int complete, found = 0;

	succeed(caplog_format(log, sizeof log, &format), &diag);
	succeed(caplog_writer_attach(&w, log), &diag);
	caplog_append(&w, CAPLOG_INSERT_AT, THREAD, 1, 0, 0);
	caplog_append(&w, CAPLOG_INSERT_AT, SLOT, BADGE, 0, 0);
	succeed(caplog_reader_open(&follower, log, sizeof log, &diag), &diag);
	succeed(caplog_reader_update(&follower, &space, NULL, &diag), &diag);
	caplog_append_event(&w, &pause);
	succeed(caplog_reader_update(&follower, &space, NULL, &diag), &diag);
	check_slot("a reader that follows");
	succeed(caplog_reader_history(&follower, &complete, check_event, &found, &diag), &diag);
	check("events in the ring", (uint64_t)found, 1);

	/* a bound that follows from the event's fields */
	wrong.other = CAPLOG_SLOTS_MAX;
	check("fold of a wrong thread", (uint64_t)caplog_fold(&space, &wrong), (uint64_t)CAPLOG_EINVAL);

	/* from the table alone */
	for (unsigned i = 0; i < 8192; i++)
		caplog_append(&w, i % 2 ? CAPLOG_REMOVE : CAPLOG_INSERT_MAP, 0x300, 8, 0, i % 2 ? 0 : 0x200);
	succeed(caplog_reader_open(&fresh, log, sizeof log, &diag), &diag);
	succeed(caplog_reader_update(&fresh, &space, NULL, &diag), &diag);
	check_slot("a reader that sees the table only");
	succeed(caplog_write_file(path, log, caplog_seal(log, sizeof log), &diag), &diag);
}

static void test_object(void)
{
	union caplog_words words = { .bell = { .tone = TONE } };
	struct caplog_diag diag = { 0, "" };
	struct stored_image image;
	struct group a = group_empty(1, 0x1000), b = group_empty(2, 0x5000);

	printf("  an object through an image\n");
	check_text("kind", caplog_object_kind(CAPLOG_OBJECT_BELL)->name, "bell");
	group_start(&a, hosted_scenario(0));
	while (!group_has_logs(&a))
		check("step", (uint64_t)hm_step(a.node), 1);
	check("line given", caplog_ledger_give(&a.target[0]->ledger, CAPLOG_OBJECT_BELL,
	                                       CAPLOG_PSEUDO_BADGE, &words, "bell") != 0, 1);
	succeed(group_checkpoint(&a, &image, &diag), &diag);
	succeed(group_restore(&b, &image, &diag), &diag);

	const struct caplog_object *bell =
		caplog_ledger_first(&b.target[0]->ledger, CAPLOG_OBJECT_BELL);
	check("line restored", bell != NULL, 1);
	check("tone", bell->bell.tone, TONE);
	image_free(&image);
	group_free(&a);
	group_free(&b);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	test_event(argv[1]);
	test_object();
	return 0;
}
