/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpu.h"
#include "kind.h"
#include "log_session.h"
#include "parent.h"
#include "pd.h"
#include "region_map.h"
#include "rom.h"
#include "target.h"
#include "timer.h"

namespace Caplog {


static Kind_row const rows[] = {
	{ CAPLOG_OBJECT_PARENT,        Parent_proxy::make, nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_PD,            Pd::make,           nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_CPU,           Cpu::make,          nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_NATIVE_CPU,    Native_cpu_server::make,        nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_THREAD_OBJECT, Native_cpu_server::make_object, nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_REGION_MAP,    Rm::make,           nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_REGION_MAP_DS, Rm::make_ds,        nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_REGION,        Rm::make_region,    nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_TRACE_DS,      Cpu::make_trace_ds, nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_THREAD,        Cpu::make_thread,   nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_BINARY_DS,     Target::make_program, nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_SOURCE,        Pd::make_source,    nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_SEMAPHORE,     Pd::make_semaphore, nullptr, nullptr, nullptr, nullptr },
	{ CAPLOG_OBJECT_CONTEXT,       Pd::make_context,   nullptr, nullptr, Pd::pending, Pd::finish_context },
	{ CAPLOG_OBJECT_ROM,    Parent_proxy::reopen, "ROM",   Rom::wrap,           nullptr, nullptr },
	{ CAPLOG_OBJECT_ROM_DS, Rom::make_ds,         nullptr, nullptr,             nullptr, nullptr },
	{ CAPLOG_OBJECT_LOG,    Parent_proxy::reopen, "LOG",   Log_session::wrap,   nullptr, nullptr },
	{ CAPLOG_OBJECT_TIMER,  Parent_proxy::reopen, "Timer", Timer_session::wrap, nullptr, nullptr },
};


Kind_row const *Kind_row::of(uint32_t kind)
{
	for (Kind_row const &row : rows)
		if (row.kind == kind)
			return &row;
	return nullptr;
}


Kind_row const *Kind_row::of_service(char const *name)
{
	for (Kind_row const &row : rows)
		if (row.service && !strcmp(row.service, name))
			return &row;
	return nullptr;
}

} /* namespace Caplog */
