/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations for a compile check, see README */
#ifndef BENCH_API_TRACEPOINT_H
#define BENCH_API_TRACEPOINT_H

#include <stdint.h>

/* Four arguments, each with its field */
#define LTTNG_UST_TP_ARGS(t0, a0, t1, a1, t2, a2, t3, a3) t0 a0, t1 a1, t2 a2, t3 a3
#define LTTNG_UST_TP_FIELDS(...)                          __VA_ARGS__
#define lttng_ust_field_integer_hex(type, name, value)    type const name##_field = (value); (void)name##_field;

#define LTTNG_UST_TRACEPOINT_EVENT(provider, name, arguments, fields) \
	static inline void provider##_##name(arguments) { fields }
#define lttng_ust_tracepoint(provider, name, ...)     provider##_##name(__VA_ARGS__)
#define lttng_ust_tracepoint_enabled(provider, name) ((void)provider##_##name, 0)

#endif
