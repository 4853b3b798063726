/* SPDX-License-Identifier: BSD-2-Clause */
/* A tracepoint with the four words of a capability log's record */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER caplog_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "record.h"

#if !defined(BENCH_RECORD_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define BENCH_RECORD_H

#include <lttng/tracepoint.h>
#include <stdint.h>

LTTNG_UST_TRACEPOINT_EVENT(
	caplog_bench, append,
	LTTNG_UST_TP_ARGS(uint32_t, badge_event, uint32_t, slot_other, uint32_t, from_version,
	                  uint32_t, version),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer_hex(uint32_t, badge_event, badge_event)
		lttng_ust_field_integer_hex(uint32_t, slot_other, slot_other)
		lttng_ust_field_integer_hex(uint32_t, from_version, from_version)
		lttng_ust_field_integer_hex(uint32_t, version, version)))

#endif

#include <lttng/tracepoint-event.h>
