/* SPDX-License-Identifier: BSD-2-Clause */
/* Apart from the list of all, which a component does not need */
#include "numbers.h"

#define NUMBERS_OF(f) CAPLOG_NUMBERS(f)

static const struct caplog_flavour own = NUMBERS_OF(CAPLOG_FLAVOUR);

const struct caplog_flavour *caplog_own_flavour(void)
{
	return &own;
}
