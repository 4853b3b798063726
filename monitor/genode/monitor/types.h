/* SPDX-License-Identifier: BSD-2-Clause */
/* What all parts of the monitor share: names, and the engine's types */
#ifndef CAPLOG_TYPES_H
#define CAPLOG_TYPES_H

#include <base/exception.h>
#include <base/stdint.h>
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

	struct Config;
	struct Group;
	struct Object;
	struct Saved;
	struct Session_base;
	struct Thread_info;
	class  Objects;
	class  Services;
	class  Target;
	class  Threads;
	class  Timers;

	struct Ram;
	struct Rm;
	struct Cpu;
	struct Cpu_thread_server;
	struct Pd;
	class  Parent_child;

	/* A component cannot be created as it is configured; the reason was logged */
	struct Refused : Exception { };

	inline size_t in_pages(size_t size) { return (size + 4095) & ~4095UL; }
}

#endif
