/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses of the stub's labels, for the log's header
 */
#ifndef CAPLOG_STUB_LABELS_H
#define CAPLOG_STUB_LABELS_H

#include <caplog/abi.h>
#include <caplog/stub.h>

#define X(num, id, name) extern "C" char caplog_stub_##name[];
CAPLOG_STUBS(X)
#undef X

static inline void stub_labels(uint64_t labels[])
{
#define X(num, id, name) labels[num] = (uintptr_t)caplog_stub_##name;
	CAPLOG_STUBS(X)
#undef X
}

#endif
