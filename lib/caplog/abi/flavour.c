/* SPDX-License-Identifier: BSD-2-Clause */
#include "numbers.h"

static const struct caplog_flavour flavours[] = {
#define X(f) CAPLOG_NUMBERS(f),
	CAPLOG_FLAVOURS(X)
#undef X
};

#define COUNT (sizeof flavours / sizeof flavours[0])

const struct caplog_flavour *caplog_flavours(size_t *count)
{
	if (count)
		*count = COUNT;
	return flavours;
}

const struct caplog_flavour *caplog_flavour_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT; i++) {
		size_t j = 0;
		while (j < CAPLOG_FLAVOUR_NAME_SIZE && name[j] == flavours[i].name[j]) {
			if (!name[j])
				return &flavours[i];
			j++;
		}
		if (j == CAPLOG_FLAVOUR_NAME_SIZE)
			return &flavours[i];
	}
	return NULL;
}
