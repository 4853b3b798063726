/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include <jansson.h>

#include "tool.h"

/* What follows from the counters */
struct summary {
	struct caplog_census census;
	uint64_t events, lives, most_lives, overwritten, ring_records, turns;
	uint32_t slots, busiest;
};

static void summarise(struct summary *s, const struct tool_log *log)
{
	const struct caplog_header *h = &log->reader.header;

	*s = (struct summary){ .overwritten = log->stat.records - log->stat.kept };
	caplog_space_census(log->space, &s->census);
	for (unsigned kind = 1; kind < CAPLOG_EXT; kind++)
		s->events += log->stat.count[kind];
	for (uint32_t slot = 0; slot < log->space->flavour->slot_count; slot++) {
		/* a serial numbers the lives of its slot from 1 */
		uint64_t const lives = caplog_serial(&log->space->cap[slot]);

		s->lives += lives;
		s->slots += lives != 0;
		if (lives > s->most_lives) {
			s->most_lives = lives;
			s->busiest = slot;
		}
	}
	s->ring_records = h->ring_count;
	s->turns = log->stat.records / s->ring_records;
}

static void print_text(const struct tool_log *log, const struct summary *s)
{
	const struct caplog_header *h = &log->reader.header;
	const struct caplog_log_stat *n = &log->stat;

	printf("%-14s %s, %u-bit, version %u.%u, generation %" PRIu32 "\n", "flavour",
	       log->space->flavour->name, 8 * h->word_bytes, h->major, h->minor, h->generation);
	printf("%-14s %" PRIu64 "\n", "events", s->events);
	for (unsigned kind = 1; kind < CAPLOG_EXT; kind++)
		if (caplog_event_name(kind))
			printf("  %-12s %" PRIu64 "\n", caplog_event_name(kind), n->count[kind]);
	printf("%-14s windows=%" PRIu64 " known=%" PRIu64 "\n", "left out", n->windows, n->known);
	printf("%-14s live=%" PRIu32 " tombstones=%" PRIu32 " stale=%" PRIu32 "\n", "slots",
	       s->census.live, s->census.tombstones, s->census.stale);
	printf("%-14s %" PRIu64 " lives in %" PRIu32 " slots, at most %" PRIu64 " in slot 0x%"
	       PRIx32 "\n", "churn", s->lives, s->slots, s->most_lives, s->busiest);
	printf("%-14s %" PRIu32 " bytes, table of %" PRIu32 " slots, ring of %" PRIu32
	       " records\n", "log", h->size, h->table_count, h->ring_count);
	printf("%-14s %" PRIu64 " records, %" PRIu64 " kept, %" PRIu64 " overwritten\n", "history",
	       n->records, n->kept, s->overwritten);
	printf("%-14s %" PRIu64 " turns of the ring; the state lies beside it and needs none\n",
	       "compactions", s->turns);
	printf("%-14s uncovered=%" PRIu64 " details=%" PRIu64 " early=%" PRIu64 "\n", "lost",
	       n->uncovered, n->details_lost, n->early_lost);
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static int print_json(const struct tool_log *log, const struct summary *s)
{
	const struct caplog_header *h = &log->reader.header;
	const struct caplog_log_stat *n = &log->stat;
	json_t *j = tool_json_document("stat"), *kinds = json_object();

	for (unsigned kind = 1; kind < CAPLOG_EXT; kind++)
		if (caplog_event_name(kind))
			json_object_set_new(kinds, caplog_event_name(kind), number(n->count[kind]));
	json_object_set_new(j, "flavour", json_string(log->space->flavour->name));
	json_object_set_new(j, "word_bytes", number(h->word_bytes));
	json_object_set_new(j, "major", number(h->major));
	json_object_set_new(j, "minor", number(h->minor));
	json_object_set_new(j, "generation", number(h->generation));
	json_object_set_new(j, "events", number(s->events));
	json_object_set_new(j, "by_kind", kinds);
	json_object_set_new(j, "windows", number(n->windows));
	json_object_set_new(j, "known", number(n->known));
	json_object_set_new(j, "live", number(s->census.live));
	json_object_set_new(j, "tombstones", number(s->census.tombstones));
	json_object_set_new(j, "stale", number(s->census.stale));
	json_object_set_new(j, "lives", number(s->lives));
	json_object_set_new(j, "slots_used", number(s->slots));
	json_object_set_new(j, "most_lives", number(s->most_lives));
	json_object_set_new(j, "busiest_slot", tool_json_hex(s->busiest));
	json_object_set_new(j, "size", number(h->size));
	json_object_set_new(j, "ring_records", number(s->ring_records));
	json_object_set_new(j, "records", number(n->records));
	json_object_set_new(j, "kept", number(n->kept));
	json_object_set_new(j, "overwritten", number(s->overwritten));
	json_object_set_new(j, "ring_turns", number(s->turns));
	json_object_set_new(j, "uncovered", number(n->uncovered));
	json_object_set_new(j, "details_lost", number(n->details_lost));
	json_object_set_new(j, "early_lost", number(n->early_lost));
	return tool_json_print(j, TOOL_OK);
}

static int run(int argc, char **argv)
{
	struct tool_log log;
	struct summary summary;
	struct args args;
	int option, json = 0;

	args_init(&args, &tool_stat, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		json = 1;
	}

	const char *const file = args_file(&args);
	if (!file)
		return args.status;
	if (log_load(&log, file, &args.load))
		return TOOL_UNUSABLE;
	summarise(&summary, &log);

	int status;
	if (json) {
		status = print_json(&log, &summary);
	} else {
		print_text(&log, &summary);
		status = tool_finish(TOOL_OK);
	}
	log_free(&log);
	return status;
}

static const struct tool_option options[] = {
	{ 'j', "json", NULL, "print JSON", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_stat = {
	"stat", "print counts of events, churn, size and losses",
	"[OPTIONS] FILE",
	"Print what the log counts: events by kind, lives of slots, how much of the\n"
	"history is still there and what did not fit.\n",
	options,
	run
};
