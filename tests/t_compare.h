/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comparisons that print both values when they fail
 *
 * Both sides are evaluated again for the message: neither may have an effect.
 */
#ifndef T_COMPARE_H
#define T_COMPARE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define t_compare(a, operator, b) \
	do { \
		if (!((a) operator (b))) \
			fail_msg("%s is %jd, %s is %jd: not %s %s %s", #a, (intmax_t)(a), #b, (intmax_t)(b), \
			         #a, #operator, #b); \
	} while (0)

#endif
