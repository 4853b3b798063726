/* SPDX-License-Identifier: BSD-2-Clause */
/* Chains of images: checked as a whole, and made into one */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image_file.h"
#include "input.h"

#define IMAGE_MAX ((size_t)1 << 31)

static int load_link(struct image_chain *chain, const char *path)
{
	struct caplog_diag diag;
	struct source source;
	uint8_t *bytes;
	size_t size;
	int err;

	if (chain->links == CAPLOG_CHAIN_MAX)
		return tool_error("%s: a chain has at most %u images", tool_name(path), CAPLOG_CHAIN_MAX);
	if (source_open(&source, path))
		return TOOL_UNUSABLE;
	err = source_rest(&source, IMAGE_MAX, &bytes, &size);
	source_close(&source);
	if (err)
		return err;
	chain->link[chain->links++] = (struct caplog_image_link){ bytes, size };
	if (caplog_image_check(bytes, size, &diag))
		return tool_error("%s: %s; `caplog dump` prints what is readable", tool_name(path), diag.text);
	return 0;
}

int image_chain_load(struct image_chain *chain, char *const *paths, int count)
{
	int err = 0;

	for (int i = 0; i < count && !err; i++)
		err = load_link(chain, paths[i]);
	return err;
}

void image_chain_free(struct image_chain *chain, uint32_t first)
{
	while (chain->links > first)
		free((void *)(uintptr_t)chain->link[--chain->links].data);
}

int image_chain_check(const struct image_chain *chain, struct caplog_diag *diag)
{
	struct caplog_image_source sources[CAPLOG_CHAIN_MAX];

	return caplog_chain_open(chain->link, chain->links, sources, diag);
}

/* \return status; *image is what was merged, to be freed */
static int merge(const struct image_chain *chain, struct caplog_image *image)
{
	struct caplog_diag diag = { 0, "" };
	int err;

	caplog_image_begin(image, NULL, 0);
	err = caplog_merge(chain->link, chain->links, image, &diag);
	if (err == CAPLOG_ENOSPC) {
		uint64_t const room = image->size;
		void *const bytes = malloc(room);

		if (!bytes)
			return tool_error("no memory for an image of %" PRIu64 " bytes", room);
		caplog_image_begin(image, bytes, room);
		err = caplog_merge(chain->link, chain->links, image, &diag);
	}
	return err ? tool_error("%s", diag.text) : 0;
}

static int merge_files(char *const *paths, int count, const char *output)
{
	struct image_chain chain = { .links = 0 };
	struct caplog_image image = { .data = NULL };
	struct caplog_diag diag;
	int err = image_chain_load(&chain, paths, count);

	if (!err)
		err = merge(&chain, &image);
	if (!err) {
		progress_writing(image.size, !strcmp(output, "-"));
		if (caplog_write_file(output, image.data, image.size, &diag))
			err = tool_error("%s: %s", strcmp(output, "-") ? output : "standard output", diag.text);
	}
	if (!err)
		tool_note("%" PRIu32 " image%s merged: %" PRIu64 " bytes", chain.links, plural(chain.links),
		          image.size);
	free(image.data);
	image_chain_free(&chain, 0);
	return err ? err : tool_finish(TOOL_OK);
}

static int run(int argc, char **argv)
{
	const char *output = "-";
	struct args args;
	int option;

	args_init(&args, &tool_merge, argc, argv);
	while ((option = args_option(&args)) != OPTION_DONE) {
		if (option == OPTION_END)
			return args.status;
		output = optarg;
	}
	if (argc == optind)
		return args_error(&args, "FILE is missing (- is standard input)");
	if (!strcmp(output, "-") && isatty(STDOUT_FILENO))
		return args_error(&args, "standard output is a terminal and an image is binary: name a file "
		                  "with -o");
	return merge_files(argv + optind, argc - optind, output);
}

static const struct tool_option options[] = {
	{ 'o', "output", "IMAGE", "where the image goes (standard output)", TOOL_FILE },
	{ 0, NULL, NULL, NULL, NULL }
};

const struct tool_command tool_merge = {
	"merge", "make one whole image of a chain of images",
	"[OPTIONS] IMAGE...",
	"A child image has the pages that changed since its parent was taken. Give the\n"
	"newest image, its parent, and so on to the one that is whole. The chain is\n"
	"checked as a whole; what is written can be restored without it.\n",
	options,
	run
};
