/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

const struct tool_option tool_input_options[] = {
	{ OPTION_UNSEALED, "unsealed", NULL, "accept the copy of a live log, which has no seal", NULL },
	{ OPTION_KEEP_GOING, "keep-going", NULL, "leave out lines of a text that cannot be taken; exit "
	  "status 1 if there were any", NULL },
	{ OPTION_PD, "pd", "0xN", "component to take from a console capture", NULL },
	{ OPTION_FLAVOUR, "flavour", "NAME", "Genode release that wrote a text trace (foc-16.08)",
	  TOOL_FLAVOUR },
	{ OPTION_WORD, "word", "4|8", "word size of the component that wrote a text trace (8)",
	  "4 8" },
	{ 'h', "help", NULL, "this text", NULL },
	{ 0, NULL, NULL, NULL, NULL }
};

/* Append a table to what getopt_long takes. \return entries so far */
static unsigned add_options(struct args *args, unsigned n, const struct tool_option *o)
{
	for (; o && o->name && n + 1 < TOOL_OPTIONS_MAX; o++, n++) {
		args->longs[n] = (struct option){ o->name, o->value ? required_argument : no_argument,
		                                  NULL, o->id };
		if (o->id < OPTION_UNSEALED) {
			size_t const at = strlen(args->shorts);

			args->shorts[at] = (char)o->id;
			if (o->value)
				args->shorts[at + 1] = ':';
		}
	}
	return n;
}

void args_init(struct args *args, const struct tool_command *command, int argc, char **argv)
{
	memset(args, 0, sizeof *args);
	args->command = command;
	args->argc    = argc;
	args->argv    = argv;
	args->shorts[0] = ':'; /* a missing value is not an unknown option */
	add_options(args, add_options(args, 0, command->options), tool_input_options);
	args->load.flavour = caplog_flavours(NULL);
	args->load.word_bytes = 8;
	optind = 0; /* GNU: start again, with its extensions */
	opterr = 0;
}

int args_error(const struct args *args, const char *fmt, ...)
{
	char prefix[64], ending[64];
	va_list list;

	snprintf(prefix, sizeof prefix, "caplog %s", args->command->name);
	snprintf(ending, sizeof ending, "; see `caplog help %s`", args->command->name);
	va_start(list, fmt);
	tool_say(prefix, fmt, list, ending);
	va_end(list);
	return TOOL_UNUSABLE;
}

int parse_number(const char *text, int units, uint64_t *value)
{
	int const hex = text[0] == '0' && text[1] == 'x';
	unsigned shift = 0;
	char *end;

	if (text[hex ? 2 : 0] < '0') /* neither sign nor blank, which strtoull takes */
		return -1;
	errno = 0;
	unsigned long long const v = strtoull(text, &end, hex ? 16 : 10);
	if (errno || end == text + (hex ? 2 : 0))
		return -1;
	if (units && (*end == 'K' || *end == 'M'))
		shift = *end++ == 'K' ? 10 : 20;
	if (*end || v << shift >> shift != v)
		return -1;
	*value = v << shift;
	return 0;
}

static int set_flavour(struct args *args, const char *name)
{
	char known[(CAPLOG_FLAVOUR_NAME_SIZE + 2) * 16] = "";
	size_t count, used = 0;
	const struct caplog_flavour *all = caplog_flavours(&count);

	/* the look-up takes names that fill the field and have no terminator */
	args->load.flavour = strlen(name) < CAPLOG_FLAVOUR_NAME_SIZE
	                   ? caplog_flavour_by_name(name) : NULL;
	if (args->load.flavour)
		return 0;
	for (size_t i = 0; i < count && used < sizeof known; i++)
		used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", all[i].name);
	args_error(args, "unknown flavour \"%s\": known are %s", name, known);
	return -1;
}

/* What getopt_long did not take, as it was written: of "-xj" the letter that it stopped at */
static const char *refused_option(const struct args *args)
{
	static char letter[3] = "-";

	if (!optopt || optopt >= OPTION_UNSEALED)
		return args->argv[optind - 1];
	letter[1] = (char)optopt;
	return letter;
}

/* Options that say how the input is to be taken. \return 0 or -1, error printed */
static int common_option(struct args *args, int option)
{
	struct load_options *load = &args->load;

	switch (option) {
	case OPTION_UNSEALED:
		load->unsealed = 1;
		return 0;
	case OPTION_KEEP_GOING:
		load->keep_going = 1;
		return 0;
	case OPTION_PD:
		load->pd_given = 1;
		if (!parse_number(optarg, 0, &load->pd))
			return 0;
		args_error(args, "--pd \"%s\" is not a number", optarg);
		return -1;
	case OPTION_FLAVOUR:
		return set_flavour(args, optarg);
	case OPTION_WORD:
		load->word_bytes = (uint8_t)(*optarg - '0');
		if (!strcmp(optarg, "4") || !strcmp(optarg, "8"))
			return 0;
		args_error(args, "--word \"%s\": must be 4 or 8", optarg);
		return -1;
	case ':':
		args_error(args, "option \"%s\" needs a value", refused_option(args));
		return -1;
	default:
		args_error(args, "unknown option \"%s\"", refused_option(args));
		return -1;
	}
}

int args_option(struct args *args)
{
	for (;;) {
		int const option = getopt_long(args->argc, args->argv, args->shorts, args->longs, NULL);

		if (option < 0)
			return OPTION_DONE;
		if (option == 'h') {
			print_command_help(args->command);
			args->status = tool_finish(TOOL_OK);
			return OPTION_END;
		}
		if (option >= OPTION_OWN || (option < OPTION_UNSEALED && option != '?' && option != ':'))
			return option;
		if (common_option(args, option)) {
			args->status = TOOL_UNUSABLE;
			return OPTION_END;
		}
	}
}

const char *args_file(struct args *args)
{
	if (args->argc - optind == 1)
		return args->argv[optind];
	if (args->argc - optind > 1)
		args_error(args, "one FILE is expected, \"%s\" is one too many", args->argv[optind + 1]);
	else
		args_error(args, "FILE is missing (- is standard input)");
	args->status = TOOL_UNUSABLE;
	return NULL;
}
