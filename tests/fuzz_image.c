/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images with right checksums and wrong chunks (t_fuzz_image.h), restored on the hosted platform:
 * a refusal has a reason and leaves nothing behind
 */
#include "t_fuzz_image.h"

#include "kernel_internal.h"

static struct hm_node         *node;
static struct caplog_platform  platform;
static struct caplog_target   *target[CAPLOG_TARGETS_MAX];

static void begin(void)
{
	t_make_images();
	node = hm_node_create(3, 0x5000, NODE_MEMORY);
	platform = hm_platform(node);
	for (unsigned i = 0; i < GROUP_MAX; i++)
		t_must((target[i] = calloc(1, sizeof *target[i])) != NULL);
}

/* The node as it was made, in less time than another one takes */
static void begin_again(void)
{
	static const uint8_t unused[sizeof node->badge_used];
	struct hk_node *const k = node->k;

	t_must(node->targets == 0);
	t_must(!memcmp(node->badge_used, unused, sizeof unused));
	while (k->objects) {
		struct hk_object *const o = k->objects;

		k->objects = o->next;
		free(o);
	}
	memset(k->memory, 0, k->memory_used);
	k->memory_used = 0;
	node->now = node->waited = 0;
}

/* \return 0 or what the engine says */
static int restore(const void *image, uint64_t size)
{
	struct caplog_image_link const link = { image, size };
	struct caplog_diag diag = { 0, "" };
	uint32_t count;
	int const err = caplog_restore_chain(&platform, &link, 1, target, GROUP_MAX, &count, NULL,
	                                     &diag);

	t_must(!err || diag.text[0]);
	for (uint32_t i = 0; i < count; i++)
		hm_kill(target[i]->handle);
	begin_again();
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(64) uint8_t arena[sizeof bytes + 2 * T_GUARD];
	uint64_t made;
	uint8_t *image;

	if (!node) {
		begin();
		for (unsigned i = 0; i < SCENARIOS; i++)
			t_must(!restore(good[i].bytes, good[i].size));
	}
	if (!size)
		return 0;
	made = t_build(data, size);
	image = t_fuzz_last(arena, sizeof bytes, made);
	memcpy(image, bytes, made);
	restore(image, made);
	return 0;
}
