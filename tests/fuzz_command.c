/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line, on good files of each kind
 *
 * An input is a list of arguments: a byte below WORDS is one of those here; any
 * other begins an argument of its own, up to the next zero byte. Its files are in
 * memory, and no argument leads out of them.
 */
#include <string.h>

#include "input.h"
#include "t_fuzz_files.h"

#define main tool_main
int main(int argc, char **argv);
#include "main.c"
#undef main

enum { ARGUMENTS = 12, LONGEST = 200 };

static const char *const words[] = {
	"import", "export", "follow", "show", "dump", "diff", "history", "graph", "spec", "check",
	"verify", "replay", "stat", "help", "completion", "--help", "-h", "--version", "bash", "zsh",
	"fish", "trace", "log", "space", "spec.txt", "capture", "out", "-", "--", "/dev/null",
	"-o", "-s", "-j", "-x", "-v", "-n", "-a", "-b", "-xj", "--pd", "0x11", "--flavour",
	"foc-16.08", "foc-26.02", "--word", "4", "8", "1", "64K", "0x200", "--unsealed",
	"--keep-going", "--spec", "--space", "--allow-dead", "--dead-max", "--size", "--json",
	"--slot", "--ignore-badges", "--all", "--output", "--badges-from", "--verbose",
};
enum { WORDS = sizeof words / sizeof words[0] };

static const char trace[] = T_TRACE;
static const char capture[] =
	"[init -> a] @cap pd=0x11 insert_at badge=0x40 kcap=0x8000\n"
	"[init -> a] @cap pd=0x11 insert_at badge=0x1 kcap=0x9000\n"
	"[init -> b] @cap pd=0x12 insert_at badge=0x48 kcap=0x8000\n"
	"[init -> b] @cap pd=0x12 insert_at badge=0x1 kcap=0x9000\n";
static const char space[] = "slot=0x8 type=gate label=0x1ca8\nslot=0x9 type=gate\n"
	"slot=0xf type=gate label=0x1cc0\nslot=0x200 type=irq attached=0xf\n"
	"slot=0x201 type=gate label=0x1cb8\nslot=0x203 type=gate label=0x1cd0\n";
static const char spec[] = "component trace {\n\topen\n\tthread main at 0x9\n}\n";

/* What an input made goes, what it may have changed is as it was */
static void tidy(void)
{
	static const struct { const char *name, *text; } good[] = {
		{ "trace", trace }, { "capture", capture }, { "space", space }, { "spec.txt", spec }
	};
	static uint8_t log[T_FILE_MAX];
	static size_t size;
	unsigned n = 0;

	for (unsigned i = 0; i < T_FILES; i++)
		t_file[i].exists = 0;
	for (; n < sizeof good / sizeof good[0]; n++)
		t_put_file((int)n, good[n].name, good[n].text, strlen(good[n].text));
	if (!size) {
		char *args[] = { "import", "-s", "64K", "-o", "log", "trace", NULL };

		t_must(!tool_import.run(6, args));
		size = t_file[t_find("log")].size;
		memcpy(log, t_file[t_find("log")].own, size);
		t_file[t_find("log")].exists = 0;
	}
	t_put_file((int)n, "log", log, size);
}

static void begin(void)
{
	t_print_nothing();
	source_stop = 1; /* `follow` ends where the file does */
	tidy();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char own[ARGUMENTS][LONGEST + 1];
	static int begun;
	char *argv[ARGUMENTS + 2] = { "caplog", NULL };
	int argc = 1;

	if (!begun) {
		begun = 1;
		begin();
	}
	for (size_t i = 0; i < size && argc <= ARGUMENTS; argc++) {
		if (data[i] < WORDS) {
			argv[argc] = (char *)(uintptr_t)words[data[i++]];
			continue;
		}
		char *to = own[argc - 1];
		size_t n = 0;

		for (; i < size && data[i] && n < LONGEST; i++)
			to[n++] = data[i] == '/' ? '_' : (char)data[i];
		i++;
		to[n] = 0;
		argv[argc] = to;
	}
	int const status = tool_main(argc, argv);

	t_must(status >= TOOL_OK && status <= TOOL_UNUSABLE);
	t_all_closed();
	tidy();
	return 0;
}
