/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images with right checksums and wrong chunks (t_fuzz_image.h), as the tool reads them
 *
 * The first byte of an input chooses the command; what follows is an image, held against a good
 * one by commands that compare.
 */
#include "input.h"
#include "t_fuzz_files.h"
#include "t_fuzz_image.h"

enum { ARGUMENTS = 6 };

static const char *const commands[][ARGUMENTS] = {
	{ "show", "image" }, { "show", "--slot", "0x9", "image" }, { "show", "-j", "image" }, { "dump", "image" },
	{ "graph", "-a", "image" }, { "graph", "image", "good" }, { "spec", "image" },
	{ "check", "--spec", "spec", "image" }, { "diff", "good", "image" },
	{ "diff", "--ignore-badges", "image", "good" }, { "merge", "-o", "out", "image" },
	{ "merge", "-o", "out", "image", "good" }, { "stat", "image" }, { "export", "image" },
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char spec[] = "component counter {\n\topen\n\tthread main at 0x9\n}\n";

static int run(const char *const *arguments)
{
	char *argv[ARGUMENTS + 1] = { NULL };
	int argc = 0;

	for (; argc < ARGUMENTS && arguments[argc]; argc++)
		argv[argc] = (char *)(uintptr_t)arguments[argc];
	return tool_command(argv[0])->run(argc, argv);
}

static void put_image(const void *image, uint64_t size, const struct t_good *from)
{
	for (unsigned i = 0; i < T_FILES; i++)
		t_file[i].exists = 0;
	t_put_file(0, "image", image, size);
	t_put_file(1, "good", from->bytes, from->size);
	t_put_file(2, "spec", spec, sizeof spec - 1);
}

/* The commands read good images */
static void begin(void)
{
	t_make_images();
	t_print_nothing();
	put_image(good[0].bytes, good[0].size, &good[1]);
	for (unsigned i = 0; i < 9; i++)
		t_must(run(commands[i]) <= TOOL_DIFFERS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int begun;
	int status;

	if (!begun++)
		begin();
	if (size < 2)
		return 0;
	put_image(bytes, t_build(data + 1, size - 1), &good[data[1] / SCENARIOS % SCENARIOS]);
	status = run(commands[data[0] % COMMANDS]);
	t_must(status >= TOOL_OK && status <= TOOL_UNUSABLE);
	t_all_closed();
	return 0;
}
