/* SPDX-License-Identifier: BSD-2-Clause */
/* What all parts of the monitor share: names, and the engine's types */
#ifndef CAPLOG_TYPES_H
#define CAPLOG_TYPES_H

#include <base/attached_ram_dataspace.h>
#include <base/env.h>
#include <base/heap.h>
#include <base/log.h>
#include <util/reconstructible.h>
#include <util/string.h>

#include <caplog/diag.h>

#include "engine.h"

namespace Caplog {

	using namespace Genode;

	/* the C library's, not Genode's of the same names */
	using ::uint8_t;
	using ::uint16_t;
	using ::uint32_t;
	using ::uint64_t;

	struct Group;
	struct Object;
	struct Saved;
	struct Session_base;
	struct Thread_info;
	class  Objects;
	class  Target;
	class  Threads;

	struct Rm;
	struct Cpu;
	struct Cpu_thread_server;
	struct Native_cpu_server;
	struct Pd;
	class  Parent_proxy;

	typedef String<64> Name;

	inline size_t in_pages(size_t size) { return (size + 4095) & ~4095UL; }
}

#endif
